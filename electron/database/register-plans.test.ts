import { sql, SqliteQueryCompiler, type CompiledQuery, type KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { repositoriesOn } from './repositories.ts';
import { createTestStore, type TestStore } from './test-store.ts';

// A register is compared in groups of some hundred. A question about one group that goes through all the register says
// makes the whole import take the square of the register's length, which shows only at lengths no test can afford: so
// it is looked at how SQLite means to answer.

let store: TestStore;
beforeAll(async () => {
  store = await createTestStore();
  // Some are found, so that the questions about those who were found are asked, too; one alone is asked otherwise.
  for (const number of ['430626', '430627', '430628']) {
    await store.tamper(
      `insert into persons (id, id_number, name, birth_date, sex, insurance, insured_place, more_json, updated_at)
       values ('p${number}', '${number}', '张三', '1950-01-01', 'male', 'resident', '430626', '{}', '2017-11-27')`,
    );
  }
});
afterAll(() => store.remove());

const register = { source: '民政局', counts: 1 };
const hundreds = (text: string) => Array.from({ length: 500 }, (_, at) => `${text}${String(at)}`);
const page = { after: 4, limit: 500 };

type Repositories = ReturnType<typeof repositoriesOn>;
const questions: readonly (readonly [string, (all: Repositories) => Promise<unknown>])[] = [
  [
    'who has these ID numbers, and what the register says of them',
    ({ registerPersons }) =>
      registerPersons.ofNumbers(register, ['430626', '430627', '430628', ...hundreds('4')]),
  ],
  [
    'whom the register names after one ID number',
    ({ registerPersons }) => registerPersons.named(register, { ...page, after: '4' }),
  ],
  [
    'what other registers say of these persons',
    ({ registerPersons }) => registerPersons.saidByOthers(register.source, hundreds('person-')),
  ],
  [
    'which of these ID numbers are known',
    ({ registerPersons }) => registerPersons.known(hundreds('4')),
  ],
  [
    'what the register says of these cards',
    ({ cards }) => cards.ofNumbers(register, hundreds('A')),
  ],
  ['which cards the register names after one', ({ cards }) => cards.named(register, page)],
];

/** The repositories' statements, as SQLite gets them. */
function gathering(into: CompiledQuery[]): KyselyPlugin {
  return {
    transformQuery: ({ node, queryId }) => {
      into.push(new SqliteQueryCompiler().compileQuery(node, queryId));
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
}

async function plansOf(ask: (all: Repositories) => Promise<unknown>): Promise<readonly string[]> {
  const reader = await store.reader();
  const statements: CompiledQuery[] = [];
  await ask(repositoriesOn(reader.withPlugin(gathering(statements))));
  expect(statements.length).toBeGreaterThan(0);
  const plans: string[] = [];
  for (const { sql: statement, parameters } of statements) {
    const explained = sql
      .raw<{ detail: string }>(`explain query plan ${statement}`)
      .compile(reader);
    const { rows } = await reader.executeQuery<{ detail: string }>({ ...explained, parameters });
    plans.push(...rows.map(({ detail }) => detail));
  }
  return plans;
}

describe('a question about one group of a register', () => {
  it.each(questions)('goes through no more than the group: %s', async (_, ask) => {
    for (const step of await plansOf(ask)) {
      // An index of nothing but the source, or a whole table that is not left at the limit.
      expect(step).not.toMatch(/_source \(source=\?\)/);
      expect(step).not.toMatch(/^SCAN person_c/);
    }
  });
});
