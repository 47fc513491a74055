import type { Kysely } from 'kysely';

import { canonicalJson, sha256 } from './canonical-json.ts';
import type { AuditKey } from './audit-key.ts';
import type { Tables } from './schema.ts';

/**
 * The tables whose rows bear a mark, each with its key and what of it stays as it was written until the program writes it
 * again. Left out is what says only when something came last, and what other rows say too (`visits.state` follows from the
 * settlements). A column that is added to a list changes the mark of every row: it takes a migration that marks them anew.
 */
export const markedTables = {
  visits: {
    key: ['id'],
    columns: [
      ...['person_id', 'bill_version', 'bill_hash', 'kind', 'admitted_on', 'discharged_on'],
      ...['hospital_level', 'bed', 'department', 'admission_number', 'principal_diagnosis'],
      ...['total_fen', 'line_count', 'input_json', 'input_version', 'warnings_json'],
      ...['warnings_version', 'person_name', 'person_pinyin', 'sent_version', 'made_at', 'made_by'],
    ],
  },
  set_aside_bills: {
    key: ['id'],
    columns: [
      ...['visit_id', 'settlement_id', 'bill_hash', 'input_json', 'input_version'],
      ...['warnings_json', 'warnings_version', 'received_at', 'source', 'state'],
      ...['sent_version', 'made_at', 'made_by'],
    ],
  },
  bills_in_doubt: {
    key: ['question_id'],
    columns: [
      ...['visit_id', 'source', 'received_at', 'bill_json', 'bill_version', 'made_at', 'made_by'],
    ],
  },
  bill_questions: {
    key: ['id'],
    columns: [
      ...['visit_id', 'bill_hash', 'known_hash', 'source', 'received_at', 'sent_version'],
      ...['made_at', 'made_by', 'bill_json', 'bill_version', 'state', 'answered_at'],
      ...['answered_by', 'answer_reason'],
    ],
  },
  person_questions: {
    key: ['id'],
    columns: [
      ...['person_id', 'came_by', 'visit_id', 'source', 'place', 'differs', 'said_number'],
      ...['said_name', 'said_birth_date', 'said_sex', 'known_name', 'known_birth_date'],
      ...['known_sex', 'asked_at', 'state', 'answered_at', 'answered_by', 'answer_reason'],
    ],
  },
  persons: {
    key: ['id'],
    columns: [
      ...['name', 'id_number', 'birth_date', 'sex', 'insurance', 'insured_place', 'more_json'],
      ...['more_version', 'updated_at', 'of_register', 'register_version'],
    ],
  },
  person_categories: {
    key: ['person_id', 'id'],
    columns: ['category', 'valid_from', 'valid_until', 'source', 'added_in', 'removed_in'],
  },
  person_numbers: {
    key: ['id_number'],
    columns: ['person_id', 'linked_at', 'linked_by', 'reason', 'moved_json', 'moved_version'],
  },
  person_year_openings: {
    key: ['person_id', 'year'],
    columns: ['as_of', 'opening_json', 'opening_version', 'source'],
  },
  settlement_intents: {
    key: ['settlement_id'],
    columns: [
      ...['visit_id', 'part', 'bill_version', 'business_date', 'sequence', 'number'],
      ...['message_ids_json', 'state', 'intended_at', 'intended_by'],
    ],
  },
  print_jobs: {
    key: ['id'],
    columns: [
      ...['settlement_id', 'document', 'copy_number', 'state', 'created_at', 'created_by'],
      ...['updated_at', 'attempts', 'printer', 'window_id', 'file_sha256'],
    ],
  },
  hospital_files: {
    key: ['id'],
    columns: [
      ...['settlement_id', 'kind', 'payload_json', 'payload_version', 'state', 'created_at'],
      ...['written_at', 'file_sha256'],
    ],
  },
  upload_runs: {
    key: ['id'],
    columns: ['business_date', 'started_at', 'started_by', 'finished_at'],
  },
  registers: { key: ['source', 'kind'], columns: ['version'] },
} as const satisfies Readonly<
  Partial<
    Record<keyof Tables, { readonly key: readonly string[]; readonly columns: readonly string[] }>
  >
>;

/** A table whose rows bear a mark. */
export type MarkedKind = keyof typeof markedTables;

/** All of them, in the order of their names. */
export const markedKinds = (Object.keys(markedTables) as MarkedKind[]).sort();

type Value = string | number | null;
/** The key of a row by the columns of its table's key. */
export type RowKey = readonly (string | number)[];
type Row = Readonly<Record<string, Value>>;

/** The tables by name: which one is asked is data here. */
const anyTable = (db: Kysely<Tables>) =>
  db as unknown as Kysely<Record<string, Record<string, Value>>>;

/** A key as it stands beside the mark. Only the last part of one is of a few known words or a number. */
export const keyText = (key: RowKey): string => key.join(' ');

/** A row as its mark covers it. */
export type MarkedRow = {
  readonly key: RowKey;
  readonly text: string;
  /** Who says so, where the row has that. */
  readonly source: string | null;
};

/** Rows are looked up and marked so many at a time: a statement takes some thirty thousand values. */
export const rowsAtOnce = 500;

const selected = (kind: MarkedKind): readonly string[] => {
  const { key, columns } = markedTables[kind];
  return [...key, ...columns];
};

function asMarked(kind: MarkedKind, row: Row): MarkedRow {
  const key = markedTables[kind].key.map((column) => row[column] ?? '');
  // Long texts may be of megabytes: what is marked is their hash.
  const values = Object.entries(row).map(([column, value]) => [
    column,
    column.endsWith('_json') && value !== null ? sha256(String(value)) : value,
  ]);
  const source = row['source'] ?? null;
  return {
    ...{ key, text: canonicalJson(Object.fromEntries(values)) },
    source: source === null ? null : String(source),
  };
}

/** The mark of a row as it stands: nobody makes one without the key of the audit. */
export const markOfRow = (kind: MarkedKind, { text }: MarkedRow, auditKey: AuditKey): string =>
  auditKey.macOf(`row ${kind} ${text}`);

/** Rows whose keys begin with one of some values. */
export async function rowsOfFirst(
  db: Kysely<Tables>,
  kind: MarkedKind,
  firsts: readonly (string | number)[],
): Promise<readonly MarkedRow[]> {
  const [first] = markedTables[kind].key;
  const rows = await anyTable(db)
    .selectFrom(kind)
    .select([...selected(kind)])
    .where(first, 'in', firsts)
    .execute();
  return rows.map((row) => asMarked(kind, row));
}

/** Rows of some keys as they stand now. */
export async function rowsOfKeys(
  db: Kysely<Tables>,
  kind: MarkedKind,
  keys: readonly RowKey[],
): Promise<readonly MarkedRow[]> {
  const wanted = new Set(keys.map(keyText));
  const firsts = [...new Set(keys.map(([first]) => first ?? ''))];
  return (await rowsOfFirst(db, kind, firsts)).filter(({ key }) => wanted.has(keyText(key)));
}

/** Rows in the order of their keys, after one of them. */
export async function rowsAfter(
  db: Kysely<Tables>,
  kind: MarkedKind,
  after: RowKey | null,
): Promise<readonly MarkedRow[]> {
  const [first, second] = markedTables[kind].key as readonly [string, string?];
  let query = anyTable(db)
    .selectFrom(kind)
    .select([...selected(kind)])
    .orderBy(first);
  if (second !== undefined) query = query.orderBy(second);
  if (after !== null) {
    const [one = '', two = ''] = after;
    query = query.where((is) =>
      second === undefined
        ? is(first, '>', one)
        : is.or([is(first, '>', one), is.and([is(first, '=', one), is(second, '>', two)])]),
    );
  }
  const rows = await query.limit(rowsAtOnce).execute();
  return rows.map((row) => asMarked(kind, row));
}
