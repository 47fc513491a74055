import { always, compileCondition } from './compile-condition.ts';
import { groundsOf, rateFigure } from './compile-figure.ts';
import { compileRule } from './compile-rule.ts';
import type { CompiledModifier, CompiledPack, CompiledStep } from './compiled-pack.ts';
import { scopeOf } from '../pack/pack-conditions-of.ts';
import type { PackModifier } from '../pack/pack-figures.ts';
import type { PackDocument } from '../pack/pack-schema.ts';
import type { PackStep } from '../pack/pack-steps.ts';
import type { StepAccount } from '../facts/paid-this-year.ts';

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
      accounts.slice(0, index + 1),
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
    appliesTo: document.appliesTo,
    scope: compileCondition(document, scopeOf(document)),
    payers: [...new Set(steps.map(({ payer }) => payer))],
    steps,
    firstPays: (document.modifiers ?? [])
      .filter(({ firstPay }) => firstPay !== undefined)
      .map((modifier) => compileModifier(document, modifier, modifier.firstPay?.parameter)),
    sourceTitles: Object.fromEntries(document.sources.map(({ id, title }) => [id, title])),
    document,
  };
}

function compileStep(
  document: PackDocument,
  step: PackStep,
  accounts: readonly StepAccount[],
  destination: string,
): CompiledStep {
  const modifiers = document.modifiers ?? [];
  return {
    id: step.id,
    name: step.name,
    payer: step.payer,
    destination,
    appliesTo: step.appliesTo === undefined ? always : compileCondition(document, step.appliesTo),
    requires: step.requires === undefined ? always : compileCondition(document, step.requires),
    otherwise: step.otherwise ?? null,
    rule: compileRule(document, step),
    multipliedBy: modifiers
      .filter(({ multiplyRate }) => multiplyRate?.steps.includes(step.id) === true)
      .map((modifier) => compileModifier(document, modifier, modifier.multiplyRate?.parameter)),
    disabledBy: modifiers
      .filter(({ disable }) => disable?.steps.includes(step.id) === true)
      .map((modifier) => compileModifier(document, modifier, undefined)),
    source: step.source,
    assumed: (step.assumptions ?? []).length > 0,
    account: accountOf(document, step),
    earlier: accounts.slice(0, -1),
  };
}

function accountOf({ steps }: PackDocument, { id, payer }: PackStep): StepAccount {
  const ofPayer = steps.filter((step) => step.payer === payer).map((step) => step.id);
  return { id, payer, ofPayer, takesRest: ofPayer[0] === id };
}

function compileModifier(
  document: PackDocument,
  modifier: PackModifier,
  parameter: string | undefined,
): CompiledModifier {
  return {
    id: modifier.id,
    name: modifier.name,
    grounds: groundsOf(modifier),
    when: compileCondition(document, modifier.when),
    figure: parameter === undefined ? null : rateFigure(document, parameter),
  };
}
