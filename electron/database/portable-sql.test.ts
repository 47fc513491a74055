import { readdir, readFile } from 'node:fs/promises';

import { SqliteQueryCompiler } from 'kysely';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  everyStatement,
  functionsOf,
  ofSqliteAlone,
  writerOf,
} from './every-statement.test-support.ts';
import { notPortable } from './portable-sql.test-support.ts';
import { repositoriesOn } from './repositories.ts';
import { createTestStore, type TestStore } from './test-store.ts';

describe('a statement that a server would not take', () => {
  it.each([
    ['a row number', 'select rowid from visits', 'rowid'],
    ['a subquery without a name', 'select id from (select id from visits)', 'without a name'],
    ['a joined one', 'select 1 from visits join (select 1) on true', 'without a name'],
    ['JSON looked into', "select input_json ->> '$.visit.id' from visits", 'inside JSON'],
    ['JSON made', 'select json_group_array(id) from visits', 'inside JSON'],
    ['like as it is', 'select id from visits where person_name like ?', 'like'],
    ['not like', 'select id from visits where trim(person_name) not like ?', 'like'],
    ['exists as a number', 'select id, exists (select 1 from claims) as any from visits', 'exists'],
    ['insert or ignore', 'insert or ignore into visits values (?)', 'on conflict'],
    ['ifnull', 'select ifnull(bed, ?) from visits', 'function'],
    ['the larger of two', 'select max(a, b) from visits', 'max or min'],
    ['is with a value', 'select id from visits where bed is ?', 'is with a value'],
    ['two equals signs', 'select id from visits where bed == ?', '=='],
    ['glob', "select id from visits where id glob 'Z*'", 'glob'],
  ])('is found: %s', (_, statement, problem) => {
    expect(notPortable(statement).join()).toContain(problem);
  });

  it.each([
    'select about from (select id as about from visits) as found limit 3',
    "select id from visits where lower(person_name) like ? escape '\\\\'",
    'select case when exists (select 1 from claims) then 1 else 0 end as changed from visits',
    'select id from visits where bed is not null and not exists (select 1 from claims)',
    "select 'rowid, glob and exists(' || id from visits where id in (select id from claims)",
    'insert into a (b) values (1) on conflict (b) do update set c = a.c + 1 returning c',
  ])('is not this one: %s', (statement) => {
    expect(notPortable(statement)).toEqual([]);
  });
});

describe('the SQL in the sources', () => {
  it('is such that both engines take it, but for what is about the file itself', async () => {
    const found: string[] = [];
    const used = new Set<string>();
    for (const { file, text } of await sqlInSources()) {
      const alone = ofSqliteAlone.find((each) => text === each || text.startsWith(`${each} =`));
      if (alone === undefined)
        found.push(...notPortable(text).map((why) => `${file}: ${why}: ${text}`));
      else used.add(alone);
    }
    expect(found).toEqual([]);
    expect([...used].sort()).toEqual(ofSqliteAlone);
  });
});

/** Every text of this folder's sources that is SQL or a part of it; what is put in reads as a value. */
async function sqlInSources(): Promise<readonly { file: string; text: string }[]> {
  const folder = new URL('./', import.meta.url);
  const files = (await readdir(folder)).filter((name) => /(?<!\.test|-support)\.ts$/.test(name));
  const found: { file: string; text: string }[] = [];
  for (const file of files) {
    if (file === 'test-store.ts') continue;
    const source = ts.createSourceFile(
      file,
      await readFile(new URL(file, folder), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const look = (node: ts.Node): void => {
      const text = textOf(node);
      const isTagged =
        ts.isTaggedTemplateExpression(node.parent) &&
        node.parent.tag.getText(source).startsWith('sql');
      if (text !== null && (isTagged || sqlStart.test(text))) {
        found.push({ file, text: text.trim() });
      }
      ts.forEachChild(node, look);
    };
    ts.forEachChild(source, look);
  }
  return found;
}

const sqlStart = /^\s*(?:select|insert into|update \w+ set|delete from|with|begin|pragma)\s/i;

function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map(({ literal }) => `?${literal.text}`).join('');
}

describe('the statements the repositories make', () => {
  let store: TestStore;
  let statements: ReadonlySet<string>;
  let called: ReadonlySet<string>;

  beforeAll(async () => {
    store = await createTestStore();
    ({ statements, called } = await everyStatement(store, new SqliteQueryCompiler()));
  });
  afterAll(async () => {
    await store.remove();
  });

  it('are such that both engines take them', () => {
    const found = [...statements]
      .filter((statement) => !ofSqliteAlone.includes(statement.trim()))
      .flatMap((statement) => notPortable(statement).map((why) => `${why}: ${statement}`));
    expect(statements.size).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });

  it('were all seen: every function of every repository was called', () => {
    const all = Object.entries(repositoriesOn(writerOf(store))).flatMap(([name, repository]) =>
      functionsOf(repository).map((each) => `${name}.${each}`),
    );
    expect(all.filter((each) => !called.has(each))).toEqual([]);
  });
});
