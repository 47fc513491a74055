import { describe, expect, it } from 'vitest';

import {
  maskAllButDifference,
  maskIdNumber,
  maskName,
  maskNumbersButDifference,
  maskNumbersIn,
} from './mask.ts';

describe('masking', () => {
  it('keeps the first and the last character of a name', () => {
    expect(maskName('张建国')).toBe('张*国');
    expect(maskName('欧阳建国')).toBe('欧**国');
  });

  it('keeps only the first of a short name', () => {
    expect(maskName('李梅')).toBe('李*');
    expect(maskName('王')).toBe('王*');
  });

  it('takes no sign that nobody sees for the first or the last character', () => {
    expect(maskName('丙三\u202e')).toBe('丙*');
    expect(maskName('\u200b张建国\u2069')).toBe('张*国');
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
    expect(maskAllButDifference('李四', '李四之女')).toEqual(['李四', '李四之女']);
    expect(maskNumbersButDifference('430626195001010016', '430626195001010032')).toEqual([
      '4***************16',
      '4***************32',
    ]);
  });

  it('is not done of two numbers of which next to nothing would be hidden', () => {
    expect(maskNumbersButDifference('430626195001010016', 'E12345678')).toBeNull();
    expect(maskNumbersButDifference('430626195001010016', '511287638234567894')).toBeNull();
    expect(maskNumbersButDifference('H12345678', 'H12345679')).toEqual(['H*******8', 'H*******9']);
    expect(maskNumbersButDifference('H12345678', 'H12399999')).toBeNull();
  });

  it('hides most of a permit’s number, too', () => {
    expect(maskIdNumber('H1234567801')).toBe('H12******01');
    expect(maskIdNumber('HKG12345678901')).toBe('HKG*********01');
    expect(maskIdNumber('810000199408230021')).toBe('810000********0021');
    expect(maskIdNumber('430626500101001')).toBe('430626*****1001');
  });

  it('finds a citizen’s number in a text, and leaves other digits', () => {
    expect(maskNumbersIn('退费 430626195001010016，见 430626195001010017')).toBe(
      '退费 430626********0016，见 430626195001010017',
    );
    expect(maskNumbersIn('43062619500128018x')).toBe('430626********018x');
    expect(maskNumbersIn('1430626195001010016')).toBe('1430626195001010016');
  });

  it('shows nothing of a number too short to hide', () => {
    expect(maskIdNumber('1234567890')).toBe('**********');
  });
});
