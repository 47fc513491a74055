import { describe, expect, it } from 'vitest';

import { DatabaseDocumentError, DatabaseDocumentNewerError } from '../database-errors.ts';
import { readStored, recordIn, type StoredKind } from './stored-kind.ts';
import { storedPlaces } from './stored-places.ts';

/** A kind with a history: a name, then first and last name, then both in a list. */
const named: StoredKind<readonly unknown[]> = {
  id: 'named',
  name: { zh: '名字', en: 'name' },
  newest: 2,
  steps: [
    (json) => {
      const { name } = recordIn(json);
      if (typeof name !== 'string') throw new Error('no name');
      const [last, ...first] = name;
      return { last, first: first.join('') };
    },
    (json) => [recordIn(json)['last'], recordIn(json)['first']],
  ],
  decode: (json) => {
    if (!Array.isArray(json)) throw new Error('no list');
    return json as readonly unknown[];
  },
};

const stored = (version: number, json: unknown) => ({
  id: 'N1',
  version,
  text: JSON.stringify(json),
});

describe('a stored document', () => {
  it.each([
    [0, { name: '曾德厚' }],
    [1, { last: '曾', first: '德厚' }],
    [2, ['曾', '德厚']],
  ])('of version %d is read through every step there is', (version, json) => {
    expect(readStored(named, stored(version, json))).toEqual(['曾', '德厚']);
  });

  it('of a newer program is refused by name', () => {
    const read = () => readStored(named, stored(3, ['曾']));
    expect(read).toThrow(DatabaseDocumentNewerError);
    expect(read).toThrow(/name N1 is of version 3, this program knows 2/);
  });

  it.each([
    ['is no JSON', { ...stored(2, []), text: '{' }],
    ['a step cannot take', stored(0, {})],
    ['has another shape', stored(2, {})],
  ])('that %s is refused by name', (_name, damaged) => {
    const read = () => readStored(named, damaged);
    expect(read).toThrow(DatabaseDocumentError);
    expect(read).toThrow(/name N1, version \d, cannot be read/);
  });
});

describe('every kind of stored document', () => {
  it.each(storedPlaces.map((place) => [`${place.table}.${place.text}`, place] as const))(
    '%s has a step from each version to the next',
    (_name, { kind }) => {
      expect(kind.steps).toHaveLength(kind.newest);
    },
  );

  it('has an id of its own', () => {
    const kinds = new Set(storedPlaces.map(({ kind }) => kind));
    expect(new Set([...kinds].map(({ id }) => id)).size).toBe(kinds.size);
  });
});
