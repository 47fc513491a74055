import { join } from 'node:path';
import { visitFieldName, visitFieldWords } from '../../shared/contracts/visit-field-name.ts';
import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import type { Refusal, Result, Words } from '../../shared/domain/result.ts';
import {
  inCase,
  type PreparedCase,
  type PreparedCases,
} from '../../shared/pack-checks/prepared-case.ts';
import {
  declareProblems,
  type PackProblem,
  type ProblemCodeOf,
} from '../../shared/policy/pack/pack-problem.ts';
import { nearestWord } from '../../shared/policy/pack/nearest-word.ts';
import type { PackCase, PackDocument } from '../../shared/policy/pack/pack-schema.ts';
import { setAtPointer, type PointerCode } from './json-pointer.ts';
import { readVisitData } from './read-visit-file.ts';

/** Reads the visits of a pack's cases, each file once, and sets what every case changes on its own copy. */
export async function prepareCases(
  { cases }: PackDocument,
  folder: string,
): Promise<PreparedCases> {
  const files = new Map<string, Result<unknown>>();
  const prepared: PreparedCase[] = [];
  const problems: CaseProblem[] = [];
  for (const [index, packCase] of cases.entries()) {
    const path = ['cases', index];
    const { visit: file } = packCase;
    const data = files.get(file) ?? (await readVisitData(join(folder, file)));
    files.set(file, data);
    if (!data.ok) {
      problems.push(...refusalProblems([...path, 'visit'], packCase, data.refusal));
      continue;
    }
    const set = withSettings(data.value, packCase, path);
    problems.push(...set.problems.map(own));
    if (set.problems.length > 0) continue;
    const visit = settlementInputFromVisitJson(set.data);
    if (visit.ok) prepared.push({ index, packCase, data: set.data, ...visit.value });
    else problems.push(...refusalProblems(path, packCase, visit.refusal));
  }
  return { cases: prepared, problems: [...inGroups(problems), ...sameSentences(cases)] };
}

/** The data with everything `with` sets; what it sets as it is already says that the pointer is mistaken. */
function withSettings(
  data: unknown,
  { case: sentence, with: settings }: PackCase,
  path: PackProblem['path'],
): { readonly data: unknown; readonly problems: readonly PackProblem<PreparationCode>[] } {
  const problems: PackProblem<PreparationCode>[] = [];
  let current = data;
  for (const [pointer, value] of Object.entries(settings ?? {})) {
    const place = [...path, 'with', pointer];
    const next = setAtPointer(current, pointer, value, place);
    if (!next.ok) problems.push(inCase(sentence, next.problem));
    else {
      if (JSON.stringify(next.data) === JSON.stringify(current)) {
        problems.push(inCase(sentence, changesNothing(place, pointer)));
      }
      current = next.data;
    }
  }
  return { data: current, problems };
}

/** One and the same fault of a visit file, told once: with how many cases use it. */
function inGroups(problems: readonly CaseProblem[]): PackProblem<PreparationCode>[] {
  const groups = Map.groupBy(problems, ({ group }) => group);
  return [...groups].flatMap(([group, all]) => {
    const [first] = all;
    if (first === undefined) return [];
    if (group === null) return all.map(({ problem }) => problem);
    const { message, ...same } = first.problem;
    const others = all.length - 1;
    if (others === 0) return [{ message, ...same }];
    return [
      {
        ...same,
        message: {
          zh: `${message.zh}（另有 ${String(others)} 个案例用这个文件，同样的问题）`,
          en: `${message.en} (the same in ${String(others)} more cases with this file)`,
        },
      },
    ];
  });
}

/** `group`: what is the same for all cases with a file; null: the case's own. */
type CaseProblem = {
  readonly problem: PackProblem<PreparationCode>;
  readonly group: string | null;
};

const own = (problem: PackProblem<PreparationCode>): CaseProblem => ({ problem, group: null });

/** What is wrong with the visit of a case; where the case sets the field itself, on that line. */
function refusalProblems(
  path: PackProblem['path'],
  { case: sentence, visit: file, with: settings }: PackCase,
  { code, place: at, message, details }: Refusal,
): CaseProblem[] {
  if (code === 'cannot-read-file') {
    return [{ problem: inCase(sentence, withoutFile(path, file)), group: file }];
  }
  const listed = (details ?? []).filter(isVisitProblem);
  const all = listed.length > 0 ? listed : [{ place: at ?? '', message }];
  return all.map(({ place, message: words }) => {
    const pointer = Object.keys(settings ?? {}).find(
      (set) => place === set || place.startsWith(`${set}/`),
    );
    const keys = place.slice(1).split('/');
    const name = place === '' ? null : visitFieldName(keys);
    const last = keys.at(-1) ?? '';
    // Parts that hold others have no name of their own.
    const isKnown = name !== null || visitFieldWords.includes(last);
    const meant = isKnown ? null : nearestWord(last, visitFieldWords);
    const because = name === null ? words : { zh: `${name} ${words.zh}`, en: words.en };
    const problem = preparationProblem(
      pointer === undefined ? path : [...path, 'with', pointer],
      'case-visit-refused',
      { file, because, meant },
    );
    return pointer === undefined
      ? { problem: inCase(sentence, problem), group: `${file} ${place} ${words.en}` }
      : own(inCase(sentence, problem));
  });
}

type ListedProblem = { readonly place: string; readonly message: Words };

function isVisitProblem(detail: unknown): detail is ListedProblem {
  return typeof detail === 'object' && detail !== null && 'place' in detail && 'message' in detail;
}

function withoutFile(path: PackProblem['path'], file: string): PackProblem<PreparationCode> {
  return preparationProblem(path, 'case-visit-refused', {
    file,
    because: null,
    meant: null,
  });
}

function changesNothing(path: PackProblem['path'], pointer: string): PackProblem<PreparationCode> {
  return preparationProblem(path, 'pointer-changes-nothing', { pointer });
}

function sameSentences(cases: PackDocument['cases']): PackProblem<PreparationCode>[] {
  return cases.flatMap(({ case: sentence }, index) =>
    cases.findIndex((other) => other.case === sentence) === index
      ? []
      : [preparationProblem(['cases', index, 'case'], 'duplicate-case', { sentence })],
  );
}

const preparationProblem = declareProblems({
  /** `because`: what is wrong with the visit; null where its file cannot be read. `meant`: the field it is nearest to. */
  'case-visit-refused': ({
    file,
    because,
    meant,
  }: {
    readonly file: string;
    readonly because: Words | null;
    readonly meant: string | null;
  }) =>
    because === null
      ? [
          `读不到就诊文件 ${file}`,
          `the visit file ${file} cannot be read`,
          '检查文件名；就诊文件放在 pack.yaml 旁边的 cases 文件夹里',
          'check its name; visit files lie in the folder cases beside pack.yaml',
        ]
      : [
          because.zh,
          because.en,
          `${meant === null ? '' : `是不是要写“${meant}”？`}改正 ${file} 里的这一项，或 with 里对它的设置`,
          `${meant === null ? '' : `Did you mean "${meant}"? `}correct this field in ${file}, or what is set for it under with`,
        ],
  'pointer-changes-nothing': ({ pointer }: { readonly pointer: string }) => [
    `${pointer} 设置的值和案例文件里的一样`,
    `${pointer} is set to what the visit file says already`,
    '改成要试的值，或删去这一行',
    'set the value this case is about, or remove this line',
  ],
  'duplicate-case': ({ sentence }: { readonly sentence: string }) => [
    `已有同样一句话的案例：${sentence}`,
    `a case with this sentence stands before: ${sentence}`,
    '写明这个案例不同在哪里，或删去它',
    'say in what this case differs, or remove it',
  ],
});

type PreparationCode = ProblemCodeOf<typeof preparationProblem> | PointerCode;
