import { declareProblems, type ProblemWords } from './pack-problem.ts';

const notDefined = ({ key }: { readonly key: string }): ProblemWords => [
  `政策包中没有“${key}”`,
  `the pack does not define "${key}"`,
  '在政策包中写上它，或改正名称',
  'define it in the pack, or correct its name',
];

/** A key that names nothing in the pack. */
export const referenceProblem = declareProblems({
  'unknown-item-list': notDefined,
  'unknown-quota-list': notDefined,
  'unknown-hospital-list': notDefined,
  'unknown-disease-list': notDefined,
  'unknown-procedure-list': notDefined,
  'unknown-step': notDefined,
  /** `units`: those it may have where it is named; absent where only one is possible. */
  'unknown-parameter': ({
    key,
    units,
  }: {
    readonly key: string;
    readonly units?: readonly string[];
  }) =>
    units === undefined
      ? notDefined({ key })
      : [
          `parameters 中没有单位为 ${units.join(' 或 ')} 的“${key}”`,
          `there is no parameter "${key}" with the unit ${units.join(' or ')}`,
          '在 parameters 中写上它，或改正名称',
          'add it to parameters, or correct its name',
        ],
});
