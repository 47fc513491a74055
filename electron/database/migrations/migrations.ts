import type { Kysely } from 'kysely';

import { firstTables } from './010-first-tables.ts';
import { personCards } from './020-person-cards.ts';
import type { Tables } from '../schema.ts';

/** One step of the tables' history. Numbers go up in tens; a landed one is never edited. */
export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly up: (database: Kysely<Tables>) => Promise<void>;
};

export const migrations: readonly Migration[] = [
  { number: 10, name: 'first tables', up: firstTables },
  { number: 20, name: 'person cards', up: personCards },
];
