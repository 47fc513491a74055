import { sql, type Kysely } from 'kysely';

import type { AuditKey } from './audit-key.ts';
import {
  keyText,
  markedTables,
  markOfRow,
  rowsAfter,
  rowsOfFirst,
  type MarkedKind,
  type MarkedRow,
  type RowKey,
} from './marked-tables.ts';
import { visitSource } from './persons-repository.ts';
import { marksOfKeys, partOf, sumText } from './row-marks.ts';
import type { Tables } from './schema.ts';

/**
 * What of a visit and its person does not bear its mark, each by table and key: the bill, the person with every recognition,
 * number and opening, and the registers that say something of him. Empty: all of it is as the program wrote it, or there
 * is no key to tell by.
 */
export async function unmarkedOfVisit(
  db: Kysely<Tables>,
  { visitId, personId }: { readonly visitId: string; readonly personId: string },
  auditKey: AuditKey | null,
): Promise<readonly string[]> {
  if (auditKey === null) return [];
  // Registers go on speaking of each number by itself; whoever it is linked to has what they say.
  const numbers = await db
    .selectFrom('person_numbers')
    .leftJoin('persons', 'persons.id_number', 'person_numbers.id_number')
    .select(['person_numbers.id_number', 'persons.id'])
    .where('person_numbers.person_id', '=', personId)
    .execute();
  const persons = [...new Set([personId, ...numbers.flatMap(({ id }) => id ?? [])])];
  const wanted: readonly (readonly [MarkedKind, readonly string[]])[] = [
    ['visits', [visitId]],
    ['persons', persons],
    ['person_categories', persons],
    ['person_year_openings', [personId]],
    ...(numbers.length === 0
      ? []
      : ([['person_numbers', numbers.map(({ id_number: number }) => number)]] as const)),
  ];
  const marks = marksOfFirsts(db, wanted);
  const rows = new Map<string, string>();
  const sources = new Set<string>();
  const read = wanted.map(async ([kind, firsts]) => {
    for (const row of await rowsOfFirst(db, kind, firsts)) {
      rows.set(`${kind} ${keyText(row.key)}`, markOfRow(kind, row, auditKey));
      if (kind === 'person_categories' && row.source !== null) sources.add(row.source);
    }
  });
  await Promise.all([...read, marks]);
  const kept = new Map(await marks);
  sources.delete(visitSource);
  if (sources.size > 0) {
    const named = [['registers', [...sources]]] as const;
    for (const [key, mark] of await marksOfFirsts(db, named)) kept.set(key, mark);
    for (const row of await rowsOfFirst(db, 'registers', [...sources]))
      rows.set(`registers ${keyText(row.key)}`, markOfRow('registers', row, auditKey));
  }
  const all = new Set([...rows.keys(), ...kept.keys()]);
  return [...all].filter((key) => rows.get(key) !== kept.get(key)).sort();
}

/** The marks of rows whose keys begin with some values, by table and key; also of rows that are gone. */
async function marksOfFirsts(
  db: Kysely<Tables>,
  wanted: readonly (readonly [MarkedKind, readonly string[]])[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('row_marks')
    .select(['kind', 'row_key', 'mark'])
    .where((is) =>
      is.or(
        wanted.flatMap(([kind, firsts]) =>
          firsts.map((first) =>
            markedTables[kind].key.length === 1
              ? is.and([is('kind', '=', kind), is('row_key', '=', first)])
              : // `!` comes right after the space between the parts of a key.
                is.and([
                  is('kind', '=', kind),
                  is('row_key', '>', `${first} `),
                  is('row_key', '<', `${first}!`),
                ]),
          ),
        ),
      ),
    )
    .execute();
  return new Map(rows.map(({ kind, row_key: key, mark }) => [`${kind} ${key}`, mark]));
}

/** What is wrong with the rows of one table. */
export type MarkFinding = { readonly about: string; readonly problem: string };

/**
 * Compares every row of a table with its mark, and all of them with the sum: rows that were changed, made or taken out past
 * the program are named; where old ones were brought back with their old marks, the sum tells.
 */
export async function markProblemsOf(
  db: Kysely<Tables>,
  kind: MarkedKind,
  { auditKey, limit }: { readonly auditKey: AuditKey; readonly limit: number },
): Promise<readonly MarkFinding[]> {
  const found: MarkFinding[] = [];
  let { rows, sum } = { rows: 0, sum: 0n };
  for (let after: RowKey | null = null; ;) {
    const page: readonly MarkedRow[] = await rowsAfter(db, kind, after);
    if (page.length === 0) break;
    const marks = await marksOfKeys(
      db,
      kind,
      page.map(({ key }) => key),
    );
    for (const row of page) {
      const key = keyText(row.key);
      const mark = marks.get(key);
      if (mark === undefined) found.push({ about: `${kind} ${key}`, problem: wasMade });
      else {
        rows += 1;
        sum += partOf(kind, key, mark, auditKey);
        if (mark !== markOfRow(kind, row, auditKey))
          found.push({ about: `${kind} ${key}`, problem: wasChanged });
      }
      if (found.length >= limit) return found;
    }
    after = page.at(-1)?.key ?? null;
  }
  found.push(...(await rowsGone(db, kind, { seen: rows, limit: limit - found.length })));
  const kept = await db
    .selectFrom('row_sums')
    .select(['rows', 'sum'])
    .where('kind', '=', kind)
    .executeTakeFirst();
  if (kept?.rows !== rows || kept.sum !== sumText(sum)) {
    if (found.length === 0) found.push({ about: kind, problem: wasBroughtBack });
  }
  return found;
}

const wasMade = 'was made past the program: it bears no mark';
const wasChanged = 'was changed past the program: it does not bear the mark of what stands in it';
const wasTakenOut = 'was taken out past the program: its mark is there and the row is not';
const wasBroughtBack =
  'rows were brought back as they stood before, or taken out with their marks: they do not add up to what was written last';

/** Marks whose rows are not there; looked for only where there are more marks than rows. */
async function rowsGone(
  db: Kysely<Tables>,
  kind: MarkedKind,
  { seen, limit }: { readonly seen: number; readonly limit: number },
): Promise<readonly MarkFinding[]> {
  const { marks } = await db
    .selectFrom('row_marks')
    .select((select) => select.fn.countAll<number>().as('marks'))
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow();
  if (marks === seen) return [];
  const parts = markedTables[kind].key.map((column) => sql.ref(`${kind}.${column}`));
  const key = sql.join(parts, sql` || ' ' || `);
  const rows = await db
    .selectFrom('row_marks')
    .select('row_key')
    .where('kind', '=', kind)
    .where(
      sql<boolean>`not exists (select 1 from ${sql.table(kind)} where ${key} || '' = row_marks.row_key)`,
    )
    .orderBy('row_key')
    .limit(Math.max(1, limit))
    .execute();
  return rows.map(({ row_key: each }) => ({ about: `${kind} ${each}`, problem: wasTakenOut }));
}
