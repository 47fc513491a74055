import { documentOfNumber } from '../../shared/domain/identity-number.ts';
import { identityDocuments } from '../../shared/domain/closed-values.ts';
import { insurances, type Person } from '../../shared/domain/person.ts';
import type { PersonTable } from './schema.ts';
import { personMoreDocument } from './stored-documents/person-more-document.ts';
import { readStored } from './stored-documents/stored-kind.ts';

/** A person as the row says, in the place of what a bill without a number says; the rest stays the bill's. */
export function personFromRow(row: PersonTable, bill: Person): Person {
  const { id, name, id_number: idNumber, birth_date: birthDate, sex, insured_place } = row;
  const more = readStored(personMoreDocument, {
    ...{ id, version: row.more_version, text: row.more_json },
  });
  const insurance = insurances.find((known) => known === row.insurance) ?? bill.insurance;
  const named = identityDocumentNamed(more['document']);
  return {
    ...bill,
    ...{ name, idNumber, birthDate, sex, insurance, insuredPlace: insured_place },
    document: documentOfNumber(idNumber, named, birthDate) ?? 'citizen',
  };
}

function identityDocumentNamed(text: unknown): Person['document'] {
  return identityDocuments.find((known) => known === text);
}
