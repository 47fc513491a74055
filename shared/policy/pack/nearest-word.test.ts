import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { personCategories } from '../../domain/person.ts';
import { nearestWord } from './nearest-word.ts';
import { problemsOfForm } from './problems-of-form.ts';
import { packSchema } from './pack-schema.ts';

describe('the word that was meant', () => {
  it.each([
    ['registred-poor', 'registered-poor'],
    ['Registered Poor', 'registered-poor'],
    ['registered_poor', 'registered-poor'],
    ['orpahn', 'orphan'],
    ['orphans', 'orphan'],
    ['subsistance-allowence', 'subsistence-allowance'],
  ])('by %s is %s', (given, meant) => {
    expect(nearestWord(given, personCategories)).toBe(meant);
  });

  it.each(['poor', 'x', '', '低保', 'somebody'])('by %j is not known', (given) => {
    expect(nearestWord(given, personCategories)).toBeNull();
  });

  it('is none for a word as long as a file, and nothing is compared with that', () => {
    expect(nearestWord('x'.repeat(5_000_000), personCategories)).toBeNull();
  });

  it('is not guessed between two that are as near', () => {
    expect(nearestWord('cat', ['bat', 'hat'])).toBeNull();
    expect(nearestWord('cat', ['bat', 'hat', 'cats', 'cart', 'ca-t'])).toBe('ca-t');
  });

  it('is the word itself, and still found with any one letter of it dropped, added or swapped', () => {
    const broken = fc
      .constantFrom(...personCategories)
      .chain((word) =>
        fc.record({ word: fc.constant(word), at: fc.nat(word.length - 2), how: fc.nat(2) }),
      );
    fc.assert(
      fc.property(broken, ({ word, at, how }) => {
        const [before, one, other] = [word.slice(0, at), word[at] ?? '', word[at + 1] ?? ''];
        const rest = word.slice(at + 2);
        const given = [
          `${before}${other}${rest}`,
          `${before}${one}q${other}${rest}`,
          `${before}${other}${one}${rest}`,
        ][how];
        expect(nearestWord(given ?? '', personCategories)).toBe(word);
      }),
    );
  });
});

describe('a mistyped word of a pack', () => {
  const remediesOf = (pack: object): readonly string[] => {
    const read = packSchema.safeParse(pack, { reportInput: true });
    return (read.error?.issues ?? []).flatMap(problemsOfForm).map(({ remedy }) => remedy.en);
  };

  it('is answered with the field that was meant', () => {
    expect(remediesOf({ inForceFrm: '2025-01-01' })).toContain('did you mean "inForceFrom"?');
    expect(remediesOf({ appliesTo: { placs: ['430626'] } })).toContain('did you mean "places"?');
  });

  it('is answered with the value that was meant, or else with all there are', () => {
    const applies = (insurance: string) => ({ appliesTo: { insurance: [insurance] } });
    expect(remediesOf(applies('residnet'))).toContain('did you mean "resident"?');
    expect(remediesOf(applies('nobody'))).toContain('choose one of these');
  });
});
