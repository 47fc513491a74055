import { request } from 'node:http';

import { afterEach, describe, expect, it } from 'vitest';

import type { Application } from '../app/application.ts';
import { serveDesk, type DeskServer } from './serve-desk.ts';
import { makeSessions, type Sessions } from './session.ts';

type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

/** A request with any Host and Origin, which fetch would not let us set. */
function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

describe('serving the desk on loopback', () => {
  const calls: { name: string; input: unknown }[] = [];
  let server: DeskServer | null = null;
  let sessions: Sessions;
  let stopped = 0;

  async function start(): Promise<number> {
    calls.length = 0;
    stopped = 0;
    sessions = makeSessions('0199-folder', Buffer.alloc(32, 7));
    const application: Application = {
      folder: {
        home: '/nowhere',
        kind: 'demo',
        id: '0199-folder',
        key: Buffer.alloc(32, 7),
        databaseFile: '',
      },
      operator: { userId: 'cashier1', name: '收费员一', role: 'cashier' },
      call: (name, input) => {
        calls.push({ name, input });
        return Promise.resolve({ ok: true, value: { heard: name } });
      },
      subscribe: () => () => undefined,
      close: () => Promise.resolve(),
    };
    server = await serveDesk({
      application,
      sessions,
      port: 0,
      ownerSecret: 'the-owner',
      onStop: () => (stopped += 1),
    });
    return server.port;
  }

  async function cookieFor(port: number): Promise<string> {
    const origin = `http://127.0.0.1:${String(port)}`;
    const answer = await ask(port, '/api/session', { origin }, { token: sessions.newToken() });
    expect(answer.status).toBe(204);
    return String(answer.headers['set-cookie']).split(';')[0] ?? '';
  }

  afterEach(async () => {
    await server?.close();
    server = null;
  });

  it('lets a call of its own page through, with the session of a one-time token', async () => {
    const port = await start();
    const cookie = await cookieFor(port);
    const origin = `http://127.0.0.1:${String(port)}`;
    const answer = await ask(port, '/api/call/desk:state', { origin, cookie }, { input: { a: 1 } });
    expect(answer.status).toBe(200);
    expect(calls).toEqual([{ name: 'desk:state', input: { a: 1 } }]);
  });

  it('takes a token once only', async () => {
    const port = await start();
    const origin = `http://127.0.0.1:${String(port)}`;
    const token = sessions.newToken();
    expect((await ask(port, '/api/session', { origin }, { token })).status).toBe(204);
    expect((await ask(port, '/api/session', { origin }, { token })).status).toBe(401);
  });

  it('keeps a session over a restart, and none of another folder or with another key', async () => {
    const port = await start();
    const cookie = await cookieFor(port);
    const again = makeSessions('0199-folder', Buffer.alloc(32, 7));
    expect(again.recognises(cookie, new Date())).toBe(true);
    expect(makeSessions('0199-folder', Buffer.alloc(32, 8)).recognises(cookie, new Date())).toBe(
      false,
    );
    expect(again.recognises(cookie.slice(0, -1), new Date())).toBe(false);
    expect(again.recognises(cookie, new Date(Date.now() + 17 * 3_600_000))).toBe(false);
  });

  it('turns away a call without a session, without our origin, or from another site', async () => {
    const port = await start();
    const cookie = await cookieFor(port);
    const origin = `http://127.0.0.1:${String(port)}`;
    const call = (headers: Record<string, string>) =>
      ask(port, '/api/call/desk:state', headers, { input: {} });
    expect((await call({ origin })).status).toBe(401);
    expect((await call({ cookie })).status).toBe(403);
    expect((await call({ cookie, origin: 'http://evil.example' })).status).toBe(403);
    expect(calls).toEqual([]);
  });

  it('turns away a page that resolved its own name to loopback', async () => {
    const port = await start();
    const answer = await ask(port, '/', { host: `evil.example:${String(port)}` });
    expect(answer.status).toBe(403);
  });

  it('lets only the owner of the folder stop it or open one more window', async () => {
    const port = await start();
    const wrong = { authorization: 'Bearer somebody' };
    expect((await ask(port, '/api/owner/stop', wrong, {})).status).toBe(403);
    const owner = { authorization: 'Bearer the-owner' };
    const opened = await ask(port, '/api/owner/open', owner, {});
    const { token } = JSON.parse(opened.body) as { token: string };
    expect(sessions.redeem(token, new Date())).not.toBeNull();
    expect((await ask(port, '/api/owner/stop', owner, {})).status).toBe(202);
    expect(stopped).toBe(1);
  });

  it('refuses a body that is no call', async () => {
    const port = await start();
    const cookie = await cookieFor(port);
    const origin = `http://127.0.0.1:${String(port)}`;
    const headers = { origin, cookie };
    const unknownField = await ask(port, '/api/call/desk:state', headers, { input: {}, more: 1 });
    expect(unknownField.status).toBe(400);
    expect(calls).toEqual([]);
  });
});
