import { describe, expect, it } from 'vitest';
import { setAtPointer } from './json-pointer.ts';

const data = { visit: { id: 'a', 'a/b': 1, 'c~d': 2, lines: [{ n: 1 }, { n: 2 }] } };

function set(pointer: string, value: unknown): unknown {
  const setting = setAtPointer(data, pointer, value, ['cases', 0, 'with', pointer]);
  return setting.ok ? setting.data : setting.problem.code;
}

describe('setting what a pointer names', () => {
  it.each<[string, unknown, unknown]>([
    ['/visit/id', 'b', { visit: { ...data.visit, id: 'b' } }],
    ['/visit/new', { x: 1 }, { visit: { ...data.visit, new: { x: 1 } } }],
    ['/other', 1, { ...data, other: 1 }],
    ['/visit/a~1b', 3, { visit: { ...data.visit, 'a/b': 3 } }],
    ['/visit/c~0d', 3, { visit: { ...data.visit, 'c~d': 3 } }],
    ['/visit/lines/1/n', 5, { visit: { ...data.visit, lines: [{ n: 1 }, { n: 5 }] } }],
    ['/visit/lines/2', 5, { visit: { ...data.visit, lines: [{ n: 1 }, { n: 2 }, 5] } }],
    ['/visit/lines/0', null, { visit: { ...data.visit, lines: [{ n: 2 }] } }],
    ['/visit/id', null, { visit: { 'a/b': 1, 'c~d': 2, lines: data.visit.lines } }],
    ['/visit/lines/3', 5, 'pointer-outside-list'],
    ['/visit/lines/2', null, 'pointer-outside-list'],
    ['/visit/lines/01', 5, 'pointer-outside-list'],
    ['/visit/lines/x/n', 5, 'pointer-outside-list'],
    ['/visit/id/first', 5, 'pointer-without-parent'],
    ['/visitor/id', 5, 'pointer-without-parent'],
    ['/visit/none', null, 'pointer-removes-nothing'],
  ])('%s to %j', (pointer, value, expected) => {
    expect(set(pointer, value)).toEqual(expected);
  });

  it('leaves the data as they were', () => {
    const before = JSON.stringify(data);
    set('/visit/lines/0/n', 9);
    set('/visit/id', null);
    expect(JSON.stringify(data)).toBe(before);
  });

  it('gives no object another kind', () => {
    const result = set('/__proto__', { polluted: true });
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.hasOwn({}, 'polluted')).toBe(false);
  });
});
