import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { programSources, refusalCodes, type SourceFile } from './refusal-codes.ts';

const table: SourceFile = {
  path: 'electron/area/area-refusals.ts',
  text: `export const areaRefusal = declareRefusals({
    'not-there': { message: { zh: '没有', en: 'none' } },
    'too-much': ({ most }: { most: number }) => ({ message: { zh: \`\${most}\`, en: '' } }),
  });`,
};

const act: SourceFile = {
  path: 'electron/area/do-it.ts',
  text: `
    /** Does it, or refuses \`not-there\`. */
    export function doIt(n: number): Result<number, 'not-there' | 'too-much'> {
      if (n < 0) return refused(areaRefusal('not-there'));
      return refused(areaRefusal('too-much', { most: n }));
    }`,
};

const breachesOf = (...sources: readonly SourceFile[]) => refusalCodes(sources).breaches;
const withText = (text: string): SourceFile => ({ path: 'electron/area/more.ts', text });

describe('the refusals of the program', () => {
  const { codes, breaches } = refusalCodes(programSources(join(import.meta.dirname, '..')));

  it('are declared once and raised by name, and none is promised that is not declared', () => {
    expect(breaches).toEqual([]);
  });

  it('are all listed with where they are raised', () => {
    expect(codes.length).toBeGreaterThan(100);
    for (const { code, declaredAt, raisedAt } of codes) {
      expect(declaredAt, code).toHaveLength(1);
      expect(raisedAt, code).not.toEqual([]);
    }
  });

  it('have one name for one thing', () => {
    const names = codes.map(({ code }) => code);
    expect(names).toEqual(expect.arrayContaining(['settlement-not-found', 'unknown-pack']));
    expect(names).not.toContain('settlement-unknown');
    expect(names).not.toContain('pack-unknown');
  });
});

describe('the problems of packs', () => {
  const { codes } = refusalCodes(programSources(join(import.meta.dirname, '..')));
  const ofPacks = codes.filter(({ area }) => area === 'packs').map(({ code }) => code);

  it('are listed beside the refusals, each once, though some have the name of a refusal', () => {
    expect(ofPacks.length).toBeGreaterThan(90);
    expect(ofPacks).toEqual([...new Set(ofPacks)]);
    expect(ofPacks).toEqual(expect.arrayContaining(['unknown-field', 'not-utf8', 'packs-overlap']));
    const twice = codes.filter(({ code }) => code === 'unknown-field');
    expect(twice.map(({ area }) => area)).toEqual(['packs', 'refusals']);
  });

  const check: SourceFile = {
    path: 'shared/pack-checks/check.ts',
    text: `const ageProblem = declareProblems({ 'too-old': ['', '', '', ''] });
      const words = declareProblemCodes({ 'not-an-age': ['', '', '', ''] });
      export const age = z.string().regex(/x/, { error: 'not-an-age' });
      ageProblem(path, 'too-old');`,
  };

  it('are declared and raised as refusals are, in an area of their own', () => {
    expect(refusalCodes([check])).toEqual({
      breaches: [],
      codes: [
        {
          area: 'packs',
          code: 'not-an-age',
          declaredAt: ['shared/pack-checks/check.ts:2'],
          raisedAt: ['shared/pack-checks/check.ts:3'],
        },
        {
          area: 'packs',
          code: 'too-old',
          declaredAt: ['shared/pack-checks/check.ts:1'],
          raisedAt: ['shared/pack-checks/check.ts:4'],
        },
      ],
    });
  });

  it('are a breach where one is never raised, declared twice, or written out by hand', () => {
    const more: SourceFile = {
      path: 'shared/pack-checks/more.ts',
      text: `const moreProblem = declareProblems({ 'too-old': ['', '', '', ''], idle: ['', '', '', ''] });
        const found = { path, code: 'by-hand', message: { zh: '', en: '' } };`,
    };
    expect(breachesOf(check, more)).toEqual([
      'shared/pack-checks/more.ts:2: by-hand is raised without being declared',
      'too-old is declared more than once: shared/pack-checks/check.ts:1, shared/pack-checks/more.ts:1',
      'shared/pack-checks/more.ts:1: idle is never raised',
    ]);
  });
});

describe('a breach', () => {
  it('is none where all is declared and raised', () => {
    expect(breachesOf(table, act)).toEqual([]);
    expect(refusalCodes([table, act]).codes).toEqual([
      {
        area: 'refusals',
        code: 'not-there',
        declaredAt: ['electron/area/area-refusals.ts:2'],
        raisedAt: ['electron/area/do-it.ts:4'],
      },
      {
        area: 'refusals',
        code: 'too-much',
        declaredAt: ['electron/area/area-refusals.ts:3'],
        raisedAt: ['electron/area/do-it.ts:5'],
      },
    ]);
  });

  it('is a code that nothing raises', () => {
    expect(breachesOf(table)).toEqual([
      'electron/area/area-refusals.ts:2: not-there is never raised',
      'electron/area/area-refusals.ts:3: too-much is never raised',
    ]);
  });

  it('is a code declared twice', () => {
    const again = withText(
      `const otherRefusal = declareRefusals({ 'not-there': { message: { zh: '', en: '' } } });`,
    );
    expect(breachesOf(table, act, again)).toEqual([
      'not-there is declared more than once: electron/area/area-refusals.ts:2, electron/area/more.ts:1',
    ]);
  });

  it('is a refusal written out by hand', () => {
    const byHand = withText(`const gone = { code: 'gone', message: { zh: '', en: '' } };`);
    expect(breachesOf(table, act, byHand)).toEqual([
      'electron/area/more.ts:1: gone is raised without being declared',
    ]);
  });

  it('is a message that says itself whether money moved', () => {
    const twice = withText(
      `const other = declareRefusals({ gone: { message: { zh: '没有了，没有动钱。', en: '' } } });
      refused(other('gone'));`,
    );
    expect(breachesOf(twice)).toEqual([
      'electron/area/more.ts:1: whether money moved is said by `money`, not in the message',
    ]);
  });

  it('is a code that is computed', () => {
    const computed = withText('refused(areaRefusal(code));');
    expect(breachesOf(table, act, computed)).toEqual([
      'electron/area/more.ts:1: a code is raised by its literal',
    ]);
  });

  it('is a code promised by a type, a comment or a call of the page, and declared nowhere', () => {
    const promises = withText(`
      /** Refuses \`not-there\` and
       * \`no-such-code\`. */
      export function act(): Result<null, 'another-code'>;
      export const call = contract({ name: 'a:b', refusals: ['third-code'] });`);
    expect(breachesOf(table, act, promises)).toEqual([
      'electron/area/more.ts:2: no-such-code is promised and declared nowhere',
      'electron/area/more.ts:4: another-code is promised and declared nowhere',
      'electron/area/more.ts:5: third-code is promised and declared nowhere',
    ]);
  });

  it('is not a code that is only compared with', () => {
    const words = withText(`const sentences = declareCodes({ 'not-a-date': ['', ''] });
      if (problem.code === 'not-a-date') mend();`);
    expect(breachesOf(table, act, words)).toEqual([
      'electron/area/more.ts:1: not-a-date is never raised',
    ]);
  });
});
