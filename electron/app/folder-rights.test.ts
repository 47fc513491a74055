import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { claimRefusal } from '../claims/claim-refusals.ts';
import { payersAddress } from '../claims/payers-address.ts';
import { createTestStore } from '../database/test-store.ts';
import { eVoucherDecoder } from '../identification/decode-e-voucher.ts';
import { refusalOf, testClock } from '../settlement/settlement.test-support.ts';
import { cautionsOf, watchCautions, type Caution } from './folder-rights.ts';
import { changeSetting } from './settings.ts';

let root: string;
let home: string;
let keyFile: string;
const unset = {
  'hospital-in': null,
  'hospital-out': null,
  'payers-url': null,
  'e-voucher-url': null,
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'folder-rights-'));
  home = join(root, 'home');
  keyFile = join(root, 'keys', 'key');
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(join(home, 'locks'), { mode: 0o700 });
  mkdirSync(join(root, 'keys'), { mode: 0o700 });
  writeFileSync(keyFile, 'key', { mode: 0o600 });
  writeFileSync(join(home, 'settlement.db'), '', { mode: 0o600 });
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const codes = async (settings: Partial<Parameters<typeof cautionsOf>[0]['settings']> = {}) =>
  (await cautionsOf({ home, keyFile, settings: { ...unset, ...settings } })).map(
    ({ code, words }) => `${code} ${words.en.replace(/^.* /, '').replace(root, '')}`,
  );

describe('who else may write to what is ours', () => {
  it('is nobody in a folder as the program makes it', async () => {
    expect(await codes()).toEqual([]);
  });

  it.each([
    ['the folder', () => home, 0o770, '/home'],
    ['the folder for everybody', () => home, 0o707, '/home'],
    ['the database', () => join(home, 'settlement.db'), 0o666, '/home/settlement.db'],
    ['the locks', () => join(home, 'locks'), 0o777, '/home/locks'],
    ['the key', () => keyFile, 0o620, '/keys/key'],
    [
      'the folder of the key, where another key can be put',
      () => join(root, 'keys'),
      0o777,
      '/keys',
    ],
    ['the folder around all, where another folder can be put', () => root, 0o777, ''],
  ])('is said of %s', async (_what, path, mode, said) => {
    chmodSync(path(), mode);
    expect(await codes()).toEqual([`folder-open ${said}`]);
  });

  it('is not said of a folder around it in which each may move his own alone', async () => {
    chmodSync(root, 0o1777);
    expect(await codes()).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)('is said of what another user owns', async () => {
    chownSync(join(home, 'locks'), 4242, 4242);
    expect(await codes()).toEqual(['folder-open /home/locks']);
  });

  it('is said of an exchange folder for everybody, and not of one for the hospital’s group', async () => {
    const exchange = join(root, 'exchange');
    mkdirSync(exchange);
    chmodSync(exchange, 0o775);
    expect(await codes({ 'hospital-in': exchange })).toEqual([]);
    chmodSync(exchange, 0o1777);
    expect(await codes({ 'hospital-in': exchange })).toEqual(['exchange-open /exchange']);
  });

  it('is looked at again after a while, one look at a time, and a look that hangs shows the last', async () => {
    let time = 0;
    let looks = 0;
    let answer: (found: readonly Caution[]) => void = () => undefined;
    const cautions = watchCautions(
      () => {
        looks += 1;
        return new Promise((resolve) => (answer = resolve));
      },
      () => time,
    );
    expect(cautions()).toEqual([]);
    const one = { code: 'a', words: { zh: '', en: '' }, remedy: { zh: '', en: '' } };
    answer([one]);
    await expect.poll(cautions).toEqual([one]);
    expect(looks).toBe(1);
    time = 61_000;
    cautions();
    time = 200_000;
    expect(cautions()).toEqual([one]);
    expect(looks).toBe(2);
  });
});

describe('a line in plain text', () => {
  it('is said while a setting has one to another machine', async () => {
    const plain = 'http://payers.example:8080/x';
    expect(await codes({ 'payers-url': plain, 'e-voucher-url': plain })).toHaveLength(2);
    for (const url of [
      'https://payers.example',
      'http://127.0.0.1:47610',
      'http://[::1]:1',
      'http://localhost:1',
    ])
      expect(await codes({ 'payers-url': url })).toEqual([]);
    for (const url of ['http://127.0.0.1.evil.example', 'http://0x7f.example', 'http://10.0.0.1'])
      expect(await codes({ 'payers-url': url })).toHaveLength(1);
  });

  it('is not sent over unless a setting says that it may be', async () => {
    const store = await createTestStore();
    const plain = 'http://10.0.0.1:8080';
    const unused = null as never;
    const parts = { store, clock: testClock, folder: { home } as never, secondPlace: unused };
    const set = (name: Parameters<typeof changeSetting>[1], text: string) =>
      changeSetting(parts, name, { text, by: 'clerk1' });
    try {
      const refusal = claimRefusal('payers-url-plain', { url: plain });
      // Also where it was set before this was asked, or is named for one run.
      await store.transact(({ folderFacts }) => folderFacts.set('payers-url', plain));
      expect(await payersAddress(store, undefined)).toEqual({ ok: false, refusal });
      expect(await payersAddress(store, plain)).toEqual({ ok: false, refusal });
      for (const name of ['payers-url', 'e-voucher-url'] as const)
        expect(refusalOf(await set(name, plain))).toBe('url-not-encrypted');
      const decode = eVoucherDecoder({ url: plain, hospitalCode: 'H' });
      expect(refusalOf(await decode('0'.repeat(28), { userId: 'u', name: 'n' }))).toBe(
        'e-voucher-plain',
      );
      expect(refusalOf(await set('plain-http', 'yes'))).toBe('bad-setting');
      expect(refusalOf(await set('plain-http', 'allowed'))).toBeNull();
      expect(await payersAddress(store, undefined)).toMatchObject({ ok: true });
      expect(refusalOf(await set('payers-url', plain))).toBeNull();
      expect(refusalOf(await set('plain-http', ''))).toBeNull();
      expect(refusalOf(await payersAddress(store, undefined))).toBe('payers-url-plain');

      for (const inside of [home, root, join(home, 'policy-packs'), join(home, 'hospital-out')])
        expect(refusalOf(await set('hospital-in', inside))).toBe('bad-setting');
      // By a link in the way to it the same folder has another name.
      const up = join(root, 'up');
      symlinkSync(root, up);
      const byLink = join(up, relative(root, home));
      for (const inside of [up, byLink, join(byLink, 'policy-packs'), join(byLink, 'not-there')]) {
        for (const name of ['hospital-in', 'hospital-out', 'sign-in-certificates'] as const)
          expect(refusalOf(await set(name, inside))).toBe('bad-setting');
        expect(refusalOf(await set('second-place', inside))).toBe('second-place-inside');
      }
      expect(refusalOf(await set('hospital-in', join(root, 'exchange')))).toBeNull();
      expect(refusalOf(await set('refused-days', '0'))).toBe('bad-setting');
      expect(refusalOf(await set('refused-days', '7'))).toBeNull();
    } finally {
      await store.remove();
    }
  });
});
