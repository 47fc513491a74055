import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ownPacksReadOnce } from '../policy-packs/own-packs.test-support.ts';
import { decideAgain, paysOtherwise } from '../settlement/decide-again.ts';
import { openYearBook } from '../settlement/year-book.ts';
import type { SettlementInput, YearToDate } from '../../shared/domain/person.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { fen } from '../../shared/money/fen.ts';
import { CannotDecide } from '../../shared/policy/cannot-decide.ts';
import { whyNot } from '../../shared/policy/choose-pack.ts';
import { compilePack } from '../../shared/policy/compile/compile-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { selfPayPack } from '../../shared/policy/decide-self-pay.ts';
import { freshYear } from '../../shared/policy/rules/advance-year.ts';
import { visitsFor } from '../../shared/policy/pack-visits.test-support.ts';
import {
  packOf,
  percentParameter,
  stepOf,
  yuanParameter,
} from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { replayPerson, type ReplayPerson, type ReplayVisit } from './replay-person.ts';
import { emptyTally, countPerson } from './tally.ts';
import { wayFinder } from './ways.ts';

const numRuns = 40 * Number(process.env['TEST_DEPTH'] ?? '1');

/** The same pack, compiled anew as a thread would. */
const anew = ({ document }: CompiledPack): CompiledPack => compilePack(document);

const waysOn = (draft: CompiledPack, pack: CompiledPack) =>
  wayFinder({ draft: [anew(draft)], packs: [anew(pack)] });

function figuresOf({ pack, packVersion, shares, ...result }: SettlementResult) {
  const paid = new Map<string, number>();
  for (const { payer, amountFen } of shares) paid.set(payer, (paid.get(payer) ?? 0) + amountFen);
  const { patientPaysFen, hospitalBearsFen } = result;
  return { pack, packVersion, paid, patientPaysFen, hospitalBearsFen };
}

type Settled = { readonly visit: ReplayVisit; readonly result: SettlementResult };

/**
 * Settles visits one after another as the window does, on the counters of the books: one that the pack does not cover is
 * self-pay; a later part of a stay is handed what the one before it came to. Gives the openings that were used, and what
 * was settled.
 */
async function settledOneByOne(
  pack: CompiledPack,
  inputs: readonly SettlementInput[],
): Promise<{ readonly openings: Map<number, YearToDate>; readonly settled: readonly Settled[] }> {
  const openings = new Map<number, YearToDate>();
  for (const { yearToDate } of inputs) {
    if (yearToDate !== null && !openings.has(yearToDate.year)) {
      openings.set(yearToDate.year, yearToDate);
    }
  }
  const counters = {
    openingOf: (_personId: string, year: number) => Promise.resolve(openings.get(year) ?? null),
  } as Parameters<typeof openYearBook>[0]['counters'];
  const book = openYearBook({ counters }, 'somebody');
  const settled: Settled[] = [];
  for (const input of inputs) {
    const way = whyNot(pack, input) === null ? pack : selfPayPack;
    const again = await decideAgain(way, { ...input, yearToDate: null }, book);
    if (!again.ok) throw new Error(again.refusal.code);
    const { result, changes } = again.value;
    await book.add(input.visit, result.yearToDate.year, changes);
    const visit = { input, entry: settled.length + 1, settled: figuresOf(result) };
    settled.push({ visit, result });
  }
  return { openings, settled };
}

/**
 * A person's year: some visits in order of discharge, with other ids, some of them in two parts. As visits of this one person
 * the pack need not cover them all: a child's disease is not for a grown-up.
 */
function chainOf(pack: CompiledPack): fc.Arbitrary<readonly SettlementInput[]> {
  return fc.array(visitsFor(pack), { minLength: 1, maxLength: 6 }).map((inputs) => {
    const [first] = inputs;
    if (first === undefined) return [];
    return [...inputs]
      .sort((a, b) => (a.visit.dischargedOn < b.visit.dischargedOn ? -1 : 1))
      .map((input, index) => ({
        ...input,
        person: { ...first.person, categories: input.person.categories },
        visit: { ...input.visit, id: `ZY${String(index + 1)}` },
      }));
  });
}

const personOf = (
  settled: readonly Settled[],
  openings: ReadonlyMap<number, YearToDate>,
): ReplayPerson => ({
  personId: 'somebody',
  visits: settled.map(({ visit }) => visit),
  ...{ unread: [], openings, unreadYears: [] },
});

/** Settles chains of visits on the counters of the books, replays them under the same pack, and compares. */
async function expectAsSettled(
  pack: CompiledPack,
  parameters: { readonly numRuns: number; readonly seed?: number; readonly endOnFailure?: boolean },
): Promise<void> {
  const waysOf = waysOn(pack, pack);
  await fc.assert(
    fc.asyncProperty(chainOf(pack), async (inputs) => {
      const { openings, settled } = await settledOneByOne(pack, inputs).catch(
        (problem: unknown) => {
          if (problem instanceof CannotDecide) return { openings: new Map(), settled: [] };
          throw problem;
        },
      );
      const { visits, skipped } = replayPerson(waysOf, personOf(settled, openings));
      expect(skipped).toEqual([]);
      expect(visits).toHaveLength(settled.length);
      for (const [index, { before, after }] of visits.entries()) {
        const { result } = settled[index] ?? never();
        expect(paysOtherwise(before, result)).toBe(false);
        expect(paysOtherwise(before, after)).toBe(false);
        expect(after.yearToDate.byStep).toEqual(before.yearToDate.byStep);
      }
    }),
    parameters,
  );
}

describe('settling again under the very pack that settled', () => {
  it('comes out as it was settled where a step of an earlier visit counted nothing', async () => {
    const own = await ownPacksReadOnce();
    const pack = own.find(({ compiled }) => compiled.id === 'baishan-2017')?.compiled ?? never();
    // A year without an opening, in which a visit in scope had no step that counted it, and then one that has.
    await expectAsSettled(pack, { numRuns: 4, seed: 70_354_861, endOnFailure: true });
  });

  it('comes out as it was settled, for every pack, over chained years that registers opened or not', async () => {
    for (const { compiled: pack } of await ownPacksReadOnce())
      await expectAsSettled(pack, { numRuns: Math.ceil(numRuns / 4) });
  });

  it('differs nowhere, whatever was cancelled since: what a cancellation changes is told apart', async () => {
    for (const { compiled: pack } of await ownPacksReadOnce()) {
      const waysOf = waysOn(pack, pack);
      await fc.assert(
        fc.asyncProperty(chainOf(pack), fc.nat(), async (inputs, which) => {
          const { openings, settled } = await settledOneByOne(pack, inputs).catch(() => ({
            openings: new Map<number, YearToDate>(),
            settled: [],
          }));
          const left = settled.filter((_, index) => ((which >> index) & 1) === 0);
          const tally = emptyTally();
          const replayed = replayPerson(waysOf, personOf(left, openings));
          countPerson(tally, 'somebody', replayed, () => true);
          // What the pack does not cover was no visit of it before, and is none now.
          const ofPack = left.filter(({ result }) => result.pack === pack.id);
          expect(replayed.skipped).toEqual([]);
          expect(tally.whole.visits).toBe(ofPack.length);
          expect(tally).toMatchObject({
            ...{ untouched: left.length - ofPack.length, throughTheYear: 0 },
            ...{ newlyCovered: 0, noLongerCovered: 0 },
          });
          for (const { before, after } of Object.values(tally.whole.payers)) {
            expect(after).toBe(before);
          }
          expect(tally.whole.patient.after).toBe(tally.whole.patient.before);
          expect([...tally.gainers, ...tally.losers]).toEqual([]);
          // With nothing cancelled the books say the same, too.
          if (left.length === settled.length) expect(tally.otherReasons).toBe(0);
          expect(tally.whole.patient.settled).toBe(
            ofPack.reduce((sum, { result }) => sum + result.patientPaysFen, 0),
          );
        }),
        { numRuns: Math.ceil(numRuns / 4) },
      );
    }
  });

  it('hands the parts of a stay on as they come out', async () => {
    const pack = yearly('60', '800.00');
    const draft = yearly('70', '500.00');
    const part = (index: number, yuan: number): SettlementInput => {
      const input = plainInput(yuan);
      return { ...input, visit: { ...input.visit, id: 'ZY1' }, person: { ...input.person } };
    };
    const [one, two] = [part(0, 600), part(1, 900)];
    const first = await settledOneByOne(pack, [one]);
    const { earlierParts } = first.settled[0]?.result ?? never();
    if (earlierParts === undefined) throw new Error('a stay hands its parts on');
    const inTwo = await settledOneByOne(pack, [
      one,
      { ...two, visit: { ...two.visit, earlierParts } },
    ]);
    const { visits } = replayPerson(waysOn(draft, pack), personOf(inTwo.settled, new Map()));
    const [, last] = visits;
    expect(visits).toHaveLength(2);
    // The second part stands on what the first came to under the draft, not on what it came to when it was settled.
    expect(last?.inputAfter.visit.earlierParts).toEqual(visits[0]?.after.earlierParts);
    expect(last?.inputAfter.visit.earlierParts).not.toEqual(earlierParts);
    // Together they are as one settlement of the whole under the draft: (1,500 − 500) × 70 %.
    const paid = visits.reduce((sum, { after }) => sum + (after.shares[0]?.amountFen ?? 0), 0);
    expect(paid).toBe(70_000);
  });
});

/** One step: a rate of the in-scope cost above a deductible of the year. */
function yearly(percent: string, deductible: string): CompiledPack {
  return packOf({
    parameters: { rate: percentParameter(percent), first: yuanParameter(deductible) },
    steps: [stepOf({ id: 'basic', rate: 'rate', deductible: { parameter: 'first', per: 'year' } })],
  });
}

const noTotals = {
  ...{ classBFirstSelfPayFen: fen(0), classCFen: fen(0), aboveCeilingFen: fen(0) },
};

/** The same by hand: each visit pays its rate on what is left of it above what is still to be borne of the year. */
function byHand(costs: readonly number[], percent: number, deductible: number): readonly number[] {
  let left = deductible;
  return costs.map((cost) => {
    const borne = Math.min(left, cost);
    left -= borne;
    return Math.floor(((cost - borne) * percent * 2 + 100) / 200);
  });
}

describe('a changed rate', () => {
  it('gives exactly the difference that a second, simple calculation gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 2_000_000 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 0, max: 900_000 }),
        async (costs, was, now, deductible) => {
          const yuan = (deductible / 100).toFixed(2);
          const [pack, draft] = [yearly(String(was), yuan), yearly(String(now), yuan)];
          const inputs = costs.map((cost, index): SettlementInput => {
            const input = plainInput(0);
            const totals = { ...noTotals, totalFen: fen(cost), eligibleFen: fen(cost) };
            const day = `2017-11-${String(10 + index)}`;
            const stay = { id: `ZY${String(index)}`, admittedOn: '2017-11-01', dischargedOn: day };
            const bill = { kind: 'totals' as const, totals };
            return { ...input, visit: { ...input.visit, ...stay, bill }, yearToDate: null };
          });
          const { settled } = await settledOneByOne(pack, inputs);
          const tally = emptyTally();
          const replayed = replayPerson(waysOn(draft, pack), personOf(settled, new Map()));
          countPerson(tally, 'somebody', replayed, () => true);
          const sum = (amounts: readonly number[]) => amounts.reduce((all, each) => all + each, 0);
          const [before, after] = [was, now].map((each) => sum(byHand(costs, each, deductible)));
          expect(tally.whole.payers['basic-medical-insurance']).toEqual({
            settled: before,
            before,
            after,
          });
          const changed = sum(costs);
          expect(tally.whole.patient.after).toBe(changed - (after ?? 0));
          const [gainer] = tally.gainers;
          const [loser] = tally.losers;
          const difference = (before ?? 0) - (after ?? 0);
          const who = difference < 0 ? gainer : difference > 0 ? loser : undefined;
          expect(tally.gainers.length + tally.losers.length).toBe(difference === 0 ? 0 : 1);
          expect(who === undefined ? 0 : who.afterFen - who.beforeFen).toBe(difference);
        },
      ),
      { numRuns: numRuns * 3 },
    );
  });
});

describe('which visits a draft reaches', () => {
  const other = packOf({
    id: 'outpatients',
    appliesTo: { places: ['430626'], insurance: ['resident'], kinds: ['outpatient'] },
  });
  const stays = packOf();
  const fresh = { was: () => null, now: () => null };
  const settledBy = ({ id, version }: CompiledPack) => ({ pack: id, packVersion: version });

  it('goes before every other pack, on every day', () => {
    const next = packOf({ id: 'new-rules', inForceFrom: '2030-01-01', inForceUntil: null });
    const waysOf = wayFinder({ draft: [next], packs: [stays] });
    expect(waysOf(plainInput(100), settledBy(stays), fresh)).toEqual({
      ...{ was: stays, now: next, isReached: true },
    });
  });

  it('leaves the visits of another pack with it', () => {
    const waysOf = wayFinder({ draft: [other], packs: [stays, other] });
    expect(waysOf(plainInput(100), settledBy(stays), fresh)).toEqual({
      ...{ was: stays, now: stays, isReached: false },
    });
  });

  it('shows a visit that the pack settled and the draft does not cover any more', () => {
    const narrower = packOf({ version: '1.1.0', appliesTo: other.appliesTo });
    const waysOf = wayFinder({ draft: [narrower], packs: [stays] });
    expect(waysOf(plainInput(100), settledBy(stays), fresh)).toMatchObject({
      ...{ was: stays, now: { id: 'self-pay' }, isReached: true },
    });
  });

  it('shows a visit that nobody covered and the draft does', () => {
    const waysOf = wayFinder({ draft: [stays], packs: [] });
    const selfPay = { pack: 'self-pay', packVersion: '1.0.0' };
    expect(waysOf(plainInput(100), selfPay, fresh)).toMatchObject({
      ...{ was: { id: 'self-pay' }, now: stays, isReached: true },
    });
  });

  it('takes of several versions the one in force on the day of discharge, else the highest', () => {
    const early = packOf({
      version: '1.0.0',
      inForceFrom: '2017-01-01',
      inForceUntil: '2017-12-01',
    });
    const late = packOf({ version: '1.1.0', inForceFrom: '2019-01-01', inForceUntil: null });
    const waysOf = wayFinder({ draft: [late, early], packs: [early] });
    expect(waysOf(plainInput(100), settledBy(early), fresh)).toMatchObject({ now: early });
    const gone = packOf({
      version: '1.0.0',
      inForceFrom: '2015-01-01',
      inForceUntil: '2016-01-01',
    });
    const onlyLate = wayFinder({ draft: [gone, late], packs: [early] });
    expect(onlyLate(plainInput(100), settledBy(early), fresh)).toMatchObject({ now: late });
  });

  it('takes for a visit that nobody settled only packs that count, and for a settled one whatever settled it', () => {
    const later = packOf({ version: '1.1.0' });
    const waysOf = wayFinder({ draft: [stays], packs: [stays, later], inUse: ['a-county@1.0.0'] });
    expect(waysOf(plainInput(100), null, fresh)).toMatchObject({ was: stays });
    expect(waysOf(plainInput(100), settledBy(later), fresh)).toMatchObject({ was: later });
    const none = wayFinder({ draft: [stays], packs: [stays], inUse: [] });
    expect(none(plainInput(100), null, fresh)).toMatchObject({
      was: { id: 'self-pay' },
      now: stays,
    });
  });

  it('says where the version that settled is gone, and where several drafts apply', () => {
    expect(wayFinder({ draft: [stays], packs: [] })(plainInput(1), settledBy(stays), fresh)).toBe(
      'pack-gone',
    );
    const two = wayFinder({ draft: [stays, packOf({ id: 'twin' })], packs: [stays] });
    expect(two(plainInput(1), settledBy(stays), fresh)).toBe('several-packs');
  });

  const stay = (id: string, month: string, yearToDate: YearToDate | null): SettlementInput => {
    const input = plainInput(100);
    const day = `2017-${month}-01`;
    const visit = { ...input.visit, id, admittedOn: day, dischargedOn: day };
    return { ...input, visit, yearToDate };
  };
  const secondStays = packOf({
    id: 'second-stays',
    appliesTo: { ...stays.document.appliesTo, admissionOfYear: { from: 2 } },
  });

  it.each([
    ['none', null],
    ['one that knows of seven stays', yearWithStays(7)],
  ])('by the year as it is rebuilt, whatever year is stored with a visit: %s', (_name, stored) => {
    const inputs = ['03', '05', '07'].map((month) => stay(`ZY${month}`, month, stored));
    const reachedOf = (settled: ReplayVisit['settled']) => {
      const visits = inputs.map((input, index) => ({ input, entry: index + 1, settled }));
      const person = { visits, unread: [], openings: new Map(), unreadYears: [] };
      const waysOf = wayFinder({ draft: [secondStays], packs: [stays] });
      const replayed = replayPerson(waysOf, { personId: 'somebody', ...person });
      expect(replayed.skipped).toEqual([]);
      return replayed.visits.map(({ ways }) => ways.now.id);
    };
    const paid = new Map<string, number>();
    const amounts = { paid, patientPaysFen: 0, hospitalBearsFen: 0 };
    const expected = ['a-county', 'second-stays', 'second-stays'];
    expect(reachedOf({ ...settledBy(stays), ...amounts })).toEqual(expected);
    expect(reachedOf(null)).toEqual(expected);
  });

  it('chooses among the packs in use by the year as it is rebuilt', () => {
    const inputs = ['03', '05'].map((month) => stay(`ZY${month}`, month, yearWithStays(7)));
    const firstStays = packOf({
      id: 'first-stays',
      appliesTo: { ...stays.document.appliesTo, admissionOfYear: { until: 1 } },
    });
    const waysOf = wayFinder({ draft: [other], packs: [firstStays, secondStays] });
    const visits = inputs.map((input, index) => ({ input, entry: index, settled: null }));
    const person = { visits, unread: [], openings: new Map(), unreadYears: [] };
    const replayed = replayPerson(waysOf, { personId: 'somebody', ...person });
    expect(replayed.visits.map(({ ways }) => ways.was.id)).toEqual(['first-stays', 'second-stays']);
  });
});

/** A year of which somebody stated that it has had so many stays. */
function yearWithStays(admissions: number): YearToDate {
  return { ...freshYear({ year: 'discharge' }, plainInput(100)), admissions };
}

describe('a visit that cannot be decided again', () => {
  it('is told with its code, and what follows it in the year is not guessed at', async () => {
    const pack = packOf();
    const stay = (id: string, day: string): SettlementInput => {
      const input = plainInput(100);
      return { ...input, visit: { ...input.visit, id, admittedOn: day, dischargedOn: day } };
    };
    const inputs = [stay('A', '2017-03-01'), stay('B', '2017-04-01'), stay('C', '2017-05-01')];
    const { settled } = await settledOneByOne(pack, inputs);
    const person = personOf(settled, new Map());
    const [first, , third] = person.visits;
    if (first === undefined || third === undefined) throw new Error('three were settled');
    const unread = {
      ...{ visitId: 'B', code: 'document-unreadable' as const },
      ...{ admittedOn: '2017-04-01', dischargedOn: '2017-04-01' },
    };
    const replayed = replayPerson(waysOn(pack, pack), {
      ...person,
      visits: [third, first],
      unread: [unread],
    });
    expect(replayed.visits.map(({ visit }) => visit.input.visit.id)).toEqual(['A']);
    expect(replayed.skipped.map(({ visitId, code }) => [visitId, code])).toEqual([
      ['B', 'document-unreadable'],
      ['C', 'year-incomplete'],
    ]);
    const without = replayPerson(waysOn(pack, pack), { ...person, unreadYears: [2017] });
    expect(without.visits).toEqual([]);
    expect(without.skipped.map(({ code }) => code)).toEqual(Array(3).fill('year-incomplete'));
  });
});

function never(): never {
  throw new Error('there must be one');
}
