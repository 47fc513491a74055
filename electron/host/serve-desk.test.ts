import { describe, expect, it } from 'vitest';

import { pageHeaders } from '../../shared/contracts/page-line.ts';
import { openingTokenMs } from './opening-tokens.ts';
import { connectRaw, frameOf, lineRequest } from './raw-connection.test-support.ts';
import {
  ask,
  callOf,
  limitsOfTest,
  openLine,
  originOf,
  proof,
  servedDesk,
  type Answer,
} from './served-desk.test-support.ts';

const {
  calls,
  goOn,
  openPage,
  pageSessions,
  passes,
  start,
  tell,
  timeIsUp,
  timesStopped,
  tokens,
  waitingMs,
} = servedDesk();

describe('serving the desk on loopback', () => {
  it('lets a call of its own page through, and knows which page it is', async () => {
    const port = await start();
    const secret = await openPage(port);
    const answer = await ask(port, '/api/call/desk:state', proof(port, secret), {
      input: { a: 1 },
    });
    expect(answer.status).toBe(200);
    expect(calls).toEqual([
      {
        name: 'desk:state',
        input: { a: 1 },
        page: { id: expect.any(String) as string, page: 'browser', userId: 'cashier1' },
      },
    ]);
  });

  it('lets its page in at a name of its own, and says the same to a page elsewhere as ever', async () => {
    const port = await start();
    const host = `${'0f'.repeat(16)}.localhost:${String(port)}`;
    const own = { host, origin: `http://${host}` };
    const opened = await ask(port, '/api/session', own, { token: tokens().make() });
    const { secret } = JSON.parse(opened.body) as { secret: string };
    expect(await callOf(port, { ...proof(port, secret), ...own })).toMatchObject({ status: 200 });
    const elsewhere = { ...proof(port, secret), host: `evil.localhost:${String(port)}` };
    expect(await callOf(port, elsewhere)).toMatchObject({ status: 403 });
    const from = { ...proof(port, secret), origin: `https://${host}` };
    expect(await callOf(port, from)).toMatchObject({ status: 403 });
  });

  it('ends a service worker that somebody else left in the browser: it has none itself', async () => {
    const port = await start();
    for (const path of ['/worker.js', '/api/call/desk:state', '/']) {
      const answer = await ask(port, path, { 'service-worker': 'script' });
      expect(answer.status).toBe(200);
      expect(answer.body).toContain('.unregister()');
    }
  });

  it('gives no cookie, which every program on every port of this machine would send along', async () => {
    const port = await start();
    const answer = await fetch(`${originOf(port)}/api/session`, {
      method: 'POST',
      headers: { origin: originOf(port), 'content-type': 'application/json' },
      body: JSON.stringify({ token: tokens().make() }),
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
    const { secret } = (await answer.json()) as { secret: string };
    const cookie = `settlement-window=${secret}; ${pageHeaders.secret}=${secret}`;
    expect(await callOf(port, { origin: originOf(port), cookie })).toMatchObject({ status: 401 });
  });

  it('takes a token once only, within a minute, and no invented one', async () => {
    const port = await start();
    const redeem = (token: unknown): Promise<Answer> =>
      ask(port, '/api/session', { origin: originOf(port) }, { token });
    const token = tokens().make();
    expect((await redeem(token)).status).toBe(200);
    expect(await redeem(token)).toMatchObject({ status: 401, body: '{"error":"no-session"}' });
    const late = tokens().make();
    passes(openingTokenMs + 1);
    expect(await redeem(late)).toMatchObject({ status: 401, body: '{"error":"no-session"}' });
    for (const wrong of ['', 'x', 'a'.repeat(43), 7, null, { toString: 'x' }]) {
      expect(await redeem(wrong)).toMatchObject({ status: 401, body: '{"error":"no-session"}' });
    }
  });

  it('turns away and cuts off a call without a session, without our origin, or from another site', async () => {
    const port = await start();
    const secret = await openPage(port);
    const origin = originOf(port);
    const own = { [pageHeaders.secret]: secret };
    expect(await callOf(port, { origin })).toMatchObject({ status: 401, closes: true });
    expect(await callOf(port, own)).toMatchObject({ status: 403, closes: true });
    expect(await callOf(port, { ...own, origin: 'http://evil.example' })).toMatchObject({
      ...{ status: 403, closes: true },
    });
    const tampered = { ...own, [pageHeaders.secret]: `${secret.slice(0, -1)}!`, origin };
    expect(await callOf(port, tampered)).toMatchObject({
      ...{ status: 401, closes: true, body: '{"error":"no-session"}' },
    });
    expect(calls).toEqual([]);
  });

  it('turns away a page that resolved its own name to loopback', async () => {
    const port = await start();
    const answer = await ask(port, '/', { host: `evil.example:${String(port)}` });
    expect(answer).toMatchObject({ status: 403, closes: true });
  });

  it('lets only the owner of the folder stop it or open one more window', async () => {
    const port = await start();
    const wrong = { authorization: 'Bearer somebody' };
    expect((await ask(port, '/api/owner/stop', wrong, {})).status).toBe(403);
    expect((await ask(port, '/api/owner/open', {}, {})).status).toBe(403);
    const owner = { authorization: 'Bearer the-owner' };
    const opened = await ask(port, '/api/owner/open', owner, {});
    const { token } = JSON.parse(opened.body) as { token: string };
    expect(tokens().redeem(token)).toBe(true);
    expect((await ask(port, '/api/owner/stop', owner, {})).status).toBe(202);
    expect(timesStopped()).toBe(1);
  });

  it('refuses a body that is no call', async () => {
    const port = await start();
    const secret = await openPage(port);
    const headers = proof(port, secret);
    const unknownField = await ask(port, '/api/call/desk:state', headers, { input: {}, more: 1 });
    expect(unknownField.status).toBe(400);
    const huge = await ask(port, '/api/call/desk:state', headers, { input: 'x'.repeat(70_000) });
    expect(huge.status).toBe(413);
    expect(calls).toEqual([]);
  });

  it('asks a page that has ended nothing more and tells it why, but nobody else', async () => {
    const port = await start();
    const secret = await openPage(port);
    const line = await openLine(port, secret);
    await line.hears('{"link":"open"}');
    await callOf(port, proof(port, secret));
    await pageSessions().end(calls[0]?.page.id ?? '', 'by-administrator');
    expect(await callOf(port, proof(port, secret))).toMatchObject({
      status: 401,
      body: '{"error":"no-session","ended":"by-administrator"}',
    });
    expect((await callOf(port, proof(port, `${secret}x`))).body).toBe('{"error":"no-session"}');
    // 4401 and why, in the frame that closes the line.
    await line.hears(endOfLine(4401, 'by-administrator'));
    timeIsUp(limitsOfTest.firstMessageMs);
    await line.closed;
    expect(calls).toHaveLength(1);
    // The same where it comes back only now.
    const late = await openLine(port, secret);
    await late.hears(endOfLine(4401, 'by-administrator'));
    late.destroy();
  });
});

describe('a page that is ended in the middle of a call', () => {
  it('has the call finished and its answer told, and asks nothing after it', async () => {
    const port = await start();
    const secret = await openPage(port);
    const line = await openLine(port, secret);
    await line.hears('{"link":"open"}');
    const settling = ask(port, '/api/call/settlement:settle-visit', proof(port, secret), {
      input: {},
    });
    await expect.poll(() => calls.length).toBe(1);
    await pageSessions().end(calls[0]?.page.id ?? '', 'by-administrator');
    await line.hears(endOfLine(4401, 'by-administrator'));
    goOn();
    expect(await settling).toMatchObject({
      ...{ status: 200, body: '{"ok":true,"value":{"heard":"settlement:settle-visit"}}' },
    });
    expect((await callOf(port, proof(port, secret))).status).toBe(401);
    expect(calls).toHaveLength(1);
    line.destroy();
  });
});

/** The frame with which a line is closed, as it comes over the wire. */
const endOfLine = (code: number, why: string): string =>
  Buffer.from([0x88, 2 + why.length, code >> 8, code & 0xff]).toString('latin1') + why;

/** Somebody signs in at the page that shows this; what it shows from then on. */
async function signInAt(port: number, secret: string, page = 'page 1'): Promise<string> {
  const answer = await ask(port, '/api/call/people:sign-in', proof(port, secret, page), {
    input: {},
  });
  expect(answer.status).toBe(200);
  return (JSON.parse(answer.body) as { value: { newSecret: string } }).value.newSecret;
}

describe('a page at which somebody has signed in', () => {
  const usersOfCalls = () => calls.map(({ name, page }) => `${name} by ${page.userId ?? 'nobody'}`);

  it('takes the secret of before nowhere any more, once the new one was used', async () => {
    const port = await start();
    const secret = await openPage(port);
    const own = await signInAt(port, secret);
    expect((await callOf(port, proof(port, own))).status).toBe(200);
    expect(await callOf(port, proof(port, secret))).toMatchObject({
      ...{ status: 401, closes: true, body: '{"error":"no-session"}' },
    });
    const line = await openLine(port, secret);
    await line.hears(endOfLine(4401, ''));
    line.destroy();
    expect(usersOfCalls()).toEqual(['people:sign-in by cashier1', 'desk:state by supervisor1']);
  });

  it('is the same on a line: the first message with the new secret ends the one before', async () => {
    const port = await start();
    const secret = await openPage(port);
    const before = await openLine(port, secret);
    await before.hears('{"link":"open"}');
    const own = await signInAt(port, secret);
    const line = await openLine(port, own);
    await line.hears('{"link":"open"}');
    await before.closed;
    tell({ topic: 'card', version: 4 });
    await line.hears('"version":4');
    expect((await callOf(port, proof(port, secret))).status).toBe(401);
    // The page's own line is proven, and stays.
    timeIsUp(limitsOfTest.firstMessageMs);
    tell({ topic: 'card', version: 5 });
    await line.hears('"version":5');
    line.destroy();
  });

  it('has a line that somebody else opened with the secret of before cut in time', async () => {
    const port = await start();
    const secret = await openPage(port);
    const thief = await openLine(port, secret);
    await thief.hears('{"link":"open"}');
    const own = await signInAt(port, secret);
    expect((await callOf(port, proof(port, own))).status).toBe(200);
    timeIsUp(limitsOfTest.firstMessageMs);
    await thief.closed;
    const again = await openLine(port, secret);
    await again.hears(endOfLine(4401, ''));
    again.destroy();
  });

  it('whose answer was lost asks in nobody’s name, and who copied its secret no more than that', async () => {
    const port = await start();
    const secret = await openPage(port);
    await signInAt(port, secret);
    expect((await callOf(port, proof(port, secret))).status).toBe(200);
    const own = await signInAt(port, secret);
    expect((await callOf(port, proof(port, own))).status).toBe(200);
    expect(usersOfCalls()).toEqual([
      ...['people:sign-in by cashier1', 'desk:state by nobody'],
      ...['people:sign-in by nobody', 'desk:state by supervisor1'],
    ]);
  });

  it('gives its new secret to who signed in alone, whoever asks with the old one meanwhile', async () => {
    const port = await start();
    const secret = await openPage(port);
    const race = () => Array.from({ length: 4 }, () => callOf(port, proof(port, secret)));
    const early = race();
    const signingIn = signInAt(port, secret);
    const late = race();
    const own = await signingIn;
    const answers = await Promise.all([...early, ...late]);
    expect(answers.filter(({ body }) => body.includes(own))).toEqual([]);
    expect((await callOf(port, proof(port, own))).status).toBe(200);
    expect(usersOfCalls().filter((each) => each === 'desk:state by supervisor1')).toHaveLength(1);
  });
});

describe('the line of a page', () => {
  it('hears what may have changed, once it has said whose it is', async () => {
    const port = await start();
    const line = await openLine(port, await openPage(port));
    await line.hears('{"link":"open"}');
    tell({ topic: 'card', version: 3 });
    await line.hears('{"topic":"card","version":3}');
    line.destroy();
  });

  it.each([
    ['an invented secret', JSON.stringify({ secret: 'invented', page: 'p' })],
    ['no secret', '{}'],
    ['no JSON', 'hello'],
    ['more than is asked', JSON.stringify({ secret: 'x', page: 'p', more: 1 })],
  ])('is ended where it says first: %s', async (_, first) => {
    const port = await start();
    const line = connectRaw(port);
    line.write(lineRequest(port, originOf(port)));
    await line.hears('101 Switching Protocols');
    line.write(frameOf(first));
    await line.hears(Buffer.from([0x88, 0x02, 0x11, 0x31]).toString('latin1'));
    tell({ topic: 'card', version: 1 });
    timeIsUp(limitsOfTest.firstMessageMs);
    expect(await line.closed).not.toContain('topic');
  });

  it('is ended where it says nothing', async () => {
    const port = await start();
    const line = connectRaw(port);
    line.write(lineRequest(port, originOf(port)));
    await line.hears('101 Switching Protocols');
    await expect.poll(() => waitingMs()).toContain(limitsOfTest.firstMessageMs);
    tell({ topic: 'card', version: 1 });
    // Its time is up; then the time to agree that it is.
    timeIsUp(limitsOfTest.firstMessageMs);
    timeIsUp(limitsOfTest.firstMessageMs);
    expect(await line.closed).not.toContain('topic');
  });

  it('is ended where it says too much', async () => {
    const port = await start();
    const line = connectRaw(port);
    line.write(lineRequest(port, originOf(port)));
    await line.hears('101 Switching Protocols');
    line.write(frameOf('x'.repeat(2000)));
    await line.closed;
  });

  it('is of one page: a copy of the secret is refused as long as the page is there', async () => {
    const port = await start();
    const secret = await openPage(port);
    const line = await openLine(port, secret, 'the page');
    await line.hears('{"link":"open"}');
    // A browser answers whether it is there by itself, whatever its page does.
    line.socket.on('data', (chunk: Buffer) => {
      if (chunk[0] === 0x89) line.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
    });
    expect((await callOf(port, proof(port, secret, 'the page'))).status).toBe(200);
    expect(await callOf(port, proof(port, secret, 'a copy'))).toMatchObject({
      ...{ status: 409, closes: true },
    });
    const copy = await openLine(port, secret, 'a copy');
    await copy.hears(Buffer.from([0x88, 0x02, 0x11, 0x39]).toString('latin1'));
    expect(calls).toHaveLength(1);
    // The page is gone: the same secret in a page loaded anew is the page again.
    line.destroy();
    await line.closed;
    expect((await callOf(port, proof(port, secret, 'loaded anew'))).status).toBe(200);
  });

  it('that does not answer is gone, and the page loaded anew takes its place', async () => {
    const port = await start();
    const secret = await openPage(port);
    const line = await openLine(port, secret, 'the page');
    await line.hears('{"link":"open"}');
    const call = callOf(port, proof(port, secret, 'loaded anew'));
    await expect.poll(() => waitingMs()).toContain(limitsOfTest.lineAnswerMs);
    timeIsUp(limitsOfTest.lineAnswerMs);
    expect((await call).status).toBe(200);
    await line.closed;
  });
});
