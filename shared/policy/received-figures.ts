import type { SettlementInput } from '../domain/person.ts';
import { accepted, refused, type Refusal, type Result } from '../domain/result.ts';
import type { SettlementResult, TraceNode } from '../domain/settlement-result.ts';
import { payerNames } from '../domain/value-names.ts';
import type { PayerFigures } from '../domain/visit.ts';
import { fen, sumFen, type Fen } from '../money/fen.ts';
import { formatFen, yuanTextFromFen } from '../money/yuan-text.ts';
import { ratioTenThousandths } from './decide.ts';
import { explainBill } from './explain/explain-bill.ts';
import { policyRefusal } from './policy-refusals.ts';
import { splitBill } from './rules/split-bill.ts';
import { adds, node, takes } from './explain/trace-node.ts';
import { explainYear } from './explain/explain.ts';
import { advanceYear, noSteps } from './rules/advance-year.ts';
import { factsOf } from './facts/visit-facts.ts';

/** The pack a result names whose amounts a payer stated and nobody here calculated. */
export const receivedPack = {
  id: 'as-received',
  version: '1.0.0',
  decidingDay: 'discharge',
  year: 'discharge',
} as const;

/** Why figures received cannot stand. */
export type ReceivedCode =
  'received-figures-differ' | 'received-share-above-bill' | 'received-amount-negative';

/**
 * The settlement of a person no pack covers, by the figures his payer has stated: entered as received and
 * labelled so, nothing calculated again. Refuses figures that cannot stand, with the exact difference.
 */
export function decideAsReceived(
  input: SettlementInput,
  figures: PayerFigures,
): Result<SettlementResult, ReceivedCode> {
  const bill = splitBill(input.visit.bill);
  const refusal = checkReceived(bill.totalFen, figures);
  if (refusal !== null) return refused(refusal);
  const facts = factsOf(receivedPack, input);
  const { patientPaysFen, shares } = figures;
  const paidFen = sumFen(shares.map(({ amountFen }) => amountFen));
  // The payer does not say which part it paid: the patient's is counted within the catalogue first.
  const withinFen = fen(Math.min(patientPaysFen, bill.eligibleFen + bill.firstSelfPayFen));
  const eligibleSelfPayFen = fen(Math.min(withinFen, bill.eligibleFen));
  const { depositFen } = input.visit;
  const result: SettlementResult = {
    pack: receivedPack.id,
    packVersion: receivedPack.version,
    visitId: input.visit.id,
    totalFen: bill.totalFen,
    eligibleFen: bill.eligibleFen,
    excluded: {
      classCFen: bill.classCFen,
      classBFirstSelfPayFen: bill.firstSelfPayFen,
      aboveCeilingFen: bill.aboveCeilingFen,
    },
    shares: shares.map(({ payer, amountFen }) => ({
      step: payer,
      payer,
      destination: payer,
      name: payerNames[payer] ?? { zh: payer, en: payer },
      amountFen,
      assumed: false,
    })),
    patientPaysFen,
    patientPart: {
      withinCatalogueFen: withinFen,
      outsideCatalogueFen: fen(patientPaysFen - withinFen),
    },
    hospitalBearsFen: fen(0),
    deductibleFen: fen(0),
    ratios: {
      actual: ratioTenThousandths(paidFen, bill.totalFen),
      inScope: ratioTenThousandths(bill.eligibleFen - eligibleSelfPayFen, bill.eligibleFen),
    },
    due: {
      depositFen,
      toCollectFen: fen(Math.max(0, patientPaysFen - depositFen)),
      toRefundFen: fen(Math.max(0, depositFen - patientPaysFen)),
    },
    yearToDate: withPaid(
      advanceYear(
        receivedPack,
        facts,
        noSteps,
        {
          totalFen: bill.totalFen,
          deductiblePaidFen: fen(0),
          eligibleFen: bill.eligibleFen,
          selfPayFen: patientPaysFen,
          eligibleSelfPayFen,
        },
        [],
      ),
      figures,
    ),
    trace: [],
    warnings: [],
  };
  const decision = { input, facts, bill, ...noSteps, firstPays: [], choices: [], result };
  const trace = [
    ...explainBill(bill),
    ...explainReceived(result, figures),
    ...explainYear(decision),
  ];
  return accepted({ ...result, trace });
}

/** Why figures received from a payer cannot stand; null if they add up to the bill. */
export function checkReceived(
  totalFen: Fen,
  { from, shares, patientPaysFen }: PayerFigures,
): Refusal<ReceivedCode> | null {
  const below = [...shares, { payer: 'patient', amountFen: patientPaysFen }].find(
    ({ amountFen }) => amountFen < 0,
  );
  if (below !== undefined) {
    const amount = yuanTextFromFen(below.amountFen);
    return policyRefusal('received-amount-negative', { from, payer: below.payer, amount });
  }
  const above = shares.find(({ amountFen }) => amountFen > totalFen);
  if (above !== undefined) {
    const over = yuanTextFromFen(fen(above.amountFen - totalFen));
    return policyRefusal('received-share-above-bill', { from, payer: above.payer, over });
  }
  const sumOf = sumFen([...shares.map(({ amountFen }) => amountFen), patientPaysFen]);
  const differenceFen = fen(sumOf - totalFen);
  if (differenceFen === 0) return null;
  const difference = yuanTextFromFen(differenceFen);
  const more = differenceFen > 0;
  const amount = yuanTextFromFen(fen(Math.abs(differenceFen)));
  return policyRefusal('received-figures-differ', { from, more, amount, difference });
}

function withPaid(
  year: SettlementResult['yearToDate'],
  { shares }: PayerFigures,
): SettlementResult['yearToDate'] {
  const paidFen = { ...year.paidFen };
  const byStep = { ...year.byStep };
  for (const { payer, amountFen } of shares) {
    paidFen[payer] = fen((paidFen[payer] ?? 0) + amountFen);
    byStep[payer] = { paidFen: fen((byStep[payer]?.paidFen ?? 0) + amountFen) };
  }
  return { ...year, paidFen, byStep };
}

function explainReceived(
  { shares, patientPaysFen, patientPart, totalFen, due }: SettlementResult,
  { from, receivedOn }: PayerFigures,
): readonly TraceNode[] {
  const words = (zh: string, en: string) => ({
    zh: `${zh}（${from} ${receivedOn} 给出，未经本程序计算）`,
    en: `${en} (stated by ${from} on ${receivedOn}, not reckoned here)`,
  });
  return [
    ...shares.flatMap(({ step, payer, amountFen }, index) => [
      node({
        id: `${step}.pays`,
        step,
        rule: 'as-received',
        text: words(`支付 ${formatFen(amountFen)}`, `Pays ${formatFen(amountFen)}`),
        source: { document: from, article: receivedOn },
        adds: [
          ...adds(`/shares/${String(index)}/amount`, amountFen),
          ...takes('/patientPays', amountFen),
          ...adds(`/yearToDate/paid/${payer}`, amountFen),
          ...adds(`/yearToDate/byStep/${step}`, amountFen),
        ],
      }),
    ]),
    node({
      id: 'patient',
      rule: 'as-received',
      text: words(
        `个人负担 ${formatFen(patientPaysFen)}`,
        `The patient pays ${formatFen(patientPaysFen)}`,
      ),
      adds: [
        ...adds('/patientPays', totalFen),
        ...adds('/patientPart/withinCatalogue', patientPart.withinCatalogueFen),
        ...adds('/patientPart/outsideCatalogue', patientPart.outsideCatalogueFen),
        ...adds('/due/deposit', due.depositFen),
        ...adds('/due/toCollect', due.toCollectFen),
        ...adds('/due/toRefund', due.toRefundFen),
      ],
    }),
  ];
}
