import { connect as connectPlain } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';

import { afterEach, describe, expect, it } from 'vitest';

import { connectionLimits } from '../base/connection-limits.ts';
import { authority } from '../intake/sql/sql-certificates.test-support.ts';
import { endPushSender } from './push-senders.ts';
import { usualPushLimits } from './push-rates.ts';
import { billOf, openPushedDesk, sendTo, type PushedDesk } from './push.test-support.ts';
import { testClock, valueOf } from '../settlement/settlement.test-support.ts';

const open: PushedDesk[] = [];
const desk = async (options: Parameters<typeof openPushedDesk>[0] = {}): Promise<PushedDesk> => {
  const opened = await openPushedDesk(options);
  open.push(opened);
  return opened;
};
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const visitsKept = ({ store }: PushedDesk) => store.read(({ visits }) => visits.countUnsettled());
const outcomesOf = (reply: { readonly answer: { readonly visits: readonly object[] } }) =>
  reply.answer.visits.map((visit) => ('outcome' in visit ? visit.outcome : ''));

/** A line of which a test says every byte; `closed` has all that came back. */
async function rawLine({ server }: PushedDesk): Promise<{
  readonly socket: TLSSocket;
  readonly closed: Promise<string>;
}> {
  const socket = connect({
    ...{ host: '127.0.0.1', port: server.port, ca: authority, servername: 'localhost' },
  });
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => {
      resolve(Buffer.concat(parts).toString('utf8'));
    });
  });
  await new Promise<void>((resolve) => {
    socket.once('secureConnect', resolve);
    socket.once('close', resolve);
  });
  return { socket, closed };
}

const head = (token: string, more: readonly string[]): string =>
  [
    'POST /v1/visits HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    ...more,
    '',
    '',
  ].join('\r\n');

describe('bills that are pushed', () => {
  it('are taken one or many at a time, and are equal when they come again', async () => {
    const at = await desk();
    const [one, two, three] = [await billOf('P1'), await billOf('P2'), await billOf('P3')];
    const first = await at.send(JSON.stringify(one));
    expect([first.status, first.answer.ok, outcomesOf(first)]).toEqual([200, true, ['taken']]);
    const many = await at.send(JSON.stringify({ visits: [one, two, three] }));
    expect([many.status, outcomesOf(many)]).toEqual([200, ['equal', 'taken', 'taken']]);
    const list = await at.send(JSON.stringify([two, three]));
    expect([list.status, outcomesOf(list)]).toEqual([200, ['equal', 'equal']]);
    expect(await visitsKept(at)).toBe(3);
    expect(first.answer.visits[0]).toMatchObject({
      visitId: 'P1',
      lines: expect.any(Number) as number,
    });
  });

  it('are refused each with place, words and remedy, and the others of the request are taken', async () => {
    const at = await desk();
    const good = await billOf('P1');
    const bad = (await billOf('P2')) as { visit: { admittedOn: string } };
    const wrong = { ...bad, visit: { ...bad.visit, admittedOn: '2017-13-45' } };
    const reply = await at.send(JSON.stringify({ visits: [good, wrong] }));
    expect([reply.status, reply.answer.ok, outcomesOf(reply)]).toEqual([
      ...[207, false],
      ['taken', 'refused'],
    ]);
    const [problem] = reply.answer.visits[1]?.problems ?? [];
    expect(problem).toMatchObject({ code: 'not-a-date', place: '/visits/1/visit/admittedOn' });
    expect(problem?.message.zh).not.toBe('');
    expect(problem?.remedy.en).not.toBe('');
    const kept = await at.store.read(({ intakeRefusals }) => intakeRefusals.list(10));
    expect(kept).toMatchObject([
      { code: 'not-a-date', file: expect.stringContaining('HIS') as string },
    ]);
  });

  it('that came late are refused by their version, and those without one are asked about', async () => {
    const at = await desk();
    await at.send(JSON.stringify(await billOf('P1', { bed: '2', version: 2 })));
    const late = await at.send(JSON.stringify(await billOf('P1', { bed: '1', version: 1 })));
    expect([late.status, outcomesOf(late)]).toEqual([207, ['refused']]);
    expect(late.answer.visits[0]?.problems?.[0]?.code).toBe('bill-late');
    const unknown = await at.send(JSON.stringify(await billOf('P1', { bed: '3' })));
    expect(outcomesOf(unknown)).toEqual(['question']);
    const newer = await at.send(JSON.stringify(await billOf('P1', { bed: '4', version: 3 })));
    expect(outcomesOf(newer)).toEqual(['taken']);
  });

  it.each([
    ['broken', '{"visit": ', 'damaged-json'],
    ['empty', '', 'empty-file'],
    ['no visit', '{"visits": []}', 'no-visits'],
    ['a key twice', '{"visits": [], "visits": [{}]}', 'duplicate-key'],
  ])('that cannot be read (%s) are refused as a whole', async (_what, body, code) => {
    const at = await desk();
    const reply = await at.send(body);
    expect([reply.status, reply.answer.visits]).toEqual([400, []]);
    expect(reply.answer.problem?.code).toBe(code);
  });

  it('may hold a key twice in one visit, which alone is refused', async () => {
    const at = await desk();
    const twice = JSON.stringify(await billOf('P1')).replace('"bed":"1"', '"bed":"1","bed":"2"');
    const reply = await at.send(`[${twice},${JSON.stringify(await billOf('P2'))}]`);
    expect(outcomesOf(reply)).toEqual(['refused', 'taken']);
  });

  it('that are nested deeper than any bill, or than the program could read, end nothing', async () => {
    const at = await desk();
    const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    for (const levels of [30, 5_000, 400_000]) {
      const reply = await at.send(`{"visit": ${deep(levels)}}`);
      expect(reply.status).toBeGreaterThanOrEqual(207);
      expect(reply.answer.ok).toBe(false);
    }
    const after = await at.send(JSON.stringify(await billOf('P1')));
    expect(outcomesOf(after)).toEqual(['taken']);
    expect(at.faults).toEqual([]);
  });
});

describe('who may push', () => {
  it('shows a token of ours that was not ended, in its header alone; only its hash is kept', async () => {
    const at = await desk();
    const bill = JSON.stringify(await billOf('P1'));
    for (const token of ['', 'swp_wrong-wrong-wrong-wrong', `${at.token}x`]) {
      const reply = await at.send(bill, { token });
      expect([reply.status, reply.answer.problem?.code]).toEqual([401, 'push-token-wrong']);
      expect(reply.headers.connection).toBe('close');
    }
    const inAddress = await at.send(bill, { path: `/v1/visits?token=${at.token}` });
    expect([inAddress.status, inAddress.answer.problem?.code]).toEqual([
      ...[400, 'push-token-in-address'],
    ]);
    expect(at.turnedAway).toEqual(['token', 'token', 'token', 'token-in-address']);
    expect(await visitsKept(at)).toBe(0);
    const all = JSON.stringify(await at.store.read(({ pushSenders }) => pushSenders.list()));
    expect(all).not.toContain(at.token);
    valueOf(
      await endPushSender(
        { store: at.store, clock: testClock },
        { sender: 'HIS', reason: '换令牌', by: 'admin' },
      ),
    );
    expect((await at.send(bill)).status).toBe(401);
  });

  it('is told to wait when it asks too often, and so is who guesses', async () => {
    const limits = { ...usualPushLimits, requestsAMinute: 2, wrongAMinute: 2 };
    const at = await desk({ limits });
    const bill = JSON.stringify(await billOf('P1'));
    expect((await at.send(bill)).status).toBe(200);
    expect((await at.send(bill)).status).toBe(200);
    const often = await at.send(bill);
    expect(often.status).toBe(429);
    expect(Number(often.headers['retry-after'])).toBeGreaterThan(0);
    const wrong = { token: 'swp_wrong-wrong-wrong-wrong' };
    expect((await at.send(bill, wrong)).status).toBe(401);
    expect((await at.send(bill, wrong)).status).toBe(401);
    expect((await at.send(bill, wrong)).status).toBe(429);
  });
});

describe('a hostile sender', () => {
  it('is not read further where its body is too large, compressed or no JSON', async () => {
    const at = await desk();
    const large = Buffer.alloc(9 * 1024 * 1024, 0x20);
    const replies = await Promise.allSettled([
      at.send(large),
      at.send(gzipSync(large), { headers: { 'content-encoding': 'gzip' } }),
      at.send('visit=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ]);
    const [tooLarge, zipped, form] = replies.map((reply) =>
      reply.status === 'fulfilled' ? reply.value.status : 'cut',
    );
    // A body that is still coming in may have its line cut before the answer is read.
    expect([413, 'cut']).toContain(tooLarge);
    expect([zipped, form]).toEqual([415, 415]);
    const { socket, closed } = await rawLine(at);
    socket.write(head(at.token, ['Transfer-Encoding: chunked']));
    const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`;
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
    await closed;
    expect((await at.send(JSON.stringify(await billOf('P1')))).status).toBe(200);
  });

  it('that is slow with its handshake, its head or its body is ended', async () => {
    const limits = { ...connectionLimits, headMs: 150, requestMs: 300, lookEveryMs: 50 };
    const at = await desk({ connectionLimits: limits });
    const dumb = connectPlain({ host: '127.0.0.1', port: at.server.port });
    const dumbEnded = new Promise((resolve) => dumb.once('close', resolve));
    dumb.on('error', () => undefined);
    const slowHead = await rawLine(at);
    slowHead.socket.write('POST /v1/visits HTTP/1.1\r\nHost: x\r\n');
    const slowBody = await rawLine(at);
    slowBody.socket.write(`${head(at.token, ['Content-Length: 1000'])}{"visit"`);
    await Promise.all([dumbEnded, slowHead.closed, slowBody.closed]);
    expect(await visitsKept(at)).toBe(0);
  });

  it('that opens a thousand lines keeps a real sender out for no moment', async () => {
    const at = await desk();
    const lines = Array.from({ length: 1000 }, () => {
      const line = connectPlain({ host: '127.0.0.1', port: at.server.port });
      line.on('error', () => undefined);
      return line;
    });
    await Promise.all(
      lines.map(
        (line) =>
          new Promise<void>((resolve) => {
            line.once('connect', resolve);
            line.once('close', () => {
              resolve();
            });
          }),
      ),
    );
    expect((await at.send(JSON.stringify(await billOf('P1')))).status).toBe(200);
    expect(at.server.connections()).toBeLessThanOrEqual(260);
    for (const line of lines) line.destroy();
  });

  it('that asks and asks on one line and reads nothing is cut off', async () => {
    const at = await desk();
    const { socket, closed } = await rawLine(at);
    const body = JSON.stringify(await billOf('P1'));
    const one = `${head(at.token, [`Content-Length: ${String(Buffer.byteLength(body))}`])}${body}`;
    socket.write(one.repeat(20));
    await closed;
    expect((await at.send(body)).status).toBe(200);
  });

  it('that speaks no TLS is not answered', async () => {
    const at = await desk();
    const plain = connectPlain({ host: '127.0.0.1', port: at.server.port });
    let heard = '';
    plain.on('data', (part: Buffer) => (heard += part.toString('latin1')));
    plain.on('error', () => undefined);
    const ended = new Promise((resolve) => plain.once('close', resolve));
    plain.write('GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n');
    await ended;
    expect(heard).not.toContain('HTTP/1.1 200');
  });

  it('does not keep the address from being closed', async () => {
    const at = await openPushedDesk();
    const { socket, closed } = await rawLine(at);
    socket.write(`${head(at.token, ['Content-Length: 1000'])}{"visit"`);
    const silent = connectPlain({ host: '127.0.0.1', port: at.server.port });
    silent.on('error', () => undefined);
    const silentEnded = new Promise((resolve) => silent.once('close', resolve));
    await new Promise((resolve) => silent.once('connect', resolve));
    await at.close();
    await Promise.all([closed, silentEnded]);
    await expect(sendTo(at.server.port, '{}', { token: at.token })).rejects.toThrow();
  });
});

it('the description is served to who shows a token', async () => {
  const at = await desk();
  const described = await at.send('', { path: '/v1/openapi.json', method: 'GET' });
  expect(described.status).toBe(200);
  const wrong = await at.send('', {
    path: '/v1/openapi.json',
    method: 'GET',
    token: 'x'.repeat(30),
  });
  expect(wrong.status).toBe(401);
  expect((await at.send('', { path: '/v1/other', method: 'POST' })).status).toBe(404);
});
