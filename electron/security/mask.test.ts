import { describe, expect, it } from 'vitest';

import { maskAllButDifference, maskIdNumber, maskName } from './mask.ts';

describe('masking', () => {
  it('keeps the first and the last character of a name', () => {
    expect(maskName('张建国')).toBe('张*国');
    expect(maskName('欧阳建国')).toBe('欧**国');
  });

  it('keeps only the first of a short name', () => {
    expect(maskName('李梅')).toBe('李*');
    expect(maskName('王')).toBe('王*');
  });

  it('counts a rare four-byte character as one', () => {
    expect(maskName('𠮷田')).toBe('𠮷*');
    expect(maskName('张𠮷三')).toBe('张*三');
  });

  it('keeps the first letter of each word of a name in Latin letters', () => {
    expect(maskName('MUELLER, ANNA LENA')).toBe('M* A* L*');
    expect(maskName("O'Brien-Smith  Seán")).toBe('O*  S*');
  });

  it('shows the first six and the last four of an ID number', () => {
    expect(maskIdNumber('430626195001010016')).toBe('430626********0016');
  });

  it('leaves in sight where two differ, for that is what is compared', () => {
    expect(maskAllButDifference('张三丰', '张山丰')).toEqual(['张三*', '张山*']);
    expect(maskAllButDifference('430626195001010016', '430626195001010032')).toEqual([
      '4***************16',
      '4***************32',
    ]);
    expect(maskAllButDifference('李四', '李四之女')).toEqual(['李四', '李四之女']);
  });

  it('shows nothing of a number too short to hide', () => {
    expect(maskIdNumber('1234567890')).toBe('**********');
  });
});
