import { request as requestOverHttp } from 'node:http';
import { request as requestOverHttps } from 'node:https';

/** How long each part may take, in milliseconds. */
export type Deadlines = {
  readonly connect: number;
  readonly headers: number;
  readonly body: number;
};
export const usualDeadlines: Deadlines = { connect: 5_000, headers: 30_000, body: 10_000 };

/** An answer that came whole, or why none did. After `no-answer` the payer may or may not have the message. */
export type Posted =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'no-answer'; readonly why: string };

/** No answer of a payer is near this; a larger one is not read into memory. */
const answerBytesMax = 1_000_000;

/** Posts a message once. Never throws and never tries again by itself. */
export function postMessage(
  url: URL,
  body: string,
  deadlines: Deadlines,
  onRequestSent: () => void,
): Promise<Posted> {
  return new Promise((resolve) => {
    const bytes = Buffer.from(body);
    const open = url.protocol === 'https:' ? requestOverHttps : requestOverHttp;
    const request = open(url, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': bytes.length,
      },
    });
    let timer = setTimeout(() => {
      finish({ kind: 'no-answer', why: 'connect-timeout' });
    }, deadlines.connect);
    const nextDeadline = (ms: number, why: string): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        finish({ kind: 'no-answer', why });
      }, ms);
    };
    const finish = (posted: Posted): void => {
      clearTimeout(timer);
      resolve(posted);
      request.destroy();
    };
    request.on('error', (problem: NodeJS.ErrnoException) => {
      finish({ kind: 'no-answer', why: problem.code ?? problem.message });
    });
    request.on('socket', (socket) => {
      socket.once('connect', () => {
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
        if (size > answerBytesMax) finish({ kind: 'no-answer', why: 'answer-too-large' });
      });
      response.on('error', () => {
        finish({ kind: 'no-answer', why: 'answer-cut' });
      });
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        finish({ kind: 'answered', status: response.statusCode ?? 0, text });
      });
    });
    request.end(bytes, onRequestSent);
  });
}
