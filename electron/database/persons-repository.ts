import type { ExpressionBuilder, Kysely } from 'kysely';

import { writtenNumber } from '../../shared/domain/identity-number.ts';
import {
  personCategories,
  type Person,
  type PersonCategory,
  type PersonCategoryName,
} from '../../shared/domain/person.ts';
import { canonicalJson } from './canonical-json.ts';
import { keptNumberOf } from './kept-number.ts';
import type { PersonNumberTable } from './person-tables.ts';
import { countsNow } from './registers-repository.ts';
import { touchPart } from './row-marks.ts';
import type { PersonTable, Tables } from './schema.ts';
import { movedDocument, type Moved } from './stored-documents/moved-document.ts';
import { personMoreDocument } from './stored-documents/person-more-document.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A recognition and who says so: a register's name, or `visit` for the hospital's own system. */
export type KnownCategory = PersonCategory & { readonly source: string };

export type PersonsRepository = {
  /** Keeps what a visit says about its person and answers with the person's id; `newId` is used if unknown. */
  upsertFromVisit(arrival: {
    readonly newId: string;
    readonly person: Person;
    /** Of whom nothing is known but this: a person without a number. */
    readonly visitId: string;
    readonly at: string;
  }): Promise<string>;
  find(personId: string): Promise<PersonTable | null>;
  /** By the number itself or by another one that was linked to the person, however it is written. */
  findByIdNumber(idNumber: string): Promise<PersonTable | null>;
  /**
   * Whether anything but the unsettled bill of one visit speaks of a person: another visit, a settlement, or a register.
   */
  isKnownBesides(personId: string, visitId: string): Promise<boolean>;
  /** A number that is the person's besides the own one; it is of one person alone. */
  linkNumber(link: {
    readonly idNumber: string;
    readonly personId: string;
    readonly at: string;
    readonly by: string;
    readonly reason: string;
    readonly moved: Moved;
  }): Promise<void>;
  unlinkNumber(idNumber: string): Promise<void>;
  /** Whose a number is besides the own one, and what was moved with it; null: it is linked to nobody. */
  linkOf(idNumber: string): Promise<LinkedNumber | null>;
  /** The one who had a number before it was linked, or a register that still speaks of it by itself. */
  findOwner(idNumber: string): Promise<PersonTable | null>;
  /** The numbers of a person besides the own one. */
  numbersOf(personId: string): Promise<readonly PersonNumberTable[]>;
  findByName(name: string, limit: number): Promise<readonly PersonTable[]>;
  categoriesOf(personId: string): Promise<readonly KnownCategory[]>;
  /** Puts what one source says of a person in the place of what it said before. */
  replaceCategories(
    personId: string,
    source: string,
    categories: readonly PersonCategory[],
  ): Promise<void>;
};

/** The keys of recognitions, for their marks. */
export const categoryKeys = (rows: readonly { person_id: string; id: number }[]) =>
  rows.map(({ person_id: personId, id }) => [personId, id] as const);

/** A number that is somebody's besides the own one. */
export type LinkedNumber = {
  readonly personId: string;
  readonly linkedAt: string;
  readonly linkedBy: string;
  readonly reason: string;
  readonly moved: Moved;
};

/** The source of what came with a visit; every other source is a register. */
export const visitSource = 'visit';

export function personsRepository(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: UnitOfWork,
): PersonsRepository {
  const rowBy = (column: 'id' | 'id_number', value: string) =>
    db.selectFrom('persons').selectAll().where(column, '=', value);
  const findBy = async (column: 'id' | 'id_number', value: string): Promise<PersonTable | null> =>
    (await rowBy(column, value).where(isKnownPerson).executeTakeFirst()) ?? null;
  const linkedTo = async (idNumber: string): Promise<string | null> => {
    const row = await db
      .selectFrom('person_numbers')
      .select('person_id')
      .where('id_number', '=', idNumber)
      .executeTakeFirst();
    return row?.person_id ?? null;
  };
  const categoriesOf = async (personId: string): Promise<readonly KnownCategory[]> => {
    // Registers go on speaking of each number by itself; whoever it is now linked to has what they say.
    const rows = await categoriesNow(db)
      .where((row) =>
        row.or([
          row('person_categories.person_id', '=', personId),
          row.and([
            row('person_categories.source', '<>', visitSource),
            row(
              'person_categories.person_id',
              'in',
              row
                .selectFrom('person_numbers')
                .innerJoin('persons', 'persons.id_number', 'person_numbers.id_number')
                .select('persons.id')
                .where('person_numbers.person_id', '=', personId),
            ),
          ]),
        ]),
      )
      .orderBy('person_categories.id')
      .execute();
    return rows.map((row) => ({ ...categoryOf(row), source: row.source }));
  };
  const replaceCategories: PersonsRepository['replaceCategories'] = async (
    personId,
    source,
    categories,
  ) => {
    keys.assertHeld('person', personId);
    const gone = await db
      .deleteFrom('person_categories')
      .where('person_id', '=', personId)
      .where('source', '=', source)
      .returning(['person_id', 'id'])
      .execute();
    marks.touch('person_categories', ...categoryKeys(gone));
    if (categories.length === 0) return;
    const rows = categories.map(({ name, from, until }) => ({
      person_id: personId,
      category: name,
      valid_from: from ?? null,
      valid_until: until ?? null,
      source,
    }));
    const made = await db
      .insertInto('person_categories')
      .values(rows)
      .returning(['person_id', 'id'])
      .execute();
    marks.touch('person_categories', ...categoryKeys(made));
  };
  return {
    async upsertFromVisit({ newId, person, visitId, at }) {
      const number = keptNumberOf(person, visitId);
      const linked = await linkedTo(number);
      // The visit of somebody without a number was joined to a person by an act: its bill says nothing of that person.
      if (linked !== null && person.idNumber === '') return linked;
      const known =
        linked === null
          ? await rowBy('id_number', number).executeTakeFirst()
          : await rowBy('id', linked).executeTakeFirstOrThrow();
      const id = known?.id ?? newId;
      keys.assertHeld('person', id);
      // What was linked keeps the person's own number: of that row only a part is written.
      if (linked !== null) await touchPart(db, { marks, auditKey }, 'persons', [[id]]);
      else marks.touch('persons', [id]);
      const row = { ...personRow(id, person, at), id_number: number };
      if (known === undefined) await db.insertInto('persons').values(row).execute();
      else {
        // A bill under another number of the person does not change which one is the person's own.
        const kept = { ...row, id_number: known.id_number };
        await db.updateTable('persons').set(kept).where('id', '=', id).execute();
      }
      await replaceCategories(id, visitSource, person.categories);
      return id;
    },
    find: (personId) => findBy('id', personId),
    async findByIdNumber(written) {
      const idNumber = writtenNumber(written);
      const linked = await linkedTo(idNumber);
      return linked === null ? findBy('id_number', idNumber) : findBy('id', linked);
    },
    async isKnownBesides(personId, visitId) {
      const visit = await db
        .selectFrom('visits')
        .select('id')
        .where('person_id', '=', personId)
        .where((row) => row.or([row('id', '<>', visitId), row('state', '=', 'settled')]))
        .limit(1)
        .executeTakeFirst();
      if (visit !== undefined) return true;
      const said = await categoriesNow(db)
        .where('person_categories.person_id', '=', personId)
        .where('person_categories.source', '<>', visitSource)
        .limit(1)
        .executeTakeFirst();
      return said !== undefined;
    },
    async linkNumber({ idNumber, personId, at, by, reason, moved }) {
      keys.assertAlone('the numbers of a person');
      marks.touch('person_numbers', [idNumber]);
      const row = {
        ...{ person_id: personId, linked_at: at, linked_by: by, reason },
        ...{ moved_json: JSON.stringify(moved), moved_version: movedDocument.newest },
      };
      await db
        .insertInto('person_numbers')
        .values({ id_number: idNumber, ...row })
        .onConflict((conflict) => conflict.column('id_number').doUpdateSet(row))
        .execute();
    },
    async unlinkNumber(idNumber) {
      keys.assertAlone('the numbers of a person');
      marks.touch('person_numbers', [idNumber]);
      await db.deleteFrom('person_numbers').where('id_number', '=', idNumber).execute();
    },
    async linkOf(written) {
      const idNumber = writtenNumber(written);
      const row = await db
        .selectFrom('person_numbers')
        .selectAll()
        .where('id_number', '=', idNumber)
        .executeTakeFirst();
      if (row === undefined) return null;
      const { moved_json: text, moved_version: version } = row;
      return {
        ...{ personId: row.person_id, linkedAt: row.linked_at, linkedBy: row.linked_by },
        reason: row.reason,
        moved: readStored(movedDocument, { id: row.person_id, version, text }),
      };
    },
    findOwner: (written) => findBy('id_number', writtenNumber(written)),
    numbersOf: (personId) =>
      db
        .selectFrom('person_numbers')
        .selectAll()
        .where('person_id', '=', personId)
        .orderBy('id_number')
        .execute(),
    findByName: (name, limit) =>
      db
        .selectFrom('persons')
        .selectAll()
        .where('name', '=', name)
        .where(isKnownPerson)
        .orderBy('id_number')
        .limit(limit)
        .execute(),
    categoriesOf,
    replaceCategories,
  };
}

/** What visits and registers say of persons now; what a register is only about to say is no part of it. */
export function categoriesNow(db: Kysely<Tables>) {
  return db
    .selectFrom('person_categories')
    .leftJoin('registers', (join) =>
      join
        .onRef('registers.source', '=', 'person_categories.source')
        .on('registers.kind', '=', 'persons'),
    )
    .selectAll('person_categories')
    .where(countsNow('person_categories'));
}

/** Somebody whom a visit brought, or a register whose version with this person counts. */
export function isKnownPerson(row: ExpressionBuilder<Tables, 'persons'>) {
  return row.or([
    row('persons.of_register', 'is', null),
    row.exists(
      row
        .selectFrom('registers')
        .select('registers.source')
        .where('registers.kind', '=', 'persons')
        .whereRef('registers.source', '=', 'persons.of_register')
        .whereRef('registers.version', '>=', 'persons.register_version'),
    ),
  ]);
}

/** The row of a person whom a visit has brought. */
export function personRow(id: string, person: Person, at: string): PersonTable {
  const { name, idNumber, birthDate, sex, insurance, insuredPlace } = person;
  const { document, employment, contractedDoctor, disabilityLevel, phone, address, contact } =
    person;
  const more = {
    document,
    employment,
    contractedDoctor,
    disabilityLevel,
    phone,
    address,
    contact,
  };
  return {
    id,
    name,
    id_number: idNumber,
    birth_date: birthDate,
    sex,
    insurance,
    insured_place: insuredPlace,
    more_json: canonicalJson(more),
    more_version: personMoreDocument.newest,
    updated_at: at,
    of_register: null,
    register_version: null,
  };
}

/** A recognition as it is kept. */
export function categoryOf(row: {
  category: string;
  valid_from: string | null;
  valid_until: string | null;
}): PersonCategory {
  return {
    name: categoryName(row.category),
    ...(row.valid_from === null ? {} : { from: row.valid_from }),
    ...(row.valid_until === null ? {} : { until: row.valid_until }),
  };
}

function categoryName(text: string): PersonCategoryName {
  const name = personCategories.find((known) => known === text);
  if (name === undefined) throw new Error(`not a person category: ${text}`);
  return name;
}
