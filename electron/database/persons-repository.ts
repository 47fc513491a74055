import type { Kysely } from 'kysely';

import {
  personCategories,
  type Person,
  type PersonCategory,
  type PersonCategoryName,
} from '../../shared/domain/person.ts';
import { canonicalJson } from './canonical-json.ts';
import type { PersonTable, Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A recognition and who says so: a register's name, or `visit` for the hospital's own system. */
export type KnownCategory = PersonCategory & { readonly source: string };

export type PersonOfSource = {
  readonly personId: string;
  readonly name: string;
  readonly idNumber: string;
  readonly categories: readonly PersonCategory[];
};

export type PersonsRepository = {
  /** Keeps what a visit says about its person and answers with the person's id; `newId` is used if unknown. */
  upsertFromVisit(arrival: {
    readonly newId: string;
    readonly person: Person;
    readonly at: string;
  }): Promise<string>;
  find(personId: string): Promise<PersonTable | null>;
  findByIdNumber(idNumber: string): Promise<PersonTable | null>;
  findByName(name: string, limit: number): Promise<readonly PersonTable[]>;
  categoriesOf(personId: string): Promise<readonly KnownCategory[]>;
  /** Puts what one source says of a person in the place of what it said before. */
  replaceCategories(
    personId: string,
    source: string,
    categories: readonly PersonCategory[],
  ): Promise<void>;
  /** Everyone a register speaks of, by id number, after one id number. */
  ofSource(
    source: string,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly PersonOfSource[]>;
};

/** The source of what came with a visit; every other source is a register. */
export const visitSource = 'visit';

export function personsRepository(db: Kysely<Tables>, { keys }: UnitOfWork): PersonsRepository {
  const findBy = async (column: 'id' | 'id_number', value: string): Promise<PersonTable | null> =>
    (await db.selectFrom('persons').selectAll().where(column, '=', value).executeTakeFirst()) ??
    null;
  const categoriesOf = async (personId: string): Promise<readonly KnownCategory[]> => {
    const rows = await db
      .selectFrom('person_categories')
      .selectAll()
      .where('person_id', '=', personId)
      .orderBy('id')
      .execute();
    return rows.map((row) => ({ ...categoryOf(row), source: row.source }));
  };
  const replaceCategories: PersonsRepository['replaceCategories'] = async (
    personId,
    source,
    categories,
  ) => {
    keys.assertHeld('person', personId);
    await db
      .deleteFrom('person_categories')
      .where('person_id', '=', personId)
      .where('source', '=', source)
      .execute();
    if (categories.length === 0) return;
    const rows = categories.map(({ name, from, until }) => ({
      person_id: personId,
      category: name,
      valid_from: from ?? null,
      valid_until: until ?? null,
      source,
    }));
    await db.insertInto('person_categories').values(rows).execute();
  };
  return {
    async upsertFromVisit({ newId, person, at }) {
      const known = await findBy('id_number', person.idNumber);
      const id = known?.id ?? newId;
      keys.assertHeld('person', id);
      const row = rowOf(id, person, at);
      if (known === null) await db.insertInto('persons').values(row).execute();
      else await db.updateTable('persons').set(row).where('id', '=', id).execute();
      await replaceCategories(id, visitSource, person.categories);
      return id;
    },
    find: (personId) => findBy('id', personId),
    findByIdNumber: (idNumber) => findBy('id_number', idNumber),
    findByName: (name, limit) =>
      db
        .selectFrom('persons')
        .selectAll()
        .where('name', '=', name)
        .orderBy('id_number')
        .limit(limit)
        .execute(),
    categoriesOf,
    replaceCategories,
    async ofSource(source, { after, limit }) {
      const persons = await db
        .selectFrom('persons')
        .select(['id', 'name', 'id_number'])
        .where('id_number', '>', after)
        .where('id', 'in', (query) =>
          query.selectFrom('person_categories').select('person_id').where('source', '=', source),
        )
        .orderBy('id_number')
        .limit(limit)
        .execute();
      const found: PersonOfSource[] = [];
      for (const { id, name, id_number: idNumber } of persons) {
        const categories = (await categoriesOf(id)).filter((known) => known.source === source);
        found.push({ personId: id, name, idNumber, categories });
      }
      return found;
    },
  };
}

function rowOf(id: string, person: Person, at: string): PersonTable {
  const { name, idNumber, birthDate, sex, insurance, insuredPlace } = person;
  const { employment, contractedDoctor, disabilityLevel, phone, address, contact } = person;
  const more = { employment, contractedDoctor, disabilityLevel, phone, address, contact };
  return {
    id,
    name,
    id_number: idNumber,
    birth_date: birthDate,
    sex,
    insurance,
    insured_place: insuredPlace,
    more_json: canonicalJson(more),
    updated_at: at,
  };
}

function categoryOf(row: {
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
