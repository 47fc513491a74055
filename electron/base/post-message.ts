import { request as requestOverHttp, type ClientRequest } from 'node:http';
import { request as requestOverHttps } from 'node:https';

import { systemTimer, type Timer } from './timer.ts';

/**
 * How long each part may take, in milliseconds: until the line stands (with TLS, its handshake too), until the
 * first header of the answer, and from there until the answer is whole.
 */
export type Deadlines = {
  readonly connect: number;
  readonly headers: number;
  readonly body: number;
};
export const usualDeadlines: Deadlines = { connect: 5_000, headers: 30_000, body: 10_000 };

/**
 * What came of posting. `answered`: an answer that came whole. `no-answer`: the line stood, so the other side
 * may or may not have the message. `not-sent`: the line never stood, so it cannot have it. `why` is a system
 * error code or `connect-timeout`, `headers-timeout`, `body-timeout`, `answer-cut`, `answer-too-large`.
 */
export type Posted =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'no-answer'; readonly why: string }
  | { readonly kind: 'not-sent'; readonly why: string };

export type PostOptions = {
  readonly deadlines?: Deadlines;
  readonly timer?: Timer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who vouches for the other side, as PEM; absent: those the system knows. */
  readonly authority?: string;
  /** No answer of the other side is wanted beyond so many bytes. */
  readonly answerBytesMax?: number;
  /** The last byte of the message has been handed to the system. */
  readonly onRequestSent?: () => void;
};

/** What is shown and trusted on an encrypted line: the one authority that counts, our own certificate and its key. */
export type OwnTls = { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };

export type ExchangeOptions = PostOptions & {
  readonly method: 'POST' | 'PUT' | 'GET';
  readonly body?: Buffer;
  /** Absent: no certificate of ours is shown. */
  readonly tls?: OwnTls;
};

/** The same as `Posted`, with the answer's bytes as they came. */
export type Exchanged =
  | { readonly kind: 'answered'; readonly status: number; readonly bytes: Buffer }
  | Exclude<Posted, { kind: 'answered' }>;

/** No answer of a payer is near this, in bytes; a larger one is not read into memory. */
const usualAnswerBytesMax = 1_000_000;

/**
 * Posts a JSON message once, on a line of its own. Never throws and never tries again by itself.
 *
 * Ours on purpose, and measured against undici 8: its body deadline starts anew with every chunk, so a payer
 * that drips holds a claim without end; its error does not say whether the line ever stood, which is what tells
 * "not sent" from "unknown"; its timers cannot be given in. Claims are limited by what is kept on disk before
 * and after each, not by opening lines.
 */
export async function postMessage(
  url: URL,
  body: string,
  options: PostOptions = {},
): Promise<Posted> {
  const came = await exchange(url, { ...options, method: 'POST', body: Buffer.from(body) });
  if (came.kind !== 'answered') return came;
  return { kind: 'answered', status: came.status, text: came.bytes.toString('utf8') };
}

/** The same for any method, with certificates of its own; the answer is the bytes that came. */
export function exchange(url: URL, options: ExchangeOptions): Promise<Exchanged> {
  const { deadlines = usualDeadlines, timer = systemTimer, onRequestSent } = options;
  const { answerBytesMax = usualAnswerBytesMax, body: bytes = Buffer.alloc(0) } = options;
  return new Promise((resolve) => {
    let stands = false;
    let cancelDeadline: () => void = () => undefined;
    let request: ClientRequest | null = null;
    const finish = (posted: Exchanged): void => {
      cancelDeadline();
      resolve(posted);
      request?.destroy();
    };
    const fail = (why: string): void => {
      finish({ kind: stands ? 'no-answer' : 'not-sent', why });
    };
    const nextDeadline = (ms: number, why: string): void => {
      cancelDeadline();
      cancelDeadline = timer(ms, () => {
        fail(why);
      });
    };
    try {
      request = open(url, bytes.length, options);
    } catch (problem) {
      fail(codeOf(problem));
      return;
    }
    nextDeadline(deadlines.connect, 'connect-timeout');
    request.on('error', (problem) => {
      fail(codeOf(problem));
    });
    request.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        stands = true;
        nextDeadline(deadlines.headers, 'headers-timeout');
      });
    });
    request.on('response', (response) => {
      nextDeadline(deadlines.body, 'body-timeout');
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        parts.push(part);
        size += part.length;
        if (size > answerBytesMax) fail('answer-too-large');
      });
      response.on('error', () => {
        fail('answer-cut');
      });
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        finish({ kind: 'answered', status, bytes: Buffer.concat(parts) });
      });
    });
    request.end(bytes, onRequestSent);
  });
}

function open(
  url: URL,
  contentLength: number,
  {
    headers,
    authority,
    method,
    tls,
  }: Pick<ExchangeOptions, 'headers' | 'authority' | 'method' | 'tls'>,
): ClientRequest {
  const request = url.protocol === 'https:' ? requestOverHttps : requestOverHttp;
  return request(url, {
    ...{ method, agent: false, ...tls },
    ...(authority === undefined ? {} : { ca: authority }),
    headers: {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'content-length': contentLength,
    },
  });
}

function codeOf(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  return (problem as NodeJS.ErrnoException).code ?? problem.message;
}
