import { refused, accepted, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { formatFen } from '../../shared/money/yuan-text.ts';
import { fen } from '../../shared/money/fen.ts';
import type { DocumentFacts } from './document-facts.ts';
import { documentRefusal } from './document-refusals.ts';

type Sum = { readonly name: string; readonly stated: number; readonly reckoned: number };

/**
 * No sheet leaves that does not add up: shares, the patient's part and what the hospital bears come to the
 * total; so do the in-scope cost and what is excluded; the patient's part is its two halves; deposit and
 * tenders settle it; and every share is what its explanation says.
 */
export function checkFooting({
  result,
  tenders,
}: DocumentFacts): Result<null, 'document-does-not-foot'> {
  const wrong = sumsOf(result, tenders).filter(({ stated, reckoned }) => stated !== reckoned);
  if (wrong.length === 0) return accepted(null);
  const differences = wrong.map(
    ({ name, stated, reckoned }) =>
      `${name}: ${formatFen(fen(stated))} ≠ ${formatFen(fen(reckoned))}`,
  );
  return refused(documentRefusal('document-does-not-foot', { of: 'whole', wrong: differences }));
}

function sumsOf(result: SettlementResult, tenders: DocumentFacts['tenders']): readonly Sum[] {
  const { excluded, patientPart, due } = result;
  const shares = sum(result.shares.map(({ amountFen }) => amountFen));
  return [
    {
      name: 'total of shares, patient and hospital',
      stated: result.totalFen,
      reckoned: shares + result.patientPaysFen + result.hospitalBearsFen,
    },
    {
      name: 'total of in-scope and excluded',
      stated: result.totalFen,
      reckoned:
        result.eligibleFen +
        excluded.classCFen +
        excluded.classBFirstSelfPayFen +
        excluded.aboveCeilingFen,
    },
    {
      name: 'patient within and outside the catalogue',
      stated: result.patientPaysFen,
      reckoned: patientPart.withinCatalogueFen + patientPart.outsideCatalogueFen,
    },
    {
      name: 'deposit, to collect and to refund',
      stated: result.patientPaysFen,
      reckoned: due.depositFen + due.toCollectFen - due.toRefundFen,
    },
    {
      name: 'tenders',
      stated: due.toCollectFen - due.toRefundFen,
      reckoned: sum(tenders.map(({ amountFen }) => amountFen)),
    },
    ...result.shares.map(({ step, amountFen }, index) => ({
      name: `explanation of ${step}`,
      stated: amountFen,
      reckoned: explained(result, `/shares/${String(index)}/amount`),
    })),
  ];
}

/** What the trace adds up to for one amount of the result. */
export function explained({ trace }: SettlementResult, pointer: string): number {
  return sum(
    trace.flatMap(({ adds }) =>
      adds.filter(({ to }) => to === pointer).map(({ amountFen }) => amountFen),
    ),
  );
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
