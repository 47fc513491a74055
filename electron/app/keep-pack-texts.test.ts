import { afterEach, beforeEach, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { packFingerprint } from '../policy-packs/pack-fingerprint.ts';
import { packOf } from '../../shared/policy/packs.test-support.ts';
import { keepPackTexts } from './keep-pack-texts.ts';

const compiled = packOf();
const at = '2017-11-27T10:15:00.000+08:00';

let store: TestStore;

beforeEach(async () => {
  store = await createTestStore();
});
afterEach(async () => {
  await store.remove();
});

const open = (text: string) =>
  keepPackTexts(
    store,
    {
      packs: [
        {
          compiled,
          file: 'pack.yaml',
          fingerprint: packFingerprint(text),
          whole: '',
          lineOf: () => 3,
        },
      ],
      problems: [],
    },
    at,
    'demo',
  );

it('says which pack is another than the one taken into use, and keeps the first', async () => {
  expect((await open('a: 1\n')).problems).toEqual([]);
  // The ends of lines change with the machine, not with the policy.
  expect((await open('a: 1\r\n')).problems).toEqual([]);
  const edited = await open('a: 2\n');
  expect(edited.problems).toMatchObject([{ file: 'pack.yaml', line: 3, code: 'pack-differs' }]);
  expect(edited.packs).toHaveLength(1);
  expect((await open('a: 1\n')).problems).toEqual([]);
});
