import type { Words } from '../domain/result.ts';
import type { PackCondition } from '../policy/pack/pack-conditions.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import type { PackStep } from '../policy/pack/pack-steps.ts';
import { scopeOf } from '../policy/pack/pack-conditions-of.ts';
import { parametersOfStep } from './pack-uses.ts';

/** Something the sources of a pack do not say and the pack takes for right all the same. */
export type PackAssumption = {
  /** What it is accepted by: where it stands in the pack, such as `parameters.basicRate` or `steps.basic.referral-chain`. */
  readonly name: string;
  /** What is assumed, in words. */
  readonly label: Words;
  readonly reason: Words;
  /** The steps whose amounts may rest on it. */
  readonly steps: readonly string[];
};

type Grounds = {
  readonly assumed?: true | undefined;
  readonly reason?: Words | undefined;
};

const listKinds = [
  'diseaseLists',
  'procedureLists',
  'itemLists',
  'hospitalLists',
  'quotaLists',
] as const;

/** Every assumption of a pack, in the order in which they stand there. */
export function packAssumptions(document: PackDocument): readonly PackAssumption[] {
  const found: PackAssumption[] = [];
  const add = (name: string, label: Words, { assumed, reason }: Grounds, isOf: Rests): void => {
    if (assumed !== true) return;
    const steps = document.steps.filter((step) => isOf(step)).map(({ id }) => id);
    found.push({ name, label, reason: reason ?? label, steps });
  };
  const parametersOf = new Map(
    document.steps.map((step) => [step.id, parametersAround(document, step)]),
  );
  const listsOf = new Map(
    document.steps.map((step) => [step.id, listsAround(document, step, parametersOf)]),
  );
  add(
    'inForce',
    { zh: '有效期', en: 'the days it is in force' },
    document.inForce ?? {},
    () => true,
  );
  for (const [key, parameter] of Object.entries(document.parameters)) {
    const uses: Rests = ({ id }) => parametersOf.get(id)?.has(key) === true;
    add(`parameters.${key}`, parameter.name, parameter, uses);
    for (const [index, exception] of (parameter.except ?? []).entries()) {
      const { zh, en } = parameter.name;
      const label = { zh: `${zh}的例外`, en: `an exception of ${en}` };
      add(`parameters.${key}.except.${String(index)}`, label, exception, uses);
    }
  }
  for (const kind of listKinds) {
    const lists: Readonly<Record<string, Grounds & { readonly name: Words }>> =
      document[kind] ?? {};
    for (const [key, list] of Object.entries(lists)) {
      const name = `${kind}.${key}`;
      add(name, list.name, list, ({ id }) => listsOf.get(id)?.has(name) === true);
    }
  }
  for (const modifier of document.modifiers ?? []) {
    add(`modifiers.${modifier.id}`, modifier.name, modifier, (step) => isModified(modifier, step));
  }
  for (const ceiling of document.sharedCeilings ?? []) {
    const { id, name, steps } = ceiling;
    add(`sharedCeilings.${id}`, name, ceiling, (step) => steps.includes(step.id));
  }
  for (const choice of document.either ?? []) {
    const steps = new Set(choice.ways.flatMap((way) => way.steps));
    add(`either.${choice.id}`, choice.name, choice, ({ id }) => steps.has(id));
  }
  for (const step of document.steps) {
    for (const { about, reason } of step.assumptions ?? []) {
      const grounds = { assumed: true, reason } as const;
      add(`steps.${step.id}.${about}`, step.name, grounds, ({ id }) => id === step.id);
    }
  }
  return found;
}

type Rests = (step: PackStep) => boolean;
type Modifier = NonNullable<PackDocument['modifiers']>[number];

/** What the patient first pays is taken off before every step. */
function isModified({ multiplyRate, disable, firstPay }: Modifier, { id }: PackStep): boolean {
  if (firstPay !== undefined) return true;
  return [...(multiplyRate?.steps ?? []), ...(disable?.steps ?? [])].includes(id);
}

function parametersAround(document: PackDocument, step: PackStep): ReadonlySet<string> {
  const ofModifiers = (document.modifiers ?? [])
    .filter((modifier) => isModified(modifier, step))
    .flatMap(({ multiplyRate, firstPay }) => [multiplyRate?.parameter, firstPay?.parameter])
    .filter((key) => key !== undefined);
  return new Set([...parametersOfStep(document, step), ...ofModifiers]);
}

/** The lists that decide whether a step pays, by which figure, and what. */
function listsAround(
  document: PackDocument,
  step: PackStep,
  parametersOf: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const parameters = [...(parametersOf.get(step.id) ?? [])];
  const variants =
    step.rule === 'rate'
      ? step.variants
      : step.rule === 'quota'
        ? step.ordinary?.variants
        : undefined;
  const conditions = [
    scopeOf(document),
    step.appliesTo,
    step.requires,
    step.countsTowards,
    ...(variants ?? []).map(({ when }) => when),
    ...parameters.flatMap((key) =>
      (document.parameters[key]?.except ?? []).map(({ when }) => when),
    ),
    ...(document.modifiers ?? [])
      .filter((modifier) => isModified(modifier, step))
      .map(({ when }) => when),
  ];
  const ownLists =
    step.rule === 'items'
      ? [`itemLists.${step.items}`]
      : step.rule === 'quota'
        ? [`quotaLists.${step.quotas}`]
        : [];
  return new Set([...ownLists, ...conditions.flatMap(listsOfCondition)]);
}

function listsOfCondition(stated: PackCondition | undefined): readonly string[] {
  if (stated === undefined) return [];
  return [stated, ...(stated.anyOf ?? [])].flatMap(
    ({ diseases, chronicDiseases, procedures, hospitals }) => [
      ...named('diseaseLists', diseases),
      ...named('diseaseLists', chronicDiseases),
      ...named('procedureLists', procedures),
      ...named('hospitalLists', hospitals),
    ],
  );
}

const named = (kind: string, key: string | undefined): readonly string[] =>
  key === undefined ? [] : [`${kind}.${key}`];
