import type { PackParameter } from '../policy/pack/pack-figures.ts';
import type { PackProblem } from '../policy/pack/pack-problem.ts';

/** Every value a figure of a pack may take, with its place below the figure: its own, by level or class, its exceptions. */
export function statedValues(
  parameter: PackParameter,
): readonly (readonly [PackProblem['path'], NonNullable<PackParameter['value']>])[] {
  const { value, byHospitalLevel, byHospitalGrade, except = [] } = parameter;
  const byCatalogueClass = parameter.unit === 'percent' ? parameter.byCatalogueClass : undefined;
  const stated: [PackProblem['path'], PackParameter['value']][] = [
    [['value'], value],
    ...Object.entries({ byHospitalLevel, byHospitalGrade, byCatalogueClass }).flatMap(
      ([form, values]) =>
        Object.entries(values ?? {}).map(
          ([key, each]: [string, PackParameter['value']]): [
            PackProblem['path'],
            PackParameter['value'],
          ] => [[form, key], each],
        ),
    ),
    ...except.map((exception, index): [PackProblem['path'], PackParameter['value']] => [
      ['except', index, 'value'],
      exception.value,
    ]),
  ];
  return stated.flatMap(([at, each]) => (each === undefined ? [] : [[at, each]]));
}
