import { createServer, type RequestListener, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from 'node:net';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { postMessage, usualDeadlines } from './post-message.ts';
import { manualTimer } from './timer.test-support.ts';

const opened: (Server | TcpServer)[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listening(server: Server | TcpServer, scheme = 'http'): Promise<URL> {
  opened.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`${scheme}://127.0.0.1:${String((server.address() as AddressInfo).port)}/fsi/api`);
}
const serving = (listener: RequestListener): Promise<URL> => listening(createServer(listener));

/** Posts with a timer of the test's; a deadline is up when the test says so. */
function posting(url: URL, body = '{}') {
  const { timer, waiting, expire } = manualTimer();
  const handedOver = vi.fn();
  const posted = postMessage(url, body, { timer, onRequestSent: handedOver });
  return { posted, waiting, expire, handedOver };
}
/** The deadline waited for, once it is that one. */
const untilWaitingFor = (waiting: () => readonly number[], ms: number): Promise<void> =>
  vi.waitFor(() => {
    expect(waiting()).toEqual([ms]);
  }, 300_000);

describe('posting a message', () => {
  it('sends the bytes as they are and answers with the status and the text', async () => {
    const got: string[] = [];
    const url = await serving((request, response) => {
      request.on('data', (part: Buffer) => got.push(part.toString('utf8')));
      request.on('end', () => response.writeHead(418).end('{"结果":0}'));
    });
    const { posted, waiting, handedOver } = posting(url, '{"姓名":"𠮷野"}');
    expect(await posted).toEqual({ kind: 'answered', status: 418, text: '{"结果":0}' });
    expect(got.join('')).toBe('{"姓名":"𠮷野"}');
    expect(handedOver).toHaveBeenCalledOnce();
    expect(waiting()).toEqual([]);
  });

  it('has not sent what nobody listened for', async () => {
    const { posted, waiting } = posting(new URL('http://127.0.0.1:1/'));
    expect(await posted).toEqual({ kind: 'not-sent', why: 'ECONNREFUSED' });
    expect(waiting()).toEqual([]);
  });

  it('has not sent what waited in vain for a TLS handshake', async () => {
    const url = await listening(
      createTcpServer((socket) => socket.resume()),
      'https',
    );
    const { posted, waiting, expire } = posting(url);
    await untilWaitingFor(waiting, usualDeadlines.connect);
    expire();
    expect(await posted).toEqual({ kind: 'not-sent', why: 'connect-timeout' });
  });

  it('has not sent what was to go where one cannot post', async () => {
    const { posted } = posting(new URL('ftp://127.0.0.1/'));
    expect(await posted).toEqual({ kind: 'not-sent', why: 'ERR_INVALID_PROTOCOL' });
  });

  it('does not know what became of a message whose line was cut', async () => {
    const url = await serving((request) => {
      request.on('end', () => request.socket.destroy()).resume();
    });
    expect(await posting(url).posted).toEqual({ kind: 'no-answer', why: 'ECONNRESET' });
  });

  it('gives up at the deadline for headers', async () => {
    const url = await serving((request) => request.resume());
    const { posted, waiting, expire } = posting(url);
    await untilWaitingFor(waiting, usualDeadlines.headers);
    expire();
    expect(await posted).toEqual({ kind: 'no-answer', why: 'headers-timeout' });
  });

  it('gives up at the deadline for the body, however often a part of it comes', async () => {
    let drip: () => void = () => undefined;
    const url = await serving((request, response) => {
      request.resume();
      response.writeHead(200);
      drip = () => response.write('.');
      drip();
    });
    const { timer, waiting, expire } = manualTimer();
    const begun: number[] = [];
    const counted: typeof timer = (ms, act) => {
      begun.push(ms);
      return timer(ms, act);
    };
    const posted = postMessage(url, '{}', { timer: counted });
    await untilWaitingFor(waiting, usualDeadlines.body);
    for (let n = 0; n < 5; n += 1) {
      drip();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { connect, headers, body } = usualDeadlines;
    expect(begun).toEqual([connect, headers, body]);
    expire();
    expect(await posted).toEqual({ kind: 'no-answer', why: 'body-timeout' });
  });

  it('does not take half an answer for one', async () => {
    const url = await serving((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"infcode":"0"', () => response.destroy());
    });
    expect(await posting(url).posted).toEqual({ kind: 'no-answer', why: 'answer-cut' });
  });

  it.each([
    ['says so', { 'content-length': 3_000_000 }],
    ['does not', {}],
  ])('refuses by name an answer that is too large and %s', async (_how, headers) => {
    let cut: () => void = () => undefined;
    const isCut = new Promise<void>((resolve) => (cut = resolve));
    const url = await serving((request, response) => {
      request.resume();
      response.on('close', () => {
        cut();
      });
      response.writeHead(200, headers).end('x'.repeat(3_000_000));
    });
    expect(await posting(url).posted).toEqual({ kind: 'no-answer', why: 'answer-too-large' });
    await isCut;
  });

  it('takes an answer just as large as allowed', async () => {
    const url = await serving((request, response) => {
      request.resume();
      response.end('x'.repeat(1_000_000));
    });
    expect(await posting(url).posted).toMatchObject({ kind: 'answered', status: 200 });
  });
});
