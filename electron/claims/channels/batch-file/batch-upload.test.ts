import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { armCrashPoint, type CrashPoint } from '../../../base/crash-points.ts';
import { timeOrderedIds } from '../../../base/ids.ts';
import { createTestStore, type TestStore } from '../../../database/test-store.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  testClock,
  valueOf,
} from '../../../settlement/settlement.test-support.ts';
import { settleVisit } from '../../../settlement/settle-visit.ts';
import { verifyFolder } from '../../../settlement/verify-folder.ts';
import { startPayers } from '../../payers.test-support.ts';
import { uploadClaims } from '../../upload-claims.ts';
import { claimChannels, ownProfiles } from '../channels.ts';
import { profileOf } from './batch-profile.test-support.ts';
import { startSftpServer, type SftpServer } from './sftp-server.test-support.ts';

const packs = await ownPacks();
const input = await colonCancer();
const destination = 'medical-assistance';
let server: SftpServer;
let payers: Awaited<ReturnType<typeof startPayers>>;
let store: TestStore;
let visits = 0;
beforeAll(async () => {
  server = await startSftpServer();
  payers = await startPayers(undefined, { files: server.home });
});
afterAll(async () => {
  await payers.end();
  await server.stop();
});
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(async () => {
  armCrashPoint(null, () => undefined);
  const { checks } = await verifyFolder({ store });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  await store.remove();
});

/** The payer as its profile names it: the file of a hospital's own folder of profiles, not code. */
const channels = () => {
  const { address, ...profile } = profileOf(server);
  const content = { ...profile, address: address.href };
  return valueOf(claimChannels([...ownProfiles, { file: 'insurer.json', content }]));
};
const upload = async () =>
  valueOf(
    await uploadClaims(
      {
        ...{ store, clock: testClock, ids: timeOrderedIds(), channels: channels() },
        folder: { home: store.folder, databaseFile: store.file },
      },
      { payersUrl: payers.url(), payer: destination, who: 'clerk1' },
    ),
  );

async function settle(): Promise<string> {
  visits += 1;
  const visit = { ...input.visit, id: `ZY${String(visits)}` };
  await keepVisit(store, { ...input, visit, yearToDate: null });
  const call = { visitId: visit.id, by: 'cashier1' };
  const { settlement } = valueOf(await settleVisit(dependenciesOn(store, packs), call));
  return settlement.settlementId;
}
const claimOf = async (settlementId: string) => {
  const claims = await store.read((all) => all.claims.ofSettlement(settlementId));
  return claims.find((claim) => claim.destination === destination);
};
const stateOf = async (settlementId: string) => (await claimOf(settlementId))?.state;
const bookedOf = async (settlementId: string) =>
  (await payers.files('fault/none')).booked.filter(({ settlement }) => settlement === settlementId);
const lastFindings = () =>
  store.read(async ({ payerReturns }) => {
    const codes: (readonly [string, string | null])[] = [];
    for (const { id } of await payerReturns.latest(10))
      for (const { code, field } of await payerReturns.findingsOf(id)) codes.push([code, field]);
    return codes;
  });

describe('a night with a payer of files', () => {
  it('sends one file, fetches what the payer has left, and both books say the same', async () => {
    const settled = [await settle(), await settle(), await settle()];
    expect((await upload()).payers).toMatchObject([{ claims: 3, acknowledged: 3, waiting: 0 }]);
    expect(await payers.files('take')).toMatchObject({ taken: 1 });
    expect((await upload()).returns).toMatchObject([
      { profile: 'insurer', returns: 2, answered: 3, findings: 0, problem: null },
    ]);
    for (const id of settled) {
      const claim = await claimOf(id);
      expect(claim).toMatchObject({ state: 'accepted', approvedFen: claim?.claimedFen });
      expect(await bookedOf(id)).toMatchObject([{ approved: claim?.claimedFen }]);
    }
    expect(await readdir(join(server.home, 'out'))).toEqual([]);
    const kept = await store.read(({ payerReturns }) => payerReturns.latest(10));
    expect(kept.map(({ kind }) => kind)).toEqual(['answers', 'answers']);
  });

  it.each([
    ['partial', 'unknown', []],
    ['refuse', 'rejected', []],
    ['silent', 'acknowledged', []],
    ['cut-return', 'acknowledged', [['unfit', null]]],
    ['wrong-sum', 'acknowledged', [['unfit', 'TRL.sum']]],
    ['wrong-digest', 'acknowledged', [['unfit', 'TRL.digest']]],
    ['unknown-claim', 'accepted', [['unknown-claim', null]]],
    ['another-amount', 'acknowledged', [['differs', 'approved']]],
    ['remittance', 'accepted', []],
  ] as const)(
    '%s: the claim is %s, and nothing else is changed',
    async (fault, state, findings) => {
      const id = await settle();
      await payers.files(`fault/${fault}`);
      await upload();
      await payers.files('take');
      await upload();
      expect(await stateOf(id)).toBe(state);
      expect(await lastFindings()).toEqual(findings);
      // Whatever it said: nothing goes out a second time.
      await upload();
      expect((await payers.files('take')).oddities).toEqual([]);
    },
  );

  it('keeps what was accepted though another return refuses it later', async () => {
    const id = await settle();
    await payers.files('fault/contradict');
    await upload();
    await payers.files('take');
    await upload();
    expect([(await stateOf(id)) ?? '', ...(await lastFindings()).flat()]).toEqual(
      expect.arrayContaining(['contradiction']),
    );
    expect(await claimOf(id)).toMatchObject({ problem: { code: 'contradicting-answer' } });
  });
});

/** Stands for the end of the process: whatever was under way is not done. */
class PowerGone extends Error {}

describe('a run that is killed', () => {
  const sending: readonly CrashPoint[] = [
    ...([
      'upload:before-marked-sent',
      'upload:after-marked-sent',
      'batch-file:before-rename',
    ] as const),
    ...(['upload:after-request', 'batch-file:after-rename'] as const),
    ...(['upload:after-answer', 'upload:after-answer-kept'] as const),
  ];
  const taking: readonly CrashPoint[] = [
    ...(['return:before-kept', 'return:after-kept', 'return:inside-lines'] as const),
    ...(['return:after-read', 'batch-file:before-done'] as const),
  ];

  /** Runs until the armed point was reached, and proves that it was. */
  async function killedAt(point: CrashPoint): Promise<void> {
    let hits = 0;
    armCrashPoint(point, () => {
      hits += 1;
      throw new PowerGone(point);
    });
    await expect(upload()).rejects.toBeInstanceOf(PowerGone);
    armCrashPoint(null, () => undefined);
    expect(hits).toBe(1);
  }

  /** From here on the payer may have it: it may look before the next run, or after it. */
  const inDoubt = sending.slice(sending.indexOf('upload:after-request'));
  const plans = [
    ...sending.map((point) => [point, 'later'] as const),
    ...inDoubt.map((point) => [point, 'meanwhile'] as const),
  ];

  it.each(plans)(
    'at %s, the payer looking %s, sends no file twice and books each share once',
    async (point, when) => {
      const settled = [await settle(), await settle()];
      await killedAt(point);
      if (when === 'meanwhile') await payers.files('take');
      await upload();
      await payers.files('take');
      await upload();
      for (const id of settled) {
        expect(await stateOf(id)).toBe('accepted');
        expect(await bookedOf(id)).toHaveLength(1);
      }
      expect((await payers.files('take')).oddities).toEqual([]);
    },
  );

  it.each(taking)('at %s takes every return in once, all the same', async (point) => {
    const id = await settle();
    await upload();
    await payers.files('take');
    await killedAt(point);
    await upload();
    expect(await stateOf(id)).toBe('accepted');
    expect(await readdir(join(server.home, 'out'))).toEqual([]);
    const kept = await store.read(({ payerReturns }) => payerReturns.latest(10));
    expect(kept.map(({ kind }) => kind)).toEqual(['answers', 'answers']);
    expect(await lastFindings()).toEqual([]);
  });
});
