import type { PackComparison, PackLine, ReadablePack } from '../contracts/policies.ts';
import type { Words } from '../domain/result.ts';
import { formatFen } from '../money/yuan-text.ts';
import { fen } from '../money/fen.ts';
import { runCase, type CaseRun } from '../pack-checks/run-case.ts';
import type { PreparedCase } from '../pack-checks/prepared-case.ts';
import { sameData } from '../pack-checks/same-data.ts';
import type { CompiledPack } from '../policy/compile/compiled-pack.ts';

type Text = Pick<ReadablePack, 'scope' | 'steps' | 'modifiers' | 'lists'>;
type Section = PackComparison['sections'][number];

/** What two versions of a pack say differently, section by section, in words; sections that say the same are left out. */
export function differencesInWords(before: Text, after: Text): Section[] {
  const stepsOf = (text: Text) => new Map(text.steps.map((step) => [step.step, step]));
  const [old, now] = [stepsOf(before), stepsOf(after)];
  const ids = [...new Set([...old.keys(), ...now.keys()])];
  const plain = (name: Words, lines: (text: Text) => readonly PackLine[]): Section => ({
    name,
    rows: rowsOf(lines(before), lines(after)),
  });
  const orderOf = (text: Text): Words => ({
    zh: text.steps.map(({ name }) => name.zh).join(' → '),
    en: text.steps.map(({ name }) => name.en).join(' → '),
  });
  const [was, is] = [orderOf(before), orderOf(after)];
  const order: Section = {
    name: { zh: '支付环节的次序', en: 'Order of the steps' },
    rows: sameData([...old.keys()], [...now.keys()])
      ? []
      : [{ label: { zh: '次序', en: 'order' }, before: was, after: is }],
  };
  return [
    plain({ zh: '适用范围', en: 'Scope' }, ({ scope }) => scope),
    order,
    ...ids.map((id): Section => {
      const [one, other] = [old.get(id), now.get(id)];
      return {
        name: other?.name ?? one?.name ?? { zh: id, en: id },
        rows: rowsOf(one?.lines ?? [], other?.lines ?? []),
      };
    }),
    plain({ zh: '转诊、异地', en: 'Referral and place' }, ({ modifiers }) => modifiers),
    plain({ zh: '名单', en: 'Lists' }, ({ lists }) => lists),
  ].filter(({ rows }) => rows.length > 0);
}

/** Lines under the same label stand beside each other, the first beside the first. */
function rowsOf(before: readonly PackLine[], after: readonly PackLine[]): Section['rows'] {
  const keyed = (lines: readonly PackLine[]) => {
    const seen = new Map<string, number>();
    return new Map(
      lines.map((line) => {
        const count = (seen.get(line.label.zh) ?? 0) + 1;
        seen.set(line.label.zh, count);
        return [`${line.label.zh} ${String(count)}`, line] as const;
      }),
    );
  };
  const [old, now] = [keyed(before), keyed(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [one, other] = [old.get(key), now.get(key)];
    const label = other?.label ?? one?.label;
    const [was, is] = [wordsOf(one), wordsOf(other)];
    if (label === undefined || was?.zh === is?.zh) return [];
    return [{ label, before: was, after: is }];
  });
}

/** What a line says and where that comes from. */
function wordsOf(line: PackLine | undefined): Words | null {
  if (line === undefined) return null;
  const { text, source, assumed } = line;
  const all = (language: 'zh' | 'en'): string =>
    [text[language], assumed?.[language], source?.[language]]
      .filter((part) => part !== undefined && part !== '')
      .join(' · ');
  return { zh: all('zh'), en: all('en') };
}

/** How the cases of one version come out under it and under another. */
export function casesUnderBoth(
  before: CompiledPack,
  after: CompiledPack,
  cases: readonly PreparedCase[],
): PackComparison['cases'] {
  return cases.map((each) => {
    const [one, other] = [runOf(before, each), runOf(after, each)];
    const names = new Map([...after.steps, ...before.steps].map(({ id, name }) => [id, name]));
    const amounts = [...new Set([...one.keys(), ...other.keys()])].flatMap((amount) => {
      const [was, is] = [one.get(amount) ?? null, other.get(amount) ?? null];
      const name = names.get(amount) ?? otherNames[amount] ?? { zh: amount, en: amount };
      return was === is ? [] : [{ amount, name, before: was, after: is }];
    });
    return { sentence: each.packCase.case, amounts };
  });
}

const otherNames: Readonly<Record<string, Words>> = {
  patientPays: { zh: '个人负担', en: 'patient pays' },
  hospitalBears: { zh: '医院承担', en: 'hospital bears' },
  notCovered: { zh: '适用', en: 'covered' },
};

/** The amounts of a case as texts; what cannot be decided is said as such. */
function runOf(pack: CompiledPack, prepared: PreparedCase): ReadonlyMap<string, string> {
  let run: CaseRun;
  try {
    run = runCase(pack, prepared);
  } catch {
    return new Map([['notCovered', '算不了 / cannot be decided']]);
  }
  if (run.kind === 'not-covered') return new Map([['notCovered', run.because.zh]]);
  const { shares, patientPaysFen, hospitalBearsFen } = run.outcome.result;
  return new Map([
    ...shares.map(({ step, amountFen }) => [step, formatFen(amountFen)] as const),
    ['patientPays', formatFen(patientPaysFen)] as const,
    ...(hospitalBearsFen === 0
      ? []
      : [['hospitalBears', formatFen(fen(hospitalBearsFen))] as const]),
  ]);
}
