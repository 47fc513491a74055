import type { WebSocket } from '@fastify/websocket';
import { z } from 'zod';

import type { DeskEvent } from '../../shared/contracts/contract-names.ts';
import { lineEnds, type LineEnd } from '../../shared/contracts/page-line.ts';
import type { Timer } from '../base/timer.ts';
import type { FoundPage, PageEndReason } from '../security/page-sessions.ts';

/** A line that reads so little that this much waits for it is gone. */
const waitingBytesMax = 64 * 1024;

/** What a line says first: the secret of its page, and which loading of the page it is. */
const helloSchema = z.strictObject({ secret: z.string().max(100), page: z.string().max(100) });

export type PageLinesOptions = {
  readonly find: (secret: string) => Promise<FoundPage>;
  readonly timer: Timer;
  readonly firstMessageMs: number;
  readonly lineAnswerMs: number;
};

type Line = { readonly page: string; readonly socket: WebSocket };

/**
 * The lines of the pages, over which they hear what may have changed: one for each page. As long as a page has its line,
 * nobody else asks with its secret: who has copied it is another loading of the page, and refused.
 */
export class PageLines {
  readonly #with: PageLinesOptions;
  readonly #lines = new Map<string, Line>();
  readonly #waiting = new Set<WebSocket>();

  constructor(options: PageLinesOptions) {
    this.#with = options;
  }

  /** Takes a connection that has said nothing yet; `onProven` where it turns out to be a page of ours, and which. */
  take(socket: WebSocket, onProven: (sessionId: string) => void): void {
    this.#waiting.add(socket);
    const stopWaiting = this.#with.timer(this.#with.firstMessageMs, () => {
      this.#close(socket, 'no-session');
    });
    socket.on('close', () => {
      stopWaiting();
      this.#waiting.delete(socket);
    });
    socket.on('error', () => {
      socket.terminate();
    });
    socket.once('message', (message: Buffer) => {
      stopWaiting();
      this.#open(socket, message.toString('utf8'), onProven).catch(() => {
        socket.terminate();
      });
    });
  }

  async #open(
    socket: WebSocket,
    said: string,
    onProven: (sessionId: string) => void,
  ): Promise<void> {
    const hello = helloSchema.safeParse(jsonOf(said));
    const found = hello.success ? await this.#with.find(hello.data.secret) : null;
    if (!hello.success || found === null || !found.ok) {
      this.#close(socket, 'no-session', found?.ok === false ? found.ended : null);
      return;
    }
    const { id } = found.session;
    const { page } = hello.data;
    if (!(await this.mayAsk(id, page))) {
      this.#close(socket, 'another-page');
      return;
    }
    this.#waiting.delete(socket);
    const before = this.#lines.get(id);
    this.#lines.set(id, { page, socket });
    before?.socket.terminate();
    socket.on('close', () => {
      if (this.#lines.get(id)?.socket === socket) this.#lines.delete(id);
    });
    onProven(id);
    socket.send(JSON.stringify({ link: 'open' }));
  }

  /**
   * Whether this loading of a page may ask for it: not while another has the line and answers on it. A page that is loaded
   * anew is faster than the end of the line it had, so that one is asked first.
   */
  async mayAsk(sessionId: string, page: string): Promise<boolean> {
    const line = this.#lines.get(sessionId);
    if (line === undefined || line.page === page) return true;
    return !(await this.#answers(line.socket));
  }

  #answers(socket: WebSocket): Promise<boolean> {
    if (socket.readyState !== socket.OPEN) return Promise.resolve(false);
    return new Promise((resolve) => {
      const decide = (answers: boolean): void => {
        stop();
        socket.off('pong', onPong);
        socket.off('close', onClose);
        if (!answers) socket.terminate();
        resolve(answers);
      };
      const onPong = (): void => {
        decide(true);
      };
      const onClose = (): void => {
        decide(false);
      };
      const stop = this.#with.timer(this.#with.lineAnswerMs, onClose);
      socket.on('pong', onPong);
      socket.on('close', onClose);
      socket.ping();
    });
  }

  /** Tells every page what may have changed. */
  tell(event: DeskEvent): void {
    const text = JSON.stringify(event);
    for (const { socket } of this.#lines.values()) {
      if (socket.bufferedAmount > waitingBytesMax) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.send(text);
    }
  }

  /**
   * The page has another secret: the line it opened with the one before ends, unless the page opens one with the new one
   * in time. It ends as if it were lost, so that a page tries again; with the one before nobody can.
   */
  proveAnew(sessionId: string): void {
    const line = this.#lines.get(sessionId);
    if (line === undefined) return;
    const stop = this.#with.timer(this.#with.firstMessageMs, () => {
      if (this.#lines.get(sessionId) === line) line.socket.terminate();
    });
    line.socket.on('close', stop);
  }

  /** Asks every line whether anybody is there; cuts those that do not answer. */
  async lookAtLines(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(({ socket }) => this.#answers(socket)));
  }

  /** Cuts the line of a page that has ended, and tells it why. */
  cut(sessionId: string, ended: PageEndReason): void {
    const line = this.#lines.get(sessionId);
    if (line !== undefined) this.#close(line.socket, 'no-session', ended);
  }

  /** Says why and ends it, also where the other side does not agree. */
  #close(socket: WebSocket, why: LineEnd, ended: PageEndReason | null = null): void {
    const stop = this.#with.timer(this.#with.firstMessageMs, () => {
      socket.terminate();
    });
    socket.on('close', stop);
    socket.close(lineEnds[why], ended ?? undefined);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
