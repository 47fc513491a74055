import { describe, expect, it } from 'vitest';
import { duplicateKeysIn } from './duplicate-keys.ts';

describe('a key given twice', () => {
  it.each<readonly [string, readonly (readonly (string | number)[])[]]>([
    ['{"a":1,"a":2}', [['a']]],
    ['{"visit":{"totals":{"total":"99.00","total":"14904.00"}}}', [['visit', 'totals', 'total']]],
    ['[{"a":1},{"a":1,"b":[0,{"c":1,"c":1}]}]', [[1, 'b', 1, 'c']]],
    ['{"a":1,"\\u0061":2}', [['a']]],
    ['{"a\\"b":1,"a\\"b":2}', [['a"b']]],
    ['{"a\\\\":1,"a\\\\":2}', [['a\\']]],
    ['{"__proto__":1,"__proto__":2}', [['__proto__']]],
    ['{"a":{"x":1,"x":2},"a":3}', [['a', 'x'], ['a']]],
  ])('is found with its place: %s', (json, places) => {
    JSON.parse(json);
    expect(duplicateKeysIn(json)).toEqual(places);
  });

  it.each([
    '{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}',
    '{"a":"{\\"a\\":1,\\"a\\":2}","b":"a"}',
    '{"a":["a","a","b:"],"b":"a\\\\"}',
    '[]',
    '"a"',
    '{ "A":1, "a":2, "a ":3 }',
  ])('is not seen where there is none: %s', (json) => {
    JSON.parse(json);
    expect(duplicateKeysIn(json)).toEqual([]);
  });

  it('is listed no further than anyone reads', () => {
    const many = `{${'"a":1,'.repeat(1000)}"a":1}`;
    expect(duplicateKeysIn(many)).toHaveLength(20);
  });
});
