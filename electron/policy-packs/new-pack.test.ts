import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import { checkPacks } from './check-packs.ts';
import { ownPacksFolder } from './load-packs.ts';
import { makeNewPack } from './new-pack.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'new-pack-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function begin(id: string, like: string, into = folder) {
  return makeNewPack({ id, like, into, home: join(folder, 'no-home') });
}

async function begun(id: string, like: string) {
  const made = await begin(id, like);
  if (!made.ok) throw new Error(made.refusal.message.en);
  return made.value;
}

/** What an officer is still to do; everything else would be a fault of what was written for them. */
const stillToDo = new Set([
  'case-not-worked-out',
  'step-never-pays',
  'category-hurts',
  'unused-part',
  'unlikely-figure',
]);

describe('a new pack like another', () => {
  // What packs share is no pack and has no changelog.
  const isPack = (name: string) => existsSync(join(ownPacksFolder(), name, 'changelog.yaml'));
  it.each(readdirSync(ownPacksFolder()).filter(isPack))(
    'like %s is whole: its cases are there but for their amounts, and nothing is wrong with the rest',
    async (like) => {
      const id = `like-${like}`;
      const { folder: where, toFill } = await begun(id, like);
      const { packs } = await checkPacks(join(folder, id));
      const problems = packs.flatMap((pack) => pack.problems);
      expect(problems.filter(({ code }) => !stillToDo.has(code))).toEqual([]);
      const open = problems.filter(({ code }) => code === 'case-not-worked-out');
      expect(open).toHaveLength(toFill.cases);
      const text = readFileSync(join(where, 'pack.yaml'), 'utf8');
      // Comments apart, only the document that is still to be named.
      expect(text.replaceAll(/^#.*$/gm, '')).not.toMatch(/document: (?!local-notice)/);
      expect(toFill.figures).toBeGreaterThan(2);
      for (const part of ['appliesTo', 'parameters', 'steps', 'cases']) {
        expect(text).toMatch(new RegExp(`^# .*[\\u4e00-\\u9fff].*\\n# .*\\n${part}:`, 'm'));
      }
    },
  );

  it('has a visit with every field there is, which intake takes', async () => {
    const { folder: where } = await begun('all-fields', 'pingjiang-2017');
    const written = (name: string): unknown =>
      JSON.parse(readFileSync(join(where, 'cases', name), 'utf8'));
    const schema = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../shared/contracts/visit.schema.json'), 'utf8'),
    ) as Schema;
    const there = new Set([
      ...pathsOf(written('stay.json')),
      ...pathsOf(written('every-field.json')),
    ]);
    const missing = pathsOfSchema(schema, schema).filter((path) => !there.has(path));
    expect(missing).toEqual([]);
    for (const name of ['stay.json', 'every-field.json']) {
      expect(settlementInputFromVisitJson(written(name))).toMatchObject({ ok: true });
    }
  });

  it('is ready when an officer has put an amount in the place of each open case', async () => {
    const { folder: where, toFill } = await begun('to-be-filled', 'tiered-care-city-2015');
    const file = join(where, 'pack.yaml');
    const text = readFileSync(file, 'utf8');
    const first = /notWorkedOut: true/.exec(text)?.index ?? 0;
    writeFileSync(
      file,
      `${text.slice(0, first)}notCovered: true${text.slice(first + 'notWorkedOut: true'.length)}`,
    );
    const { packs } = await checkPacks(join(folder, 'to-be-filled'));
    const codes = packs.flatMap(({ problems }) => problems.map(({ code }) => code));
    expect(codes.filter((code) => code === 'case-not-worked-out')).toHaveLength(toFill.cases - 1);
    // It is compared with what the pack comes to, like any other.
    expect(codes).toContain('case-covered');
  });
});

describe('no pack is begun', () => {
  it.each(['', 'Qingshi', '青石', '../out', 'a/b', 'con:', 'a'.repeat(65)])(
    'under the name %j',
    async (id) => {
      const made = await begin(id, 'pingjiang-2017');
      expect(made).toMatchObject({ ok: false, refusal: { code: 'not-a-pack-id' } });
    },
  );

  it('in the place of one that is there, which stays as it is', async () => {
    mkdirSync(join(folder, 'mine/1.0.0'), { recursive: true });
    writeFileSync(join(folder, 'mine/1.0.0/pack.yaml'), 'mine');
    expect(await begin('mine', 'pingjiang-2017')).toMatchObject({
      refusal: { code: 'pack-exists' },
    });
    expect(readFileSync(join(folder, 'mine/1.0.0/pack.yaml'), 'utf8')).toBe('mine');
  });

  it('like one that is not there; those that are, are named', async () => {
    const made = await begin('like-nothing', 'pingjang-2017');
    expect(made).toMatchObject({ ok: false, refusal: { code: 'unknown-pack' } });
    expect(JSON.stringify(made)).toContain('pingjiang-2017@1.2.0');
    expect(existsSync(join(folder, 'like-nothing'))).toBe(false);
  });

  it('where nothing can be written, and nothing is left there', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    expect(await begin('on-a-file', 'pingjiang-2017', file)).toMatchObject({
      refusal: { code: 'pack-place' },
    });
    expect(readFileSync(file, 'utf8')).toBe('');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

/** Paths of everything in a document, lists without their places. */
function pathsOf(node: unknown, path = ''): readonly string[] {
  if (Array.isArray(node)) return [path, ...node.flatMap((each) => pathsOf(each, path))];
  if (typeof node !== 'object' || node === null) return [path];
  return [path, ...Object.entries(node).flatMap(([key, each]) => pathsOf(each, `${path}/${key}`))];
}

type Schema = {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
};

/** Paths of everything a schema names; maps with names of their own, like the payers of a year, end there. */
function pathsOfSchema(schema: Schema, whole: Schema, path = ''): readonly string[] {
  const { properties, items, anyOf, oneOf, $ref } = schema;
  if ($ref !== undefined) {
    const target = $ref
      .split('/')
      .slice(1)
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], whole);
    return pathsOfSchema(target as Schema, whole, path);
  }
  const alternatives = anyOf ?? oneOf;
  if (alternatives !== undefined) {
    return alternatives.flatMap((each) => pathsOfSchema(each, whole, path));
  }
  if (items !== undefined) return pathsOfSchema(items, whole, path);
  return [
    path,
    ...Object.entries(properties ?? {}).flatMap(([key, each]) =>
      pathsOfSchema(each, whole, `${path}/${key}`),
    ),
  ];
}
