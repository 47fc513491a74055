import type { Kysely } from 'kysely';

import { firstTables } from './010-first-tables.ts';
import { personCards } from './020-person-cards.ts';
import { documentVersions } from './030-document-versions.ts';
import { countersAndWindows } from './040-counters-and-windows.ts';
import { books } from './050-books.ts';
import { journal } from './060-journal.ts';
import { lastBusinessDay } from './075-last-business-day.ts';
import { scheduledJobs } from './076-scheduled-jobs.ts';
import { stepsOfTheYear } from './080-steps-of-the-year.ts';
import { registersInParts } from './085-registers-in-parts.ts';
import { moreDocumentVersions } from './090-more-document-versions.ts';
import { keyedAudit } from './095-keyed-audit.ts';
import { users } from './100-users.ts';
import { pageSessions } from './101-page-sessions.ts';
import { identityQuestions } from './102-identity-questions.ts';
import { secondPerson } from './103-second-person.ts';
import { pageSecretsAndDecisions } from './105-page-secrets-and-decisions.ts';
import { packApprovals } from './106-pack-approvals.ts';
import { personQuestions } from './108-person-questions.ts';
import { numbersOfPersons } from './111-numbers-of-persons.ts';
import { wordsOfVisits } from './112-words-of-visits.ts';
import { pushesAndResultCalls } from './122-pushes-and-result-calls.ts';
import { orderOfBills } from './121-order-of-bills.ts';
import { uploadCounts } from './114-upload-counts.ts';
import { rowMarks } from './120-row-marks.ts';
import { payerReturns } from './125-payer-returns.ts';
import { remittances } from './130-remittances.ts';
import { closedDays } from './131-closed-days.ts';
import { waitingBills } from './132-waiting-bills.ts';
import type { MigrationContext } from './migration-context.ts';
import type { Tables } from '../schema.ts';

/** One step of the tables' history. Numbers go up in tens; a landed one is never edited. */
export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly up: (database: Kysely<Tables>, context: MigrationContext) => Promise<void>;
  /** The oldest program that may go on writing after it; absent: every one that could before. */
  readonly oldestProgram?: string;
};

export const migrations: readonly Migration[] = [
  { number: 10, name: 'first tables', up: firstTables },
  { number: 20, name: 'person cards', up: personCards },
  { number: 30, name: 'document versions', up: documentVersions },
  {
    number: 40,
    name: 'counters and windows',
    up: countersAndWindows,
    oldestProgram: '0.1.0',
  },
  { number: 50, name: 'books', up: books },
  { number: 60, name: 'journal', up: journal },
  { number: 75, name: 'last business day', up: lastBusinessDay },
  { number: 76, name: 'scheduled jobs', up: scheduledJobs },
  { number: 80, name: 'steps of the year', up: stepsOfTheYear },
  {
    number: 85,
    name: 'registers in parts',
    up: registersInParts,
    // An older one would take what is being prepared for what counts.
    oldestProgram: '0.1.0',
  },
  { number: 90, name: 'more document versions', up: moreDocumentVersions },
  {
    number: 95,
    name: 'keyed audit',
    up: keyedAudit,
    // An older one would write entries without the key.
    oldestProgram: '0.1.0',
  },
  {
    number: 100,
    name: 'users',
    up: users,
    // An older one would let anybody in.
    oldestProgram: '0.1.0',
  },
  { number: 101, name: 'page sessions', up: pageSessions },
  {
    number: 102,
    name: 'identity questions',
    up: identityQuestions,
    // An older one would settle past an open question.
    oldestProgram: '0.1.0',
  },
  { number: 103, name: 'second person', up: secondPerson },
  {
    number: 105,
    name: 'page secrets and decisions',
    up: pageSecretsAndDecisions,
    // An older one would go on taking a secret that was replaced.
    oldestProgram: '0.1.0',
  },
  {
    number: 106,
    name: 'pack approvals',
    up: packApprovals,
    // An older one would settle by packs that nobody approved.
    oldestProgram: '0.1.0',
  },
  {
    number: 108,
    name: 'person questions',
    up: personQuestions,
    // An older one would join two persons by their number alone, and pass by numbers that are linked.
    oldestProgram: '0.1.0',
  },
  { number: 111, name: 'numbers of persons', up: numbersOfPersons },
  {
    number: 112,
    name: 'words of visits',
    up: wordsOfVisits,
    // An older one would take bills in that nobody finds.
    oldestProgram: '0.1.0',
  },
  { number: 114, name: 'upload counts', up: uploadCounts },
  {
    number: 120,
    name: 'row marks',
    up: rowMarks,
    // An older one would write rows without marking them.
    oldestProgram: '0.1.0',
  },
  {
    number: 121,
    name: 'order of bills',
    up: orderOfBills,
    // An older one would take an older bill over a newer one.
    oldestProgram: '0.1.0',
  },
  { number: 122, name: 'pushes and result calls', up: pushesAndResultCalls },
  {
    number: 125,
    name: 'payer returns',
    up: payerReturns,
    // An older one would send again what its payer has and will answer later.
    oldestProgram: '0.1.0',
  },
  {
    number: 130,
    name: 'remittances',
    up: remittances,
    // An older one would call a claim that was paid a contradiction.
    oldestProgram: '0.1.0',
  },
  {
    number: 131,
    name: 'closed days',
    up: closedDays,
    // An older one would go on changing a day that is closed.
    oldestProgram: '0.1.0',
  },
  { number: 132, name: 'waiting bills', up: waitingBills },
];

/** The number of the last one: what the tables of an opened folder are of. */
export const newestMigration = Math.max(...migrations.map(({ number }) => number));
