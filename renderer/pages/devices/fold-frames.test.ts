import { describe, expect, it } from 'vitest';

import type { Frame } from '../../../shared/contracts/devices.ts';
import { foldFrames } from './fold-frames.ts';

/** One letter a frame: capitals are sent, small letters came. */
const framesOf = (letters: string): Frame[] =>
  Array.from(letters, (letter, index) => ({
    at: `2026-11-22T09:00:${String(index).padStart(2, '0')}.000Z`,
    what: letter === letter.toUpperCase() ? 'sent' : 'came',
    bytes: 1,
    shown: letter,
    cut: false,
  }));

const shown = (letters: string): string =>
  foldFrames(framesOf(letters))
    .map(
      ({ frames, times }) =>
        frames.map((frame) => frame.shown).join('') + (times === 1 ? '' : String(times)),
    )
    .join(' ');

describe('the log of a line', () => {
  it('has the newest first and folds what repeats, one frame or a whole round', () => {
    expect(shown('')).toBe('');
    expect(shown('Ab')).toBe('b A');
    expect(shown('AAA')).toBe('A3');
    expect(shown('AbAbAb')).toBe('bA3');
    expect(shown('AbAbCdAb')).toBe('b A d C bA2');
    expect(shown('AbcAbcAbc')).toBe('cbA3');
    // Half a round stays what it is.
    expect(shown('bAbAb')).toBe('bA2 b');
  });

  it('says since when the same came', () => {
    const [first] = foldFrames(framesOf('XAbAbAb'));
    expect(first).toMatchObject({ times: 3, since: '2026-11-22T09:00:01.000Z' });
    expect(first?.frames[0]?.at).toBe('2026-11-22T09:00:06.000Z');
  });

  it('loses no frame', () => {
    for (const letters of ['AbAbACbAbA', 'AAbbAAbb', 'AbCdAbCdAb', 'aaaaaaa']) {
      const count = foldFrames(framesOf(letters)).reduce(
        (sum, { frames, times }) => sum + frames.length * times,
        0,
      );
      expect(count).toBe(letters.length);
    }
  });
});
