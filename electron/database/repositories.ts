import type { Kysely } from 'kysely';

import { auditRepository } from './audit-repository.ts';
import { folderFactsRepository } from './folder-facts-repository.ts';
import { personsRepository } from './persons-repository.ts';
import type { Tables } from './schema.ts';
import type { Repositories } from './store.ts';

/** Every repository on one connection or transaction, each made when first asked for. */
export function repositoriesOn(db: Kysely<Tables>): Repositories {
  return {
    folderFacts: folderFactsRepository(db),
    persons: personsRepository(db),
    audit: auditRepository(db),
  } as Repositories;
}
