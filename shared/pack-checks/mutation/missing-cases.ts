import type { Words } from '../../domain/result.ts';
import type { CompiledPack } from '../../policy/compile/compiled-pack.ts';
import { whyNot } from '../../policy/choose-pack.ts';
import { decideFigures } from '../../policy/decide.ts';
import { settlementInputFromVisitJson } from '../../contracts/visit-json.ts';
import { sameData } from '../same-data.ts';
import { dataWith, pathOf, toldBy, type Beside, type TellingVisit } from './telling-visits.ts';
import type { Path } from './mutant.ts';

/** A case that is not there: one visit that would notice some of the changes nobody noticed. */
export type MissingCase = {
  /** Which survivors it would notice, by their place in the list. */
  readonly notices: readonly number[];
  /** What it is about, in a sentence. */
  readonly message: Words;
  /** The case as it is put under `cases`, ready but for its amounts. */
  readonly yaml: string;
};

/** The fewest visits found that together notice every change that any of them does: the one that notices most first. */
export function missingCases(
  pack: CompiledPack,
  changed: readonly CompiledPack[],
  visits: readonly (TellingVisit | null)[],
  placeOf: (index: number) => string,
): readonly MissingCase[] {
  const telling = visits.flatMap((visit) =>
    visit === null ? [] : [{ visit, tells: toldBy(pack, visit, changed) }],
  );
  let open = new Set(visits.flatMap((visit, index) => (visit === null ? [] : [index])));
  const missing: MissingCase[] = [];
  while (open.size > 0) {
    let best: {
      readonly visit: TellingVisit;
      readonly notices: readonly number[];
      readonly by: readonly Beside[];
    } | null = null;
    for (const { visit, tells } of telling) {
      const told = tells.filter(({ index }) => open.has(index));
      const notices = told.map(({ index }) => index);
      // The first that differs is enough to show it.
      const by = [...new Set(told.flatMap((each) => each.by.slice(0, 1)))];
      const better =
        best === null ||
        notices.length > best.notices.length ||
        (notices.length === best.notices.length && visit.inAmounts && !best.visit.inAmounts);
      if (notices.length > 0 && better) best = { visit, notices, by };
    }
    if (best === null) break;
    const { visit, notices, by } = best;
    open = new Set([...open].filter((index) => !notices.includes(index)));
    missing.push({
      notices,
      message: messageOf(by, notices.map(placeOf)),
      yaml: yamlOf(pack, visit, by),
    });
  }
  return missing;
}

function messageOf(by: readonly Beside[], places: readonly string[]): Words {
  const different = [...new Set(places)];
  const shown = different.slice(0, 5);
  const count = String(different.length);
  const more =
    different.length > shown.length
      ? { zh: ` 等 ${count} 处`, en: `, ${count} places` }
      : { zh: '', en: '' };
  const how =
    by.length === 0
      ? { zh: '', en: '' }
      : {
          zh: `；expect 里要写 ${by.join('、')} 才看得出`,
          en: `; expect ${by.join(', ')}, else it does not show`,
        };
  return {
    zh: `加这个案例就能发现 ${shown.join('、')}${more.zh} 的改动${how.zh}`,
    en: `this case would notice changes of ${shown.join(', ')}${more.en}${how.en}`,
  };
}

/** The case as YAML: values are written as JSON, which YAML is. */
function yamlOf(pack: CompiledPack, { from, edit }: TellingVisit, by: readonly Beside[]): string {
  const { packCase, data } = from;
  const own = Object.entries(packCase.with ?? {}).filter(
    ([pointer]) => !Object.keys(edit).some((set) => overlaps(pointer, set)),
  );
  const set = Object.entries(edit).filter(([pointer, value]) => {
    const before = valueAt(data, pathOf(pointer));
    const wasSet = Object.keys(packCase.with ?? {}).some((other) => overlaps(other, pointer));
    if (value === null) return before !== undefined || wasSet;
    return wasSet || !sameData(before, value);
  });
  const settings = [...own, ...set].map(
    ([pointer, value]) => `      ${pointer}: ${JSON.stringify(value)}\n`,
  );
  return [
    `  - case: ${JSON.stringify(`待写：仿照“${packCase.case}”`)}\n`,
    `    visit: ${packCase.visit}\n`,
    settings.length === 0 ? '' : `    with:\n${settings.join('')}`,
    `    expect: { notWorkedOut: true }${stepsOf(pack, dataWith(data, edit), by)}\n`,
  ].join('');
}

/** Which amounts are to be worked out, as a comment. */
function stepsOf(pack: CompiledPack, data: unknown, by: readonly Beside[]): string {
  const read = settlementInputFromVisitJson(data);
  if (!read.ok) return '';
  if (whyNot(pack, read.value.input) !== null) return ' # { notCovered: true } ?';
  const { shares } = decideFigures(pack, read.value.input).result;
  const named = shares.map(({ step }) => `${step}: ''`).join(', ');
  const beside = by.map((name) => `, ${name}: ''`).join('');
  return ` # { shares: { ${named} }, patientPays: ''${beside} }`;
}

/** Whether one of two pointers is the other, or stands inside it. */
function overlaps(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[String(key)];
  }
  return value;
}
