import type { OutputOf } from '../../../shared/contracts/contracts.ts';

/** A user as the page of users lists one. */
export type ListedPerson = OutputOf<'people:list'>['users'][number];
