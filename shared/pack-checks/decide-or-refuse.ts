import { isInFull, type SettlementInput, type YearToDate } from '../domain/person.ts';
import { accepted, refused, type Refusal, type Result } from '../domain/result.ts';
import { knownPayers, type SettlementResult } from '../domain/settlement-result.ts';
import { fen } from '../money/fen.ts';
import { contradictionAt } from '../contracts/visit-json-problems.ts';
import { formatFen } from '../money/yuan-text.ts';
import { CannotDecide, type CannotDecideCode } from '../policy/cannot-decide.ts';
import type { CompiledPack } from '../policy/compile/compiled-pack.ts';
import { decide } from '../policy/decide.ts';
import { policyRefusal } from '../policy/policy-refusals.ts';

export type NotDecidedCode = CannotDecideCode | 'year-contradicts-itself';

/**
 * `decide`, or why the pack cannot decide the visit. `packs` are all packs there are: a year may name steps and
 * payers of any of them. `checksYear`: whether the year is what somebody else stated; our own is never doubted here.
 */
export function decideOrRefuse(
  pack: CompiledPack,
  input: SettlementInput,
  { packs, checksYear }: { readonly packs: readonly CompiledPack[]; readonly checksYear: boolean },
): Result<SettlementResult, NotDecidedCode> {
  if (checksYear && input.yearToDate !== null) {
    const contradiction = contradictionOf(pack, input.yearToDate, packs);
    if (contradiction !== null) return refused(contradiction);
  }
  try {
    return accepted(decide(pack, input));
  } catch (problem) {
    if (!(problem instanceof CannotDecide)) throw problem;
    const { code, step } = problem;
    return refused(
      code === 'rate-too-fine'
        ? policyRefusal('rate-too-fine', { step })
        : policyRefusal('classes-unknown', { step }),
    );
  }
}

/** What of a stated year cannot be under the packs there are; null if nothing. */
function contradictionOf(
  pack: CompiledPack,
  year: YearToDate,
  packs: readonly CompiledPack[],
): Refusal<'year-contradicts-itself'> | null {
  const all = [pack, ...packs];
  const steps = new Set<string>([
    ...knownPayers,
    ...all.flatMap((each) => each.steps.map(({ id }) => id)),
  ]);
  const payers = new Set<string>([...knownPayers, ...all.flatMap((each) => each.payers)]);
  const at = (place: string, zh: string, en: string) =>
    contradictionAt(['yearToDate', ...place.split('/')], { zh, en });
  for (const step of Object.keys(year.byStep)) {
    if (!steps.has(step)) {
      return at(`byStep/${step}`, `没有支付环节“${step}”`, `there is no step "${step}"`);
    }
  }
  for (const payer of Object.keys(year.paidFen)) {
    if (!payers.has(payer)) {
      return at(`paid/${payer}`, `没有支付方“${payer}”`, `there is no payer "${payer}"`);
    }
  }
  return partAboveWhole(pack, year, at);
}

function partAboveWhole(
  pack: CompiledPack,
  year: YearToDate,
  at: (place: string, zh: string, en: string) => Refusal<'year-contradicts-itself'>,
): Refusal<'year-contradicts-itself'> | null {
  for (const payer of pack.payers) {
    let bySteps = 0;
    for (const { id, payer: own } of pack.steps) {
      if (own === payer) bySteps += year.byStep[id]?.paidFen ?? 0;
    }
    const paid = year.paidFen[payer] ?? 0;
    if (bySteps > paid) {
      const figures = `${formatFen(fen(bySteps))} > ${formatFen(fen(paid))}`;
      return at(
        `paid/${payer}`,
        `各支付环节支付之和大于该支付方支付，${figures}`,
        `its steps paid more than it did, ${figures}`,
      );
    }
  }
  for (const { id, account } of pack.steps) {
    const step = year.byStep[id];
    if (step === undefined || !isInFull(step) || !account.isInScope) continue;
    if (step.selfPayFen > year.eligibleSelfPayFen) {
      return at(
        `byStep/${id}/selfPay`,
        '大于政策范围内个人负担',
        'above the in-scope self-pay of the year',
      );
    }
  }
  // What neither the person nor a payer bore was a hospital's, and only a quota leaves a hospital anything to bear.
  if (pack.steps.some(({ rule }) => rule.kind === 'quota')) return null;
  const paid = Object.values(year.paidFen).reduce((sum, amount) => sum + amount, 0);
  const accountedFor = year.eligibleSelfPayFen + paid;
  if (year.eligibleFen <= accountedFor) return null;
  const figures = `${formatFen(year.eligibleFen)} > ${formatFen(fen(accountedFor))}`;
  return at(
    'eligible',
    `政策范围内费用大于各方支付与政策范围内个人负担之和，${figures}`,
    `the in-scope cost is above what the payers paid and the person bore of it, ${figures}`,
  );
}
