import { encodeVisitAndPerson } from '../../shared/contracts/stored-visit.ts';
import type { ChargeLine } from '../../shared/domain/visit.ts';
import type { VisitAndPerson } from '../database/visits-repository.ts';
import { canonicalJson } from '../database/canonical-json.ts';

/** A line that is in both bills and says something else in the later one. */
export type ChangedLine = {
  readonly was: ChargeLine;
  readonly now: ChargeLine;
  /** The fields that differ. */
  readonly differs: readonly string[];
};

/** Something of the bill besides its lines that differs; a side that says nothing of it is null. */
export type ChangedFact = {
  readonly path: readonly string[];
  readonly was: string | null;
  readonly now: string | null;
};

/** How a later bill of a visit differs from the one before. */
export type BillDifference = {
  readonly added: readonly ChargeLine[];
  readonly removed: readonly ChargeLine[];
  readonly changed: readonly ChangedLine[];
  /** Lines that say the same in both, whatever their numbers. */
  readonly same: number;
  readonly facts: readonly ChangedFact[];
};

/**
 * Compares two bills line by line. A line is the same one where it says the same under another number (a hospital numbers its
 * lines anew when one is put between); what is left is the same line with a change where its number and item are those of before,
 * then where its item and day are; the rest came or went.
 */
export function compareBills(was: VisitAndPerson, now: VisitAndPerson): BillDifference {
  const before = linesOf(was);
  const { left: gone, others: come, pairs: equal } = paired(before, linesOf(now), contentOf);
  const byNumber = paired(gone, come, ({ line, code }) => `${String(line)} ${code}`);
  const byItem = paired(byNumber.left, byNumber.others, ({ code, on }) => `${on} ${code}`);
  const byCode = paired(byItem.left, byItem.others, ({ code }) => code);
  const changed = [...byNumber.pairs, ...byItem.pairs, ...byCode.pairs]
    .map(([one, other]) => ({ was: one, now: other, differs: differingFields(one, other) }))
    .sort((one, other) => one.now.line - other.now.line);
  return {
    ...{ added: byCode.others, removed: byCode.left, changed, same: equal.length },
    facts: changedFacts(was, now),
  };
}

const linesOf = ({ visit: { bill } }: VisitAndPerson): readonly ChargeLine[] =>
  bill.kind === 'charges' ? bill.charges : [];

/** What a line says besides its number and the number of the line it takes back. */
function contentOf(line: ChargeLine): string {
  return canonicalJson({ ...line, line: null, refundsLine: null });
}

type Pairs = {
  readonly pairs: readonly (readonly [ChargeLine, ChargeLine])[];
  readonly left: readonly ChargeLine[];
  readonly others: readonly ChargeLine[];
};

/** Pairs lines of the same key, each once; those of one number first, so that a line stays where it was. */
function paired(
  ones: readonly ChargeLine[],
  others: readonly ChargeLine[],
  keyOf: (line: ChargeLine) => string,
): Pairs {
  const waiting = new Map<string, ChargeLine[]>();
  for (const other of others) {
    const key = keyOf(other);
    const known = waiting.get(key);
    if (known === undefined) waiting.set(key, [other]);
    else known.push(other);
  }
  const pairs: (readonly [ChargeLine, ChargeLine])[] = [];
  const left: ChargeLine[] = [];
  const taken = new Set<ChargeLine>();
  for (const one of ones) {
    const candidates = waiting.get(keyOf(one)) ?? [];
    const own = candidates.findIndex(({ line }) => line === one.line);
    const [other] = candidates.splice(Math.max(own, 0), 1);
    if (other === undefined) left.push(one);
    else {
      pairs.push([one, other]);
      taken.add(other);
    }
  }
  return { pairs, left, others: others.filter((other) => !taken.has(other)) };
}

function differingFields(was: ChargeLine, now: ChargeLine): readonly string[] {
  const [one, other]: readonly Readonly<Record<string, unknown>>[] = [{ ...was }, { ...now }];
  const names = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]);
  return [...names].filter(
    (name) => name !== 'line' && canonicalJson([one?.[name]]) !== canonicalJson([other?.[name]]),
  );
}

function changedFacts(was: VisitAndPerson, now: VisitAndPerson): readonly ChangedFact[] {
  const [before, after] = [leavesOf(was), leavesOf(now)];
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => {
    const [one, other] = [before.get(key) ?? null, after.get(key) ?? null];
    if (one === other) return [];
    return [{ path: key.split('/'), was: one, now: other }];
  });
}

/** Everything that a bill says besides its lines, by its path. */
function leavesOf(bill: VisitAndPerson): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (path === 'visit/charges') return;
    if (typeof value === 'object' && value !== null) {
      for (const [name, part] of Object.entries(value))
        walk(part, path === '' ? name : `${path}/${name}`);
    } else if (value !== null && value !== undefined) {
      leaves.set(path, typeof value === 'string' ? value : JSON.stringify(value));
    }
  };
  walk(encodeVisitAndPerson(bill), '');
  return leaves;
}
