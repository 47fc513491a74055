import { settlementInputFromVisitJson } from '../../contracts/visit-json.ts';
import type { SettlementInput } from '../../domain/person.ts';
import type { CompiledPack } from '../../policy/compile/compiled-pack.ts';
import type { PreparedCase } from '../prepared-case.ts';
import { runCaseFigures } from '../run-case.ts';
import { without, withValue, type Path } from './mutant.ts';
import { visitEdits, type Edit } from './visit-edits.ts';

/** A visit that comes out otherwise under a changed pack: a case of the pack, and what is set in it beside. */
export type TellingVisit = {
  readonly from: PreparedCase;
  readonly edit: Edit;
  /** What every case states differs: who pays how much. Else only what a case may state beside. */
  readonly inAmounts: boolean;
};

/** What a case may expect beside who pays how much. */
export type Beside = 'withinCatalogue' | 'deductible' | 'yearToDate' | 'zeroBecause' | 'warnings';

/** What became of the search for one changed pack. */
export type Search = {
  readonly visit: TellingVisit | null;
  /** How many visits were tried. */
  readonly tried: number;
};

/** So many times a visit is settled under some pack at most: some five seconds. */
export const settlementsMax = 400_000;
/** Of single edits first, then of two and of three at once. */
const combinedMax = 8_000;

/**
 * Looks for visits on which changed packs come out otherwise than the pack: the visits of its cases, with every level,
 * category, code, day and amount that the pack speaks of, one, two and three at a time. The same pack gives the same
 * visits. A visit that no bill could be is left out.
 */
export function findTellingVisits(
  pack: CompiledPack,
  cases: readonly PreparedCase[],
  changed: readonly CompiledPack[],
  most: number = settlementsMax,
): readonly Search[] {
  const found: (TellingVisit | null)[] = changed.map(() => null);
  let open = changed.map((_each, index) => index);
  let settlements = 0;
  let tried = 0;
  for (const [from, edit] of visitsAround(pack, cases)) {
    if (open.length === 0 || settlements > most) break;
    const input = inputOf(from, edit);
    if (input === null) continue;
    const own = outcomeOf(pack, from, input);
    tried += 1;
    settlements += 1 + open.length;
    open = open.filter((index) => {
      const other = changed[index];
      if (other === undefined) return false;
      const out = outcomeOf(other, from, input);
      if (out.amounts !== own.amounts) {
        found[index] = { from, edit, inAmounts: true };
        return false;
      }
      // Taken only where no other visit tells it in amounts.
      if (differing(own, out).length > 0) found[index] ??= { from, edit, inAmounts: false };
      return true;
    });
  }
  return found.map((visit) => ({ visit, tried }));
}

/** Which of some changed packs a visit tells from the pack, and by what, where it is not who pays how much. */
export function toldBy(
  pack: CompiledPack,
  { from, edit }: TellingVisit,
  changed: readonly CompiledPack[],
): readonly { readonly index: number; readonly by: readonly Beside[] }[] {
  const input = inputOf(from, edit);
  if (input === null) return [];
  const own = outcomeOf(pack, from, input);
  return changed.flatMap((other, index) => {
    const out = outcomeOf(other, from, input);
    if (out.amounts !== own.amounts) return [{ index, by: [] }];
    const by = differing(own, out);
    return by.length === 0 ? [] : [{ index, by }];
  });
}

function* visitsAround(
  { document }: CompiledPack,
  cases: readonly PreparedCase[],
): Generator<readonly [PreparedCase, Edit]> {
  const edits = cases.map((from) => visitEdits(document, from_(from)));
  for (const [at, from] of cases.entries()) {
    yield [from, {}];
    for (const kind of edits[at] ?? []) for (const edit of kind) yield [from, edit];
  }
  if (cases.length === 0) return;
  const pick = pickerFrom(20_260_101);
  for (let count = 0; count < 2 * combinedMax; count += 1) {
    const at = pick(cases.length);
    const from = cases[at];
    const kinds = edits[at] ?? [];
    if (from === undefined) continue;
    let edit: Edit = {};
    const wanted = count < combinedMax ? 2 : 3;
    for (let each = 0; each < wanted; each += 1) {
      const kind = kinds[pick(kinds.length)] ?? [];
      edit = { ...edit, ...kind[pick(kind.length)] };
    }
    yield [from, edit];
  }
}

function from_({ input: { visit, person } }: PreparedCase) {
  return {
    admittedOn: visit.admittedOn,
    dischargedOn: visit.dischargedOn,
    birthDate: person.birthDate,
    insuredPlace: person.insuredPlace,
    level: visit.hospital.level,
  };
}

/** Whole numbers below a bound, the same row every time. */
function pickerFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return below === 0 ? 0 : Math.floor((state / 4_294_967_296) * below);
  };
}

/** The visit of a case as an edit makes it; null where no visit can be so. */
function inputOf({ data, input }: PreparedCase, edit: Edit): SettlementInput | null {
  const settings = Object.entries(edit);
  if (settings.length === 0) return input;
  const read = settlementInputFromVisitJson(dataWith(data, edit));
  return read.ok ? read.value.input : null;
}

/** Plain data with what an edit sets. */
export function dataWith(data: unknown, edit: Edit): unknown {
  let changed = data;
  for (const [pointer, value] of Object.entries(edit)) {
    const path = pathOf(pointer);
    changed = value === null ? without(changed, path) : withValue(changed, path, value);
  }
  return changed;
}

/** The keys of a JSON Pointer. */
export function pathOf(pointer: string): Path {
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Outcome = {
  readonly amounts: string;
  readonly beside: Readonly<Partial<Record<Beside, string>>>;
};

/** What differs of two outcomes in which everybody pays the same. */
function differing({ beside: one }: Outcome, { beside: other }: Outcome): readonly Beside[] {
  return (Object.keys(one) as Beside[]).filter((name) => one[name] !== other[name]);
}

function outcomeOf(pack: CompiledPack, from: PreparedCase, input: SettlementInput): Outcome {
  let run;
  try {
    run = runCaseFigures(pack, { ...from, input });
  } catch {
    // A visit that cannot be decided, or a broken promise: told by any case.
    return { amounts: 'refused', beside: {} };
  }
  if (run.kind === 'not-covered') return { amounts: 'not-covered', beside: {} };
  const { result, zeroReason, warnings } = run.outcome;
  const { shares, patientPaysFen, patientPart, hospitalBearsFen, deductibleFen } = result;
  return {
    amounts: JSON.stringify([
      shares.map(({ step, amountFen }) => [step, amountFen]),
      ...[patientPaysFen, hospitalBearsFen],
    ]),
    beside: {
      withinCatalogue: String(patientPart.withinCatalogueFen),
      deductible: String(deductibleFen),
      yearToDate: JSON.stringify(result.yearToDate),
      zeroBecause: JSON.stringify(shares.map(({ step }) => zeroReason(step))),
      warnings: JSON.stringify(warnings),
    },
  };
}
