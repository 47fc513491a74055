import { describe, expect, it } from 'vitest';

import { warningsOfNumber } from './warnings-of-number.ts';

const person = { idNumber: '430626195001010016', birthDate: '1950-01-01', sex: 'male' } as const;
const codesOf = (changed: Partial<Parameters<typeof warningsOfNumber>[0]>) =>
  warningsOfNumber({ ...person, ...changed }, '2017-11-10').map(({ code }) => code);

describe('what the number of a person says', () => {
  it('is warned of where the ward says something else', () => {
    expect(codesOf({})).toEqual([]);
    expect(codesOf({ birthDate: '1951-01-01' })).toEqual(['birth-date-differs']);
    expect(codesOf({ sex: 'female' })).toEqual(['sex-differs']);
    expect(codesOf({ birthDate: '1950-10-01', sex: 'female' })).toHaveLength(2);
  });

  it('is the mother’s where a newborn is kept under it', () => {
    expect(codesOf({ birthDate: '2017-11-09', sex: 'female' })).toEqual([]);
  });

  it('is nothing where the number is wrong itself or of other papers', () => {
    expect(codesOf({ idNumber: '430626195001010017', birthDate: '1951-01-01' })).toEqual([]);
    expect(codesOf({ idNumber: 'CAN110175022801', birthDate: '1951-01-01' })).toEqual([]);
  });
});
