import type { Kysely, Selectable } from 'kysely';

import { writtenNumber } from '../../shared/domain/identity-number.ts';
import { countsNow, entriesToSweep, sourceUnindexed } from './registers-repository.ts';
import type { PersonCardTable, Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export const registeredCardKinds = ['social-security', 'preferential'] as const;
export type RegisteredCardKind = (typeof registeredCardKinds)[number];

/** `lost`: reported as lost. `replaced`: another card took its place. `cancelled`: it counts no more. */
export const registeredCardStates = ['valid', 'lost', 'replaced', 'cancelled'] as const;
export type RegisteredCardState = (typeof registeredCardStates)[number];

/** One card as one register knows it. Letters of its number are the same in either case. */
export type RegisteredCard = {
  readonly kind: RegisteredCardKind;
  readonly number: string;
  readonly idNumber: string;
  readonly name: string;
  readonly state: RegisteredCardState;
};

/** What the register being compared says of a card; the words are those of `RegisterEntry`. */
export type RegisterCard = RegisteredCard & {
  readonly id: number;
  readonly standing: 'counts' | 'leaves' | 'prepared';
};

/** What has to be written of some cards so that the next version says what the new list says. */
export type CardChange = {
  readonly add: RegisteredCard | null;
  readonly remove: readonly number[];
  readonly stay: readonly number[];
  readonly drop: readonly number[];
};

type Version = { readonly source: string; readonly counts: number };

export type CardsRepository = {
  /** What every register says of a card, by the register's name; empty where none knows it. */
  find(
    kind: RegisteredCardKind,
    number: string,
  ): Promise<readonly (RegisteredCard & { readonly source: string })[]>;
  /** What a register says of cards of some numbers; a number may be of a card of each kind. */
  ofNumbers(register: Version, numbers: readonly string[]): Promise<readonly RegisterCard[]>;
  /** Every card of a register, in the order they were written, after one of them. */
  named(
    register: Version,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly RegisterCard[]>;
  write(register: Version, changes: readonly CardChange[]): Promise<void>;
  /** Removes some of what counts no more; answers how many cards those were. */
  sweep(register: Version, most: number): Promise<number>;
};

export function cardsRepository(db: Kysely<Tables>, { keys }: UnitOfWork): CardsRepository {
  const ofRegister = ({ source, counts }: Version) =>
    db
      .selectFrom('person_cards')
      .selectAll()
      .where(sourceUnindexed('person_cards'), '=', source)
      .where((row) => row.or([row('removed_in', 'is', null), row('removed_in', '>', counts)]));
  return {
    async find(kind, number) {
      const rows = await db
        .selectFrom('person_cards')
        .leftJoin('registers', (join) =>
          join
            .onRef('registers.source', '=', 'person_cards.source')
            .on('registers.kind', '=', 'cards'),
        )
        .selectAll('person_cards')
        .where('person_cards.kind', '=', kind)
        .where('person_cards.number', '=', writtenNumber(number))
        .where(countsNow('person_cards'))
        .orderBy('person_cards.source')
        .execute();
      return rows.map((row) => ({ ...cardOf(row), source: row.source }));
    },
    async ofNumbers(register, numbers) {
      if (numbers.length === 0) return [];
      const rows = await ofRegister(register)
        .where('kind', 'in', registeredCardKinds)
        .where('number', 'in', numbers)
        .execute();
      return rows.map((row) => registerCard(row, register));
    },
    async named(register, { after, limit }) {
      const rows = await ofRegister(register)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => registerCard(row, register));
    },
    async write({ source, counts }, changes) {
      keys.assertAlone('a register of cards');
      const next = counts + 1;
      const dropped = changes.flatMap(({ drop }) => drop);
      if (dropped.length > 0) {
        await db.deleteFrom('person_cards').where('id', 'in', dropped).execute();
      }
      const mark = async (ids: readonly number[], removed_in: number | null): Promise<void> => {
        if (ids.length === 0) return;
        await db.updateTable('person_cards').set({ removed_in }).where('id', 'in', ids).execute();
      };
      await mark(
        changes.flatMap(({ remove }) => remove),
        next,
      );
      await mark(
        changes.flatMap(({ stay }) => stay),
        null,
      );
      const added = changes.flatMap(({ add }) => (add === null ? [] : [add]));
      if (added.length === 0) return;
      const rows = added.map(({ kind, number, idNumber, name, state }) => {
        const card = { kind, number: writtenNumber(number), id_number: idNumber, name, state };
        return { ...card, source, added_in: next };
      });
      await db.insertInto('person_cards').values(rows).execute();
    },
    async sweep(register, most) {
      keys.assertAlone('a register of cards');
      const swept = await entriesToSweep(db, 'person_cards', register, most);
      if (swept.length > 0) await db.deleteFrom('person_cards').where('id', 'in', swept).execute();
      return swept.length;
    },
  };
}

type CardRow = Selectable<PersonCardTable>;

function registerCard(row: CardRow, { counts }: Version): RegisterCard {
  const standing =
    row.added_in > counts ? 'prepared' : row.removed_in === null ? 'counts' : 'leaves';
  return { ...cardOf(row), id: row.id, standing };
}

function cardOf({ kind, number, id_number: idNumber, name, state }: CardRow): RegisteredCard {
  return { kind, number, idNumber, name, state };
}
