import fc from 'fast-check';

import { hasRightCheckDigit } from './citizen-number.ts';

/** A number of eighteen characters with its right check character, from its first seventeen digits. */
export function withCheckDigit(seventeen: string): string {
  const last = Array.from('0123456789X').find((digit) => hasRightCheckDigit(seventeen + digit));
  if (last === undefined) throw new Error('no check character fits');
  return seventeen + last;
}

/** Right numbers of invented citizens, of all kinds of days of birth. */
export const inventedNumbers: fc.Arbitrary<string> = fc
  .record({
    division: fc.constantFrom('430626', '110101', '650104', '810000', '830000', '911840'),
    born: fc.date({
      min: new Date('1900-01-01'),
      max: new Date('2017-12-31'),
      noInvalidDate: true,
    }),
    order: fc.integer({ min: 1, max: 999 }),
  })
  .map(({ division, born, order }) => {
    const day = born.toISOString().slice(0, 10).replaceAll('-', '');
    return withCheckDigit(`${division}${day}${String(order).padStart(3, '0')}`);
  });
