import { sql, type Kysely } from 'kysely';

import type { AuditKey } from './audit-key.ts';
import { sha256 } from './canonical-json.ts';
import {
  keyText,
  markOfRow,
  rowsAfter,
  rowsAtOnce,
  rowsOfKeys,
  type MarkedKind,
  type MarkedRow,
  type RowKey,
} from './marked-tables.ts';
import type { Tables } from './schema.ts';

/** Which rows a unit of work has written, removed or made: at its end they are marked as they then stand. */
export type TouchedRows = {
  touch(kind: MarkedKind, ...keys: readonly RowKey[]): void;
  /** The same of rows with a key of one column. */
  touchIds(kind: MarkedKind, ids: Iterable<string | number>): void;
  readonly touched: ReadonlyMap<MarkedKind, ReadonlyMap<string, RowKey>>;
  /** Rows that did not bear their mark before a part of them was written: they are given none, or that would hide it. */
  taint(kind: MarkedKind, keys: Iterable<string>): void;
  isTainted(kind: MarkedKind, key: string): boolean;
  /** The audit chain has another end: it is sealed at the end of the unit. */
  chainMoved(): void;
  isChainMoved(): boolean;
};

/** Of a unit of work that has touched nothing yet. */
export function touchedRows(): TouchedRows {
  let isMoved = false;
  const tainted = new Set<string>();
  const touched = new Map<MarkedKind, Map<string, RowKey>>();
  const touch: TouchedRows['touch'] = (kind, ...keys) => {
    const known = touched.get(kind) ?? new Map<string, RowKey>();
    touched.set(kind, known);
    for (const key of keys) known.set(keyText(key), key);
  };
  return {
    touch,
    touchIds(kind, ids) {
      for (const id of ids) touch(kind, [id]);
    },
    touched,
    taint(kind, keys) {
      for (const key of keys) tainted.add(`${kind} ${key}`);
    },
    isTainted: (kind, key) => tainted.has(`${kind} ${key}`),
    chainMoved() {
      isMoved = true;
    },
    isChainMoved: () => isMoved,
  };
}

/** The marks that are kept for some rows of a table, by key. */
export async function marksOfKeys(
  db: Kysely<Tables>,
  kind: MarkedKind,
  keys: readonly RowKey[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('row_marks')
    .select(['row_key', 'mark'])
    .where('kind', '=', kind)
    .where('row_key', 'in', keys.map(keyText))
    .execute();
  return new Map(rows.map(({ row_key: key, mark }) => [key, mark]));
}

/** How many rows of a table bear a mark, and the sum that tells whether they are the ones written last. */
type RowSum = { readonly rows: number; readonly sum: bigint };

const sumOf = 2n ** 256n;

/** What a mark adds to the sum: another keyed hash of it, which is kept nowhere, so that nobody finds marks that add up to the same. */
export const partOf = (kind: MarkedKind, key: string, mark: string, auditKey: AuditKey): bigint =>
  BigInt(`0x${auditKey.macOf(`part ${kind} ${mark} ${key}`)}`);

export const sumText = (sum: bigint): string => (((sum % sumOf) + sumOf) % sumOf).toString(16);

/** What the end of the chain is sealed with besides its hash: a digest of all sums, empty where no rows are marked yet. */
export async function digestOfSums(db: Kysely<Tables>): Promise<string> {
  const sums = await db.selectFrom('row_sums').selectAll().orderBy('kind').execute();
  if (sums.length === 0) return '';
  return sha256(sums.map(({ kind, rows, sum }) => `${kind} ${String(rows)} ${sum}`).join('\n'));
}

/**
 * Marks the rows a unit of work has touched as they stand at its end, and moves the sums by what that changes. The end of the
 * chain is locked by the caller, so nobody moves them meanwhile.
 */
export async function markTouched(
  db: Kysely<Tables>,
  { touched, isTainted }: Pick<TouchedRows, 'touched' | 'isTainted'>,
  auditKey: AuditKey,
): Promise<void> {
  const moves = new Map<MarkedKind, RowSum>();
  for (const [kind, keys] of touched) {
    let { rows, sum } = { rows: 0, sum: 0n };
    const all = [...keys.values()].filter((key) => !isTainted(kind, keyText(key)));
    for (let done = 0; done < all.length; done += rowsAtOnce) {
      const some = all.slice(done, done + rowsAtOnce);
      const moved = await markSome(db, kind, some, auditKey);
      rows += moved.rows;
      sum += moved.sum;
    }
    if (rows !== 0 || sum !== 0n) moves.set(kind, { rows, sum });
  }
  await moveSums(db, moves);
}

/**
 * Touches rows of which only a part is going to be written, or that are going to be removed. Asked before that: a row that does
 * not bear its mark by then is not given a new one, for its other part was changed past the program.
 */
export async function touchPart(
  db: Kysely<Tables>,
  { marks, auditKey }: { readonly marks: TouchedRows; readonly auditKey: AuditKey | null },
  kind: MarkedKind,
  keys: readonly RowKey[],
): Promise<void> {
  if (auditKey !== null) {
    const known = marks.touched.get(kind);
    // What this unit has written before bears its mark at the end of the unit only.
    const asked = keys.filter((key) => known?.has(keyText(key)) !== true);
    for (let done = 0; done < asked.length; done += rowsAtOnce) {
      const some = asked.slice(done, done + rowsAtOnce);
      marks.taint(kind, await unmarkedOf(db, kind, some, auditKey));
    }
  }
  marks.touch(kind, ...keys);
}

/** Whether a row bears the mark of what stands in it; where there is no key nobody can tell. */
export async function bearsMark(
  db: Kysely<Tables>,
  kind: MarkedKind,
  key: RowKey,
  auditKey: AuditKey | null,
): Promise<boolean> {
  return auditKey === null || (await unmarkedOf(db, kind, [key], auditKey)).length === 0;
}

/** Rows that do not bear the mark of what stands in them, of some keys. */
async function unmarkedOf(
  db: Kysely<Tables>,
  kind: MarkedKind,
  keys: readonly RowKey[],
  auditKey: AuditKey,
): Promise<readonly string[]> {
  const rows = await rowsOfKeys(db, kind, keys);
  const marks = await marksOfKeys(db, kind, keys);
  const right = new Map(rows.map((row) => [keyText(row.key), markOfRow(kind, row, auditKey)]));
  return keys.map(keyText).filter((key) => right.get(key) !== marks.get(key));
}

/** Marks rows of some keys as they stand; answers how their number and sum changed. */
async function markSome(
  db: Kysely<Tables>,
  kind: MarkedKind,
  keys: readonly RowKey[],
  auditKey: AuditKey,
): Promise<RowSum> {
  const standing = await rowsOfKeys(db, kind, keys);
  const before = await marksOfKeys(db, kind, keys);
  let { rows, sum } = { rows: 0, sum: 0n };
  const fresh: { kind: string; row_key: string; mark: string }[] = [];
  const stands = new Set<string>();
  for (const row of standing) {
    const key = keyText(row.key);
    stands.add(key);
    const mark = markOfRow(kind, row, auditKey);
    const old = before.get(key);
    if (old === mark) continue;
    sum += partOf(kind, key, mark, auditKey);
    if (old === undefined) rows += 1;
    else sum -= partOf(kind, key, old, auditKey);
    fresh.push({ kind, row_key: key, mark });
  }
  const gone = [...before].filter(([key]) => !stands.has(key));
  for (const [key, mark] of gone) {
    rows -= 1;
    sum -= partOf(kind, key, mark, auditKey);
  }
  if (gone.length > 0)
    await db
      .deleteFrom('row_marks')
      .where('kind', '=', kind)
      .where(
        'row_key',
        'in',
        gone.map(([key]) => key),
      )
      .execute();
  if (fresh.length > 0)
    await db
      .insertInto('row_marks')
      .values(fresh)
      .onConflict((conflict) =>
        conflict.columns(['kind', 'row_key']).doUpdateSet({ mark: sql<string>`excluded.mark` }),
      )
      .execute();
  return { rows, sum };
}

/** Moves the sums of some tables. */
async function moveSums(db: Kysely<Tables>, moves: ReadonlyMap<MarkedKind, RowSum>): Promise<void> {
  if (moves.size === 0) return;
  const known = await db
    .selectFrom('row_sums')
    .selectAll()
    .where('kind', 'in', [...moves.keys()])
    .execute();
  const values = [...moves].map(([kind, by]) => {
    const before = known.find((each) => each.kind === kind);
    return {
      kind,
      rows: (before?.rows ?? 0) + by.rows,
      sum: sumText(BigInt(`0x${before?.sum ?? '0'}`) + by.sum),
    };
  });
  await db
    .insertInto('row_sums')
    .values(values)
    .onConflict((conflict) =>
      conflict
        .column('kind')
        .doUpdateSet({ rows: sql<number>`excluded.rows`, sum: sql<string>`excluded.sum` }),
    )
    .execute();
}

/** Marks every row of a table as it stands; answers how many. For tables of which none was marked before. */
export async function markAll(
  db: Kysely<Tables>,
  kind: MarkedKind,
  auditKey: AuditKey,
): Promise<number> {
  let { rows, sum } = { rows: 0, sum: 0n };
  for (let after: RowKey | null = null; ;) {
    const page: readonly MarkedRow[] = await rowsAfter(db, kind, after);
    if (page.length > 0) {
      const keys = page.map(({ key }) => key);
      const moved = await markSome(db, kind, keys, auditKey);
      rows += moved.rows;
      sum += moved.sum;
    }
    after = page.at(-1)?.key ?? null;
    if (after === null) break;
  }
  await moveSums(db, new Map([[kind, { rows, sum }]]));
  return rows;
}
