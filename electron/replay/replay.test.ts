import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { dependenciesOn, keepVisit, valueOf } from '../settlement/settlement.test-support.ts';
import { personCategoryNames } from '../../shared/domain/value-names.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { fen } from '../../shared/money/fen.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { packOf, percentParameter } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { replay, sampleOf, type ReplayOrder, type ReplayProgress } from './replay.ts';
import { replayJson } from './replay-json.ts';
import { reportReplay } from './replay-report.ts';

const half = packOf();
const most = packOf({ version: '1.1.0', parameters: { half: percentParameter('80') } });

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(async () => {
  await store.remove();
});

/** Somebody invented, by a running number. */
function numberOf(person: number): string {
  const body = `43062619500101${String(person).padStart(3, '0')}`;
  let sum = 0;
  for (let index = 0; index < 17; index += 1) sum += Number(body[index]) * (2 ** (17 - index) % 11);
  return `${body}${'10X98765432'[sum % 11] ?? ''}`;
}

function stay(person: number, id: string, yuan: number, day = '2017-11-20'): SettlementInput {
  const input = plainInput(yuan);
  return {
    person: { ...input.person, name: '张小三', idNumber: numberOf(person), categories: [] },
    visit: { ...input.visit, id, admittedOn: '2017-11-01', dischargedOn: day },
    yearToDate: null,
  };
}

async function settle(...inputs: readonly SettlementInput[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const input of inputs) {
    await keepVisit(store, input);
    const by = { visitId: input.visit.id, by: 'cashier1' };
    ids.push(valueOf(await settleVisit(dependenciesOn(store, [half]), by)).settlement.settlementId);
  }
  return ids;
}

const cancel = (settlementId: string) =>
  cancelSettlement(dependenciesOn(store, [half]), {
    ...{ settlementId, reason: '重算', by: 'cashier1', approvedBy: 'supervisor1' },
  });

const november = { from: '2017-11-01', until: '2017-11-30' };

const orderOf = (draft: CompiledPack, parts: Partial<ReplayOrder> = {}): ReplayOrder => ({
  ...{ draft: [draft], period: november, sample: null, withUnsettled: false },
  ...parts,
});

async function again(
  order: ReplayOrder,
  {
    packs = [half],
    onProgress = () => undefined,
    signal = new AbortController().signal,
  }: {
    readonly packs?: readonly CompiledPack[];
    readonly onProgress?: (progress: ReplayProgress) => void;
    readonly signal?: AbortSignal;
  } = {},
) {
  return replay({ store, here: { packs, approvedOnly: null }, threads: 2 }, order, {
    signal,
    onProgress,
  });
}

const reported = async (order: ReplayOrder) => reportReplay(valueOf(await again(order)), [half]);

/** Every row of every table, and the bytes of the file. */
async function everything(): Promise<string> {
  const { writer } = store;
  if (writer === null) throw new Error('a test store writes');
  const hash = createHash('sha256');
  const tables = await sql<{ name: string }>`
    select name from sqlite_schema where type = 'table' order by name`.execute(writer);
  for (const { name } of tables.rows) {
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(writer);
    const text = JSON.stringify(rows, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    hash.update(`${name} ${String(rows.length)} ${text}`);
  }
  await store.emptyLog();
  return hash.update(readFileSync(store.file)).digest('hex');
}

describe('settling stored visits again', () => {
  it('says what everyone would have paid, and changes nothing', async () => {
    await settle(stay(1, 'A', 1000), stay(1, 'B', 500, '2017-11-22'), stay(2, 'C', 2000));
    const before = await everything();
    const report = await reported(orderOf(most));
    expect(await everything()).toBe(before);
    expect(report).toMatchObject({
      ...{ pack: 'a-county', packVersion: '1.1.0', visits: 3, persons: 2, skipped: [] },
      payers: [
        {
          payer: 'basic-medical-insurance',
          ...{ settledFen: 175_000, beforeFen: 175_000, afterFen: 280_000, differenceFen: 105_000 },
        },
      ],
      patient: {
        settledFen: 175_000,
        beforeFen: 175_000,
        afterFen: 70_000,
        differenceFen: -105_000,
      },
      counts: { changed: 3, otherReasons: 0, notSettled: 0, untouched: 0 },
      losers: [],
    });
    const masked = {
      name: '张*三',
      idNumber: expect.stringMatching(/^430626\*{8}.{4}$/) as string,
    };
    expect(report.gainers).toEqual([
      { ...masked, visits: 1, beforeFen: 100_000, afterFen: 40_000, differenceFen: -60_000 },
      { ...masked, visits: 2, beforeFen: 75_000, afterFen: 30_000, differenceFen: -45_000 },
    ]);
    expect(report.byLevel.map(({ key, visits }) => [key, visits])).toEqual([['county', 3]]);
    expect(report.byDisease.map(({ key, visits }) => [key, visits])).toEqual([['C18.900', 3]]);
    expect(report.byCategory.map(({ key, name }) => [key, name.zh])).toEqual([[null, '无']]);
  });

  it('prints every name of the contract, in yuan', async () => {
    await settle(stay(1, 'A', 1000));
    const json = replayJson(await reported(orderOf(most)));
    expect(json).toMatchObject({
      ...{ pack: 'a-county', visits: 1, persons: 1, gainers: [{}], losers: [], skipped: [] },
      payers: [
        {
          ...{ payer: 'basic-medical-insurance', before: '500.00', after: '800.00' },
          ...{ difference: '300.00', settled: '500.00' },
        },
      ],
      patient: { before: '500.00', after: '200.00', difference: '-300.00' },
    });
  });

  it('takes what stands alone: a cancelled settlement is none, and its visit is named as not settled', async () => {
    const [first = ''] = await settle(stay(1, 'A', 1000), stay(1, 'B', 500, '2017-11-22'));
    valueOf(await cancel(first));
    const report = await reported(orderOf(most));
    expect(report).toMatchObject({
      ...{ visits: 1, skipped: [{ visitId: 'A', code: 'not-settled' }] },
      payers: [{ settledFen: 25_000, beforeFen: 25_000, afterFen: 40_000 }],
    });
  });

  it('takes visits that nobody settled where it is asked to, and the categories known today', async () => {
    await settle(stay(1, 'A', 1000));
    await keepVisit(store, stay(2, 'B', 100));
    const person = await store.read(({ persons }) => persons.findByIdNumber(numberOf(2)));
    await store.transact(({ persons }) =>
      persons.replaceCategories(person?.id ?? '', '民政局', [{ name: 'disabled' }]),
    );
    const report = await reported(orderOf(most, { withUnsettled: true }));
    expect(report).toMatchObject({
      ...{ visits: 2, skipped: [], counts: { notSettled: 1 } },
      payers: [{ settledFen: 50_000, beforeFen: 55_000, afterFen: 88_000 }],
    });
    expect(report.byCategory.map(({ key }) => key)).toEqual(['disabled', null]);
    expect(Object.keys(personCategoryNames)).toContain('disabled');
  });

  it('counts what was discharged in the period alone, on a year that begins before it', async () => {
    const capped = packOf({
      parameters: { cap: { ...percentParameter('50'), unit: 'yuan', value: '600.00' } as never },
      steps: [{ ...half.document.steps[0], ceilingPerYear: 'cap' } as never],
    });
    const october = stay(1, 'B', 1000);
    const days = { admittedOn: '2017-10-01', dischargedOn: '2017-10-21' };
    await settle({ ...october, visit: { ...october.visit, ...days } }, stay(1, 'C', 1000));
    const report = await reported(orderOf(capped));
    // 500.00 of the year's 600.00 were paid in October.
    expect(report.visits).toBe(1);
    expect(report.payers[0]).toMatchObject({ beforeFen: 50_000, afterFen: 10_000 });
  });

  it('passes over a damaged document with its code, and over nobody else', async () => {
    await settle(stay(1, 'A', 1000), stay(2, 'B', 500));
    await store.tamper(`update settlements set input_json = '{"visit":{}}' where visit_id = 'A'`);
    const report = await reported(orderOf(most));
    expect(report.skipped).toEqual([{ visitId: 'A', code: 'document-unreadable' }]);
    expect(report.visits).toBe(1);
    await store.tamper(`update settlements set input_version = 99 where visit_id = 'A'`);
    expect((await reported(orderOf(most))).skipped).toEqual([
      { visitId: 'A', code: 'document-newer' },
    ]);
  });

  it('says so where the version that settled is not here any more', async () => {
    await settle(stay(1, 'A', 1000));
    const { tally } = valueOf(await again(orderOf(most), { packs: [] }));
    expect(tally.skipped).toEqual([{ visitId: 'A', code: 'pack-gone' }]);
  });

  it('takes a sample of persons that is the same every time, with all visits of each', async () => {
    const many = Array.from({ length: 8 }, (_, index) => [
      stay(index, `A${String(index)}`, 100 + index),
      stay(index, `B${String(index)}`, 100, '2017-11-22'),
    ]).flat();
    await settle(...many);
    const once = await reported(orderOf(most, { sample: 5 }));
    expect(once).toMatchObject({ persons: 5, visits: 10, sample: 5 });
    expect(await reported(orderOf(most, { sample: 5 }))).toEqual(once);
    const ids = Array.from({ length: 50 }, (_, index) => `p${String(index)}`);
    expect(sampleOf([...ids].reverse(), 7)).toEqual(sampleOf(ids, 7));
    expect(sampleOf(ids, 3)).toEqual(sampleOf(ids, 7).slice(0, 3));
  });

  it('adds up the same however many threads there are', async () => {
    await settle(...Array.from({ length: 50 }, (_, at) => stay(at, `V${String(at)}`, 10 + at)));
    const run = { signal: new AbortController().signal, onProgress: () => undefined };
    const [one, three] = await Promise.all(
      [1, 3].map((threads) =>
        replay({ store, here: { packs: [half], approvedOnly: null }, threads }, orderOf(most), run),
      ),
    );
    expect(one).toEqual(three);
  });

  it('can be stopped, and says how far it was', async () => {
    await settle(...Array.from({ length: 50 }, (_, at) => stay(at, `V${String(at)}`, 10 + at)));
    const controller = new AbortController();
    const seen: ReplayProgress[] = [];
    const stopped = await again(orderOf(most), {
      signal: controller.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (progress.persons > 0) controller.abort();
      },
    });
    expect(stopped).toMatchObject({ ok: false, refusal: { code: 'replay-stopped' } });
    expect(seen[0]).toEqual({ persons: 0, of: 50, visits: 0 });
    expect(seen.at(-1)?.persons).toBeLessThanOrEqual(50);
  });

  it('sees one moment of the data, whatever is settled meanwhile, and keeps no other reading waiting', async () => {
    await settle(stay(1, 'A', 1000));
    const desk = await store.another();
    const counted = await store.readApart(async ({ replay: visits }) => {
      const first = await visits.personsBetween({ ...november, withUnsettled: false });
      await keepVisit(desk, stay(2, 'B', 500));
      const by = { visitId: 'B', by: 'cashier1' };
      valueOf(await settleVisit(dependenciesOn(desk, [half]), by));
      // The list of the desk is answered while this is under way.
      expect((await desk.read(({ visits: all }) => all.find('B')))?.state).toBe('settled');
      const second = await visits.personsBetween({ ...november, withUnsettled: false });
      return [first.length, second.length];
    });
    expect(counted).toEqual([1, 1]);
    expect((await reported(orderOf(most))).persons).toBe(2);
  });

  it('comes to the sums of the books where nothing was cancelled', async () => {
    await settle(
      ...Array.from({ length: 30 }, (_, at) =>
        stay(at % 7, `V${String(at)}`, 33.33 + at, `2017-11-${String(at + 1).padStart(2, '0')}`),
      ),
    );
    const { writer } = store;
    if (writer === null) throw new Error('a test store writes');
    const { rows } = await sql<{ paid: bigint }>`
      select sum(amount_fen) as paid from settlement_shares`.execute(writer);
    const report = await reported(orderOf(most));
    expect(report.payers[0]?.settledFen).toBe(Number(rows[0]?.paid));
    expect(report.payers[0]?.beforeFen).toBe(Number(rows[0]?.paid));
    expect(report.counts.otherReasons).toBe(0);
    expect(report.totalFen).toBe(report.patient.afterFen + (report.payers[0]?.afterFen ?? fen(0)));
  });
});
