import { refused, accepted, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { formatFen } from '../../shared/money/yuan-text.ts';
import { fen } from '../../shared/money/fen.ts';
import type { DocumentFacts } from './document-facts.ts';

type Sum = { readonly name: string; readonly stated: number; readonly reckoned: number };

/**
 * No sheet leaves that does not add up: shares, the patient's part and what the hospital bears come to the
 * total; so do the in-scope cost and what is excluded; the patient's part is its two halves; deposit and
 * tenders settle it; and every share is what its explanation says. Refused as `document-does-not-foot`.
 */
export function checkFooting({ result, tenders }: DocumentFacts): Result<null> {
  const wrong = sumsOf(result, tenders).filter(({ stated, reckoned }) => stated !== reckoned);
  if (wrong.length === 0) return accepted(null);
  return refused({
    code: 'document-does-not-foot',
    message: {
      zh: '存档的金额加不平，没有打印单据；结算本身没有改动。',
      en: 'The stored amounts do not add up; no sheet was made. The settlement itself was not changed.',
    },
    remedy: {
      zh: '请不要交给病人任何手写的数字，立即联系信息科核对该结算。',
      en: 'Hand out no figures written by hand; have the IT clerk check this settlement now.',
    },
    details: wrong.map(
      ({ name, stated, reckoned }) =>
        `${name}: ${formatFen(fen(stated))} ≠ ${formatFen(fen(reckoned))}`,
    ),
  });
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
