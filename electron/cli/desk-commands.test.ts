import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { takeLock, type HeldLock } from '../database/named-lock.ts';
import { removeRunFile, writeRunFile } from '../host/run-file.ts';
import type { CommandCall } from './command.ts';
import { lookEveryMs, stopCommand } from './desk-commands.ts';

let home: string;
let lock: HeldLock;
let desk: Server | null = null;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'stop-'));
  writeFileSync(join(home, 'folder.json'), '{}');
  writeFileSync(join(home, 'settlement.db'), '');
  mkdirSync(join(home, 'locks'));
  const taken = await takeLock(
    { home, databaseFile: join(home, 'settlement.db') },
    'desk',
    'the desk',
  );
  if (!taken.ok) throw new Error(taken.refusal.code);
  lock = taken.value;
});

afterEach(() => {
  lock.release();
  desk?.close();
  desk = null;
  rmSync(home, { recursive: true, force: true });
});

/** A desk that takes the order to stop, and does with it what the test says. */
async function answering(onStop: () => void): Promise<void> {
  const server = createServer((_request, response) => {
    response.end('{"stopping":true}');
    onStop();
  });
  desk = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  writeRunFile(home, { pid: process.pid, port, since: 'now', ownerSecret: 'secret' });
}

function stop() {
  if (stopCommand.folder !== 'none') throw new Error('stop opens no folder');
  const call: CommandCall = {
    words: [],
    options: {},
    path: (given) => given,
    home,
    environment: {},
    secrets: { next: () => Promise.resolve(null) },
    say: () => undefined,
  };
  return stopCommand.run(call);
}

describe('stop', () => {
  it('counts its time from the order on: a desk that was slow to hear it does not get it all again', async () => {
    const systemNow = performance.now.bind(performance);
    const systemTimeout = setTimeout;
    let ahead = 0;
    const counter = vi.spyOn(performance, 'now').mockImplementation(() => systemNow() + ahead);
    const pause = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
      act: () => void,
      ms: number,
    ) => {
      if (ms === lookEveryMs) ahead += 1000;
      return systemTimeout(act, ms);
    }) as typeof setTimeout);
    try {
      await answering(() => (ahead = 14_500));
      expect(await stop()).toMatchObject({ json: { stopped: false, pid: process.pid } });
      const looks = pause.mock.calls.filter(([, ms]) => ms === lookEveryMs);
      // All of its time anew would be fifteen.
      expect(looks.length).toBeLessThan(3);
    } finally {
      counter.mockRestore();
      pause.mockRestore();
    }
  });

  it('answers when the folder is let go, not when a file is gone', async () => {
    let wasAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (wasAsked = resolve));
    await answering(() => {
      removeRunFile(home);
      rmSync(join(home, 'locks'), { recursive: true });
      wasAsked();
    });
    const paused = vi.spyOn(globalThis, 'setTimeout');
    let answered = false;
    const stopping = stop().finally(() => (answered = true));
    await asked;
    // Every file is gone, the desk is still closing its devices: `stop` has looked several times and waits on.
    const pauses = () => paused.mock.calls.filter(([, ms]) => ms === lookEveryMs).length;
    await expect.poll(pauses).toBeGreaterThan(3);
    expect(answered).toBe(false);
    lock.release();
    expect(await stopping).toMatchObject({ allWell: true, json: { stopped: true } });
    paused.mockRestore();
  });

  it('names the holder of a desk that has no address, such as a window of Electron', async () => {
    const refused = await stop();
    expect(refused).toMatchObject({
      kind: 'refused',
      refusal: { code: 'desk-out-of-reach', details: [{ pid: process.pid, doing: 'the desk' }] },
    });
  });

  it('is not taken in by the file of a desk that died: nobody holds the folder', async () => {
    lock.release();
    writeRunFile(home, { pid: 1, port: 1, since: 'long ago', ownerSecret: 'secret' });
    expect(await stop()).toMatchObject({ refusal: { code: 'no-desk' } });
  });
});
