import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { describe, expect, it } from 'vitest';

import { sha256 } from '../canonical-json.ts';
import type { Tables } from '../schema.ts';
import { migrations, type Migration } from './migrations.ts';

/** SHA-256 of the statements of each migration that live folders may have gone through. */
const landed: Readonly<Record<number, string>> = {
  10: '91f44e5182a24423ee0009d07fec78e417f88564823fe20880ae4e81d37c2a2f',
  20: '26aeaf3657edcd82cc404bb483f07fba3f70c8ddb09ceca69d5292ce6725a55b',
  30: 'c9bc34c591a1f7cb5668049ee999b6f9adae3e9df5dd85ee4c06f943f306c933',
  40: 'b68313179acc30809626d43adb8e028c3aac929ae0195de573b0c0a4e6df48c1',
  50: 'fdc03233ced1b63d57df4bbc34c51b224a98ee3224eb93d9dbe0431ece281039',
  60: '22175fdc5faee997611fb8c1497fc45ce26fefdbed0dc776b12b33852b768bc7',
  75: '243195d75f43d5f4678846624c35740ca8cb44c906d6128dd1eedc7f54debedd',
  76: 'b04f5248192284aa41c4d25913b7af46976252c89d0dd0b44ccf8091010bcc03',
  80: '29605702bc4585c01b2ff9ab8311830fecf50eff6f4ba0ea3f63f856ec429bcc',
  85: '40da0b394225d40b93f2a123a03214f49d8929c9f5d699d00fe542b18f064ccf',
  90: 'd0c8482314ccfa231426879019b85f433304b6835e71492437c237359e10d2ae',
  95: '2a81a763f1f8ff33cff10e51b59d7359b2bac5f0389187dc9fbfaf0ff86a35b3',
  100: '083d733890088e63c0dfe0ae176541cdeafe6bd33529ef4b639899af760062f3',
  101: 'c1df37e0a1e9418792ce9786c62d598d5b1a528d36573125cf0c78627a10bc9a',
  102: '37182207fc36ca8b813ba7395c5e0d95a01e17bb84fb8eb84313a20b6d135b47',
  103: 'e56c8883a1e867aefe44418b14b2eb4675b7c334b4fe6554369d51e8ad76210c',
  105: 'a8fd0e0c0cb646c08817c710a1e337fb41c8ea8b7f17d503a471539fd5b545a6',
  106: 'd3c0e257683b20f466ca014acc89bd10eea4ea0dca79180b92cf4761663f9cd9',
  108: 'e7d159969e663b05faac2db3cac973dd911f51793632bdfc198f3a507f461eba',
  111: '2753b529e5d0b49fc046151b8c15703ef88e30116ca3da3bf7fe848dbd876d79',
  112: '73174d8a78eb91010e963b6a54ebb149f5c950439b0ddbc696b6efff2adc45ca',
  114: '47a2c4efbe5683c446ae060be174270f31c48be41943e6f96c4c6706a0f0bede',
  120: '01996eb571f61d443135602c9afbed080faf447e2561fe49f0f3c8f3882f7e02',
  121: 'bfe7ceae02fb102acb5c00e3f5b90aa3921c93c0bdd499491984d3fcfaa81074',
  122: '105843ff476326c6c9f8f56bd8f82f0186c105188d783211b4a3a6270a1e4271',
  125: 'a105041efd6a91bc29e062f2d7869d94b4f5822ce008d12da9d6ab7228aaeb00',
  130: '15ec95e49d696f47eb55d547cd7f05cd5426ac562f9315636a47e1ac4674f7ed',
  131: '5252ae1021d9d413e03965afb3a68523788ed87c576ce7121e980e2b57c29d1d',
  132: '43815db8b5efae63c508c19616b43da5527b3bb66af31c4238f3643ddabfa75f',
};

/** What a migration says to SQLite, statement by statement. */
async function statementsOf(migration: Migration): Promise<readonly string[]> {
  const statements: string[] = [];
  const database = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new SqliteIntrospector(of),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log: ({ query }) => {
      statements.push(query.sql);
    },
  });
  await migration.up(database, { windowId: 'a window' });
  return statements;
}

describe('a landed migration', () => {
  it('is on the list, each one', () => {
    const listed = Object.keys(landed).map(Number);
    const newest = Math.max(...listed);
    const landedOnes = migrations.map(({ number }) => number).filter((each) => each <= newest);
    expect(listed).toEqual(landedOnes);
  });

  it.each(Object.entries(landed))(
    'says to the letter what it said: %s',
    async (number, expected) => {
      const migration = migrations.find((each) => each.number === Number(number));
      if (migration === undefined) throw new Error(`the migration ${number} is gone`);
      expect(sha256((await statementsOf(migration)).join(';\n'))).toBe(expected);
    },
  );
});
