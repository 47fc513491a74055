/**
 * A year of one person as it lies on paper: what the hospital charged, what the person is, in which order it was
 * settled and what was taken back. The second calculations reckon from this and from the sentences of their source
 * alone; they know nothing of the program, of its packs or of its notions.
 */

/** A charge with what of it is in scope, paid first by the patient, and outside the catalogue; in fen. */
export type Charge = {
  readonly category: string;
  readonly code: string;
  readonly inScope: bigint;
  readonly firstPaid: bigint;
  readonly outside: bigint;
};

/** One visit, or one of the parts a stay was settled in. */
export type Paper = {
  readonly id: string;
  readonly kind: 'inpatient' | 'outpatient';
  readonly admitted: string;
  readonly discharged: string;
  readonly hospital: {
    readonly code: string;
    readonly level: string;
    /** null: the paper does not say where it lies. */
    readonly place: string | null;
    readonly type: string | null;
    readonly grade: number | null;
  };
  /** The principal diagnosis. */
  readonly diagnosis: string;
  readonly operations: readonly string[];
  readonly certificate: {
    readonly issued: string;
    readonly from: string;
    readonly previous: string | null;
    readonly deductible: bigint;
  } | null;
  readonly emergency: boolean;
  /** How care away from home was filed; null: nothing is said of it. */
  readonly filed: string | null;
  readonly chronic: {
    readonly code: string;
    readonly from: string;
    readonly until: string | null;
  } | null;
  /** What an office granted on an application; null: none was made. */
  readonly granted: bigint | null;
  readonly charges: readonly Charge[];
};

export type PaperPerson = {
  readonly born: string;
  readonly insured: string;
  readonly insurance: string;
  readonly employment: string | null;
  readonly categories: readonly {
    readonly name: string;
    readonly from: string | null;
    readonly until: string | null;
  }[];
};

/**
 * What a visit came to. `notes` is what the same source asks of it when a later visit is settled; under `outside` it may
 * note what of the patient's part lies outside the catalogue, which a part of a stay cannot take back either.
 */
export type Came = {
  readonly shares: Readonly<Record<string, bigint>>;
  readonly patient: bigint;
  readonly hospital: bigint;
  readonly notes: Readonly<Record<string, bigint>>;
};

/** A visit that was settled earlier, all its parts together, and what it came to. */
export type Settled = { readonly paper: Paper; readonly came: Came };

/**
 * The rules of a source: what a visit comes to after those settled before it in the same year; null where the source
 * says nothing of such a visit.
 */
export type Rules = (paper: Paper, person: PaperPerson, year: readonly Settled[]) => Came | null;

/** What somebody did at the desk. */
export type Act =
  { readonly settle: Paper; readonly isPart: boolean } | { readonly takeBack: string };

/** What an act came to: the amounts of the visit or part, nothing for what was taken back, null for no rules. */
export type Outcome = {
  readonly shares: Readonly<Record<string, bigint>>;
  readonly patient: bigint;
  readonly hospital: bigint;
} | null;

/**
 * Goes through the acts of a year. A stay in parts is reckoned as a whole each time, and a part is what the whole comes
 * to beyond the parts before it; where it comes to less than somebody took already the reckoning ends, for no source
 * says who gives what back.
 */
export function reckon(
  rules: Rules,
  person: PaperPerson,
  acts: readonly Act[],
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  let settled: readonly Settled[] = [];
  for (const act of acts) {
    if ('takeBack' in act) {
      settled = settled.filter(({ paper }) => paper.id !== act.takeBack);
      outcomes.push(null);
      continue;
    }
    const before = settled.find(({ paper }) => paper.id === act.settle.id) ?? null;
    const others = settled.filter((each) => each !== before);
    const whole = before === null ? act.settle : together(before.paper, act.settle);
    const year = others.filter(({ paper }) => yearOf(paper) === yearOf(whole));
    const came = rules(whole, person, year);
    if (came === null) {
      outcomes.push(null);
      continue;
    }
    const part = before === null ? came : beyondThe(came, before.came);
    // Nobody pays more at a part than it cost, though the yuan of the whole may be rounded up there.
    if (part === null || part.patient > billOf(act.settle).total) break;
    outcomes.push({ shares: part.shares, patient: part.patient, hospital: part.hospital });
    settled = [...others, { paper: whole, came }];
  }
  return outcomes;
}

const yearOf = ({ discharged }: Paper): string => discharged.slice(0, 4);

function together(first: Paper, more: Paper): Paper {
  return { ...more, charges: [...first.charges, ...more.charges] };
}

function beyondThe(whole: Came, before: Came): Came | null {
  const shares = Object.fromEntries(
    Object.entries(whole.shares).map(([step, amount]) => [
      step,
      amount - (before.shares[step] ?? 0n),
    ]),
  );
  const patient = whole.patient - before.patient;
  const outside = (whole.notes['outside'] ?? 0n) - (before.notes['outside'] ?? 0n);
  const amounts = [patient, outside, ...Object.values(shares)];
  if (amounts.some((amount) => amount < 0n)) return null;
  return { ...whole, shares, patient, hospital: whole.hospital - before.hospital };
}

/** A bill in its three parts and all of it. */
export type Bill = {
  readonly inScope: bigint;
  readonly firstPaid: bigint;
  readonly outside: bigint;
  readonly total: bigint;
};

export function billOf({ charges }: Pick<Paper, 'charges'>): Bill {
  let [inScope, firstPaid, outside] = [0n, 0n, 0n];
  for (const charge of charges) {
    inScope += charge.inScope;
    firstPaid += charge.firstPaid;
    outside += charge.outside;
  }
  return { inScope, firstPaid, outside, total: inScope + firstPaid + outside };
}

/** An amount of yuan in fen. */
export function yuan(amount: number): bigint {
  return BigInt(Math.round(amount * 100));
}

/** So many per cent of an amount, to the nearest fen, half a fen up. */
export function percent(amount: bigint, of: number): bigint {
  const tenThousandths = BigInt(Math.round(of * 100));
  return (2n * amount * tenThousandths + 10_000n) / 20_000n;
}

/** An amount to the nearest multiple of a unit, half of it up. */
export function nearest(amount: bigint, unit: bigint): bigint {
  return ((2n * amount + unit) / (2n * unit)) * unit;
}

export function least(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((smallest, each) => (each < smallest ? each : smallest), first);
}

export function most(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((largest, each) => (each > largest ? each : largest), first);
}

/** What of an amount lies above a limit. */
export function above(amount: bigint, limit: bigint): bigint {
  return amount > limit ? amount - limit : 0n;
}

/** What the visits of the year noted under a name, added up. */
export function noted(year: readonly Settled[], name: string): bigint {
  return year.reduce((sum, { came }) => sum + (came.notes[name] ?? 0n), 0n);
}

/**
 * Whether the person is of one of some categories on a day.
 */
export function isOne(
  { categories }: PaperPerson,
  day: string,
  ...names: readonly string[]
): boolean {
  return categories.some(
    ({ name, from, until }) =>
      names.includes(name) && (from === null || from <= day) && (until === null || day <= until),
  );
}

/** Full years of age on a day; nobody is younger than 0. */
export function yearsOld({ born }: PaperPerson, day: string): number {
  if (day <= born) return 0;
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4));
  return day.slice(5) < born.slice(5) ? years - 1 : years;
}

/** Whether somebody wrote, no later than the admission, that the patient may go there, and not from this stay itself. */
export function isReferred({ id, admitted, certificate }: Paper): boolean {
  return certificate !== null && certificate.issued <= admitted && certificate.previous !== id;
}

/** Whether the hospital lies in a division; one that does not say where it lies is at home, unless outside the province. */
export function liesIn({ hospital }: Paper, place: string): boolean {
  if (hospital.level === 'outside-province') return false;
  return hospital.place === null || hospital.place.startsWith(place);
}

/** What of a deductible that is borne once in the year a visit bears, after what the visits before it bore of it. */
export function borneOf(base: bigint, deductible: bigint, before: bigint): bigint {
  return least(base, above(deductible, before));
}
