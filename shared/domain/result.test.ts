import { describe, expect, it } from 'vitest';

import { warningsInShort, warningsOnce } from './result.ts';

const warning = (code: string, line: number) => ({
  code,
  text: { zh: `第 ${String(line)} 行`, en: `line ${String(line)}` },
  place: `/visit/charges/${String(line)}`,
});

describe('warnings', () => {
  it('of the same thing at the same place are said once', () => {
    const twice = [warning('amount-rounded', 1), warning('amount-rounded', 1)];
    expect(warningsOnce([...twice, warning('amount-rounded', 2)])).toHaveLength(2);
  });

  it('of every line of a long bill are shown as the first few and how many more', () => {
    const lines = Array.from({ length: 300 }, (_, line) => warning('amount-rounded', line));
    const shown = warningsInShort([...lines, warning('charge-outside-stay', 7)]);
    expect(shown.map(({ text }) => text.zh)).toEqual([
      '第 0 行',
      '第 1 行',
      '第 2 行',
      '以及另外 297 处同样的提醒',
      '第 7 行',
    ]);
    expect(warningsInShort(lines.slice(0, 3))).toEqual(lines.slice(0, 3));
  });
});
