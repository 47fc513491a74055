import { readFileSync } from 'node:fs';
import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import type { SettlementInput, YearToDate } from '../../shared/domain/person.ts';
import { hospitalLevels, type ChargeLine } from '../../shared/domain/visit.ts';
import { fen } from '../../shared/money/fen.ts';
import { multiplyQuantityByPrice } from '../../shared/money/multiply-quantity-by-price.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import { ownPacksFolder } from '../../electron/policy-packs/load-packs.ts';

const goldenFile = `${ownPacksFolder()}/pingjiang-2017/1.0.0/cases/colon-cancer-17-days.json`;

/** The text of the golden visit, 85 charge lines, as a hospital would send it. */
export const goldenText = readFileSync(goldenFile, 'utf8');

/** Reads a visit as the program does; throws where it would be refused. */
export function readVisit(json: string): SettlementInput {
  const reading = settlementInputFromVisitJson(JSON.parse(json));
  if (!reading.ok) throw new Error(reading.refusal.message.en);
  return reading.value.input;
}

export const goldenVisit = readVisit(goldenText);

const ownLines = chargesOf(goldenVisit).filter(({ refundsLine }) => refundsLine === undefined);

/** The golden visit without its refund, with so many lines, evenly from all of its bill. */
export function withLines(count: number): SettlementInput {
  const charges = Array.from({ length: count }, (_none, index) => {
    const from = Math.floor((index * ownLines.length) / Math.min(count, 60)) % ownLines.length;
    return { ...lineAt(from), line: index + 1 };
  });
  return withCharges(goldenVisit, charges);
}

/** Chance that is the same in every run: numbers from 0 to below 1 (mulberry32). */
export function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const among = <Value>(chance: () => number, values: readonly [Value, ...Value[]]): Value =>
  values[Math.floor(chance() * values.length)] ?? values[0];

const diseases = ['C18.900', 'C16.000', 'J18.900', 'C91.000', 'N18.000', 'I63.900'] as const;
const categories = ['registered-poor', 'extremely-poor', 'subsistence-allowance'] as const;

/** A bill of the kinds of lines the golden one has, with other quantities and prices. */
export function randomCharges(chance: () => number, count: number): readonly ChargeLine[] {
  // Most bills are small; one in twenty passes the deductible of the critical-illness insurance.
  const dear = chance() < 0.05 ? 40 : 1;
  return Array.from({ length: count }, (_none, index) => {
    const line = lineAt(Math.floor(chance() * ownLines.length));
    const quantity = String(1 + Math.floor(chance() * 20));
    const price = fen(1 + Math.floor(chance() ** 3 * 30_000 * dear));
    const ceiling = fen(Math.ceil(price * (0.5 + chance())));
    const unitPrice = yuanTextFromFen(price);
    return {
      ...line,
      line: index + 1,
      quantity,
      unitPrice,
      priceCeiling: line.priceCeiling === null ? null : yuanTextFromFen(ceiling),
      amountFen: multiplyQuantityByPrice(quantity, unitPrice),
    };
  });
}

/** A stay with a bill, of some person at some hospital; `yearToDate` as given. */
export function randomVisit(
  chance: () => number,
  charges: readonly ChargeLine[],
  yearToDate: YearToDate | null,
): SettlementInput {
  const { visit, person } = withCharges(goldenVisit, charges);
  const diagnosis = { code: among(chance, diseases), name: '诊断', principal: true };
  return {
    visit: {
      ...visit,
      hospital: { ...visit.hospital, level: among(chance, hospitalLevels) },
      diagnoses: [diagnosis],
      referral: null,
    },
    person: {
      ...person,
      birthDate: `${1930 + Math.floor(chance() * 88)}-01-01`,
      categories: [{ name: among(chance, categories) }],
    },
    yearToDate,
  };
}

function withCharges(input: SettlementInput, charges: readonly ChargeLine[]): SettlementInput {
  return { ...input, visit: { ...input.visit, bill: { kind: 'charges', charges } } };
}

function chargesOf({ visit }: SettlementInput): readonly ChargeLine[] {
  if (visit.bill.kind !== 'charges') throw new Error('the golden visit has no charge lines');
  return visit.bill.charges;
}

function lineAt(index: number): ChargeLine {
  const line = ownLines[index];
  if (line === undefined) throw new Error('the golden visit has no charge lines');
  return line;
}
