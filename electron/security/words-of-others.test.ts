import { describe, expect, it } from 'vitest';

import { wordsOfOthers } from './words-of-others.ts';

describe('words of a payer or a service', () => {
  it('tell nobody a number in full, wherever it stands, also where they are cut', () => {
    const number = '430626195001010016';
    for (let before = 0; before < 40; before += 1) {
      const shown = wordsOfOthers(`${'欠'.repeat(before)}${number}费`, 20);
      expect(shown).not.toMatch(/\d{7}/);
      expect(shown.length).toBeLessThanOrEqual(21);
    }
    expect(wordsOfOthers('43062619500\u200b1010016', 500)).toBe('430626********0016');
    expect(wordsOfOthers(`参保人 ${number} 已欠费`, 500)).toBe('参保人 430626********0016 已欠费');
  });

  it('steer no screen and are not longer than asked for', () => {
    expect(wordsOfOthers('好\u202e\u001b[2J\n坏', 500)).toBe('好 [2J 坏');
    expect(wordsOfOthers('很'.repeat(600_000), 500)).toBe(`${'很'.repeat(500)}…`);
    expect(wordsOfOthers('', 500)).toBe('');
  });
});
