import type { Words } from '../../shared/domain/result.ts';
import { hospitalLevelNames, personCategoryNames } from '../../shared/domain/value-names.ts';
import { payerNamer } from '../../shared/pack-words/payer-namer.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import type { Replay } from './replay.ts';
import type { Paid, PersonDifference, ThreeAmounts } from './tally.ts';

/** An amount as the books have it, as the same rules come out now, under the draft, and by how much the draft differs. */
export type AmountsReport = {
  readonly settledFen: number;
  readonly beforeFen: number;
  readonly afterFen: number;
  readonly differenceFen: number;
};

export type PayerReport = AmountsReport & { readonly payer: string; readonly name: Words };

/** The visits of one category, level or disease. */
export type GroupReport = {
  /** null: visits without any. */
  readonly key: string | null;
  readonly name: Words;
  readonly visits: number;
  readonly changed: number;
  readonly payers: readonly PayerReport[];
  readonly patient: AmountsReport;
};

export type PersonReport = Omit<AmountsReport, 'settledFen'> &
  Pick<PersonDifference, 'name' | 'idNumber' | 'visits'>;

/** What settling again came to, for the command, the workbook and the page alike. */
export type ReplayReport = {
  readonly pack: string;
  readonly packVersion: string;
  readonly from: string;
  readonly until: string;
  readonly sample: number | null;
  readonly visits: number;
  readonly persons: number;
  readonly totalFen: number;
  readonly counts: {
    readonly changed: number;
    readonly newlyCovered: number;
    readonly noLongerCovered: number;
    readonly throughTheYear: number;
    readonly otherReasons: number;
    readonly notSettled: number;
    readonly untouched: number;
  };
  readonly payers: readonly PayerReport[];
  readonly patient: AmountsReport;
  readonly hospital: AmountsReport;
  readonly gainers: readonly PersonReport[];
  readonly losers: readonly PersonReport[];
  /** A person of several categories counts in each. */
  readonly byCategory: readonly GroupReport[];
  readonly byLevel: readonly GroupReport[];
  /** By principal diagnosis. */
  readonly byDisease: readonly GroupReport[];
  readonly skipped: readonly { readonly visitId: string; readonly code: string }[];
};

/** The report of what was settled again. */
export function reportReplay(
  { order, tally }: Replay,
  known: readonly CompiledPack[],
): ReplayReport {
  const { draft, period, sample } = order;
  const { whole, gainers, losers, skipped, persons } = tally;
  const payers = payerOrder(draft);
  const nameOf = payerNamer([...draft, ...known]);
  const groupOf = (key: string, name: Words, paid: Paid): GroupReport => ({
    key: key === '' ? null : key,
    name: key === '' ? none : name,
    visits: paid.visits,
    changed: paid.changed,
    payers: payersOf(paid, payers, nameOf),
    patient: amountsOf(paid.patient),
  });
  return {
    pack: [...new Set(draft.map(({ id }) => id))].join('+'),
    packVersion: [...new Set(draft.map(({ version }) => version))].join('+'),
    ...period,
    sample,
    visits: whole.visits,
    persons,
    totalFen: whole.totalFen,
    counts: {
      changed: whole.changed,
      newlyCovered: tally.newlyCovered,
      noLongerCovered: tally.noLongerCovered,
      throughTheYear: tally.throughTheYear,
      otherReasons: tally.otherReasons,
      notSettled: tally.notSettled,
      untouched: tally.untouched,
    },
    payers: payersOf(whole, payers, nameOf),
    patient: amountsOf(whole.patient),
    hospital: amountsOf(whole.hospital),
    gainers: gainers.map(personOf),
    losers: losers.map(personOf),
    byCategory: inOrder(tally.categories, Object.keys(personCategoryNames)).map(([key, paid]) =>
      groupOf(key, wordsIn(personCategoryNames, key), paid),
    ),
    byLevel: inOrder(tally.levels, Object.keys(hospitalLevelNames)).map(([key, paid]) =>
      groupOf(key, wordsIn(hospitalLevelNames, key), paid),
    ),
    byDisease: Object.entries(tally.diseases)
      .map(([key, { name, paid }]) => groupOf(key, { zh: name, en: name }, paid))
      .sort(
        (one, other) =>
          Math.abs(other.patient.differenceFen) - Math.abs(one.patient.differenceFen) ||
          other.visits - one.visits ||
          ((one.key ?? '') < (other.key ?? '') ? -1 : 1),
      ),
    skipped,
  };
}

const none: Words = { zh: '无', en: 'none' };

const wordsIn = (names: Readonly<Record<string, Words>>, key: string): Words =>
  names[key] ?? { zh: key, en: key };

/** Payers as the draft has them, then the others. */
function payerOrder(draft: readonly CompiledPack[]): readonly string[] {
  return [...new Set(draft.flatMap(({ payers }) => payers))];
}

function payersOf(
  { payers }: Paid,
  order: readonly string[],
  nameOf: (payer: string) => Words,
): readonly PayerReport[] {
  return inOrder(payers, order).map(([payer, amounts]) => ({
    payer,
    name: nameOf(payer),
    ...amountsOf(amounts),
  }));
}

/** By the given order, what it does not name behind it by name. */
function inOrder<Value>(
  values: Readonly<Record<string, Value>>,
  order: readonly string[],
): readonly (readonly [string, Value])[] {
  const placeOf = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.entries(values).sort(
    ([one], [other]) => placeOf(one) - placeOf(other) || (one < other ? -1 : 1),
  );
}

const amountsOf = ({ settled, before, after }: ThreeAmounts): AmountsReport => ({
  settledFen: settled,
  beforeFen: before,
  afterFen: after,
  differenceFen: after - before,
});

const personOf = ({
  name,
  idNumber,
  visits,
  beforeFen,
  afterFen,
}: PersonDifference): PersonReport => ({
  ...{ name, idNumber, visits, beforeFen, afterFen },
  differenceFen: afterFen - beforeFen,
});
