import { DatabaseDocumentError, DatabaseDocumentNewerError } from '../database/database-errors.ts';
import type { StoredPerson, StoredSettlement } from '../database/replay-repository.ts';
import { settlementInputDocument } from '../database/stored-documents/settlement-input-document.ts';
import { readStored } from '../database/stored-documents/stored-kind.ts';
import { visitDocument } from '../database/stored-documents/visit-document.ts';
import { yearOpeningDocument } from '../database/stored-documents/year-opening-document.ts';
import { categoriesTogether } from '../settlement/person-of-visit.ts';
import { visitSource } from '../database/persons-repository.ts';
import type { YearToDate } from '../../shared/domain/person.ts';
import type { ReplayPerson, ReplayVisit, SettledFigures, UnreadVisit } from './replay-person.ts';

/** Reads what is stored of a person; a document that cannot be read is named with its code and takes nobody else along. */
export function readPerson(stored: StoredPerson): ReplayPerson {
  const { personId } = stored;
  const visits: ReplayVisit[] = [];
  const unread: UnreadVisit[] = [];
  const openings = new Map<number, YearToDate>();
  const unreadYears: number[] = [];
  const take = (
    { visitId, admittedOn, dischargedOn }: StoredPerson['unsettled'][number],
    read: () => ReplayVisit,
  ): void => {
    const visit = unreadable(read);
    if (typeof visit === 'string') unread.push({ visitId, code: visit, admittedOn, dischargedOn });
    else visits.push(visit);
  };
  for (const settlement of stored.settlements) {
    take(settlement, () => ({
      input: readStored(settlementInputDocument, settlement.document),
      entry: settlement.entry,
      settled: figuresOf(settlement),
    }));
  }
  const fromRegisters = stored.categories.filter(({ source }) => source !== visitSource);
  for (const stay of stored.unsettled) {
    take(stay, () => {
      const { visit, person } = readStored(visitDocument, stay.document);
      const categories = categoriesTogether(person.categories, fromRegisters);
      const input = { visit, person: { ...person, categories }, yearToDate: null };
      return { input, entry: 0, settled: null };
    });
  }
  for (const { year, document } of stored.openings) {
    const opening = unreadable(() => readStored(yearOpeningDocument, document));
    if (typeof opening === 'string') unreadYears.push(year);
    else openings.set(year, opening);
  }
  return { personId, visits, unread, openings, unreadYears };
}

function unreadable<Read>(read: () => Read): Read | 'document-unreadable' | 'document-newer' {
  try {
    return read();
  } catch (problem) {
    if (problem instanceof DatabaseDocumentError) return 'document-unreadable';
    if (problem instanceof DatabaseDocumentNewerError) return 'document-newer';
    throw problem;
  }
}

function figuresOf({ shares, ...settlement }: StoredSettlement): SettledFigures {
  const paid = new Map<string, number>();
  for (const { payer, amountFen } of shares) paid.set(payer, (paid.get(payer) ?? 0) + amountFen);
  const { pack, packVersion, patientPaysFen, hospitalBearsFen } = settlement;
  return { pack, packVersion, paid, patientPaysFen, hospitalBearsFen };
}
