import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorLine } from './json-error-line.ts';

const numRuns = 500 * Number(process.env['TEST_DEPTH'] ?? '1');

describe('the line where a text stops being JSON', () => {
  it.each([
    ['{\n"visit": \n}', 3],
    ['{\n"a": 1,\n}', 3],
    ['{\n"a": 1\n"b": 2}', 3],
    ["{\n'a': 1}", 2],
    ['[1,\n2,\n03]', 3],
    ['{"a": "x\ny"}', 1],
    ['[1, 2\n', 2],
    ['{"a": 1}\n{"b": 2}', 2],
    ['', 1],
    ['\n\nvisit', 3],
    ['{\n"a": [1, 2}', 2],
    ['{"a" 1}', 1],
  ])('of %j is %i', (text, line) => {
    expect(() => {
      JSON.parse(text);
    }).toThrow();
    expect(jsonErrorLine(text)).toBe(line);
  });

  it('is where the reading ends in a text nested deeper than can be read', () => {
    expect(jsonErrorLine('\n[' + '['.repeat(200_000))).toBe(2);
  });

  it('is the line of a sign that was planted into sound JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.nat(), (json, chance) => {
        const lines = JSON.stringify([JSON.parse(json), 1], null, 1).split('\n');
        const at = chance % lines.length;
        lines[at] = `#${lines[at] ?? ''}`;
        expect(jsonErrorLine(lines.join('\n'))).toBe(at + 1);
      }),
      { numRuns },
    );
  });
});
