import { isInFull, type StepInFull, type YearToDate } from '../../domain/person.ts';
import type { Words } from '../../domain/result.ts';
import type { TraceNode } from '../../domain/settlement-result.ts';
import type { EarlierParts } from '../../domain/visit.ts';
import { fen, type Fen } from '../../money/fen.ts';
import { formatFen } from '../../money/yuan-text.ts';
import type { CompiledPack } from '../compile/compiled-pack.ts';
import type { Decision } from '../decision.ts';
import { neverApplied } from '../facts/steps-before.ts';
import { addedByCounted, addedByOutcome } from '../rules/advance-year.ts';
import { explainBill } from './explain-bill.ts';
import { explainChoice } from './explain-choice.ts';
import { explainFirstPays } from './explain-first-pays.ts';
import { explainStep } from './explain-step.ts';
import { addsTo, node, yuanInputs } from './trace-node.ts';

/**
 * The explanation of a decision: from the bill to the last fen, in the order it was calculated. For every
 * amount of the result the `adds` of all nodes to its pointer come to it; the trace alone re-adds.
 */
export function explain(pack: CompiledPack, decision: Decision): readonly TraceNode[] {
  const nodes = [...explainBill(decision.bill), ...explainFirstPays(pack, decision.firstPays)];
  const { byStep } = decision.result.yearToDate;
  for (const [index, outcome] of decision.outcomes.entries()) {
    const year = byStep[outcome.step.id];
    const isOfFull = year !== undefined && isInFull(year);
    const [root, ...ofStep] = explainStep(pack, outcome, index, isOfFull);
    if (root !== undefined) nodes.push(root);
    for (const made of decision.choices) {
      if (made.step === outcome.step) nodes.push(explainChoice(pack, made));
    }
    nodes.push(...ofStep);
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
export function explainYear(decision: Decision): readonly TraceNode[] {
  const { facts, result } = decision;
  const opening = facts.year;
  const { yearToDate: after, totalFen, patientPaysFen, deductibleFen } = result;
  const opened = opening ?? noYear;
  const eligibleFen = fen(after.eligibleFen - opened.eligibleFen);
  const eligibleSelfPayFen = fen(after.eligibleSelfPayFen - opened.eligibleSelfPayFen);
  const openedSteps: [string, number][] = [];
  const addedSteps: [string, number][] = [];
  // What the visit adds to a step of which only the payments are known stands in no figure of the year.
  const unseen: Record<string, Fen> = {};
  const added = addedBySteps(decision, eligibleSelfPayFen);
  for (const step in after.byStep) {
    const figures = after.byStep[step];
    if (figures === undefined) continue;
    const pointer = `/yearToDate/byStep/${step}`;
    const own = added[step] ?? neverApplied;
    if (!isInFull(figures)) {
      // Where a payer gave the figures there is a share, though no step was run.
      const paidNow = result.shares.find((share) => share.step === step)?.amountFen ?? 0;
      openedSteps.push([pointer, figures.paidFen - paidNow]);
      for (const name of ofStep) {
        const amount = own[`${name}Fen`];
        if (amount !== 0) unseen[`${pointer}/${name}`] = amount;
      }
      continue;
    }
    openedSteps.push(
      [`${pointer}/base`, figures.baseFen - own.baseFen],
      [`${pointer}/deductible`, figures.deductibleFen - own.deductibleFen],
      [`${pointer}/paid`, figures.paidFen - own.paidFen],
      [`${pointer}/selfPay`, figures.selfPayFen - own.selfPayFen],
    );
    addedSteps.push(
      [`${pointer}/base`, own.baseFen],
      [`${pointer}/deductible`, own.deductibleFen],
      [`${pointer}/selfPay`, own.selfPayFen],
    );
  }
  const openedTotal = after.totalFen === undefined ? 0 : after.totalFen - totalFen;
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
        ['/yearToDate/total', openedTotal],
        ['/yearToDate/selfPay', opened.selfPayFen],
        ['/yearToDate/eligibleSelfPay', opened.eligibleSelfPayFen],
        ...Object.entries(opened.paidFen).map(
          ([payer, amount]) => [`/yearToDate/paid/${payer}`, amount] as const,
        ),
        ...openedSteps,
      ),
    }),
    node({
      id: 'year.this-visit',
      parent: 'year',
      rule: 'year-advances',
      text: { zh: '本次就诊计入年度累计', en: 'This visit is added to the year' },
      inputs: yuanInputs({ eligible: eligibleFen, selfPay: patientPaysFen, ...unseen }),
      adds: addsTo(
        ['/yearToDate/deductiblePaid', deductibleFen],
        ['/yearToDate/eligible', eligibleFen],
        ['/yearToDate/total', after.totalFen === undefined ? 0 : totalFen],
        ['/yearToDate/selfPay', patientPaysFen],
        ['/yearToDate/eligibleSelfPay', eligibleSelfPayFen],
        ...addedSteps,
      ),
    }),
    ...explainParts(result.earlierParts),
  ];
}

const noYear: Pick<
  YearToDate,
  'deductiblePaidFen' | 'eligibleFen' | 'selfPayFen' | 'eligibleSelfPayFen' | 'paidFen' | 'byStep'
> = {
  deductiblePaidFen: fen(0),
  eligibleFen: fen(0),
  selfPayFen: fen(0),
  eligibleSelfPayFen: fen(0),
  paidFen: {},
  byStep: {},
};

/** What the year knows of a step beside what it paid. */
const ofStep = ['base', 'deductible', 'selfPay'] as const;

/** What the visit adds to the year of each step, by its id. */
function addedBySteps(
  { outcomes, countedElsewhere, result }: Decision,
  eligibleSelfPayFen: Fen,
): Readonly<Record<string, StepInFull>> {
  const added: Record<string, StepInFull> = {};
  const ofVisit = { selfPayFen: result.patientPaysFen, eligibleSelfPayFen };
  for (const outcome of outcomes) added[outcome.step.id] = addedByOutcome(outcome, ofVisit);
  for (const counted of countedElsewhere) {
    added[counted.step.id] = addedByCounted(counted, ofVisit);
  }
  return added;
}

/** What is handed on where more of the stay is to be settled. */
function explainParts(parts: EarlierParts | undefined): readonly TraceNode[] {
  if (parts?.byStep === undefined) return [];
  const steps: [string, number][] = [];
  for (const step in parts.byStep) {
    const figures = parts.byStep[step];
    if (figures === undefined) continue;
    const pointer = `/earlierParts/byStep/${step}`;
    steps.push(
      [`${pointer}/base`, figures.baseFen],
      [`${pointer}/deductible`, figures.deductibleFen],
      [`${pointer}/paid`, figures.paidFen],
      [`${pointer}/selfPay`, figures.selfPayFen],
    );
  }
  return [
    node({
      id: 'parts',
      rule: 'parts-of-stay',
      text: {
        zh: `本次住院至今共结算 ${String(parts.parts)} 次`,
        en: `Settled so far of this stay: ${String(parts.parts)} part${parts.parts === 1 ? '' : 's'}`,
      },
      adds: addsTo(
        ['/earlierParts/total', parts.totalFen ?? 0],
        ['/earlierParts/eligible', parts.eligibleFen ?? 0],
        ['/earlierParts/deductiblePaid', parts.deductiblePaidFen],
        ['/earlierParts/patientPays', parts.patientPaysFen ?? 0],
        ['/earlierParts/hospitalBears', parts.hospitalBearsFen ?? 0],
        ...steps,
      ),
    }),
  ];
}
