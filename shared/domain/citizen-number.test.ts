import { describe, expect, it } from 'vitest';

import { birthDayIn, hasRightCheckDigit, sexIn } from './citizen-number.ts';
import { eighteenIn } from './identity-number.ts';

describe("a citizen's number", () => {
  it('ends in the check digit of GB 11643', () => {
    expect(hasRightCheckDigit('430626195001010016')).toBe(true);
    expect(hasRightCheckDigit('430626195001010015')).toBe(false);
    // 11010519491231002X is the standard's own example.
    expect(hasRightCheckDigit('11010519491231002X')).toBe(true);
    expect(hasRightCheckDigit('H1234567801')).toBe(false);
  });

  it('says the day of birth and the sex', () => {
    expect(birthDayIn('11010519491231002X')).toBe('1949-12-31');
    expect(sexIn('11010519491231002X')).toBe('female');
    expect(sexIn('430626195001010016')).toBe('male');
  });

  it('is nobody who is not born yet, and of no province there is not', () => {
    const numberIn = (text: string, today: string) => eighteenIn(text, today)?.number ?? null;
    expect(numberIn('430626195001010016', '2026-11-23')).toBe('430626195001010016');
    expect(numberIn('430626195001010016', '1949-12-31')).toBeNull();
    expect(numberIn('000000195001010016', '2026-11-23')).toBeNull();
    expect(numberIn('H1234567801', '2026-11-23')).toBeNull();
  });
});
