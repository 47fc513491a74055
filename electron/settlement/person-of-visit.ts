import type { Person, PersonCategory } from '../../shared/domain/person.ts';
import { documentNumberOf } from '../database/kept-number.ts';
import { visitSource } from '../database/persons-repository.ts';
import type { PersonTable } from '../database/schema.ts';
import type { Repositories } from '../database/store.ts';
import type { VisitRecord } from '../database/visits-repository.ts';
import { personFromRow } from '../database/person-row.ts';

type Of = Pick<VisitRecord, 'person' | 'personId'>;

/**
 * Who a visit is of, as it is known today: what came with the bill, with the categories of the registers. A bill without a
 * number that was joined to somebody by an act is of that person, whatever it calls the patient.
 */
export async function personOfVisit(
  repositories: Pick<Repositories, 'persons'>,
  record: Of,
): Promise<Person> {
  const categories = await categoriesKnown(repositories, record);
  if (record.person.idNumber !== '') return { ...record.person, categories };
  const row = await repositories.persons.find(record.personId);
  return { ...(isJoined(row) ? personFromRow(row, record.person) : record.person), categories };
}

function isJoined(row: PersonTable | null): row is PersonTable {
  return row !== null && documentNumberOf(row.id_number) !== '';
}

/** What is known today of a visit's person: what came with the visit, and what every register says. */
export async function categoriesKnown(
  { persons }: Pick<Repositories, 'persons'>,
  { person, personId }: Of,
): Promise<readonly PersonCategory[]> {
  const known = await persons.categoriesOf(personId);
  return categoriesTogether(
    person.categories,
    known.filter(({ source }) => source !== visitSource),
  );
}

/** The categories of the visit and of the registers, each recognition once; the engine looks at the dates. */
export function categoriesTogether(
  fromVisit: readonly PersonCategory[],
  fromRegisters: readonly PersonCategory[],
): readonly PersonCategory[] {
  const all = new Map<string, PersonCategory>();
  for (const { name, from, until } of [...fromVisit, ...fromRegisters]) {
    const category = {
      name,
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    };
    all.set(`${name} ${from ?? ''} ${until ?? ''}`, category);
  }
  return [...all.values()];
}
