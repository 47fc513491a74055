import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomInput } from '../policy/visits.test-support.ts';
import {
  decodeSettlementInput,
  decodeVisitAndPerson,
  decodeYearToDate,
  encodeSettlementInput,
  encodeVisitAndPerson,
  encodeYearToDate,
} from './stored-visit.ts';
import { settlementInputFromVisitJson } from './visit-json.ts';

const numRuns = 200 * Number(process.env['TEST_DEPTH'] ?? '1');

/** What a document is when it comes back from where it was kept. */
const kept = (json: unknown): unknown => JSON.parse(JSON.stringify(json));

const [plain] = fc.sample(randomInput, { numRuns: 1, seed: 5 });
if (plain === undefined) throw new Error('no input to begin with');

/** The stored input with its visit or person changed as no intake of today would take it. */
function changed(visit: object, person: object = {}): unknown {
  const json = encodeSettlementInput(plain ?? expect.fail('no input'));
  return kept({
    ...json,
    visit: { ...json.visit, ...visit },
    person: { ...json.person, ...person },
  });
}

describe('what we stored ourselves', () => {
  it('comes back as it went: the input, the bill and its person, the year', () => {
    fc.assert(
      fc.property(randomInput, (input) => {
        const { visit, person, yearToDate } = input;
        expect(decodeSettlementInput(kept(encodeSettlementInput(input)))).toEqual(input);
        const bill = { visit, person };
        expect(decodeVisitAndPerson(kept(encodeVisitAndPerson(bill)))).toEqual(bill);
        if (yearToDate === null) return;
        expect(decodeYearToDate(kept(encodeYearToDate(yearToDate)))).toEqual(yearToDate);
      }),
      { numRuns },
    );
  });

  const charge = encodeSettlementInput(plain).visit.charges?.[0];
  it.each<[what: string, visit: object, person: object]>([
    ['a name longer than intake takes', {}, { name: '张'.repeat(200) }],
    ['a number written small', {}, { idNumber: ' 43062619680723103x' }],
    ['a division that is none', {}, { insuredPlace: '平江' }],
    ['a day that is none', { admittedOn: '2017-02-30' }, {}],
    ['a discharge before the admission', { admittedOn: '2017-12-24' }, {}],
    [
      'an amount that is not quantity × unit price',
      { charges: [{ ...charge, amount: '0.07' }] },
      {},
    ],
    ['a line given twice', { charges: [charge, charge] }, {}],
    ['a refund of no line', { charges: [charge, { ...charge, line: 9, refundsLine: 8 }] }, {}],
    ['deposits that do not add up', { deposit: '0.01', deposits: [] }, {}],
    ['no charge line', { charges: [] }, {}],
  ])('is read without the checks of intake: %s', (_what, visit, person) => {
    const json = changed(visit, person);
    const input = decodeSettlementInput(json);
    expect(kept(encodeSettlementInput(input))).toEqual(json);
    // Intake would refuse it, or make something else of it.
    const atIntake = settlementInputFromVisitJson(json);
    expect(atIntake.ok ? atIntake.value.input : null).not.toEqual(input);
  });

  it.each<readonly [string, unknown]>([
    ['another type', changed({ bed: 7 })],
    ['a field nobody declared', changed({ colour: 'red' })],
    ['a value outside a closed list', changed({ kind: 'daycare' })],
    ['an amount that is none', changed({ deposit: '1.234' })],
    ['neither charges nor totals', changed({ charges: undefined })],
    ['no visit', null],
  ])('is not read where its form is another: %s', (_what, json) => {
    expect(() => decodeSettlementInput(json)).toThrow();
  });
});
