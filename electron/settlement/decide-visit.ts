import {
  accepted,
  refused,
  warningsOnce,
  type Refusal,
  type Result,
  type Warning,
} from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { choosePack } from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { decideOrRefuse, type NotDecidedCode } from '../../shared/pack-checks/decide-or-refuse.ts';
import { decideSelfPay } from '../../shared/policy/decide-self-pay.ts';
import { decideAsReceived, type ReceivedCode } from '../../shared/policy/received-figures.ts';
import { leansOnYear } from '../../shared/policy/compile/leans-on-year.ts';
import type { GatheredVisit, YearSource } from './gather-visit.ts';
import type { CountingPacks } from './packs-that-count.ts';

/** Why it cannot be decided who pays: which pack, or by figures received that cannot stand. */
export type DecideCode = 'no-pack' | 'several-packs' | ReceivedCode | NotDecidedCode;

export type Decided = {
  /** null: no pack covers the person, everything is self-pay. */
  readonly pack: CompiledPack | null;
  /** Why no pack pays; null where one does. */
  readonly notCovered: Refusal<'no-pack'> | null;
  readonly result: SettlementResult;
};

/**
 * Who pays a gathered visit. A person no pack covers is never given one of ours: the payer's own figures
 * count where it has stated them, else all is self-pay; `notCovered` says why. A person whom a pack covers that does not
 * count (nobody approved it, or a step pays by what is only assumed) is refused: self-pay would be a lie. What intake warned
 * of stands in the result.
 */
export function decideVisit(
  counting: CountingPacks,
  gathered: Pick<GatheredVisit, 'input' | 'yearSource'> & Warned,
): Result<Decided, DecideCode> {
  const decided = decide(counting, gathered);
  if (!decided.ok) return decided;
  const { result } = decided.value;
  const warnings = warningsOnce([...ofIntake(gathered.record), ...result.warnings]);
  return accepted({ ...decided.value, result: { ...result, warnings } });
}

type Warned = { readonly record: Pick<GatheredVisit['record'], 'warnings'> };

/** What was warned of when the bill came in. Of the year our own books say what is known by now. */
function ofIntake({ warnings }: Warned['record']): readonly Warning[] {
  return warnings.filter(({ code }) => code !== 'year-to-date-unknown');
}

function decide(
  counting: CountingPacks,
  { input, yearSource }: Pick<GatheredVisit, 'input' | 'yearSource'>,
): Result<Decided, DecideCode> {
  const chosen = choosePack(counting.chosenAmong, input);
  if (!chosen.ok) {
    const { refusal } = chosen;
    if (refusal.code === 'several-packs') return refused(refusal);
    const { payerFigures } = input.visit;
    if (payerFigures === undefined) {
      const draft = counting.draftFor(input);
      if (draft !== null) return refused(draft);
      return accepted({ pack: null, notCovered: refusal, result: decideSelfPay(input) });
    }
    const received = decideAsReceived(input, payerFigures);
    if (!received.ok) return received;
    return accepted({ pack: null, notCovered: refusal, result: received.value });
  }
  const pack = chosen.value;
  const notCounting = counting.whyNotCounting(pack);
  if (notCounting !== null) return refused(notCounting);
  const checksYear = yearSource.kind === 'stated';
  const decided = decideOrRefuse(pack, input, { packs: counting.all, checksYear });
  if (!decided.ok) return decided;
  const open = counting.openAssumption(pack, decided.value);
  if (open !== null) return refused(open);
  return accepted({
    pack,
    notCovered: null,
    result: withYearSource(pack, decided.value, yearSource),
  });
}

/** Says whose figures the year rests on; and warns where a result leans on them and only ours are known. */
function withYearSource(
  pack: CompiledPack,
  result: SettlementResult,
  source: YearSource,
): SettlementResult {
  if (source.kind === 'unknown') return result;
  const words =
    source.kind === 'ours'
      ? { zh: '只有本院的结算', en: 'our own settlements only' }
      : { zh: `来源：${source.by}`, en: `stated by: ${source.by}` };
  const trace = result.trace.map((node) =>
    node.id === 'year'
      ? {
          ...node,
          text: { zh: `${node.text.zh}，${words.zh}`, en: `${node.text.en}, ${words.en}` },
        }
      : node,
  );
  if (source.kind === 'stated' || !leansOnYear(pack)) return { ...result, trace };
  const year = String(result.yearToDate.year);
  const warning = {
    code: 'year-to-date-ours-only',
    text: {
      zh: `${year} 年的年度累计只有本院的结算，起付标准、封顶线和年度目标按此计算。`,
      en: `Only our own settlements of ${year} are known; deductibles, ceilings and yearly targets rest on them.`,
    },
  };
  return { ...result, trace, warnings: [...result.warnings, warning] };
}
