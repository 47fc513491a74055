import type { Words } from '../../domain/result.ts';
import { whyNot } from '../../policy/choose-pack.ts';
import type { CompiledPack } from '../../policy/compile/compiled-pack.ts';
import { decideFigures } from '../../policy/decide.ts';
import { limitOf } from '../../policy/explain/share-facts.ts';
import { parametersOfStep } from '../pack-uses.ts';
import type { PreparedCase } from '../prepared-case.ts';
import type { Path } from './mutant.ts';

/**
 * Why the cases do not show a figure though a step that uses it is there: how often the step was cut by a ceiling or by
 * what was left, or paid nothing; null where no case has the step, or nothing hides the figure.
 */
export function hiddenBy(
  pack: CompiledPack,
  path: Path,
  cases: readonly PreparedCase[],
): Words | null {
  const [part, key] = path;
  if (part !== 'parameters') return null;
  const { document } = pack;
  const using = new Set(
    document.steps
      .filter((step) => parametersOfStep(document, step).includes(String(key)))
      .map(({ id }) => id),
  );
  const counts = new Map<string, { readonly words: Words; readonly count: number }>();
  for (const { input } of cases) {
    if (whyNot(pack, input) !== null) continue;
    for (const outcome of decideFigures(pack, input).outcomes) {
      if (!using.has(outcome.step.id)) continue;
      const limit = limitOf(outcome);
      if (limit === null) continue;
      const { name } = outcome.step;
      const words =
        limit.kind === 'ceiling'
          ? {
              zh: `“${name.zh}”付到“${limit.name.zh}”`,
              en: `"${name.en}" reaches "${limit.name.en}"`,
            }
          : { zh: `“${name.zh}”付完剩余费用`, en: `"${name.en}" pays all that is left` };
      counts.set(words.en, { words, count: (counts.get(words.en)?.count ?? 0) + 1 });
    }
  }
  if (counts.size === 0) return null;
  const said = [...counts.values()].map(({ words, count }) => ({
    zh: `${String(count)} 个案例里${words.zh}`,
    en: `${words.en} in ${String(count)} case${count === 1 ? '' : 's'}`,
  }));
  return {
    zh: `；现有案例看不出：${said.map(({ zh }) => zh).join('，')}`,
    en: `; it is hidden: ${said.map(({ en }) => en).join(', ')}`,
  };
}
