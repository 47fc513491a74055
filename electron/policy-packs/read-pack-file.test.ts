import { describe, expect, it } from 'vitest';
import { readPackText } from './read-pack-file.ts';
import { soundPack } from './sound-pack.test-support.ts';

describe('reading a pack file', () => {
  it('takes a sound one', () => {
    expect(readPackText('pack.yaml', soundPack)).toMatchObject({ ok: true });
  });

  it('lists everything that is wrong at once', () => {
    const broken = soundPack
      .replace("'3000.00'", '3000')
      .replace('base: in-scope\n', 'base: all\n');
    const reading = readPackText('pack.yaml', broken);
    if (reading.ok) throw new Error('the broken pack was taken');
    expect(reading.problems.map(({ code }) => code).toSorted()).toEqual([
      'not-in-list',
      'not-text-amount',
    ]);
  });

  it.each(['', '[]', 'a', '- 1', 'a: *b', '\u0000'])('refuses what is no pack: %j', (text) => {
    expect(readPackText('pack.yaml', text).ok).toBe(false);
  });

  it.each([
    ['brackets', '['.repeat(200_000)],
    ['tables in each other', '{a: '.repeat(50_000)],
    ['brackets that close nothing', ']'.repeat(60_000)],
    ['lists in each other', '- '.repeat(100_000)],
    ['questions', '? '.repeat(100_000)],
    ['commas', `[${','.repeat(60_000)}]`],
    ['spaced commas', `[${', '.repeat(60_000)}]`],
    [
      'more keys than anybody writes',
      Array.from({ length: 30_000 }, (_, at) => `k${String(at)}: 1`).join('\n'),
    ],
  ])('refuses %s before it is parsed, by the line', (_, text) => {
    const reading = readPackText('pack.yaml', `id: a\n${text}`);
    if (reading.ok) throw new Error('it was taken');
    expect(reading.problems.map(({ code }) => code)).toEqual(['not-pack-yaml']);
    expect(reading.problems[0]?.line).toBeGreaterThanOrEqual(2);
  });

  it('lists so many problems and no more', () => {
    const lists = Array.from({ length: 1000 }, (_, at) => `k${String(at)}: [[[a]]]`).join('\n');
    for (const text of [`id: a\n${lists}`, '*a '.repeat(5000)]) {
      const reading = readPackText('pack.yaml', text);
      if (reading.ok) throw new Error('it was taken');
      expect(reading.problems.length).toBeLessThanOrEqual(200);
    }
  });

  it('takes what people write on one line', () => {
    const list = `[${Array.from({ length: 150 }, (_, at) => `{a: ${String(at)}}`).join(', ')}]`;
    const reading = readPackText('pack.yaml', `${soundPack}\nmore: ${list}\n`);
    if (reading.ok) throw new Error('an unknown key was taken');
    expect(reading.problems.map(({ code }) => code)).not.toContain('not-pack-yaml');
  });

  it('finds the line of a key, of an entry, and of the nearest place there is', () => {
    const reading = readPackText('pack.yaml', soundPack);
    if (!reading.ok) throw new Error('the sound pack was refused');
    const lines = soundPack.split('\n');
    const textAt = (...path: (string | number)[]) => lines[reading.lineOf(path) - 1]?.trim();
    expect(textAt('parameters', 'half')).toBe('half:');
    expect(textAt('parameters', 'half', 'value')).toBe("value: '50'");
    expect(textAt('steps', 1)).toBe('- id: critical-illness');
    expect(textAt('steps', 1, 'requires', 'categories')).toBe('- id: critical-illness');
    expect(textAt('cases', 1, 'with', '/visit/diagnoses/0/code')).toBe(
      '/visit/diagnoses/0/code: J18.900',
    );
    expect(textAt('nowhere')).toBe('id: a-county');
  });
});

describe('a text that is no YAML', () => {
  it.each([
    ['a: [1, 2\nb: 3\n', 'add the ] or }'],
    ['a: {b: 1\n', 'add the ] or }'],
    ['a: "x\nb: 2\n', 'close it, with the same straight quote'],
    ['a:\n  b: 1\n c: 2\n', 'align this line with the one before it of the same level'],
    ['a:\n\tb: 1\n', 'indent with spaces only, two for each level'],
    ['a: 1\nb 2\nc: 3\n', 'write it as "key: value", with a plain colon and a space'],
    ['a： 1\nb: 2', 'write it as "key: value", with a plain colon and a space'],
    ['a: b: c\n', 'put a text with a colon in quotes, or write two lines'],
    ['a: @x\n', 'put the text in quotes'],
    ['a: 1\n---\nb: 2\n', 'remove the ---, or make two files'],
    ['a: 1\na: 2\n', 'remove one of them'],
    ['a: "x" y\n', 'check indent, quotes, brackets and colons of this line and the one before'],
  ])('%j: %s', (text, remedy) => {
    const reading = readPackText('pack.yaml', text);
    if (reading.ok) throw new Error('taken');
    expect(reading.problems[0]?.remedy.en).toBe(remedy);
    expect(reading.problems[0]?.message.zh).toMatch(/\p{Script=Han}/u);
  });
});
