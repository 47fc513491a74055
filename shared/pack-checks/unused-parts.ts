import { conditionsOf } from '../policy/pack/pack-conditions-of.ts';
import { problem, type PackProblem } from '../policy/pack/pack-problem.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import { parameterUses } from './pack-uses.ts';

/** What a pack defines and nothing in it uses: a figure forgotten, or one that was meant elsewhere. */
export function problemsOfUnusedParts(document: PackDocument): PackProblem[] {
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
      payers.has(id) ? [] : [nothingUses(['payers', index], 'unused-payer', id)],
    ),
    ...document.sources.flatMap(({ id }, index) =>
      sources.has(id) ? [] : [nothingUses(['sources', index], 'unused-source', id)],
    ),
  ];
}

const codes = {
  parameters: 'unused-parameter',
  diseaseLists: 'unused-list',
  procedureLists: 'unused-list',
  itemLists: 'unused-list',
  hospitalLists: 'unused-list',
  quotaLists: 'unused-list',
} as const;

function unused(
  document: PackDocument,
  part: keyof typeof codes,
  used: readonly (string | undefined)[],
): PackProblem[] {
  return Object.keys(document[part] ?? {}).flatMap((key) =>
    used.includes(key) ? [] : [nothingUses([part, key], codes[part], key)],
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
    ...document.steps,
    ...(document.inForce === undefined ? [] : [document.inForce]),
  ];
  return new Set(grounds.flatMap(({ source }) => (source === undefined ? [] : [source.document])));
}

type Cited = { readonly document: string } | undefined;

function nothingUses(path: PackProblem['path'], code: string, key: string): PackProblem {
  return problem(
    path,
    code,
    `没有任何地方用到“${key}”`,
    `nothing in the pack uses "${key}"`,
    '用到它的地方是否写成了别的名称？确实不用就删去',
    'is another name written where it was meant? If it is not needed, remove it',
  );
}
