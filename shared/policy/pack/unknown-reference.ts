import { problem, type PackProblem } from './pack-problem.ts';

/** A key that names nothing in the pack. */
export function unknownReference(
  path: PackProblem['path'],
  code: string,
  key: string,
): PackProblem {
  return problem(
    path,
    code,
    `政策包中没有“${key}”`,
    `the pack does not define "${key}"`,
    '在政策包中写上它，或改正名称',
    'define it in the pack, or correct its name',
  );
}
