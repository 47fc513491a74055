import type { Kysely } from 'kysely';

import { auditRepository } from './audit-repository.ts';
import { cardsRepository } from './cards-repository.ts';
import { claimsRepository } from './claims-repository.ts';
import { countersRepository } from './counters-repository.ts';
import { folderFactsRepository } from './folder-facts-repository.ts';
import { hospitalFilesRepository } from './hospital-files-repository.ts';
import { intakeRefusalsRepository } from './intake-refusals-repository.ts';
import { personsRepository } from './persons-repository.ts';
import { printJobsRepository } from './print-jobs-repository.ts';
import type { Tables } from './schema.ts';
import { settlementsRepository } from './settlements-repository.ts';
import type { Repositories } from './store.ts';
import { verificationRepository } from './verification-repository.ts';
import { visitsRepository } from './visits-repository.ts';

/** Every repository on one connection or transaction. */
export function repositoriesOn(db: Kysely<Tables>): Repositories {
  return {
    folderFacts: folderFactsRepository(db),
    persons: personsRepository(db),
    cards: cardsRepository(db),
    counters: countersRepository(db),
    visits: visitsRepository(db),
    settlements: settlementsRepository(db),
    printJobs: printJobsRepository(db),
    claims: claimsRepository(db),
    hospitalFiles: hospitalFilesRepository(db),
    intakeRefusals: intakeRefusalsRepository(db),
    audit: auditRepository(db),
    verification: verificationRepository(db),
  };
}
