import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';

import type { Refusal } from '../../shared/domain/result.ts';
import {
  connectionLimits,
  limitConnections,
  type ConnectionLimits,
} from '../base/connection-limits.ts';
import type { PushSender } from '../database/push-senders-repository.ts';
import { jsonBytesMax } from '../intake/read-visits-file.ts';
import type { PushAddress } from './push-settings.ts';
import { PushRates, usualPushLimits, type PushLimits } from './push-rates.ts';
import { pushRefusal } from './push-refusals.ts';
import type { PushAnswer } from './receive-visits.ts';

export const visitsPath = '/v1/visits';
export const descriptionPath = '/v1/openapi.json';

/** As many of one sender as it may have requests waiting, and some that are not ended yet. */
const limitsOfPush: ConnectionLimits = {
  ...connectionLimits,
  ...{ unproven: 256, provenPerPage: 16, proven: 128, requestsAtOnce: 2, requestsInAll: 1000 },
  // The answer of a push that waits for its turn may come late; a sender that is silent meanwhile is not gone.
  ...{ requestMs: 60_000, silentMs: 120_000 },
};
const handshakeMs = 10_000;
const headBytesMax = 16 * 1024;

export type PushServerOptions = {
  readonly address: PushAddress;
  readonly find: (token: string) => Promise<PushSender | null>;
  readonly receive: (bytes: Uint8Array, sender: PushSender) => Promise<PushAnswer>;
  /** Why nothing can be taken in now; null: it can. */
  readonly hindrance: () => Refusal | null;
  readonly description: () => string;
  /** Somebody showed a token that is none of ours, or one in the address. */
  readonly onTurnedAway: (what: 'token' | 'token-in-address', from: string) => void;
  /** A fault of the program; what is known is put into words. */
  readonly inWords: (problem: unknown) => Refusal;
  readonly limits?: PushLimits;
  readonly connectionLimits?: ConnectionLimits;
  readonly monotonicMs?: () => number;
};

export type PushServer = {
  readonly port: number;
  connections(): number;
  /** Ends every connection, and waits for what is being taken in. */
  close(): Promise<void>;
};

/**
 * Serves the address for bills: HTTPS alone, two paths, a token with every request. Whoever is turned away is cut off before a body
 * is read; whoever is slow is ended by the limits of the connection; nothing is ever unpacked.
 */
export function servePush(options: PushServerOptions): Promise<PushServer> {
  const { address, connectionLimits: limits = limitsOfPush } = options;
  const server = createServer({
    ...{ cert: address.certificate, key: address.key, minVersion: 'TLSv1.2' },
    ...{ handshakeTimeout: Math.min(handshakeMs, limits.headMs) },
    ...{ headersTimeout: limits.headMs, requestTimeout: limits.requestMs },
    ...{ connectionsCheckingInterval: limits.lookEveryMs, maxHeaderSize: headBytesMax },
  });
  server.setTimeout(limits.silentMs);
  server.keepAliveTimeout = limits.silentMs;
  const connections = limitConnections(server, limits);
  // A request shows the line inside TLS; what is counted and ended is the one around it.
  const lines = new Map<string, Socket>();
  server.on('connection', (line: Socket) => {
    const whose = nameOf(line);
    lines.set(whose, line);
    line.once('close', () => lines.delete(whose));
  });
  server.on('tlsClientError', (_problem, line) => line.destroy());
  const door = new PushDoor(options, (socket, sender) => {
    const line = lines.get(nameOf(socket));
    if (line !== undefined) connections.prove(line, sender);
  });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const line = lines.get(nameOf(request.socket));
    if (line === undefined || !connections.mayAsk(line, response)) return;
    void door.answer(request, response);
  };
  server.on('request', answer);
  // A body is asked for only once it is known whose it is.
  server.on('checkContinue', answer);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      const at = server.address();
      resolve({
        port: typeof at === 'object' && at !== null ? at.port : address.port,
        connections: () => connections.count(),
        async close() {
          const closed = new Promise<void>((done) => {
            server.close(() => {
              done();
            });
          });
          connections.endAll();
          await Promise.all([closed, door.ended()]);
        },
      });
    });
  });
}

const nameOf = ({ remoteAddress, remotePort }: Socket): string =>
  `${remoteAddress ?? ''} ${String(remotePort)}`;

type Sent = { readonly status: number; readonly body: object; readonly wait?: number };

/** What is said to a request. */
class PushDoor {
  readonly #options: PushServerOptions;
  readonly #prove: (socket: Socket, sender: string) => void;
  readonly #rates: PushRates;
  readonly #limits: PushLimits;
  readonly #waiting = new Map<string, number>();
  readonly #running = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(options: PushServerOptions, prove: (socket: Socket, sender: string) => void) {
    this.#options = options;
    this.#prove = prove;
    this.#limits = options.limits ?? usualPushLimits;
    this.#rates = new PushRates(options.monotonicMs ?? (() => performance.now()));
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const work = this.#work(request, response).catch((problem: unknown) => {
      refuse(response, 500, this.#options.inWords(problem));
    });
    this.#running.add(work);
    await work;
    this.#running.delete(work);
  }

  /** What is being taken in has come to its end. */
  async ended(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#running);
  }

  async #work(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { find, onTurnedAway, description } = this.#options;
    const from = request.socket.remoteAddress ?? '';
    const { url = '', method, headers } = request;
    if (url.includes('?')) {
      onTurnedAway('token-in-address', from);
      refuse(response, 400, pushRefusal('push-token-in-address'));
      return;
    }
    const { wrongAMinute, requestsAMinute, waitingAtOnce } = this.#limits;
    // Whoever guesses waits, whatever he shows; a sender behind the same address would wait with him.
    if (this.#rates.isUsedUp(`wrong ${from}`, wrongAMinute)) {
      refuse(response, 429, pushRefusal('push-too-often'), 60);
      return;
    }
    const [, token = ''] = /^Bearer ([\w~+/.=-]{20,200})$/i.exec(headers.authorization ?? '') ?? [];
    const sender = token === '' ? null : await find(token);
    if (sender === null) {
      this.#rates.secondsToWait(`wrong ${from}`, wrongAMinute);
      onTurnedAway('token', from);
      refuse(response, 401, pushRefusal('push-token-wrong'));
      return;
    }
    this.#prove(request.socket, sender.id);
    const wait = this.#rates.secondsToWait(`sender ${sender.id}`, requestsAMinute);
    if (wait !== null) {
      refuse(response, 429, pushRefusal('push-too-often'), wait);
      return;
    }
    if (url === descriptionPath && method === 'GET') {
      send(response, 200, description());
      return;
    }
    if (url !== visitsPath || method !== 'POST') {
      refuse(response, 404, pushRefusal('push-unknown-path'));
      return;
    }
    const waiting = this.#waiting.get(sender.id) ?? 0;
    if (waiting >= waitingAtOnce) {
      refuse(response, 429, pushRefusal('push-too-often'), 1);
      return;
    }
    this.#waiting.set(sender.id, waiting + 1);
    try {
      await this.#takeIn(request, response, sender);
    } finally {
      this.#waiting.set(sender.id, (this.#waiting.get(sender.id) ?? 1) - 1);
    }
  }

  async #takeIn(
    request: IncomingMessage,
    response: ServerResponse,
    sender: PushSender,
  ): Promise<void> {
    const { headers } = request;
    const isPlain = ['', 'identity'].includes(headers['content-encoding'] ?? '');
    const isJson = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i.test(
      headers['content-type'] ?? '',
    );
    if (!isPlain || !isJson) {
      refuse(response, 415, pushRefusal('push-not-json'));
      return;
    }
    if (Number(headers['content-length'] ?? '0') > jsonBytesMax) {
      refuse(response, 413, pushRefusal('push-too-large'));
      return;
    }
    if (headers.expect !== undefined) response.writeContinue();
    const read = await bodyOf(request);
    if (read === 'too-large') {
      refuse(response, 413, pushRefusal('push-too-large'));
      return;
    }
    if (read === 'cut') {
      refuse(response, 400, pushRefusal('push-cut'));
      return;
    }
    const hindrance = this.#isClosed ? pushRefusal('push-not-now') : this.#options.hindrance();
    if (hindrance !== null) {
      refuse(response, 503, hindrance, 30);
      return;
    }
    try {
      const answer = await this.#options.receive(read, sender);
      const status = answer.ok ? 200 : answer.visits.length === 0 ? 400 : 207;
      send(response, status, JSON.stringify(answer));
    } catch (problem) {
      // The visits that were taken before are kept, and are equal when the request is sent again.
      refuse(response, 503, this.#options.inWords(problem), 5);
    }
  }
}

/** The bytes of a body, unless they are too many or do not come to their end. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | 'too-large' | 'cut'> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > jsonBytesMax) return 'too-large';
      parts.push(part);
    }
  } catch {
    return 'cut';
  }
  return request.complete ? Buffer.concat(parts) : 'cut';
}

function send(response: ServerResponse, status: Sent['status'], text: string): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

/** Says why, and ends the connection: nothing more of it is read. */
function refuse(
  response: ServerResponse,
  status: Sent['status'],
  { code, message, remedy }: Refusal,
  wait?: number,
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.setHeader('connection', 'close');
  if (wait !== undefined) response.setHeader('retry-after', String(wait));
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  const { socket } = response;
  response.once('finish', () => {
    // What is still coming in is nobody's: the line is not kept open for it.
    socket?.destroySoon();
  });
  send(
    response,
    status,
    JSON.stringify({ ok: false, visits: [], problem: { code, message, remedy } }),
  );
}
