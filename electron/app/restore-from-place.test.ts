import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import type { Words } from '../../shared/domain/result.ts';
import { approvePacksCalled } from '../policy-packs/approve-packs.test-support.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { colonCancer, keepVisit, valueOf } from '../settlement/settlement.test-support.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import { openServices } from './open-services.ts';
import { restoreFromPlace, type RestoreFromPlace } from './restore-from-place.ts';
import type { Services } from './services.ts';
import { changeSetting } from './settings.ts';

let folder: string;
let keyFile: string;
let place: string;
let died: string;
const said: Words[] = [];
/** What the machine that died had, as its cashier saw it. */
let before: Awaited<ReturnType<typeof booksOf>>;
let numbers: readonly string[];

const environment = (): NodeJS.ProcessEnv => ({ SETTLEMENT_KEY_FILE: keyFile });

async function open(home: string): Promise<Services> {
  return valueOf(
    await openServices({
      home,
      wanted: 'live',
      whenMissing: 'make-live',
      environment: environment(),
      isDesk: true,
    }),
  );
}

async function booksOf({ store }: Services) {
  return store.read(async ({ settlements, claims, verification }) => {
    const rows = await verification.settlements({ after: '', limit: 1000 });
    const all = await Promise.all(rows.map(({ id }) => settlements.find(id)));
    return {
      settlements: all.map((each) => each),
      tenders: await Promise.all(rows.map(({ id }) => settlements.tendersOf(id))),
      claims: (await claims.list({ limit: 1000 })).map(({ id, messageId, claimedFen }) => ({
        id,
        messageId,
        claimedFen,
      })),
    };
  });
}

const settled = async (services: Services, visitId: string): Promise<string> => {
  const colon = await colonCancer();
  const visit = { ...colon.visit, id: visitId };
  await keepVisit(services.store, { ...colon, visit, yearToDate: null });
  const { settlement } = valueOf(await settleVisit(services, { visitId, by: 'cashier1' }));
  // A spare first makes a copy of everything, and says until then that it has not got it.
  await vi.waitFor(
    async () => {
      expect(await services.secondPlace.copied()).toBe('copied');
    },
    { timeout: 300_000 },
  );
  return settlement.number;
};

const restore = (over: Partial<RestoreFromPlace> = {}) =>
  restoreFromPlace({
    place,
    home: join(folder, 'spare'),
    environment: environment(),
    upToGap: false,
    who: 'clerk1',
    say: (words) => said.push(words),
    ...over,
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settlement-takeover-'));
  keyFile = join(folder, 'sealed-key');
  place = join(folder, 'stick', 'place');
  died = join(folder, 'died');
  await writeFile(keyFile, randomBytes(32).toString('hex'));
  await chmod(keyFile, 0o600);
  const services = await open(died);
  await approvePacksCalled(services, 'pingjiang-2017');
  // One stands in the copy of everything, the others only in the rows after it.
  numbers = [await settledWithoutPlace(services, 'V0')];
  valueOf(await changeSetting(services, 'second-place', { text: place, by: 'clerk1' }));
  for (const visitId of ['V1', 'V2', 'V3']) {
    numbers = [...numbers, await settled(services, visitId)];
  }
  const cancelled = await services.store.read((all) => all.settlements.findLive('V2', 1));
  valueOf(
    await cancelSettlement(services, {
      settlementId: cancelled?.settlementId ?? '',
      reason: '退费',
      by: 'cashier1',
      approvedBy: 'supervisor1',
    }),
  );
  expect(await services.secondPlace.copied()).toBe('copied');
  before = await booksOf(services);
  await services.close();
  await rm(died, { recursive: true });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function settledWithoutPlace(services: Services, visitId: string): Promise<string> {
  const colon = await colonCancer();
  await keepVisit(services.store, { ...colon, visit: { ...colon.visit, id: visitId } });
  const done = valueOf(await settleVisit(services, { visitId, by: 'cashier1' }));
  return done.settlement.number;
}

describe('a stick that is pulled out or changed between the look at it and the copying', () => {
  const firstOf = async (ending: string): Promise<string> =>
    join(place, (await readdir(place)).filter((name) => name.endsWith(ending)).sort()[0] ?? '');

  it.each([
    [
      'its rows',
      '.seg',
      (file: string) => {
        renameSync(file, `${file}.gone`);
      },
    ],
    [
      'its copy of everything',
      '.db',
      (file: string) => {
        renameSync(file, `${file}.gone`);
      },
    ],
    [
      'a byte of that copy',
      '.db',
      (file: string) => {
        writeFileSync(file, 'x', { flag: 'r+' });
      },
    ],
  ])('restores nothing and takes nothing over without %s, and says so', async (_, ending, pull) => {
    const file = await firstOf(ending);
    await copyFile(file, join(folder, 'as-it-was'));
    const there = await readdir(place);
    const home = join(folder, 'half');
    const say = ({ en }: Words): void => {
      if (en.startsWith('Copying')) pull(file);
    };
    const answer = await restore({ home, say });
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'place-changed', place } });
    expect((await readdir(folder)).filter((name) => name.startsWith('half'))).toEqual([]);
    await rm(`${file}.gone`, { force: true });
    await copyFile(join(folder, 'as-it-was'), file);
    expect(await readdir(place)).toEqual(there);
  });
});

describe('a spare machine that has nothing but the second place and the key', () => {
  it('takes over within five minutes, to the fen, and gives no number twice', async () => {
    const used = process.cpuUsage();
    const restored = valueOf(await restore());
    const { user, system } = process.cpuUsage(used);
    // The promise to the hospital, in time of the processor: what else a busy machine does is not the program's.
    expect((user + system) / 1_000_000).toBeLessThan(300);
    expect(restored).toMatchObject({
      settlements: 3,
      total: '44712.00',
      lastSettlement: numbers.at(-1),
      gap: null,
      verified: true,
      placeTakenOver: true,
    });
    expect(restored.claimsUnknown).toBeGreaterThan(0);
    expect(said.map(({ zh }) => zh).join()).toContain('100%');
    const services = await open(join(folder, 'spare'));
    try {
      expect(await booksOf(services)).toEqual(before);
      expect((await verifyFolder(services)).ok).toBe(true);
      const { claims, sheets, audit } = await services.store.read(async (all) => ({
        claims: await all.claims.list({ limit: 1000 }),
        sheets: await all.printJobs.inState('unknown', 100),
        audit: await all.audit.about(services.folder.id),
      }));
      expect(new Set(claims.map(({ state }) => state))).toEqual(new Set(['unknown', 'withdrawn']));
      expect(sheets.map(({ document }) => document)).toEqual(['receipt', 'receipt', 'receipt']);
      expect(audit.map(({ act }) => act)).toEqual(['take-over']);
      // What a machine that died may have given after the last row is left out.
      const number = await settled(services, 'V9');
      expect(numbers).not.toContain(number);
      expect(Number(number.slice(-4))).toBeGreaterThan(1000);
      expect((await verifyFolder(services)).ok).toBe(true);
    } finally {
      await services.close();
    }
  });

  it('refuses a folder that holds something, a wrong key, and nothing is left of either', async () => {
    const other = join(folder, 'other-key');
    await writeFile(other, randomBytes(32).toString('hex'), { mode: 0o600 });
    const home = join(folder, 'refused');
    const wrong = await restore({ home, environment: { SETTLEMENT_KEY_FILE: other } });
    expect(wrong).toMatchObject({ ok: false, refusal: { code: 'place-of-another-key' } });
    expect(await restore()).toMatchObject({ ok: false, refusal: { code: 'home-not-empty' } });
    expect((await readdir(folder)).filter((name) => name.startsWith('refused'))).toEqual([]);
  });

  it('takes over once more from the spare, up to a gap only when told to, with both figures', async () => {
    const segments = (await readdir(place)).filter((name) => name.startsWith('rows-0002')).sort();
    const last = join(place, segments.at(-1) ?? '');
    const copy = `${last}.kept`;
    await copyFile(last, copy);
    const { statSync } = await import('node:fs');
    await truncate(last, statSync(last).size - 1);
    const home = join(folder, 'second-spare');
    const refused = await restore({ home });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'place-has-gap' } });
    const restored = valueOf(await restore({ home, upToGap: true }));
    expect(restored.gap?.lost?.sequence).toBeGreaterThan(restored.gap?.upTo.sequence ?? 0);
    expect(restored.verified).toBe(true);
  });
});
