import type { SettlementInput } from '../../shared/domain/person.ts';
import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { choosePack } from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compiled-pack.ts';
import { decide } from '../../shared/policy/decide.ts';
import { decideSelfPay } from '../../shared/policy/decide-self-pay.ts';
import { decideAsReceived } from '../../shared/policy/received-figures.ts';
import type { GatheredVisit } from './gather-visit.ts';

export type Decided = {
  /** null: no pack covers the person, everything is self-pay. */
  readonly pack: CompiledPack | null;
  /** Why no pack pays; null where one does. */
  readonly notCovered: Refusal | null;
  readonly result: SettlementResult;
};

/**
 * Who pays a gathered visit. A person no pack covers is never given one of ours: the payer's own figures
 * count where it has stated them, else all is self-pay; `notCovered` says why. Refuses `several-packs`,
 * and figures received that do not add up (`received-figures-differ`, `received-share-above-bill`).
 */
export function decideVisit(
  packs: readonly CompiledPack[],
  { input, yearKnownFromOursOnly }: Pick<GatheredVisit, 'input' | 'yearKnownFromOursOnly'>,
): Result<Decided> {
  const chosen = choosePack(packs, input);
  if (!chosen.ok) {
    if (chosen.refusal.code !== 'no-pack') return refused(chosen.refusal);
    const { payerFigures } = input.visit;
    if (payerFigures === undefined) {
      return accepted({ pack: null, notCovered: chosen.refusal, result: decideSelfPay(input) });
    }
    const received = decideAsReceived(input, payerFigures);
    if (!received.ok) return received;
    return accepted({ pack: null, notCovered: chosen.refusal, result: received.value });
  }
  const result = decide(chosen.value, input);
  return accepted({
    pack: chosen.value,
    notCovered: null,
    result: yearKnownFromOursOnly ? withOursOnlyWarning(result, input) : result,
  });
}

function withOursOnlyWarning(result: SettlementResult, input: SettlementInput): SettlementResult {
  const year = String(input.yearToDate?.year ?? '');
  const warning = {
    code: 'year-to-date-ours-only',
    text: {
      zh: `${year} 年的年度累计只有本院的结算，起付标准和封顶线按此计算。`,
      en: `Only our own settlements of ${year} are known; deductible and ceilings rest on them.`,
    },
  };
  return { ...result, warnings: [...result.warnings, warning] };
}
