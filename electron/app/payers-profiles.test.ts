import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { keepPayersProfiles } from './payers-profiles.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import { timeOrderedIds } from '../base/ids.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { startPayers } from '../claims/payers.test-support.ts';
import { uploadClaims } from '../claims/upload-claims.ts';
import { ownProfiles } from '../claims/channels/channels.ts';
import { channelsOfFolder } from '../claims/channels/folder-profiles.ts';

const [national] = ownProfiles.map(({ content }) => content as Record<string, unknown>);
const packs = await ownPacks();
let store: TestStore;
let folder: string;
beforeEach(async () => {
  store = await createTestStore();
  folder = await mkdtemp(join(tmpdir(), 'profiles-test-'));
});
afterEach(async () => {
  await store.remove();
  await rm(folder, { recursive: true });
});

const parts = () => ({ store, clock: testClock });
const put = (name: string, profile: object) =>
  writeFile(join(folder, name), JSON.stringify({ ...national, ...profile }));
const set = (value: string | null = folder) => keepPayersProfiles(parts(), value, 'clerk1');
const channels = async () => valueOf(await channelsOfFolder(store));
const platform = {
  ...{ profile: 'platform', sharedDestination: 'national-platform' },
  destinations: ['basic-medical-insurance', 'medical-assistance'],
};
const settling = async () => ({
  ...dependenciesOn(store, packs),
  claimChannels: await channels(),
});

async function settle(): Promise<string> {
  const input = await colonCancer();
  await keepVisit(store, { ...input, yearToDate: null });
  const call = { visitId: input.visit.id, by: 'cashier1' };
  return valueOf(await settleVisit(await settling(), call)).settlement.settlementId;
}
const claimsOf = (settlementId: string) =>
  store.read(({ claims }) => claims.ofSettlement(settlementId));

describe('the payers’ profiles of a data folder', () => {
  it('are those the program comes with until somebody sets others', async () => {
    const own = await channels();
    expect(own.of('anybody')).toBe(own.of('basic-medical-insurance'));
    expect(own.destinationOf('basic-medical-insurance')).toBe('basic-medical-insurance');
  });

  it('are configuration: a new payer of a known protocol is one file', async () => {
    await put('charity.json', {
      ...{ profile: 'charity', destinations: ['charity'], transaction: 'Y777' },
      address: 'https://10.9.8.7:8443',
    });
    expect(valueOf(await set())).toBe(folder);
    const now = await channels();
    expect(now.of('charity').address?.href).toBe('https://10.9.8.7:8443/');
    expect(now.of('basic-medical-insurance').address).toBeNull();
    expect(now.of('hospital-reduction').isOwnBook).toBe(true);
  });

  it('count as they were set, whatever becomes of the files, until others are set', async () => {
    await put('platform.json', platform);
    valueOf(await set());
    await rm(join(folder, 'platform.json'));
    expect((await channels()).destinationOf('medical-assistance')).toBe('national-platform');
    expect((await set()).ok).toBe(false);
    expect((await channels()).destinationOf('medical-assistance')).toBe('national-platform');
    valueOf(await set(null));
    expect((await channels()).destinationOf('medical-assistance')).toBe('medical-assistance');
  });

  it.each([
    ['a wrong field', { profile: 'x', destinations: ['x'], transaction: '?' }, '/transaction'],
    ['a destination twice', { profile: 'x', destinations: ['x', 'x'] }, '/destinations/1'],
    [
      'an address that is none',
      { profile: 'x', destinations: ['x'], address: 'there' },
      '/address',
    ],
    [
      'a platform named as one of its payers',
      { profile: 'x', destinations: ['x'], sharedDestination: 'x' },
      '/destinations/0',
    ],
    [
      'all others behind one claim',
      { profile: 'x', destinations: 'all-others', sharedDestination: 'x' },
      '/sharedDestination',
    ],
  ])(
    'are refused with file and place of %s, and nothing changes',
    async (_what, profile, place) => {
      await put('wrong.json', profile);
      const refused = await set();
      if (refused.ok) throw new Error('it was kept');
      expect(refused.refusal).toMatchObject({
        ...{ code: 'payer-profile-wrong', place },
        message: { zh: expect.stringContaining('wrong.json') as string },
      });
      const now = await channels();
      expect(now.of('x')).toBe(now.of('y'));
    },
  );

  it.each([
    ['no JSON', () => writeFile(join(folder, 'a.json'), '{'), 'payer-profile-wrong'],
    ['nothing of the kind', () => writeFile(join(folder, 'a.txt'), '{}'), 'payer-profiles-missing'],
    ['no folder', () => rm(folder, { recursive: true }), 'payer-profiles-missing'],
  ])('are refused where there is %s', async (_what, make, code) => {
    await make();
    const refused = await set();
    expect(refused.ok ? null : refused.refusal.code).toBe(code);
    await rm(folder, { recursive: true, force: true });
    await writeFile(folder, '');
    expect((await set('profiles')).ok).toBe(false);
  });
});

describe('payers behind one platform', () => {
  it('share one claim of several items, which is taken and undone as a whole', async () => {
    await put('platform.json', platform);
    valueOf(await set());
    const settlementId = await settle();
    const claims = await claimsOf(settlementId);
    expect(claims.map(({ destination }) => destination).sort()).toEqual([
      'hospital-reduction',
      'national-platform',
    ]);
    const shared = claims.find(({ destination }) => destination === 'national-platform');
    expect(shared?.items.map(({ payer, amountFen }) => [payer, amountFen])).toEqual([
      ['basic-medical-insurance', 1092200],
      ['medical-assistance', 126400],
    ]);
    expect(shared?.claimedFen).toBe(1092200 + 126400);
    const payers = await startPayers();
    try {
      const upload = async () =>
        valueOf(
          await uploadClaims(
            {
              ...{ ...parts(), ids: timeOrderedIds(), channels: await channels() },
              folder: { home: store.folder, databaseFile: store.file },
            },
            { payersUrl: payers.url(), who: 'clerk1' },
          ),
        );
      // All or none: a part is no acceptance.
      await payers.faults({ faults: ['partial*1'] });
      await upload();
      const [first] = (await claimsOf(settlementId)).filter(({ id }) => id === shared?.id);
      expect(first).toMatchObject({ state: 'unknown', problem: { code: 'partially-accepted' } });
    } finally {
      await payers.end();
    }
    const { checks } = await verifyFolder({ store });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('are undone together', async () => {
    await put('platform.json', platform);
    valueOf(await set());
    const settlementId = await settle();
    const consent = { by: 'cashier1', approvedBy: 'supervisor1' };
    valueOf(
      await cancelSettlement(await settling(), { settlementId, reason: '录入有误', ...consent }),
    );
    expect((await claimsOf(settlementId)).map(({ state }) => state)).toEqual([
      'withdrawn',
      'withdrawn',
    ]);
    const { checks } = await verifyFolder({ store });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });
});
