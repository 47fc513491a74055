import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { orderOfBills, type BillOrigin, type KnownOrigin } from './bill-order.ts';
import { instantOfMoment, shanghaiInstant } from './shanghai-time.ts';

const noon = Date.parse('2026-11-30T12:00:00+08:00');
const at = (seconds: number): string => shanghaiInstant(new Date(noon + seconds * 1000));
const known = (origin: Partial<BillOrigin>, receivedAt = at(0)): KnownOrigin => ({
  ...{ sentVersion: null, made: null, receivedAt },
  ...origin,
});
const come = (origin: Partial<BillOrigin>): BillOrigin => ({
  ...{ sentVersion: null, made: null },
  ...origin,
});

describe('which of two bills is later', () => {
  it.each([
    ['a higher version', known({ sentVersion: 1 }), come({ sentVersion: 2 }), 'later'],
    ['a lower version', known({ sentVersion: 2 }), come({ sentVersion: 1 }), 'earlier'],
    ['no word at all', known({}), come({}), 'unknown'],
    [
      'files of one clock, a second apart',
      known({ made: { at: at(1), by: 'file' } }),
      come({ made: { at: at(0), by: 'file' } }),
      'earlier',
    ],
    [
      'two clocks, five minutes apart',
      known({ made: { at: at(300), by: 'sender' } }),
      come({ made: { at: at(0), by: 'file' } }),
      'unknown',
    ],
    [
      'two clocks, an hour apart',
      known({ made: { at: at(3600), by: 'sender' } }),
      come({ made: { at: at(0), by: 'file' } }),
      'earlier',
    ],
    [
      'a reading five minutes after a bill of the sender had come',
      known({ made: { at: at(-10), by: 'sender' } }, at(0)),
      come({ made: { at: at(300), by: 'read' } }),
      'later',
    ],
    [
      'a reading that waited while a bill of the sender came',
      known({ made: { at: at(-10), by: 'sender' } }, at(0)),
      come({ made: { at: at(-1), by: 'read' } }),
      'unknown',
    ],
    [
      'two readings at one instant',
      known({ made: { at: at(0), by: 'read' } }),
      come({ made: { at: at(0), by: 'read' } }),
      'later',
    ],
    [
      'a file made well after the known one had come',
      known({}, at(0)),
      come({ made: { at: at(3600), by: 'file' } }),
      'later',
    ],
    [
      'a file from before the known one had come',
      known({}, at(0)),
      come({ made: { at: at(-3600), by: 'file' } }),
      'unknown',
    ],
    [
      'after a file that was dated years ahead',
      known({ made: { at: at(9e8), by: 'file' } }),
      come({ made: { at: at(3600), by: 'file' } }),
      'later',
    ],
  ] as const)('%s', (_what, one, other, expected) => {
    expect(orderOfBills(one, other)).toBe(expected);
  });

  it('is never two ways at once: where one is later, the other way round it is not', () => {
    const origin = fc.record({
      sentVersion: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
      made: fc.option(
        fc.record({
          at: fc.integer({ min: -2000, max: 2000 }).map(at),
          by: fc.constantFrom('sender' as const, 'file' as const),
        }),
        { nil: null },
      ),
    });
    fc.assert(
      fc.property(origin, origin, (one, other) => {
        const [there, back] = [orderOfBills(known(one), other), orderOfBills(known(other), one)];
        expect([there, back]).not.toEqual(['later', 'later']);
        expect([there, back]).not.toEqual(['earlier', 'earlier']);
      }),
    );
  });
});

it('a moment without a zone is Chinese time', () => {
  expect(instantOfMoment('2017-11-27 08:30:00')).toBe('2017-11-27T08:30:00.000+08:00');
  expect(instantOfMoment('2017-11-27T00:30:00Z')).toBe('2017-11-27T08:30:00.000+08:00');
  expect(instantOfMoment('2017-11-27T01:30+0100')).toBe('2017-11-27T08:30:00.000+08:00');
  expect(instantOfMoment('2017-11-27')).toBeNull();
});
