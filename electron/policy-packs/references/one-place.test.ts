import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personCategories, type SettlementInput } from '../../../shared/domain/person.ts';
import { fen } from '../../../shared/money/fen.ts';
import { choosePack, isReplaced } from '../../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../../shared/policy/compile/compiled-pack.ts';
import { decideFigures } from '../../../shared/policy/decide.ts';
import { visitsFor } from '../../../shared/policy/pack-visits.test-support.ts';
import { ownPacksReadOnce } from '../own-packs.test-support.ts';

const all = (await ownPacksReadOnce()).map(({ compiled }) => compiled);
const packs = all.filter((pack) => !isReplaced(pack, all));

/** The packs a person of the place of a pack may come under. */
function packsOf({ appliesTo: { places } }: CompiledPack): readonly CompiledPack[] {
  return packs.filter((other) =>
    other.appliesTo.places.some((place) => places.some((own) => place.startsWith(own))),
  );
}

/** What the person pays by the one pack that is for him; null where none is. */
function pays(of: readonly CompiledPack[], input: SettlementInput): number | null {
  const chosen = choosePack(of, input);
  if (!chosen.ok) return null;
  return decideFigures(chosen.value, input).result.patientPaysFen;
}

/** The year as both packs of a place leave it: what was used up of a deductible is used up under either. */
function onOneYear(input: SettlementInput, base: number): SettlementInput {
  const { yearToDate } = input;
  if (yearToDate === null) return input;
  const byStep = Object.fromEntries(
    Object.keys(yearToDate.byStep).map((step) => [
      step,
      {
        baseFen: fen(base),
        deductibleFen: fen(base),
        paidFen: fen(0),
        selfPayFen: fen(base),
      },
    ]),
  );
  return {
    ...input,
    yearToDate: {
      ...yearToDate,
      byStep,
      paidFen: {},
      eligibleFen: fen(base),
      selfPayFen: fen(base),
      eligibleSelfPayFen: fen(base),
      deductiblePaidFen: fen(0),
    },
  };
}

const numRuns = 400 * Number(process.env['TEST_DEPTH'] ?? '1');

describe('the packs of one place', () => {
  it.each(packs.map((pack) => [pack.id, pack] as const))(
    'let no category make a person pay more: %s',
    (_id, pack) => {
      const of = packsOf(pack);
      let compared = 0;
      fc.assert(
        fc.property(
          visitsFor(pack),
          fc.constantFrom(...personCategories),
          fc.integer({ min: 0, max: 2_000_000 }),
          (visit, name, base) => {
            const input = onOneYear(visit, base);
            const { categories } = input.person;
            const without = categories.filter((category) => category.name !== name);
            const one = { ...input.person, categories: without };
            const more = { ...input.person, categories: [...without, { name }] };
            const before = pays(of, { ...input, person: one });
            const after = pays(of, { ...input, person: more });
            if (before === null) return;
            compared += 1;
            // Whoever was covered without the category is so with it.
            expect({ name, isCovered: after !== null }).toEqual({ name, isCovered: true });
            expect({ name, paysMore: Math.max(0, (after ?? 0) - before) }).toEqual({
              name,
              paysMore: 0,
            });
          },
        ),
        { numRuns },
      );
      expect(compared).toBeGreaterThan(numRuns / 4);
    },
  );
});
