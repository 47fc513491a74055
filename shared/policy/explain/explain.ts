import type { Words } from '../../domain/result.ts';
import type { TraceNode } from '../../domain/settlement-result.ts';
import { fen } from '../../money/fen.ts';
import { formatFen } from '../../money/yuan-text.ts';
import type { CompiledPack } from '../compile/compiled-pack.ts';
import type { Decision } from '../decision.ts';
import { explainBill } from './explain-bill.ts';
import { explainFirstPays } from './explain-first-pays.ts';
import { explainStep } from './explain-step.ts';
import { addsTo, node, yuanInputs } from './trace-node.ts';

/**
 * The explanation of a decision: from the bill to the last fen, in the order it was calculated. For every
 * amount of the result the `adds` of all nodes to its pointer come to it; the trace alone re-adds.
 */
export function explain(pack: CompiledPack, decision: Decision): readonly TraceNode[] {
  const nodes = [...explainBill(decision.bill), ...explainFirstPays(pack, decision.firstPays)];
  for (const [index, outcome] of decision.outcomes.entries()) {
    nodes.push(...explainStep(pack, outcome, index));
  }
  nodes.push(...explainPatient(decision), ...explainYear(decision));
  return nodes;
}

/** What is left for the patient and at the desk. The steps have taken their shares from it already. */
export function explainPatient({ bill, result }: Decision): readonly TraceNode[] {
  const { depositFen, toCollectFen, toRefundFen } = result.due;
  const withinFen = bill.eligibleFen + bill.firstSelfPayFen;
  const outsideFen = bill.classCFen + bill.aboveCeilingFen;
  return [
    node({
      id: 'patient',
      rule: 'patient-pays-the-rest',
      text: {
        zh: `各方支付后由个人承担 ${formatFen(result.patientPaysFen)}`,
        en: `After all payers ${formatFen(result.patientPaysFen)} is left for the patient`,
      },
      inputs: yuanInputs({
        withinCatalogue: result.patientPart.withinCatalogueFen,
        outsideCatalogue: result.patientPart.outsideCatalogueFen,
      }),
      adds: addsTo(
        ['/patientPays', bill.totalFen],
        ['/patientPart/withinCatalogue', withinFen],
        ['/patientPart/outsideCatalogue', outsideFen],
      ),
    }),
    node({
      id: 'patient.due',
      parent: 'patient',
      rule: 'deposit-against-due',
      text: dueWords(result),
      formula: `${formatFen(result.patientPaysFen)} − ${formatFen(depositFen)}`,
      inputs: yuanInputs({ patientPays: result.patientPaysFen, deposit: depositFen }),
      adds: addsTo(
        ['/due/deposit', depositFen],
        ['/due/toCollect', toCollectFen],
        ['/due/toRefund', toRefundFen],
      ),
    }),
  ];
}

function dueWords({ due }: Decision['result']): Words {
  if (due.toRefundFen > 0) {
    const amount = formatFen(due.toRefundFen);
    return {
      zh: `预交金多出，应退 ${amount}`,
      en: `The deposit is more than due: ${amount} to refund`,
    };
  }
  const amount = formatFen(due.toCollectFen);
  return { zh: `减去预交金，应补 ${amount}`, en: `Less the deposit, ${amount} to collect` };
}

/** The year before the visit and what the visit adds to it; payers' parts are added by their steps. */
export function explainYear({ facts, result }: Decision): readonly TraceNode[] {
  const opening = facts.year;
  const { yearToDate: after, patientPaysFen, deductibleFen } = result;
  const opened = opening ?? {
    deductiblePaidFen: 0,
    eligibleFen: 0,
    selfPayFen: 0,
    eligibleSelfPayFen: 0,
    paidFen: {},
    byStepFen: {},
  };
  const eligibleFen = fen(after.eligibleFen - opened.eligibleFen);
  return [
    node({
      id: 'year',
      rule: 'year-opening',
      text:
        opening === null
          ? {
              zh: `${String(after.year)} 年度累计：没有数据，从零开始`,
              en: `Year ${String(after.year)}: nothing known, from zero`,
            }
          : {
              zh: `${String(after.year)} 年度累计（截至 ${opening.asOf}）`,
              en: `Year ${String(after.year)} to date, as of ${opening.asOf}`,
            },
      inputs: { year: after.year, asOf: opening?.asOf ?? null, known: opening !== null },
      adds: addsTo(
        ['/yearToDate/deductiblePaid', opened.deductiblePaidFen],
        ['/yearToDate/eligible', opened.eligibleFen],
        ['/yearToDate/selfPay', opened.selfPayFen],
        ['/yearToDate/eligibleSelfPay', opened.eligibleSelfPayFen],
        ...Object.entries(opened.paidFen).map(
          ([payer, amount]) => [`/yearToDate/paid/${payer}`, amount] as const,
        ),
        ...Object.entries(opened.byStepFen).map(
          ([step, amount]) => [`/yearToDate/byStep/${step}`, amount] as const,
        ),
      ),
    }),
    node({
      id: 'year.this-visit',
      parent: 'year',
      rule: 'year-advances',
      text: { zh: '本次就诊计入年度累计', en: 'This visit is added to the year' },
      inputs: yuanInputs({ eligible: eligibleFen, selfPay: patientPaysFen }),
      adds: addsTo(
        ['/yearToDate/deductiblePaid', deductibleFen],
        ['/yearToDate/eligible', eligibleFen],
        ['/yearToDate/selfPay', patientPaysFen],
        ['/yearToDate/eligibleSelfPay', after.eligibleSelfPayFen - opened.eligibleSelfPayFen],
      ),
    }),
  ];
}
