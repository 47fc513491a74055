import { describe, expect, it } from 'vitest';

import { connectionLimits } from '../base/connection-limits.ts';
import { connectRaw, lineRequest, type RawConnection } from './raw-connection.test-support.ts';
import {
  callOf,
  limitsOfTest,
  openLine,
  originOf,
  proof,
  servedDesk,
} from './served-desk.test-support.ts';

const { calls, goOn, openPage, pageSessions, server, start, tell } = servedDesk();

const answersIn = (heard: string): number => heard.split('HTTP/1.1 ').length - 1;

/** A call of a page as it goes over the wire. */
function callInBytes(port: number, secret: string, name: string, input: object): string {
  const body = JSON.stringify({ input });
  return [
    `POST /api/call/${name} HTTP/1.1`,
    `Host: 127.0.0.1:${String(port)}`,
    ...Object.entries(proof(port, secret)).map(([head, value]) => `${head}: ${value}`),
    'content-type: application/json',
    `content-length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n');
}

describe('somebody who wants the desk to die', () => {
  it.each([
    ['of another site', 'http://evil.example', '/api/events'],
    ['with no path of ours', null, '/nowhere'],
    ['of a call', null, '/api/call/desk:state'],
  ])('opens lines %s: each is ended at once', async (_, origin, path) => {
    const port = await start();
    const secret = await openPage(port);
    const refused: RawConnection[] = [];
    for (let each = 0; each < 200; each += 1) {
      const line = connectRaw(port);
      line.write(lineRequest(port, origin ?? originOf(port), path));
      refused.push(line);
    }
    await Promise.all(refused.map(({ closed }) => closed));
    expect((await callOf(port, proof(port, secret))).status).toBe(200);
    await expect.poll(() => server()?.connections()).toBeLessThanOrEqual(2);
  });

  it('opens lines that never say whose they are: the oldest go, and the page works on', async () => {
    const port = await start();
    const secret = await openPage(port);
    const own = await openLine(port, secret);
    await own.hears('{"link":"open"}');
    const silent: RawConnection[] = [];
    for (let each = 0; each < 100; each += 1) {
      const line = connectRaw(port);
      line.write(lineRequest(port, originOf(port)));
      silent.push(line);
    }
    await Promise.all(silent.slice(0, 80).map(({ closed }) => closed));
    expect((await callOf(port, proof(port, secret))).status).toBe(200);
    expect(server()?.connections()).toBeLessThanOrEqual(
      limitsOfTest.unproven + limitsOfTest.proven,
    );
    tell({ topic: 'visits', version: 9 });
    await own.hears('"version":9');
    await server()?.close();
    await Promise.all([...silent, own].map(({ closed }) => closed));
  });

  it('opens a storm of connections: who came before them and speaks only now is heard', async () => {
    const port = await start({ unproven: connectionLimits.unproven });
    const slow = connectRaw(port);
    await slow.open;
    const storm = Array.from({ length: 800 }, () => connectRaw(port));
    await Promise.all(storm.map(({ open }) => open));
    slow.write(`GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\n\r\n`);
    await slow.hears('"statusCode":404}');
    for (const each of storm) each.destroy();
  });

  it('opens them from one address: those of another keep their places', async () => {
    const port = await start();
    const slow = connectRaw(port);
    await slow.open;
    const storm = Array.from({ length: 60 }, () => connectRaw(port, '127.0.0.2'));
    await Promise.all(storm.slice(0, 35).map(({ closed }) => closed));
    slow.write(`GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\n\r\n`);
    await slow.hears('"statusCode":404}');
    for (const each of storm) each.destroy();
  });

  it('with the secret of one page opens more and more: another page keeps its line', async () => {
    const port = await start();
    const own = await openLine(port, await openPage(port));
    await own.hears('{"link":"open"}');
    const stolen = await openPage(port);
    const call = callInBytes(port, stolen, 'desk:state', {});
    for (let each = 0; each < 30; each += 1) {
      const kept = connectRaw(port);
      kept.write(call);
      await kept.hears('HTTP/1.1 200');
    }
    tell({ topic: 'visits', version: 9 });
    await own.hears('"version":9');
    expect(server()?.connections()).toBeLessThanOrEqual(1 + 1 + limitsOfTest.provenPerPage);
  });

  it('with the secret of one page asks for more than a page can: the rest waits, and is done for whoever is still there', async () => {
    const port = await start({ provenPerPage: 16, proven: 40 });
    const other = await openPage(port);
    const secret = await openPage(port);
    const settle = (each: number) => {
      const asking = connectRaw(port);
      asking.write(callInBytes(port, secret, 'settlement:settle-visit', { each }));
      return asking;
    };
    const asked = () => calls.map(({ input }) => (input as { each?: number }).each ?? null);
    for (const each of [1, 2, 3, 4, 5, 6]) {
      settle(each);
      await expect.poll(asked).toContain(each);
    }
    const [gone, left, late] = [settle(7), settle(8), settle(9)];
    // Six and three, and that of the page that asks now.
    expect((await callOf(port, proof(port, other))).status).toBe(200);
    await expect.poll(() => server()?.connections()).toBeGreaterThanOrEqual(9);
    expect(asked()).toEqual([1, 2, 3, 4, 5, 6, null]);
    const open = server()?.connections() ?? 0;
    gone.destroy();
    await expect.poll(() => server()?.connections()).toBeLessThan(open);
    goOn();
    await expect.poll(asked).toContain(8);
    // Whoever waits is asked again who it is when the turn comes.
    const [page] = calls.flatMap((each) => (each.name === 'desk:state' ? [] : [each.page.id]));
    await pageSessions().end(page ?? '', 'by-administrator');
    goOn();
    await late.hears('HTTP/1.1 401');
    await left.hears('HTTP/1.1 200');
    expect(asked()).toEqual([1, 2, 3, 4, 5, 6, null, 8]);
  });

  it('begins requests and never ends their heads or their bodies: they are ended', async () => {
    const port = await start({ headMs: 50, requestMs: 100, lookEveryMs: 10 });
    const secret = await openPage(port);
    const heads = `POST /api/call/desk:state HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\n`;
    const half = connectRaw(port);
    half.write(heads);
    const slow = connectRaw(port);
    const own = Object.entries(proof(port, secret)).map(([name, value]) => `${name}: ${value}\r\n`);
    slow.write(
      `${heads}${own.join('')}content-type: application/json\r\ncontent-length: 5000\r\n\r\n{"inp`,
    );
    expect(await half.closed).toMatch(/^HTTP\/1.1 408|^$/);
    expect(await slow.closed).toMatch(/^HTTP\/1.1 408|^$/);
    expect(calls).toEqual([]);
  });

  it('sends a head without end: it is ended', async () => {
    const port = await start();
    const endless = connectRaw(port);
    endless.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\n`);
    endless.write(`X-Long: ${'x'.repeat(100_000)}\r\n`);
    expect(await endless.closed).toMatch(/^HTTP\/1.1 431/);
  });

  it('asks without end on one connection and reads nothing: it is cut off, and others are served', async () => {
    const port = await start();
    const secret = await openPage(port);
    const ask = `GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\n`;
    const greedy = connectRaw(port);
    greedy.write(`${ask}\r\n`.repeat(2000) + `${ask}Connection: close\r\n\r\n`);
    expect(answersIn(await greedy.closed)).toBeLessThan(10);
    expect((await callOf(port, proof(port, secret))).status).toBe(200);
  });

  it('asks again and again on one connection: a browser is told to open another, and others get no work done', async () => {
    const port = await start({ requestsInAll: 2 });
    const ask = `GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\n\r\n`;
    const stubborn = connectRaw(port);
    stubborn.write(ask);
    await stubborn.hears('"statusCode":404}');
    expect(stubborn.heard()).not.toContain('Connection: close');
    stubborn.write(ask);
    await stubborn.hears('Connection: close');
    stubborn.write(ask);
    await stubborn.hears('HTTP/1.1 503');
    expect(answersIn(stubborn.heard())).toBe(3);
    stubborn.destroy();
  });

  it('leaves everything open: the end of the desk does not wait for it', async () => {
    const port = await start();
    const secret = await openPage(port);
    const open = [connectRaw(port), connectRaw(port), await openLine(port, secret)];
    open[0]?.write('GET / HTTP/1.1\r\n');
    await open[2]?.hears('{"link":"open"}');
    await server()?.close();
    await Promise.all(open.map(({ closed }) => closed));
    expect(server()?.connections()).toBe(0);
  });
});
