import type { Kysely } from 'kysely';

import type { Tables } from './schema.ts';

/**
 * What a unit of work changes under. A visit's person is held with it; visits come before persons, each in the
 * order of their ids, so that two units never wait for one another.
 */
export type Scope = { readonly visits: readonly string[]; readonly persons?: readonly string[] };

/** Rows that every window needs; a unit takes them last and in this order. */
export const hotRows = [
  'last_business_day',
  'message_sequences',
  'number_days',
  'audit_head',
] as const;
export type HotRow = (typeof hotRows)[number];

/** A unit of work with a scope wrote what its scope does not hold: a fault of the program, never of the data. */
export class OutsideScopeError extends Error {
  override readonly name = 'OutsideScopeError';
}

/**
 * What a unit of work may change. One without a scope is alone in the hospital and may change everything. One with
 * a scope may run beside others on a database server, so whatever it changes must be its own; SQLite lets one
 * writer in at a time and would never show a key that was forgotten, which is why it is asserted here.
 */
export type HeldKeys = {
  readonly isAlone: boolean;
  /** Throws an `OutsideScopeError` unless the unit holds that visit or person, or is alone. */
  assertHeld(kind: 'visit' | 'person', id: string): void;
  /** For what belongs to no visit and no person; throws an `OutsideScopeError` in a unit with a scope. */
  assertAlone(what: string): void;
  /** Throws an `OutsideScopeError` where a unit with a scope took a later one of the hot rows before. */
  takeHotRow(row: HotRow): void;
};

/** Of a unit that is alone. */
export const aloneKeys: HeldKeys = {
  isAlone: true,
  assertHeld: () => undefined,
  assertAlone: () => undefined,
  takeHotRow: () => undefined,
};

/** Takes the keys of a scope, in their order. */
export async function takeKeys(db: Kysely<Tables>, scope: Scope): Promise<HeldKeys> {
  const visits = inOrder(scope.visits);
  const rows =
    visits.length === 0
      ? []
      : await db
          .selectFrom('visits')
          .select(['id', 'person_id'])
          .where('id', 'in', visits)
          .orderBy('id')
          .execute();
  const persons = inOrder([...(scope.persons ?? []), ...rows.map(({ person_id }) => person_id)]);
  const held = { visit: new Set(visits), person: new Set(persons) };
  let lastHotRow = 0;
  return {
    isAlone: false,
    assertHeld(kind, id) {
      if (!held[kind].has(id)) {
        throw new OutsideScopeError(`a unit of work writes to the ${kind} ${id} outside its scope`);
      }
    },
    assertAlone(what) {
      throw new OutsideScopeError(`${what}: only a unit of work without a scope writes that`);
    },
    takeHotRow(row) {
      const place = hotRows.indexOf(row);
      if (place < lastHotRow) {
        throw new OutsideScopeError(`${row} is taken after ${hotRows[lastHotRow] ?? ''}`);
      }
      lastHotRow = place;
    },
  };
}

/** The same for the visit that a settlement, or the intent of one, is of. */
export async function assertSettlementHeld(
  db: Kysely<Tables>,
  keys: HeldKeys,
  settlementId: string,
): Promise<void> {
  if (keys.isAlone) return;
  const intent = await db
    .selectFrom('settlement_intents')
    .select('visit_id')
    .where('settlement_id', '=', settlementId)
    .executeTakeFirst();
  keys.assertHeld('visit', intent?.visit_id ?? `of the unknown settlement ${settlementId}`);
}

/** The same for the visit that a claim is of. */
export async function assertClaimHeld(
  db: Kysely<Tables>,
  keys: HeldKeys,
  claimId: string,
): Promise<void> {
  if (keys.isAlone) return;
  const claim = await db
    .selectFrom('claims')
    .select('visit_id')
    .where('id', '=', claimId)
    .executeTakeFirst();
  keys.assertHeld('visit', claim?.visit_id ?? `of the unknown claim ${claimId}`);
}

const inOrder = (ids: readonly string[]): readonly string[] => [...new Set(ids)].sort();
