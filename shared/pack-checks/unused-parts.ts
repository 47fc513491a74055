import { conditionsOf } from '../policy/pack/pack-conditions-of.ts';
import {
  declareProblems,
  type PackProblem,
  type ProblemCodeOf,
  type ProblemWords,
} from '../policy/pack/pack-problem.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import { parameterUses } from './pack-uses.ts';

/** What a pack defines and nothing in it uses: a figure forgotten, or one that was meant elsewhere. */
export function problemsOfUnusedParts(document: PackDocument): PackProblem<UnusedPartCode>[] {
  const parameters = new Set(parameterUses(document).map(({ key }) => key));
  const ofCondition = (part: 'hospitals' | 'diseases' | 'procedures' | 'chronicDiseases') =>
    conditionsOf(document).map(({ condition }) => condition[part]);
  const ofSteps = (rule: 'items' | 'quota') =>
    document.steps.map((step) =>
      rule === 'items' && step.rule === 'items'
        ? step.items
        : rule === 'quota' && step.rule === 'quota'
          ? step.quotas
          : undefined,
    );
  const payers = new Set(document.steps.map(({ payer }) => payer));
  const sources = usedSources(document);
  return [
    ...unused(document, 'parameters', [...parameters]),
    ...unused(document, 'diseaseLists', [
      ...ofCondition('diseases'),
      ...ofCondition('chronicDiseases'),
    ]),
    ...unused(document, 'procedureLists', ofCondition('procedures')),
    ...unused(document, 'hospitalLists', ofCondition('hospitals')),
    ...unused(document, 'itemLists', ofSteps('items')),
    ...unused(document, 'quotaLists', ofSteps('quota')),
    ...document.payers.flatMap(({ id }, index) =>
      payers.has(id) ? [] : [unusedProblem(['payers', index], 'unused-payer', { key: id })],
    ),
    ...document.sources.flatMap(({ id }, index) =>
      sources.has(id) ? [] : [unusedProblem(['sources', index], 'unused-source', { key: id })],
    ),
  ];
}

type ListName = 'diseaseLists' | 'procedureLists' | 'itemLists' | 'hospitalLists' | 'quotaLists';

function unused(
  document: PackDocument,
  part: 'parameters' | ListName,
  used: readonly (string | undefined)[],
): PackProblem<UnusedPartCode>[] {
  return Object.keys(document[part] ?? {}).flatMap((key) =>
    used.includes(key)
      ? []
      : [
          unusedProblem([part, key], part === 'parameters' ? 'unused-parameter' : 'unused-list', {
            key,
          }),
        ],
  );
}

function usedSources(document: PackDocument): ReadonlySet<string> {
  const lists = [
    document.parameters,
    document.diseaseLists,
    document.procedureLists,
    document.itemLists,
    document.hospitalLists,
    document.quotaLists,
  ];
  const grounds = [
    ...lists.flatMap((list) => Object.values<{ source?: Cited }>(list ?? {})),
    ...Object.values(document.parameters).flatMap(({ except }) => [...(except ?? [])]),
    ...(document.modifiers ?? []),
    ...(document.sharedCeilings ?? []),
    ...(document.either ?? []),
    ...document.steps,
    ...(document.inForce === undefined ? [] : [document.inForce]),
  ];
  return new Set(grounds.flatMap(({ source }) => (source === undefined ? [] : [source.document])));
}

type Cited = { readonly document: string } | undefined;

const nothingUses = ({ key }: { readonly key: string }): ProblemWords => [
  `没有任何地方用到“${key}”`,
  `nothing in the pack uses "${key}"`,
  '用到它的地方是否写成了别的名称？确实不用就删去',
  'is another name written where it was meant? If it is not needed, remove it',
];

const unusedProblem = declareProblems({
  'unused-parameter': nothingUses,
  'unused-list': nothingUses,
  'unused-payer': nothingUses,
  'unused-source': nothingUses,
});

type UnusedPartCode = ProblemCodeOf<typeof unusedProblem>;
