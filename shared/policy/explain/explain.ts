import { isInFull, type StepInFull, type YearToDate } from '../../domain/person.ts';
import type { Words } from '../../domain/result.ts';
import type { TraceNode } from '../../domain/settlement-result.ts';
import type { EarlierParts } from '../../domain/visit.ts';
import { fen, type Fen } from '../../money/fen.ts';
import { formatFen, yuanTextFromFen } from '../../money/yuan-text.ts';
import { stepPointers, type StepPointers } from '../compile/step-pointers.ts';
import type { Decision } from '../decision.ts';
import { neverApplied } from '../facts/steps-before.ts';
import { addedByCounted, addedByOutcome } from '../rules/advance-year.ts';
import { explainBill } from './explain-bill.ts';
import { explainFirstPays } from './explain-first-pays.ts';
import { explainStep } from './explain-step.ts';
import { add, addsTo, node, type Added } from './trace-node.ts';

/**
 * The explanation of a decision: from the bill to the last fen, in the order it was calculated. For every
 * amount of the result the `adds` of all nodes to its pointer come to it; the trace alone re-adds.
 */
export function explain(decision: Decision): readonly TraceNode[] {
  const nodes = explainBill(decision.bill);
  nodes.push(...explainFirstPays(decision.firstPays));
  const { choices, outcomes, result } = decision;
  for (let index = 0; index < outcomes.length; index += 1) {
    const outcome = outcomes[index];
    const share = result.shares[index];
    if (outcome === undefined || share === undefined) throw new Error('a step without its share');
    const year = result.yearToDate.byStep[outcome.step.id];
    const isYearInFull = year !== undefined && isInFull(year);
    explainStep(nodes, outcome, share, index, { isYearInFull, choices });
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
      inputs: {
        withinCatalogue: yuanTextFromFen(result.patientPart.withinCatalogueFen),
        outsideCatalogue: yuanTextFromFen(result.patientPart.outsideCatalogueFen),
      },
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
      inputs: {
        patientPays: yuanTextFromFen(result.patientPaysFen),
        deposit: yuanTextFromFen(depositFen),
      },
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
  const ofSteps = addedBySteps(decision, eligibleSelfPayFen);
  const before: Added[] = [];
  add(before, '/yearToDate/deductiblePaid', opened.deductiblePaidFen);
  add(before, '/yearToDate/eligible', opened.eligibleFen);
  if (after.totalFen !== undefined) add(before, '/yearToDate/total', after.totalFen - totalFen);
  add(before, '/yearToDate/selfPay', opened.selfPayFen);
  add(before, '/yearToDate/eligibleSelfPay', opened.eligibleSelfPayFen);
  for (const payer in opened.paidFen) {
    add(before, `/yearToDate/paid/${payer}`, opened.paidFen[payer] ?? 0);
  }
  const added: Added[] = [];
  add(added, '/yearToDate/deductiblePaid', deductibleFen);
  add(added, '/yearToDate/eligible', eligibleFen);
  if (after.totalFen !== undefined) add(added, '/yearToDate/total', totalFen);
  add(added, '/yearToDate/selfPay', patientPaysFen);
  add(added, '/yearToDate/eligibleSelfPay', eligibleSelfPayFen);
  const inputs: Record<string, string> = {
    eligible: yuanTextFromFen(eligibleFen),
    selfPay: yuanTextFromFen(patientPaysFen),
  };
  for (const step in after.byStep) {
    const figures = after.byStep[step];
    if (figures === undefined) continue;
    const own = ofSteps.get(step);
    const now = own?.added ?? neverApplied;
    const { year: at } = own?.pointers ?? stepPointers(step, '');
    if (isInFull(figures)) {
      add(before, at.base, figures.baseFen - now.baseFen);
      add(before, at.deductible, figures.deductibleFen - now.deductibleFen);
      add(before, at.paid, figures.paidFen - now.paidFen);
      add(before, at.selfPay, figures.selfPayFen - now.selfPayFen);
      add(added, at.base, now.baseFen);
      add(added, at.deductible, now.deductibleFen);
      add(added, at.selfPay, now.selfPayFen);
      continue;
    }
    // Where a payer gave the figures there is a share, though no step was run.
    const paidNow = result.shares.find((share) => share.step === step)?.amountFen ?? 0;
    add(before, at.whole, figures.paidFen - paidNow);
    // What the visit adds to a step of which only the payments are known stands in no figure of the year.
    if (now.baseFen !== 0) inputs[at.base] = yuanTextFromFen(now.baseFen);
    if (now.deductibleFen !== 0) inputs[at.deductible] = yuanTextFromFen(now.deductibleFen);
    if (now.selfPayFen !== 0) inputs[at.selfPay] = yuanTextFromFen(now.selfPayFen);
  }
  const nodes = [
    node({
      id: 'year',
      rule: 'year-opening',
      text: openingWords(after.year, opening),
      inputs: { year: after.year, asOf: opening?.asOf ?? null, known: opening !== null },
      adds: before,
    }),
    node({
      id: 'year.this-visit',
      parent: 'year',
      rule: 'year-advances',
      text: thisVisitWords,
      inputs,
      adds: added,
    }),
  ];
  if (result.earlierParts?.byStep !== undefined) {
    nodes.push(explainParts(result.earlierParts, result.earlierParts.byStep, ofSteps));
  }
  return nodes;
}

function openingWords(year: number, opening: YearToDate | null): Words {
  return opening === null
    ? {
        zh: `${String(year)} 年度累计：没有数据，从零开始`,
        en: `Year ${String(year)}: nothing known, from zero`,
      }
    : {
        zh: `${String(year)} 年度累计（截至 ${opening.asOf}）`,
        en: `Year ${String(year)} to date, as of ${opening.asOf}`,
      };
}

const thisVisitWords: Words = {
  zh: '本次就诊计入年度累计',
  en: 'This visit is added to the year',
};

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

/** What the visit adds to the year of a step, and where the result has it. */
type AddedByStep = { readonly added: StepInFull; readonly pointers: StepPointers };

/** What the visit adds to the year of each step, by its id. */
function addedBySteps(
  { outcomes, countedElsewhere, result }: Decision,
  eligibleSelfPayFen: Fen,
): ReadonlyMap<string, AddedByStep> {
  const all = new Map<string, AddedByStep>();
  const ofVisit = { selfPayFen: result.patientPaysFen, eligibleSelfPayFen };
  for (const outcome of outcomes) {
    const { id, pointers } = outcome.step;
    all.set(id, { added: addedByOutcome(outcome, ofVisit), pointers });
  }
  for (const counted of countedElsewhere) {
    const { id, pointers } = counted.step;
    all.set(id, { added: addedByCounted(counted, ofVisit), pointers });
  }
  return all;
}

/** What is handed on where more of the stay is to be settled. */
function explainParts(
  parts: EarlierParts,
  byStep: NonNullable<EarlierParts['byStep']>,
  ofSteps: ReadonlyMap<string, AddedByStep>,
): TraceNode {
  const added: Added[] = [];
  add(added, '/earlierParts/total', parts.totalFen ?? 0);
  add(added, '/earlierParts/eligible', parts.eligibleFen ?? 0);
  add(added, '/earlierParts/deductiblePaid', parts.deductiblePaidFen);
  add(added, '/earlierParts/patientPays', parts.patientPaysFen ?? 0);
  add(added, '/earlierParts/hospitalBears', parts.hospitalBearsFen ?? 0);
  for (const step in byStep) {
    const figures = byStep[step];
    if (figures === undefined) continue;
    const { parts: at } = ofSteps.get(step)?.pointers ?? stepPointers(step, '');
    add(added, at.base, figures.baseFen);
    add(added, at.deductible, figures.deductibleFen);
    add(added, at.paid, figures.paidFen);
    add(added, at.selfPay, figures.selfPayFen);
  }
  return node({
    id: 'parts',
    rule: 'parts-of-stay',
    text: {
      zh: `本次住院至今共结算 ${String(parts.parts)} 次`,
      en: `Settled so far of this stay: ${String(parts.parts)} part${parts.parts === 1 ? '' : 's'}`,
    },
    adds: added,
  });
}
