import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import type { SettlementInput, YearToDate } from '../../shared/domain/person.ts';
import type { PayerFigures } from '../../shared/domain/visit.ts';
import { fen } from '../../shared/money/fen.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { packOf, stepOf, yuanParameter } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { previewVisit } from './preview-visit.ts';
import { settleVisit } from './settle-visit.ts';
import { dependenciesOn, keepVisit, refusalOf, valueOf } from './settlement.test-support.ts';
import { verifyFolder } from './verify-folder.ts';

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(async () => {
  const { checks } = await verifyFolder({ store });
  await store.remove();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

const plain = packOf();
/** At most 600 yuan a year. */
const capped = (parts: Parameters<typeof packOf>[0] = {}) =>
  packOf({
    parameters: { most: yuanParameter('600.00') },
    steps: [stepOf({ id: 'basic', ceilingPerYear: 'most' })],
    ...parts,
  });

function stay(id: string, yuan: number, parts: Partial<SettlementInput['visit']> = {}) {
  const input = plainInput(yuan);
  return { ...input, visit: { ...input.visit, id, ...parts } };
}

const seed = (parts: Partial<YearToDate> = {}): YearToDate => ({
  year: 2017,
  asOf: '2017-10-31',
  includesVisits: ['elsewhere'],
  admissions: 1,
  deductiblePaidFen: fen(0),
  eligibleFen: fen(100_000),
  paidFen: { 'basic-medical-insurance': fen(50_000) },
  byStep: {
    basic: {
      baseFen: fen(100_000),
      deductibleFen: fen(0),
      paidFen: fen(50_000),
      selfPayFen: fen(50_000),
    },
  },
  selfPayFen: fen(50_000),
  eligibleSelfPayFen: fen(50_000),
  levels: ['county'],
  ...parts,
});

async function settle(packs: readonly CompiledPack[], input: SettlementInput) {
  await keepVisit(store, input);
  const by = { visitId: input.visit.id, by: 'cashier1' };
  return valueOf(await settleVisit(dependenciesOn(store, packs), by)).settlement;
}

/** The warnings of a result, and what its explanation says of the year. */
const saidOf = ({
  warnings,
  trace,
}: {
  warnings: readonly { code: string }[];
  trace: readonly { id: string; text: { zh: string } }[];
}) => ({
  warnings: warnings.map(({ code }) => code),
  year: trace.find(({ id }) => id === 'year')?.text.zh,
});

describe('whose figures the year rests on', () => {
  it('is nobody’s for the first stay, and only ours for the next: said, and warned of where it matters', async () => {
    const first = await settle([capped()], stay('A', 1000));
    expect(saidOf(first.result)).toMatchObject({ warnings: ['year-to-date-unknown'] });
    await keepVisit(store, stay('B', 1000, { dischargedOn: '2017-11-28' }));
    const preview = async (pack: CompiledPack) =>
      saidOf(valueOf(await previewVisit(dependenciesOn(store, [pack]), { visitId: 'B' })).result);
    expect(await preview(capped())).toEqual({
      warnings: ['year-to-date-ours-only'],
      year: '2017 年度累计（截至 2017-11-27），只有本院的结算',
    });
    // Half of every stay: what was paid before does not matter.
    expect(await preview(plain)).toEqual({
      warnings: [],
      year: '2017 年度累计（截至 2017-11-27），只有本院的结算',
    });
  });

  it('is the register’s where one has stated it, with its day, and then nothing is warned of', async () => {
    const { result } = await settle([capped()], { ...stay('A', 1000), yearToDate: seed() });
    expect(saidOf(result)).toEqual({
      warnings: [],
      year: '2017 年度累计（截至 2017-10-31），来源：visit',
    });
    // The register knows the payer only; 100 of the 600 are left.
    expect(result.shares[0]?.amountFen).toBe(10_000);
    const second = await settle([capped()], stay('B', 1000));
    expect(second.result.shares[0]?.amountFen).toBe(0);
    expect(second.result.yearToDate.paidFen).toEqual({ 'basic-medical-insurance': 60_000 });
  });
});

describe('a stay over the turn of the year', () => {
  const over = { admittedOn: '2016-12-20', dischargedOn: '2017-01-05' };
  const years = async () =>
    store.read(async ({ visits, counters }) => {
      const personId = (await visits.find('A'))?.personId ?? '';
      return [
        (await counters.ofYear(personId, 2016))?.yearToDate.admissions ?? null,
        (await counters.ofYear(personId, 2017))?.yearToDate.admissions ?? null,
      ];
    });

  it.each([
    ['discharge', 2017, [null, 2], 30_000],
    ['admission', 2016, [1, 1], 50_000],
  ] as const)('counts in the year of %s where the pack says so', async (year, of, after, pays) => {
    const pack = capped({ year });
    // A later stay of 2017 was settled first: 300 of that year's 600 are used up.
    await settle([pack], stay('A', 600));
    const { result, settlementId } = await settle([pack], stay('B', 1000, over));
    expect(result.yearToDate.year).toBe(of);
    expect(result.shares[0]?.amountFen).toBe(pays);
    expect(await years()).toEqual(after);
    valueOf(
      await cancelSettlement(dependenciesOn(store, [pack]), {
        settlementId,
        reason: '录入有误',
        by: 'cashier1',
        approvedBy: 'supervisor1',
      }),
    );
    expect(await years()).toEqual([null, 1]);
  });
});

describe('a person no pack covers, whose payer has stated its figures', () => {
  const figures = (patientPaysFen: number): PayerFigures => ({
    from: '外省医保局',
    receivedOn: '2017-11-27',
    shares: [{ payer: 'basic-medical-insurance', amountFen: fen(70_000) }],
    patientPaysFen: fen(patientPaysFen),
  });
  const elsewhere = (patientPaysFen: number): SettlementInput => {
    const input = stay('A', 1000, { payerFigures: figures(patientPaysFen) });
    return { ...input, person: { ...input.person, insuredPlace: '360100' } };
  };

  it('is settled by them as received, the payer claimed from, nothing reckoned anew', async () => {
    const { settlementId, result } = await settle([plain], elsewhere(30_000));
    expect(result).toMatchObject({ pack: 'as-received', patientPaysFen: 30_000, warnings: [] });
    for (const node of result.trace.filter(({ rule }) => rule === 'as-received')) {
      expect(node.text.zh).toContain('外省医保局 2017-11-27 给出');
      expect(node.assumed).toBe(false);
    }
    const claims = await store.read((all) => all.claims.ofSettlement(settlementId));
    expect(claims.map(({ destination, claimedFen }) => [destination, claimedFen])).toEqual([
      ['basic-medical-insurance', 70_000],
    ]);
  });

  it('is not settled by figures that do not add up: refused with the difference, nothing kept', async () => {
    const input = elsewhere(29_900);
    await keepVisit(store, input);
    const settled = await settleVisit(dependenciesOn(store, [plain]), { visitId: 'A', by: 'c' });
    expect(refusalOf(settled)).toBe('received-figures-differ');
    expect(settled).toMatchObject({ refusal: { details: [{ difference: '-1.00' }] } });
    expect(await store.read(({ settlements }) => settlements.openIntents(10))).toEqual([]);
  });

  it('is never given ours instead, and a person a pack covers is settled by the pack', async () => {
    const { person } = elsewhere(30_000);
    const alone = await settle([plain], { ...stay('X', 1000), person });
    expect(alone.result).toMatchObject({ pack: 'self-pay', patientPaysFen: 100_000, shares: [] });
    const covered = await settle([plain], stay('Y', 1000, { payerFigures: figures(30_000) }));
    expect(covered.result).toMatchObject({ pack: 'a-county', patientPaysFen: 50_000 });
    expect(saidOf(covered.result).warnings).toContain('payer-figures-unused');
  });

  it.each([
    ['liable', ['third-party-liable']],
    ['undetermined', ['third-party-undetermined']],
    ['none', []],
  ] as const)('an injury for which a third party is %s', async (thirdParty, warnings) => {
    const { result } = await settle([plain], {
      ...stay('A', 1000, { injury: { cause: '交通事故', thirdParty } }),
      yearToDate: seed(),
    });
    expect(saidOf(result).warnings).toEqual(warnings);
    expect(result.pack).toBe('a-county');
  });
});
