import type { Kysely } from 'kysely';

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

export type CardsRepository = {
  /** What every register says of a card, by the register's name; empty where none knows it. */
  find(
    kind: RegisteredCardKind,
    number: string,
  ): Promise<readonly (RegisteredCard & { readonly source: string })[]>;
  /** Puts a register's cards in the place of those it named before; answers how many those were. */
  replaceRegister(source: string, cards: readonly RegisteredCard[]): Promise<number>;
};

/** SQLite takes so many values in one statement; each card has six. */
const rowsAtOnce = 1000;

export function cardsRepository(db: Kysely<Tables>, { keys }: UnitOfWork): CardsRepository {
  return {
    async find(kind, number) {
      const rows = await db
        .selectFrom('person_cards')
        .selectAll()
        .where('kind', '=', kind)
        .where('number', '=', number.toUpperCase())
        .orderBy('source')
        .execute();
      return rows.map((row) => ({ ...cardOf(row), source: row.source }));
    },
    async replaceRegister(source, cards) {
      keys.assertAlone('a register of cards');
      const before = await db
        .deleteFrom('person_cards')
        .where('source', '=', source)
        .executeTakeFirst();
      const rows = cards.map(({ kind, number, idNumber, name, state }) => {
        return { kind, number: number.toUpperCase(), source, id_number: idNumber, name, state };
      });
      for (let start = 0; start < rows.length; start += rowsAtOnce) {
        const part = rows.slice(start, start + rowsAtOnce);
        await db.insertInto('person_cards').values(part).execute();
      }
      return Number(before.numDeletedRows);
    },
  };
}

function cardOf({ kind, number, id_number: idNumber, name, state }: PersonCardTable) {
  return { kind, number, idNumber, name, state };
}
