import type { Kysely } from 'kysely';

import { auditRepository } from './audit-repository.ts';
import { billQuestionsRepository } from './bill-questions-repository.ts';
import { businessDayRepository } from './business-day-repository.ts';
import { booksRepository } from './books-repository.ts';
import { cardsRepository } from './cards-repository.ts';
import { claimsRepository } from './claims-repository.ts';
import { countersRepository } from './counters-repository.ts';
import { folderFactsRepository } from './folder-facts-repository.ts';
import { hospitalFilesRepository } from './hospital-files-repository.ts';
import { identityQuestionsRepository } from './identity-questions-repository.ts';
import { intakeRefusalsRepository } from './intake-refusals-repository.ts';
import { journalRepository } from './journal-repository.ts';
import { packActsRepository } from './pack-acts-repository.ts';
import { packsInForceRepository } from './packs-in-force-repository.ts';
import { pageSessionsRepository } from './page-sessions-repository.ts';
import { personQuestionsRepository } from './person-questions-repository.ts';
import { personYearsRepository } from './person-years-repository.ts';
import { personsRepository } from './persons-repository.ts';
import { payerReturnsRepository } from './payer-returns-repository.ts';
import { printJobsRepository } from './print-jobs-repository.ts';
import { pushSendersRepository } from './push-senders-repository.ts';
import { registerPersonsRepository } from './register-persons-repository.ts';
import { registersRepository } from './registers-repository.ts';
import { resultCallsRepository } from './result-calls-repository.ts';
import { rowMarksRepository } from './row-marks-repository.ts';
import { dayClosesRepository } from './day-closes-repository.ts';
import { differencesRepository } from './differences-repository.ts';
import { remittancesRepository } from './remittances-repository.ts';
import type { Tables } from './schema.ts';
import { scheduledJobsRepository } from './scheduled-jobs-repository.ts';
import { secondPersonRepository } from './second-person-repository.ts';
import { replayRepository } from './replay-repository.ts';
import { settlementsRepository } from './settlements-repository.ts';
import type { Repositories } from './store.ts';
import { aloneUnit, type UnitOfWork } from './unit-of-work.ts';
import { takeoverRepository } from './takeover-repository.ts';
import { unitParts } from './unit-parts.ts';
import { uploadsRepository } from './uploads-repository.ts';
import { usersRepository } from './users-repository.ts';
import { verificationRepository } from './verification-repository.ts';
import { visitsRepository } from './visits-repository.ts';

/** Every repository on one connection, in a unit of work: one that is alone where none is named. */
export function repositoriesOn(db: Kysely<Tables>, unit: UnitOfWork = aloneUnit()): Repositories {
  return {
    books: booksRepository(db, unit),
    folderFacts: folderFactsRepository(db, unit),
    persons: personsRepository(db, unit),
    registers: registersRepository(db, unit),
    registerPersons: registerPersonsRepository(db, unit),
    cards: cardsRepository(db, unit),
    counters: countersRepository(db, unit),
    visits: visitsRepository(db, unit),
    billQuestions: billQuestionsRepository(db, unit),
    settlements: settlementsRepository(db, unit),
    printJobs: printJobsRepository(db, unit),
    claims: claimsRepository(db, unit),
    uploads: uploadsRepository(db, unit),
    payerReturns: payerReturnsRepository(db, unit),
    remittances: remittancesRepository(db, unit),
    differences: differencesRepository(db, unit),
    dayCloses: dayClosesRepository(db, unit),
    hospitalFiles: hospitalFilesRepository(db, unit),
    resultCalls: resultCallsRepository(db, unit),
    pushSenders: pushSendersRepository(db, unit),
    intakeRefusals: intakeRefusalsRepository(db),
    packsInForce: packsInForceRepository(db, unit),
    packActs: packActsRepository(db, unit),
    scheduledJobs: scheduledJobsRepository(db, unit),
    pageSessions: pageSessionsRepository(db, unit),
    identityQuestions: identityQuestionsRepository(db, unit),
    personQuestions: personQuestionsRepository(db, unit),
    personYears: personYearsRepository(db, unit),
    secondPerson: secondPersonRepository(db, unit),
    businessDay: businessDayRepository(db, unit),
    users: usersRepository(db, unit),
    audit: auditRepository(db, unit),
    rowMarks: rowMarksRepository(db, unit),
    journal: journalRepository(db),
    replay: replayRepository(db),
    takeover: takeoverRepository(db, unit),
    verification: verificationRepository(db, unit),
    parts: unitParts(db),
  };
}
