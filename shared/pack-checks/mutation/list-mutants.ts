import type { Age } from '../../domain/stay.ts';
import { chargeCategories, type ChargeCategory } from '../../domain/visit.ts';
import { conditionsOf } from '../../policy/pack/pack-conditions-of.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import { movedAge } from './moved-number.ts';
import { without, withEntry, withValue, type Mutant, type Path } from './mutant.ts';

/** Every code of every list taken out, every age moved, every charge category taken out or put in. */
export function listMutants(document: PackDocument): Mutant[] {
  return [
    ...Object.entries(document.diseaseLists ?? {}).flatMap(([key, { codes, diagnoses }]) => [
      ...ofCodes(document, ['diseaseLists', key, 'codes'], codes, 'Z99.9999'),
      ...codes.flatMap(({ youngerThan }, index) =>
        youngerThan === undefined
          ? []
          : movedAge(document, ['diseaseLists', key, 'codes', index, 'youngerThan'], youngerThan),
      ),
      ...(isAskedOfDiagnoses(document, key)
        ? [whichDiagnoses(document, ['diseaseLists', key, 'diagnoses'], diagnoses)]
        : []),
    ]),
    ...Object.entries(document.procedureLists ?? {}).flatMap(([key, { codes }]) =>
      ofCodes(document, ['procedureLists', key, 'codes'], codes, '99.9999'),
    ),
    ...Object.entries(document.hospitalLists ?? {}).flatMap(([key, { codes }]) =>
      ofCodes(
        document,
        ['hospitalLists', key, 'codes'],
        codes.map(({ code }) => ({ prefix: code })),
        'no-such-hospital',
        'code',
      ),
    ),
    ...itemMutants(document),
    ...quotaMutants(document),
  ];
}

/** A list of chronic diseases asks for the certificate's one disease, whichever diagnoses count. */
function isAskedOfDiagnoses(document: PackDocument, key: string): boolean {
  return conditionsOf(document).some(({ condition }) => condition.diseases === key);
}

function ofCodes(
  document: PackDocument,
  path: Path,
  codes: readonly { readonly prefix: string }[],
  none: string,
  field = 'prefix',
): Mutant[] {
  return codes.map(({ prefix }, index) => {
    const at = [...path, index];
    return {
      path: at,
      before: prefix,
      after: '',
      missing: {
        zh: `加一个编码为 ${prefix} 的案例，结果由它决定`,
        en: `add a case with the code ${prefix}, whose result depends on it`,
      },
      // A list is never empty: its only code gives way to one that no visit has.
      data: codes.length === 1 ? withValue(document, [...at, field], none) : without(document, at),
    };
  });
}

function whichDiagnoses(document: PackDocument, path: Path, stated: 'principal' | 'any'): Mutant {
  const after = stated === 'any' ? 'principal' : 'any';
  return {
    path,
    before: stated,
    after,
    missing: {
      zh: '加一个名单内的病只是次要诊断的案例',
      en: 'add a case whose secondary diagnosis alone is on the list',
    },
    data: withValue(document, path, after),
  };
}

/**
 * Whether a step before every step with this list takes the category's lines for certain. A line is lowered
 * by the first step that names it, so naming it again can change nothing.
 */
function isTakenBefore(
  { steps, itemLists, modifiers }: PackDocument,
  key: string,
  category: ChargeCategory,
): boolean {
  const takes = (step: PackDocument['steps'][number]) =>
    step.rule === 'items' &&
    step.appliesTo === undefined &&
    step.requires === undefined &&
    (modifiers ?? []).every(({ disable }) => disable?.steps.includes(step.id) !== true) &&
    itemLists?.[step.items]?.categories?.includes(category) === true;
  return steps.every(
    (step, index) =>
      step.rule !== 'items' || step.items !== key || steps.slice(0, index).some(takes),
  );
}

function itemMutants(document: PackDocument): Mutant[] {
  return Object.entries(document.itemLists ?? {}).flatMap(([key, { categories, codes }]) => {
    const path = ['itemLists', key, 'categories'];
    const stated: readonly string[] = categories ?? [];
    const isOnly = stated.length === 1 && codes === undefined;
    const removed = stated.map((category, index): Mutant => ({
      path: [...path, index],
      before: category,
      after: '',
      missing: {
        zh: `加一个有 ${category} 类费用的案例`,
        en: `add a case with charges of the category ${category}`,
      },
      data:
        stated.length > 1
          ? without(document, [...path, index])
          : isOnly
            ? without(document, ['itemLists', key, 'categories'])
            : without(document, path),
    }));
    const added = categories === undefined ? [] : chargeCategories;
    return [
      ...(codes === undefined
        ? []
        : ofCodes(document, ['itemLists', key, 'codes'], codes, 'no-such-item')),
      ...removed,
      ...added
        .filter((category) => !stated.includes(category) && !isTakenBefore(document, key, category))
        .map((category) => ({
          path,
          before: '',
          after: category,
          missing: {
            zh: `加一个有 ${category} 类费用的案例，说明它不在名单内（一个各类费用都有的案例就够）`,
            en: `add a case with charges of the category ${category}, which are not on the list (one case with charges of every category shows them all)`,
          },
          data: withEntry(document, path, category),
        })),
    ];
  });
}

function quotaMutants(document: PackDocument): Mutant[] {
  return Object.entries(document.quotaLists ?? {}).flatMap(([key, { entries, diagnoses }]) => [
    ...entries.flatMap(({ diagnosis, procedure, name, age }, index) => {
      const path = ['quotaLists', key, 'entries', index];
      const bounds = Object.entries<Age | undefined>(age ?? {});
      return [
        {
          path,
          before: [diagnosis, procedure].filter((code) => code !== undefined).join(' + '),
          after: '',
          missing: { zh: `加一个“${name}”的案例`, en: `add a case of "${name}"` },
          data:
            entries.length === 1
              ? withValue(document, [...path, 'diagnosis'], 'Z99.9999')
              : without(document, path),
        },
        ...bounds.flatMap(([bound, value]) =>
          value === undefined ? [] : movedAge(document, [...path, 'age', bound], value),
        ),
      ];
    }),
    ...(entries.some(({ diagnosis }) => diagnosis !== undefined)
      ? [whichDiagnoses(document, ['quotaLists', key, 'diagnoses'], diagnoses)]
      : []),
  ]);
}
