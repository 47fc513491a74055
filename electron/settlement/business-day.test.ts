import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { shanghaiDay } from '../base/clock.ts';
import { movableClock } from '../base/clock.test-support.ts';
import { uploadClaims } from '../claims/upload-claims.ts';
import { ownChannels } from '../claims/channels/channels.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { approveBusinessDate, doubtOfBusinessDate } from './business-day.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { previewVisit } from './preview-visit.ts';
import { settleVisit } from './settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  valueOf,
  type TestDependencies,
} from './settlement.test-support.ts';
import { verifyFolder } from './verify-folder.ts';

const packs = await ownPacks();
const colon = await colonCancer();
let store: TestStore;
let clock: ReturnType<typeof movableClock>;
let dependencies: TestDependencies;

/** A visit of its own, ready to be settled. */
async function visit(id: string): Promise<string> {
  return keepVisit(store, { ...colon, visit: { ...colon.visit, id }, yearToDate: null });
}
const settle = (visitId: string, more: Partial<TestDependencies> = {}) =>
  settleVisit({ ...dependencies, ...more }, { visitId, by: 'cashier1' });
const settledOn = async (visitId: string) => valueOf(await settle(visitId)).settlement;
const dayOfNumber = (number: string) =>
  number.replace(/^JS(\d{4})(\d\d)(\d\d)-\d+$/, (_, year, month, day) =>
    [year, month, day].join('-'),
  );
const entries = async (act: string) =>
  (await store.read(({ audit }) => audit.list({ after: 0, limit: 100 }))).filter(
    (entry) => entry.act === act,
  );
const approve = (businessDate: string, approvedBy = 'supervisor1', by = 'cashier1') =>
  approveBusinessDate(dependencies, { businessDate, by, approvedBy });

describe('a business date after the last one', () => {
  it.each([
    ['the same day', '2026-11-29'],
    ['the next day', '2026-11-30'],
    ['thirty days later, over New Year', '2026-12-29'],
  ])('asks nobody: %s', (_, businessDate) => {
    expect(doubtOfBusinessDate(businessDate, '2026-11-29')).toBeNull();
  });

  it.each([
    ['a day back', '2026-11-28', '倒退'],
    ['a year back', '2025-11-29', '倒退'],
    ['back to the time of an empty battery', '1970-01-01', '倒退'],
    ['31 days ahead', '2026-12-30', '相隔太久'],
  ])('is doubtful: %s', (_, businessDate, words) => {
    const doubt = doubtOfBusinessDate(businessDate, '2026-11-29');
    expect(doubt?.details).toEqual([{ businessDate, last: '2026-11-29' }]);
    expect(doubt?.message.zh).toContain(words);
  });
});

describe('on a folder', () => {
  /** Empty and migrated, once: every test takes a copy. */
  let empty: TestStore;

  beforeAll(async () => {
    empty = await createTestStore();
    await empty.emptyLog();
  });

  beforeEach(async () => {
    store = await createTestStore(empty);
    clock = movableClock('2026-11-29T09:00:00+08:00');
    dependencies = { ...dependenciesOn(store, packs), clock };
  });
  afterEach(async () => {
    const { checks } = await verifyFolder({ store });
    await store.remove();
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  afterAll(async () => {
    await empty.remove();
  });

  describe('a business date that goes on as days do', () => {
    it('is the first of a new folder whatever it is, and steps over New Year with a number of each year', async () => {
      clock.set('2031-12-31T23:59:59+08:00');
      expect((await settledOn(await visit('A'))).number).toBe('JS20311231-0001');
      clock.set('2032-01-01T00:00:00+08:00');
      expect(await settledOn(await visit('B'))).toMatchObject({
        number: 'JS20320101-0001',
        businessDate: '2032-01-01',
      });
      expect(await entries('approve-business-date')).toEqual([]);
    });
  });

  describe('a business date that jumps', () => {
    it.each([
      ['back a year', '2025-11-29T09:00:00+08:00'],
      ['ahead 31 days', '2026-12-30T09:00:00+08:00'],
    ])('asks the supervisor before anything is kept: %s', async (_, jumped) => {
      await settledOn(await visit('A'));
      const visitId = await visit('B');
      clock.set(jumped);
      const preview = valueOf(await previewVisit(dependencies, { visitId }));
      expect(preview.confirmRefusal?.code).toBe('business-date-doubtful');
      expect(refusalOf(await settle(visitId))).toBe('business-date-doubtful');
      // No number is used up, no message id is spent on a refusal.
      expect(await store.read(({ settlements }) => settlements.openIntents(10))).toEqual([]);
      const businessDate = shanghaiDay(new Date(jumped));
      expect(valueOf(await approve(businessDate))).toEqual({
        businessDate,
        last: '2026-11-29',
        already: false,
      });
      expect(await settledOn(visitId)).toMatchObject({ businessDate });
      const [entry] = await entries('approve-business-date');
      expect(JSON.parse(entry?.detail_json ?? '{}')).toEqual({
        approvedBy: 'supervisor1',
        requestId: expect.any(String) as string,
        businessDate,
        last: '2026-11-29',
      });
      expect(entry?.who).toBe('cashier1');
    });

    it('asks once for a day, then goes on from there; and again when the clock is put right', async () => {
      await settledOn(await visit('A'));
      clock.set('2026-12-30T09:00:00+08:00');
      valueOf(await approve('2026-12-30'));
      await settledOn(await visit('B'));
      await settledOn(await visit('C'));
      clock.set('2026-11-29T10:00:00+08:00');
      const visitId = await visit('D');
      expect(refusalOf(await settle(visitId))).toBe('business-date-doubtful');
      valueOf(await approve('2026-11-29'));
      // The numbers of that day go on where they stood.
      expect((await settledOn(visitId)).number).toBe('JS20261129-0002');
      clock.set('2026-11-30T09:00:00+08:00');
      expect((await settledOn(await visit('E'))).number).toBe('JS20261130-0001');
    });

    it('holds a cancellation too, and changes nothing of it', async () => {
      const { settlementId } = await settledOn(await visit('A'));
      clock.set('2026-11-28T09:00:00+08:00');
      const order = {
        settlementId,
        reason: 'wrong bill',
        by: 'cashier1',
        approvedBy: 'supervisor1',
      };
      expect(refusalOf(await cancelSettlement(dependencies, order))).toBe('business-date-doubtful');
      const claims = await store.read((all) => all.claims.ofSettlement(settlementId));
      expect(new Set(claims.map(({ state }) => state))).toEqual(new Set(['waiting']));
      valueOf(await approve('2026-11-28'));
      expect(valueOf(await cancelSettlement(dependencies, order)).already).toBe(false);
    });

    it('asks at every window of the folder, and still answers with a settlement that stands', async () => {
      const { settlementId } = await settledOn(await visit('A'));
      const other = { ...dependencies, store: await store.another() };
      clock.set('2026-11-28T09:00:00+08:00');
      const visitId = await visit('B');
      expect(refusalOf(await settleVisit(other, { visitId, by: 'cashier2' }))).toBe(
        'business-date-doubtful',
      );
      expect(valueOf(await settle('A'))).toMatchObject({
        already: true,
        settlement: { settlementId },
      });
    });
  });

  describe('approving a business date', () => {
    it('is refused by who may not or of another day, and is nothing where nothing is doubtful', async () => {
      await settledOn(await visit('A'));
      clock.set('2026-11-28T09:00:00+08:00');
      const attempts = [
        ['2026-11-28', 'supervisor1', 'supervisor1', 'second-person-needed'],
        ['2026-11-28', 'cashier1', 'supervisor1', 'not-allowed'],
        ['2026-11-28', 'nobody', 'cashier1', 'user-unknown'],
        ['2026-11-29', 'supervisor1', 'cashier1', 'business-date-moved'],
        ['', 'supervisor1', 'cashier1', 'business-date-moved'],
      ] as const;
      for (const [date, by, asks, code] of attempts)
        expect(refusalOf(await approve(date, by, asks)), code).toBe(code);
      expect(refusalOf(await settle(await visit('B')))).toBe('business-date-doubtful');
      clock.set('2026-11-30T09:00:00+08:00');
      expect(valueOf(await approve('2026-11-30')).already).toBe(true);
      expect(await entries('approve-business-date')).toEqual([]);
    });
  });

  describe('midnight between confirming and settling', () => {
    const beforeMidnight = '2026-12-31T23:59:59.900+08:00';
    const afterMidnight = '2027-01-01T00:00:00.100+08:00';
    const basic = 'basic-medical-insurance';

    it('leaves one confirm on the day it began, number and money', async () => {
      const visitId = await visit('A');
      clock.set(beforeMidnight);
      const { shares } = valueOf(await previewVisit(dependencies, { visitId })).result;
      const share = shares.find(({ destination }) => destination === basic);
      if (share === undefined) throw new Error('the basic insurance owes nothing');
      const answersLate = () => {
        clock.set(afterMidnight);
        return Promise.resolve({ [share.step]: share.amountFen });
      };
      const slow = new Map([[basic, answersLate]]);
      const { settlement } = valueOf(await settle(visitId, { livePayers: slow }));
      expect(settlement.businessDate).toBe('2026-12-31');
      expect(dayOfNumber(settlement.number)).toBe('2026-12-31');
    });

    it.each([
      ['the next day', afterMidnight, '2027-01-01'],
      ['the same day', beforeMidnight, '2026-12-31'],
    ])('moves number and money of a retry to its own day: %s', async (_, retried, day) => {
      const visitId = await visit('A');
      clock.set(beforeMidnight);
      const dies = new Map([[basic, () => Promise.reject(new Error('the plug was pulled'))]]);
      await expect(settle(visitId, { livePayers: dies })).rejects.toThrow('the plug was pulled');
      const [intent] = await store.read(({ settlements }) => settlements.openIntents(10));
      clock.set(retried);
      const settlement = await settledOn(visitId);
      expect(settlement.businessDate).toBe(day);
      expect(dayOfNumber(settlement.number)).toBe(day);
      const { claims, open } = await store.read(async (all) => ({
        claims: await all.claims.ofSettlement(settlement.settlementId),
        open: await all.settlements.openIntents(10),
      }));
      expect(open).toEqual([]);
      // A payer may have heard of the message ids: they are the ones of the first attempt.
      expect(Object.fromEntries(claims.map((each) => [each.destination, each.messageId]))).toEqual(
        intent?.messageIds,
      );
      const given = day === '2026-12-31' ? [] : [intent?.settlementId];
      expect((await entries('abandon-number')).map(({ about }) => about)).toEqual(given);
    });
  });

  describe('claims dated in the future', () => {
    const upload = (businessDate?: string) => {
      const lines: string[] = [];
      const onProgress = (line: string) => lines.push(line);
      const folder = { home: store.folder, databaseFile: store.file };
      return uploadClaims(
        { ...dependencies, channels: ownChannels(), folder, onProgress },
        {
          payersUrl: 'http://127.0.0.1:9',
          who: 'clerk1',
          dryRun: true,
          ...(businessDate === undefined ? {} : { businessDate }),
        },
      ).then((answer) => ({ answer: valueOf(answer), lines }));
    };

    it('are named with their days and how to send them, and that way sends them', async () => {
      clock.set('2027-11-29T09:00:00+08:00');
      await settledOn(await visit('A'));
      clock.set('2026-11-29T09:00:00+08:00');
      valueOf(await approve('2026-11-29'));
      await settledOn(await visit('B'));
      const { answer, lines } = await upload();
      expect(answer.payers.map(({ claims }) => claims)).toEqual([1, 1, 1]);
      expect(answer.datedLater.map(({ payer, ...rest }) => [payer, rest])).toEqual(
        ['basic-medical-insurance', 'hospital-reduction', 'medical-assistance'].map((payer) => [
          payer,
          { claims: 1, earliest: '2027-11-29', latest: '2027-11-29' },
        ]),
      );
      expect(lines.filter((line) => line.includes('--business-date 2027-11-29'))).toHaveLength(3);
      const all = await upload('2027-11-29');
      expect(all.answer.payers.map(({ claims }) => claims)).toEqual([2, 2, 2]);
      expect(all.answer.datedLater).toEqual([]);
    });
  });
});
