import type { Kysely } from 'kysely';

import type { Person, PersonCategory } from '../../shared/domain/person.ts';
import {
  categoriesNow,
  categoryKeys,
  categoryOf,
  isKnownPerson,
  personRow,
  visitSource,
} from './persons-repository.ts';
import { entriesToSweep, sourceUnindexed } from './registers-repository.ts';
import { touchPart } from './row-marks.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * What the register being compared says of a person. `counts`: now; `leaves`: it counts now and an import that did
 * not end took it away; `prepared`: an import that did not end wrote it.
 */
export type RegisterEntry = {
  readonly id: number;
  readonly category: PersonCategory;
  readonly standing: 'counts' | 'leaves' | 'prepared';
};

export type RegisterPerson = {
  readonly personId: string;
  readonly idNumber: string;
  readonly name: string;
  /** False for somebody whom only an import that did not end has brought. */
  readonly isKnown: boolean;
  readonly entries: readonly RegisterEntry[];
};

/** What has to be written of one person so that the next version says what the new list says. */
export type RegisterChange = {
  readonly idNumber: string;
  /** Who is kept where nobody of this number is known. */
  readonly newcomer: { readonly id: string; readonly person: Person } | null;
  readonly add: readonly PersonCategory[];
  /** Entries that count now and leave with the next version. */
  readonly remove: readonly number[];
  /** Entries that count now and stay, though an import that did not end took them away. */
  readonly stay: readonly number[];
  /** Entries that an import that did not end wrote. */
  readonly drop: readonly number[];
  /** A person whom only an import that did not end has brought, and nobody names now. */
  readonly forget: string | null;
};

type Version = { readonly source: string; readonly counts: number };

/** Registers of persons, compared outside of any unit of work and written in short ones. */
export type RegisterPersonsRepository = {
  /** The persons of some ID numbers, with what one register says of them. */
  ofNumbers(register: Version, idNumbers: readonly string[]): Promise<readonly RegisterPerson[]>;
  /** Everyone a register speaks of, by ID number, after one ID number. */
  named(
    register: Version,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly RegisterPerson[]>;
  /** What all registers but one say of some persons now, by person. */
  saidByOthers(
    source: string,
    personIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly (PersonCategory & { readonly source: string })[]>>;
  /** Which of some ID numbers are of persons known to us. */
  known(idNumbers: readonly string[]): Promise<ReadonlySet<string>>;
  write(register: Version, changes: readonly RegisterChange[], at: string): Promise<void>;
  /** Removes some of what counts no more; answers how many entries those were. */
  sweep(register: Version, most: number): Promise<number>;
};

export function registerPersonsRepository(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: UnitOfWork,
): RegisterPersonsRepository {
  const persons = () =>
    db
      .selectFrom('persons')
      .select(['id', 'id_number', 'name'])
      .select((row) => row.case().when(isKnownPerson(row)).then(1).else(0).end().as('is_known'));
  const withEntries = async (
    { source, counts }: Version,
    rows: readonly { id: string; id_number: string; name: string; is_known: number }[],
  ): Promise<readonly RegisterPerson[]> => {
    const entries = new Map<string, RegisterEntry[]>();
    for (const row of await entriesOf(
      db,
      source,
      rows.map(({ id }) => id),
    )) {
      if (row.removed_in !== null && row.removed_in <= counts) continue;
      const standing =
        row.added_in > counts ? 'prepared' : row.removed_in === null ? 'counts' : 'leaves';
      const entry = { id: row.id, category: categoryOf(row), standing } as const;
      const known = entries.get(row.person_id);
      if (known === undefined) entries.set(row.person_id, [entry]);
      else known.push(entry);
    }
    return rows.map(({ id, id_number: idNumber, name, is_known: known }) => ({
      ...{ personId: id, idNumber, name, isKnown: known === 1 },
      entries: entries.get(id) ?? [],
    }));
  };
  return {
    async ofNumbers(register, idNumbers) {
      if (idNumbers.length === 0) return [];
      return withEntries(register, await persons().where('id_number', 'in', idNumbers).execute());
    },
    async named(register, { after, limit }) {
      const rows = await persons()
        .where('id_number', '>', after)
        .where((row) =>
          row.exists(
            row
              .selectFrom('person_categories')
              .select('person_categories.id')
              .whereRef('person_categories.person_id', '=', 'persons.id')
              .where(sourceUnindexed('person_categories'), '=', register.source)
              .where((each) =>
                each.or([
                  each('person_categories.removed_in', 'is', null),
                  each('person_categories.removed_in', '>', register.counts),
                ]),
              ),
          ),
        )
        .orderBy('id_number')
        .limit(limit)
        .execute();
      return withEntries(register, rows);
    },
    async saidByOthers(source, personIds) {
      const said = new Map<string, (PersonCategory & { readonly source: string })[]>();
      if (personIds.length === 0) return said;
      const rows = await categoriesNow(db)
        .where('person_categories.person_id', 'in', personIds)
        .where('person_categories.source', 'not in', [source, visitSource])
        .orderBy('person_categories.id')
        .execute();
      for (const row of rows) {
        const category = { ...categoryOf(row), source: row.source };
        const known = said.get(row.person_id);
        if (known === undefined) said.set(row.person_id, [category]);
        else known.push(category);
      }
      return said;
    },
    async known(idNumbers) {
      if (idNumbers.length === 0) return new Set();
      const rows = await db
        .selectFrom('persons')
        .select('id_number')
        .where('id_number', 'in', idNumbers)
        .where(isKnownPerson)
        .execute();
      return new Set(rows.map(({ id_number: idNumber }) => idNumber));
    },
    async write(register, changes, at) {
      keys.assertAlone('a register of persons');
      await writeChanges({ db, marks, auditKey }, register, changes, at);
    },
    async sweep(register, most) {
      keys.assertAlone('a register of persons');
      const swept = await entriesToSweep(db, 'person_categories', register, most);
      await touchEntries({ db, marks, auditKey }, swept);
      if (swept.length > 0)
        await db.deleteFrom('person_categories').where('id', 'in', swept).execute();
      return swept.length;
    },
  };
}

function entriesOf(db: Kysely<Tables>, source: string, personIds: readonly string[]) {
  if (personIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('person_categories')
    .selectAll()
    .where('person_id', 'in', personIds)
    .where(sourceUnindexed('person_categories'), '=', source)
    .orderBy('id')
    .execute();
}

/** One statement for each kind of change, whatever the number of persons. */
async function writeChanges(
  writing: Writing,
  { source, counts }: Version,
  changes: readonly RegisterChange[],
  at: string,
): Promise<void> {
  const { db, marks } = writing;
  const next = counts + 1;
  await dropEntries(writing, changes);
  const removed = changes.flatMap(({ remove }) => remove);
  if (removed.length > 0) {
    await touchEntries(writing, removed);
    await db
      .updateTable('person_categories')
      .set({ removed_in: next })
      .where('id', 'in', removed)
      .execute();
  }
  const staying = changes.flatMap(({ stay }) => stay);
  if (staying.length > 0) {
    await touchEntries(writing, staying);
    await db
      .updateTable('person_categories')
      .set({ removed_in: null })
      .where('id', 'in', staying)
      .execute();
  }
  const persons = await keepNewcomers(writing, { source, next, at }, changes);
  const added = changes.flatMap(({ idNumber, add }) =>
    add.map((category) => ({
      person_id: persons.get(idNumber) ?? personMissing(idNumber),
      category: category.name,
      valid_from: category.from ?? null,
      valid_until: category.until ?? null,
      source,
      added_in: next,
    })),
  );
  if (added.length === 0) return;
  const rows = await db
    .insertInto('person_categories')
    .values(added)
    .returning(['person_id', 'id'])
    .execute();
  marks.touch('person_categories', ...categoryKeys(rows));
}

/** Where a register is written, and what is told of the rows. */
type Writing = { readonly db: Kysely<Tables> } & Pick<UnitOfWork, 'marks' | 'auditKey'>;

/** Touches entries of which a part is going to be written, or that are going to be removed. */
async function touchEntries(writing: Writing, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await writing.db
    .selectFrom('person_categories')
    .select(['person_id', 'id'])
    .where('id', 'in', ids)
    .execute();
  await touchPart(writing.db, writing, 'person_categories', categoryKeys(rows));
}

async function dropEntries(writing: Writing, changes: readonly RegisterChange[]): Promise<void> {
  const { db, marks } = writing;
  const dropped = changes.flatMap(({ drop }) => drop);
  if (dropped.length > 0) {
    await touchEntries(writing, dropped);
    await db.deleteFrom('person_categories').where('id', 'in', dropped).execute();
  }
  const forgotten = changes.flatMap(({ forget }) => forget ?? []);
  if (forgotten.length === 0) return;
  // Looked at once more: a visit may have come meanwhile, and then the person is known.
  const rows = await db
    .selectFrom('persons')
    .select('id')
    .where('id', 'in', forgotten)
    .where((row) => row.not(isKnownPerson(row)))
    .execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  const gone = await db
    .deleteFrom('person_categories')
    .where('person_id', 'in', ids)
    .returning(['person_id', 'id'])
    .execute();
  marks.touch('person_categories', ...categoryKeys(gone));
  marks.touchIds('persons', ids);
  await db.deleteFrom('persons').where('id', 'in', ids).execute();
}

/** The persons of the changes that add something, newcomers kept where nobody of their number is known by now. */
async function keepNewcomers(
  { db, marks }: Writing,
  { source, next, at }: { readonly source: string; readonly next: number; readonly at: string },
  changes: readonly RegisterChange[],
): Promise<ReadonlyMap<string, string>> {
  const adding = changes.filter(({ add }) => add.length > 0);
  const found = new Map<string, string>();
  if (adding.length === 0) return found;
  const numbers = adding.map(({ idNumber }) => idNumber);
  const rows = await db
    .selectFrom('persons')
    .select(['id', 'id_number'])
    .select((row) => row.case().when(isKnownPerson(row)).then(1).else(0).end().as('is_known'))
    .where('id_number', 'in', numbers)
    .execute();
  const prepared = new Map<string, string>();
  for (const { id, id_number: idNumber, is_known: known } of rows) {
    (known === 1 ? found : prepared).set(idNumber, id);
  }
  const brought = { of_register: source, register_version: next };
  const fresh = [];
  for (const { idNumber, newcomer } of adding) {
    if (found.has(idNumber) || newcomer === null) continue;
    const id = prepared.get(idNumber) ?? newcomer.id;
    const row = { ...personRow(id, newcomer.person, at), ...brought };
    found.set(idNumber, id);
    marks.touch('persons', [id]);
    if (id === newcomer.id) fresh.push(row);
    // What an import that did not end said of somebody says nothing: this one takes the person over.
    else await db.updateTable('persons').set(row).where('id', '=', id).execute();
  }
  if (fresh.length > 0) await db.insertInto('persons').values(fresh).execute();
  return found;
}

function personMissing(idNumber: string): never {
  throw new Error(
    `a register adds to a person who is not there (${String(idNumber.length)} characters)`,
  );
}
