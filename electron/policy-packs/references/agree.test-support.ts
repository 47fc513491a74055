import fc from 'fast-check';
import { expect } from 'vitest';
import { compareVersions } from '../../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../../shared/policy/compile/compiled-pack.ts';
import { decideFigures } from '../../../shared/policy/decide.ts';
import { visitsFor } from '../../../shared/policy/pack-visits.test-support.ts';
import { ownPacksReadOnce } from '../own-packs.test-support.ts';
import { splitReferenceBill, type Reference } from './visit.reference.ts';

/** One of the program's own packs; throws with the reader's words if it cannot be read. */
export async function ownPack(id: string): Promise<CompiledPack> {
  const [newest] = (await ownPacksReadOnce())
    .map(({ compiled }) => compiled)
    .filter((each) => each.id === id)
    .sort((one, other) => compareVersions(other.version, one.version));
  if (newest === undefined) throw new Error(`there is no pack ${id}`);
  return newest;
}

/**
 * The engine and a second calculation must agree to the fen on 1,500 random visits of a pack, 100,000 in the
 * deep run, and every step but those named must have paid often enough for the comparison to mean something.
 */
export function expectAgreement(
  pack: CompiledPack,
  reference: Reference,
  { neverPays = [] }: { readonly neverPays?: readonly string[] } = {},
): void {
  const depth = Number(process.env['TEST_DEPTH'] ?? '1');
  const numRuns = depth > 1 ? 10_000 * depth : 1_500;
  const paid = new Map<string, number>(pack.steps.map(({ id }) => [id, 0]));
  fc.assert(
    fc.property(visitsFor(pack), (input) => {
      const { result } = decideFigures(pack, input);
      const expected = reference(input, splitReferenceBill(input));
      for (const { step, amountFen } of result.shares) {
        if (amountFen > 0) paid.set(step, (paid.get(step) ?? 0) + 1);
      }
      const actual = {
        shares: Object.fromEntries(
          result.shares.map(({ step, amountFen }) => [step, BigInt(amountFen)]),
        ),
        patient: BigInt(result.patientPaysFen),
        hospital: BigInt(result.hospitalBearsFen),
      };
      if (!isSame(actual, expected)) expect(actual).toEqual(expected);
    }),
    { numRuns },
  );
  for (const [step, times] of paid) {
    if (neverPays.includes(step)) expect([step, times]).toEqual([step, 0]);
    else expect({ step, paidOften: times > numRuns / 1000 }).toEqual({ step, paidOften: true });
  }
}

/** Compared by hand first: asserting thousands of times over is most of the time. */
function isSame(
  actual: ReturnType<Reference>,
  { shares, patient, hospital }: ReturnType<Reference>,
): boolean {
  const steps = Object.keys(actual.shares);
  return (
    actual.patient === patient &&
    actual.hospital === hospital &&
    steps.length === Object.keys(shares).length &&
    steps.every((step) => actual.shares[step] === shares[step])
  );
}
