import { decodeYearToDate } from '../../shared/contracts/stored-visit.ts';
import { fenFromYuanText } from '../../shared/money/yuan-text.ts';
import { resultDocument } from '../database/stored-documents/result-document.ts';
import { settlementInputDocument } from '../database/stored-documents/settlement-input-document.ts';
import { readStored, upcastStored } from '../database/stored-documents/stored-kind.ts';
import { yearOpeningDocument } from '../database/stored-documents/year-opening-document.ts';
import type { OpeningToVerify, SettlementToVerify } from '../database/verification-repository.ts';
import { addedToSteps, counterChanges, countersOfYear } from '../database/year-counters.ts';

/** What of a settlement's stored texts does not agree with itself or with the rows beside it. */
export function problemsOfSettlement(settlement: SettlementToVerify): readonly string[] {
  const result = upcastStored(resultDocument, {
    id: settlement.id,
    version: settlement.result_version,
    text: settlement.result_json,
  });
  const problems = [...problemsOfTrace(result)];
  const amounts = new Map<string, number>();
  collectAmounts(figuresOf(result), '', amounts);
  const at = (pointer: string): number => amounts.get(pointer) ?? 0;
  const expectEqual = (what: string, stated: number, expected: number): void => {
    if (stated !== expected) {
      problems.push(`${what}: ${String(stated)} fen instead of ${String(expected)}`);
    }
  };
  const { shares } = settlement;
  const sharesFen = shares.reduce((sum, { amount_fen: amount }) => sum + amount, 0);
  expectEqual('total', at('/total'), settlement.total_fen);
  expectEqual('patient pays', at('/patientPays'), settlement.patient_pays_fen);
  expectEqual('hospital bears', at('/hospitalBears'), settlement.hospital_bears_fen);
  expectEqual('deposit', at('/due/deposit'), settlement.deposit_fen);
  expectEqual(
    'total as shares, patient and hospital',
    at('/total'),
    sharesFen + at('/patientPays') + at('/hospitalBears'),
  );
  expectEqual(
    'total as in scope and excluded',
    at('/total'),
    at('/eligible') + sumBelow(amounts, '/excluded/'),
  );
  expectEqual('parts of the patient', sumBelow(amounts, '/patientPart/'), at('/patientPays'));
  expectEqual(
    'what is due',
    at('/due/toCollect') - at('/due/toRefund'),
    at('/patientPays') - at('/due/deposit'),
  );
  problems.push(...problemsOfShares(result, shares));
  problems.push(...problemsOfChanges(settlement, result));
  return problems;
}

/** What of a year's opening is not what was taken in. */
export function problemsOfOpening(opening: OpeningToVerify): readonly string[] {
  const year = readStored(yearOpeningDocument, {
    id: `${opening.person_id} ${String(opening.year)}`,
    version: opening.opening_version,
    text: opening.opening_json,
  });
  const expected = countersOfYear(year);
  const kept = opening.counters;
  const counters = new Set([...Object.keys(expected), ...Object.keys(kept)]);
  return [...counters]
    .filter((counter) => (kept[counter] ?? 0) !== (expected[counter] ?? 0))
    .map((counter) => `the opening of ${counter} is not what was taken in`);
}

/** Every amount of a result is what its explanation adds to it, and no more. */
function problemsOfTrace(result: unknown): readonly string[] {
  const stated = new Map<string, number>();
  collectAmounts(figuresOf(result), '', stated);
  const added = new Map<string, number>();
  for (const node of listOf(recordOf(result)['trace'])) {
    for (const addition of listOf(recordOf(node)['adds'])) {
      const { to, amount } = recordOf(addition);
      const pointer = String(to);
      added.set(pointer, (added.get(pointer) ?? 0) + fenFromYuanText(String(amount)));
    }
  }
  const pointers = new Set([...stated.keys(), ...added.keys()]);
  return [...pointers]
    .filter((pointer) => (stated.get(pointer) ?? Number.NaN) !== (added.get(pointer) ?? 0))
    .map((pointer) => `the explanation does not re-add to ${pointer}`);
}

function problemsOfShares(result: unknown, rows: SettlementToVerify['shares']): readonly string[] {
  const stated = listOf(recordOf(result)['shares']).map((share) => {
    const { step, payer, destination, amount } = recordOf(share);
    return [step, payer, destination ?? payer, fenFromYuanText(String(amount))];
  });
  const kept = rows.map((row) => [row.step, row.payer, row.destination, row.amount_fen]);
  return JSON.stringify(stated) === JSON.stringify(kept)
    ? []
    : ['the shares in the books are not those of the result'];
}

/** What the counters were changed by is the year after less the year before. */
function problemsOfChanges(settlement: SettlementToVerify, result: unknown): readonly string[] {
  const { id, input_json: text, input_version: version } = settlement;
  const input = recordOf(upcastStored(settlementInputDocument, { id, version, text }));
  const before = input['yearToDate'] ?? null;
  const { hospital, kind } = recordOf(input['visit']);
  const after = decodeYearToDate(recordOf(result)['yearToDate']);
  const level = String(recordOf(hospital)['level']);
  // Programs before a step's year was kept in full counted every visit at its level, and marked the steps later.
  const isOld = settlement.result_version < 2;
  const isSeen = kind === 'inpatient' && after.levels.some((seen) => seen === level);
  const decodedBefore = before === null ? null : decodeYearToDate(before);
  const expected = counterChanges(decodedBefore, after, {
    level,
    isStay: isOld || isSeen,
  });
  // What was reckoned of the time before is the opening's where there is one, and was the visit's before.
  const own = { ...expected, ...addedToSteps(decodedBefore, after, traceOf(result)) };
  const kept = settlement.changes;
  const counters = new Set([...Object.keys(expected), ...Object.keys(own), ...Object.keys(kept)]);
  return [...counters]
    .filter((counter) => !isOld || !counter.startsWith('step-paid-only:'))
    .filter((counter) =>
      [expected, own].every((changes) => (kept[counter] ?? 0) !== (changes[counter] ?? 0)),
    )
    .map((counter) => `the counter ${counter} was changed by ${String(kept[counter] ?? 0)}`);
}

/** What the explanation adds, in fen; what is given as text stays so. */
function traceOf(result: unknown): Parameters<typeof addedToSteps>[2] {
  return listOf(recordOf(result)['trace']).map((node) => {
    const { id, inputs, adds } = recordOf(node);
    return {
      id: String(id),
      inputs: recordOf(inputs),
      adds: listOf(adds).map((addition) => {
        const { to, amount } = recordOf(addition);
        return { to: String(to), amountFen: fenFromYuanText(String(amount)) };
      }),
    };
  });
}

/** The result without what holds no amounts of its own. */
function figuresOf(result: unknown): unknown {
  const { trace, warnings, ratios, shares, ...figures } = recordOf(result);
  if (!Array.isArray(trace) || !Array.isArray(warnings) || ratios === undefined) {
    throw new Error('a stored result without its explanation');
  }
  // A name may look like an amount: of a share only its amount is one.
  return {
    ...figures,
    shares: listOf(shares).map((share) => ({ amount: recordOf(share)['amount'] })),
  };
}

function collectAmounts(value: unknown, pointer: string, into: Map<string, number>): void {
  if (typeof value === 'string') {
    if (/^-?\d+\.\d\d$/.test(value)) into.set(pointer, fenFromYuanText(value));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) collectAmounts(part, `${pointer}/${key}`, into);
}

function sumBelow(amounts: ReadonlyMap<string, number>, prefix: string): number {
  let sum = 0;
  for (const [pointer, amount] of amounts) if (pointer.startsWith(prefix)) sum += amount;
  return sum;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('a stored text lost its shape');
  return value as Readonly<Record<string, unknown>>;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('a stored text lost its shape');
  return value;
}
