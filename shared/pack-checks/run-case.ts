import type { Words } from '../domain/result.ts';
import { whyNot } from '../policy/choose-pack.ts';
import type { CompiledPack } from '../policy/compile/compiled-pack.ts';
import { decide, decideFigures } from '../policy/decide.ts';
import type { PackCase } from '../policy/pack/pack-schema.ts';
import { differencesOf, type CaseOutcome } from './compare-case.ts';
import type { PreparedCase } from './prepared-case.ts';

export type CaseRun =
  | { readonly kind: 'not-covered'; readonly because: Words }
  | { readonly kind: 'decided'; readonly outcome: CaseOutcome };

/** Runs a case as a visit is settled, its explanation included. */
export function runCase(pack: CompiledPack, prepared: PreparedCase): CaseRun {
  const because = whyNot(pack, prepared.input);
  if (because !== null) return { kind: 'not-covered', because };
  const result = decide(pack, prepared.input);
  const zeroReason = (step: string) => {
    const share = result.shares.find((each) => each.step === step);
    if (share === undefined || share.amountFen !== 0) return null;
    return result.trace.find(({ id }) => id === `${step}.pays`)?.rule ?? null;
  };
  return {
    kind: 'decided',
    outcome: { result, zeroReason, warnings: codesOf(prepared, result.warnings) },
  };
}

/** The same without the explanation: thousands of changed packs are tried on every case. */
export function runCaseFigures(pack: CompiledPack, prepared: PreparedCase): CaseRun {
  const because = whyNot(pack, prepared.input);
  if (because !== null) return { kind: 'not-covered', because };
  const { result, outcomes } = decideFigures(pack, prepared.input);
  const zeroReason = (step: string) =>
    outcomes.find((outcome) => outcome.step.id === step)?.zeroReason ?? null;
  return {
    kind: 'decided',
    outcome: { result, zeroReason, warnings: codesOf(prepared, result.warnings) },
  };
}

function codesOf(
  { warnings }: PreparedCase,
  ofEngine: readonly { readonly code: string }[],
): readonly string[] {
  return [...warnings, ...ofEngine].map(({ code }) => code);
}

/** Whether a run is what the case expects: covered or not as it says, and every amount. */
export function agrees({ expect }: PackCase, run: CaseRun): boolean {
  if ('notWorkedOut' in expect) return false;
  if ('notCovered' in expect) return run.kind === 'not-covered';
  return run.kind === 'decided' && differencesOf(expect, run.outcome).length === 0;
}
