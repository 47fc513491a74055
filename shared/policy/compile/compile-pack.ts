import { always, compileCondition } from './compile-condition.ts';
import { cited, groundsOf } from './cite.ts';
import { amountFigure, rateFigure } from './compile-figure.ts';
import { compileRule } from './compile-rule.ts';
import { stepPointers } from './step-pointers.ts';
import { stepTexts } from './step-texts.ts';
import { isInScopeBase } from '../pack/pack-steps.ts';
import type {
  CompiledChoice,
  CompiledModifier,
  CompiledPack,
  CompiledSharedCeiling,
  CompiledStep,
} from './compiled-pack.ts';
import { conditionsOf, scopeOf } from '../pack/pack-conditions-of.ts';
import type { PackModifier } from '../pack/pack-figures.ts';
import type { PackDocument } from '../pack/pack-schema.ts';
import type { PackStep } from '../pack/pack-steps.ts';
import type { PackEither } from '../pack/pack-together.ts';
import type { StepAccount } from '../facts/steps-before.ts';

/**
 * Makes a pack ready for many visits. The document has passed `readPackDocument`; a reference that does
 * not resolve is a broken promise and throws.
 */
export function compilePack(document: PackDocument): CompiledPack {
  const destinations = new Map(document.payers.map(({ id, destination }) => [id, destination]));
  const accounts = document.steps.map((step) => accountOf(document, step));
  const steps = document.steps.map((step, index) =>
    compileStep(
      document,
      step,
      index,
      step.destination ?? destinations.get(step.payer) ?? step.payer,
    ),
  );
  return {
    id: document.id,
    version: document.version,
    locality: document.locality,
    scheme: document.scheme,
    inForceFrom: document.inForceFrom,
    inForceUntil: document.inForceUntil,
    decidingDay: document.decidingDay,
    year: document.year ?? 'discharge',
    referralCertificate: document.referralCertificate ?? {},
    filingDay: document.filingDay ?? null,
    appliesTo: document.appliesTo,
    scope: compileCondition(document, scopeOf(document)),
    payers: [...new Set(steps.map(({ payer }) => payer))],
    steps,
    accounts,
    asksForPlace: conditionsOf(document).some(
      ({ condition: { hospitalArea, hospitalPlaces, outOfArea } }) =>
        hospitalArea !== undefined || hospitalPlaces !== undefined || outOfArea !== undefined,
    ),
    firstPays: (document.modifiers ?? [])
      .filter(({ firstPay }) => firstPay !== undefined)
      .map((modifier) => compileModifier(document, modifier, modifier.firstPay?.parameter)),
    choices: (document.either ?? []).map((choice) => compileChoice(document, choice)),
    document,
  };
}

function compileStep(
  document: PackDocument,
  step: PackStep,
  index: number,
  destination: string,
): CompiledStep {
  const modifiers = document.modifiers ?? [];
  const rule = compileRule(document, step);
  return {
    id: step.id,
    name: step.name,
    payer: step.payer,
    destination,
    appliesTo: step.appliesTo === undefined ? always : compileCondition(document, step.appliesTo),
    requires: step.requires === undefined ? always : compileCondition(document, step.requires),
    otherwise: step.otherwise ?? null,
    rule,
    texts: stepTexts(step.id, step.name, rule),
    multipliedBy: modifiers
      .filter(({ multiplyRate }) => multiplyRate?.steps.includes(step.id) === true)
      .map((modifier) => compileModifier(document, modifier, modifier.multiplyRate?.parameter)),
    disabledBy: modifiers
      .filter(({ disable }) => disable?.steps.includes(step.id) === true)
      .map((modifier) => compileModifier(document, modifier, undefined)),
    cited: cited(document, step.source),
    pointers: stepPointers(step.id, step.payer),
    assumed: (step.assumptions ?? []).length > 0,
    index,
    from: document.steps.slice(index).map(({ id }) => id),
    account: accountOf(document, step),
    hasYearlyDeductible: hasYearlyDeductible(step),
    countsTowards:
      step.countsTowards === undefined ? null : compileCondition(document, step.countsTowards),
    sharedCeilings: compileSharedCeilings(document, step.id),
  };
}

function compileSharedCeilings(
  document: PackDocument,
  id: string,
): readonly CompiledSharedCeiling[] {
  return (document.sharedCeilings ?? [])
    .filter(({ steps }) => steps.includes(id))
    .map(({ parameter, per, steps }) => ({
      figure: amountFigure(document, parameter),
      per,
      others: document.steps.flatMap((step, index) =>
        step.id !== id && steps.includes(step.id) ? [{ id: step.id, index }] : [],
      ),
    }));
}

function compileChoice(document: PackDocument, choice: PackEither): CompiledChoice {
  const ways = choice.ways.map(({ name, steps }) => ({
    name,
    steps: document.steps.flatMap(({ id }, index) => (steps.includes(id) ? [index] : [])),
  }));
  const places = ways.flatMap(({ steps }) => steps);
  return {
    id: choice.id,
    name: choice.name,
    per: choice.per,
    grounds: groundsOf(document, choice),
    ways,
    first: Math.min(...places),
    last: Math.max(...places),
  };
}

function accountOf({ steps, appliesTo }: PackDocument, step: PackStep): StepAccount {
  const { id, payer } = step;
  const ofPayer = steps.filter((each) => each.payer === payer).map((each) => each.id);
  const kinds = [appliesTo.kinds, step.appliesTo?.visitKinds, step.requires?.visitKinds];
  return {
    id,
    payer,
    ofPayer,
    takesRest: ofPayer[0] === id,
    isInScope: isInScopeBase(baseOf(step)),
    // What the pack says feeds its year may be more than stays.
    isOfStays:
      step.countsTowards === undefined &&
      kinds.some((each) => each?.every((kind) => kind === 'inpatient') === true),
  };
}

function hasYearlyDeductible(step: PackStep): boolean {
  const rule = step.rule === 'quota' ? step.ordinary : step;
  if (rule === undefined || !('deductible' in rule || 'variants' in rule)) return false;
  return [rule, ...(rule.variants ?? [])].some(
    ({ deductible }) =>
      deductible !== undefined && deductible !== 'none' && deductible.per === 'year',
  );
}

function baseOf(step: PackStep): string {
  if (step.rule === 'quota') return step.ordinary?.base ?? 'total';
  return 'base' in step ? step.base : 'total';
}

function compileModifier(
  document: PackDocument,
  modifier: PackModifier,
  parameter: string | undefined,
): CompiledModifier {
  return {
    id: modifier.id,
    name: modifier.name,
    grounds: groundsOf(document, modifier),
    when: compileCondition(document, modifier.when),
    figure: parameter === undefined ? null : rateFigure(document, parameter),
  };
}
