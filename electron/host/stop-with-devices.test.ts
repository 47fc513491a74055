import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { residentCard } from '../../drivers/card-reader/simulator/invented-cards.ts';
import { startPtyPair } from '../../drivers/card-reader/simulator/pty-pair.ts';
import { startSimulator } from '../../drivers/card-reader/simulator/start-simulator.ts';
import { openServices } from '../app/open-services.ts';
import type { Services } from '../app/services.ts';
import { changeSetting, type SettingName } from '../app/settings.ts';
import { startApplication } from '../app/start-application.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { valueOf } from '../settlement/settlement.test-support.ts';
import type { DeskSays } from './testing/stopping-desk.ts';

const program = fileURLToPath(new URL('./testing/stopping-desk.ts', import.meta.url));
/** What `stop` promises. */
const promisedMs = 5000;

let folder: string;
let home: string;
let desk: ChildProcess | null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stop-devices-'));
  home = join(folder, 'desk');
  desk = null;
});
afterEach(() => {
  desk?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A demo folder with a device of its own, and what else is done in it before its desk opens. */
async function folderWith(
  name: SettingName,
  address: string,
  more: (services: Services) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const options = { home, wanted: null, environment: {} } as const;
  const services = valueOf(await openServices({ ...options, whenMissing: 'make-demo' }));
  valueOf(await changeSetting(services, name, { text: address, by: 'clerk1' }));
  await more(services);
  await services.close();
}

/** The desk as a program of its own: it says what it does, and the test says when its time is up. */
async function openDesk() {
  const child = fork(program, [home], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  desk = child;
  const ended = once(child, 'exit');
  const heard: DeskSays[] = [];
  const says = async <Says extends DeskSays['says']>(word: Says) => {
    for (;;) {
      const found = heard.find((each) => each.says === word);
      if (found !== undefined) return found as Extract<DeskSays, { says: Says }>;
      const more = await Promise.race([once(child, 'message'), ended.then(() => null)]);
      if (more === null) throw new Error(`the desk ended before it said ${word}`);
      heard.push(more[0] as DeskSays);
    }
  };
  await says('open');
  return { ended, says, tell: (word: 'stop' | 'time is up') => child.send(word) };
}

/** Stops it: it sets itself one deadline, within what is promised, and whatever hangs is over with that. */
async function stopped({ ended, says, tell }: Awaited<ReturnType<typeof openDesk>>) {
  tell('stop');
  const { ms } = await says('leaving');
  expect(ms).toBeLessThan(promisedMs);
  tell('time is up');
  const [code, signal] = (await ended) as [number | null, string | null];
  expect([
    [0, null],
    [null, 'SIGKILL'],
  ]).toContainEqual([code, signal]);
}

describe('stop, within five seconds', () => {
  it('ends a desk whose printer took half a sheet and never answers; the next start asks about the sheet', async () => {
    let took: () => void = () => undefined;
    const hasTaken = new Promise<void>((resolve) => (took = resolve));
    // It is reached and takes every byte; it says nothing, ever.
    const printer: Server = createServer((line) => {
      let bytes = 0;
      line.on('error', () => undefined);
      line.on('data', (piece) => {
        bytes += piece.length;
        if (bytes > 200) took();
      });
    });
    await new Promise<void>((resolve) => printer.listen(0, '127.0.0.1', resolve));
    const { port } = printer.address() as AddressInfo;
    try {
      await folderWith('printer-url', `tcp://127.0.0.1:${String(port)}`, async (services) =>
        valueOf(await settleVisit(services, { visitId: 'ZY20171110001', by: 'cashier1' })),
      );
      const running = await openDesk();
      await hasTaken;
      await stopped(running);
    } finally {
      printer.close();
    }
    const again = valueOf(
      await startApplication({ home, wanted: null, whenMissing: 'refuse', environment: {} }),
    );
    try {
      const state = await again.callFromWindow('desk:state', {});
      expect(state).toMatchObject({
        ok: true,
        value: { attention: { unknownPrints: [{ document: 'receipt', state: 'unknown' }] } },
      });
    } finally {
      await again.close();
    }
  });

  it('ends a desk in the middle of a card read that never goes on, and the next start reads', async () => {
    const line = await startPtyPair(folder);
    const reader = await startSimulator(line.deviceEnd);
    try {
      await folderWith('reader-url', `serial://${line.programEnd}?protocol=sam-v&baud=115200`);
      await reader.misbehave({ cutReadAfter: 40 });
      const cut = reader.said('cut');
      await reader.place(residentCard);
      const running = await openDesk();
      // Half of what is on the card has come, and nothing more does.
      await cut;
      await stopped(running);
      await reader.behave();
      const again = valueOf(
        await startApplication({ home, wanted: null, whenMissing: 'refuse', environment: {} }),
      );
      try {
        // As often as a slow machine needs: each press of F2 waits three seconds.
        const read = () => again.callFromWindow('card:read', {});
        await expect.poll(read).toMatchObject({ ok: true, value: { kind: 'person' } });
      } finally {
        await again.close();
      }
    } finally {
      await reader.stop();
      await line.unplug();
    }
  });
});
