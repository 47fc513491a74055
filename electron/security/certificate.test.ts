import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, sign } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { proveWithKey } from './certificate-keys.ts';
import { changePassword } from './change-password.ts';
import { readCertificate } from './client-certificate.ts';
import {
  certificates,
  endlessBag,
  endlessInParts,
  endlessPem,
  endlessPkcs12,
  openKey,
  pemKeys,
  pin,
  pkcs12,
} from './invented-certificates.test-support.ts';
import { makeUser } from './make-user.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { provesKey, signsChallenge, type Signer } from './prove-key.ts';
import { setCertificate } from './set-certificate.ts';
import { signIn } from './sign-in.ts';
import type { UserParts } from './user-parts.ts';
import type { User } from './users.ts';
import {
  cheapHasher,
  codeOf,
  firstAdministrator,
  goodPassword,
  movableClock,
  otherPassword,
  partsOn,
  valueOf,
  worker,
  type MovableClock,
} from './users.test-support.ts';

let store: TestStore;
let clock: MovableClock;
let parts: UserParts;
let boss: User;
let root: string;
/** The folder of the stick. */
let stick: string;

beforeEach(async () => {
  store = await createTestStore();
  clock = movableClock();
  parts = partsOn(store, clock);
  boss = await firstAdministrator(parts);
  await worker(parts, boss, { userId: 's001', name: '班长', role: 'supervisor' });
  await worker(parts, boss, { userId: 'c001', name: '林秋', role: 'cashier' });
  root = mkdtempSync(join(tmpdir(), 'certificate-'));
  stick = join(root, 'stick');
  mkdirSync(stick);
  await setFolder(stick);
});
afterEach(async () => {
  await store.remove();
  rmSync(root, { recursive: true, force: true });
});

const setFolder = (folder: string | null) =>
  store.transact(({ folderFacts }) => folderFacts.set('sign-in-certificates', folder));
const putPkcs12 = (name: string, base64: string): void => {
  writeFileSync(join(stick, name), Buffer.from(base64, 'base64'));
};
const give = (userId: string, certificate: string | null, by = boss) =>
  setCertificate(parts, { userId, certificate, by });

/** How somebody is answered, and whether a PIN was asked for. */
async function tries(
  userId: string,
  { password = goodPassword, typed = null as string | null } = {},
): Promise<string> {
  let asked = '';
  const answer = await signIn(parts, {
    ...{ userId, password, from: 'a test' },
    askPin: () => {
      asked = ' (asked)';
      return Promise.resolve(typed);
    },
  });
  return `${codeOf(answer)}${asked}`;
}

const whys = async () =>
  (await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 }))).flatMap((entry) =>
    entry.act === 'sign-in-refused'
      ? [`${entry.who} ${(JSON.parse(entry.detail_json) as { why: string }).why}`]
      : [],
  );

describe('a user with a certificate', () => {
  beforeEach(async () => {
    valueOf(await give('s001', certificates.elliptic));
  });

  it.each([
    ['a PKCS#12 file', 's001.p12', pkcs12.elliptic],
    ['one under the name of Windows', 's001.pfx', pkcs12.elliptic],
    ['one as Windows used to export it', 's001.pfx', pkcs12.older],
  ])('comes in with password, PIN and %s', async (_what, name, base64) => {
    putPkcs12(name, base64);
    expect(await tries('s001', { typed: pin })).toBe('accepted (asked)');
  });

  it('comes in with an encrypted PKCS#8 key, and not with one that no PIN protects', async () => {
    writeFileSync(join(stick, 's001.pem'), pemKeys.elliptic);
    expect(await tries('s001', { typed: pin })).toBe('accepted (asked)');
    writeFileSync(join(stick, 's001.pem'), openKey);
    expect(await tries('s001', { typed: pin })).toBe('sign-in-refused (asked)');
  });

  it('does not come in with a wrong PIN, another key, or without any, and each is a failure', async () => {
    putPkcs12('s001.p12', pkcs12.elliptic);
    expect(await tries('s001', { typed: 'pin-4712' })).toBe('sign-in-refused (asked)');
    expect(await tries('s001', { typed: '' })).toBe('certificate-asked (asked)');
    putPkcs12('s001.p12', pkcs12.other);
    expect(await tries('s001', { typed: pin })).toBe('sign-in-refused (asked)');
    putPkcs12('s001.p12', pkcs12.elliptic);
    expect(await tries('s001', { password: 'wrong', typed: pin })).toBe('sign-in-refused (asked)');
    expect(await tries('s001', { typed: 'pin-4713' })).toBe('sign-in-refused (asked)');
    // Five in a row: now nothing helps.
    expect(await tries('s001', { typed: pin })).toBe('sign-in-refused (asked)');
    clock.moveBy(300);
    expect(await tries('s001', { typed: pin })).toBe('accepted (asked)');
    expect(await whys()).toEqual([
      ...['s001 certificate', 's001 certificate', 's001 certificate', 's001 wrong'],
      ...['s001 certificate', 's001 locked'],
    ]);
  });

  it('does not come in where the folder of keys is set no more, nor with a way that asks for no PIN', async () => {
    putPkcs12('s001.p12', pkcs12.elliptic);
    const without = await signIn(parts, { userId: 's001', password: goodPassword, from: 'x' });
    expect(codeOf(without)).toBe('certificate-asked');
    await setFolder(null);
    expect(await tries('s001', { typed: pin })).toBe('sign-in-refused');
  });

  it('does not change the password without it either', async () => {
    putPkcs12('s001.p12', pkcs12.elliptic);
    const change = (typed: string | null) =>
      changePassword(parts, {
        ...{ userId: 's001', password: goodPassword, newPassword: otherPassword + '1', from: 'x' },
        askPin: () => Promise.resolve(typed),
      });
    expect(codeOf(await change(null))).toBe('certificate-asked');
    expect(codeOf(await change(pin))).toBe('accepted');
  });

  it('hears that the certificate is over only after proving password and key', async () => {
    putPkcs12('s001.p12', pkcs12.elliptic);
    clock.moveBy(100 * 366 * 86_400);
    expect(await tries('s001', { password: 'wrong', typed: pin })).toBe('sign-in-refused (asked)');
    expect(await tries('s001', { typed: pin })).toBe('certificate-expired (asked)');
  });
});

describe('a guesser, where the folder has certificates', () => {
  beforeEach(async () => {
    valueOf(await give('s001', certificates.elliptic));
  });
  /** With a certificate and the right password, with a wrong one, without a certificate, and nobody at all. */
  const people = [
    ['s001', goodPassword],
    ['s001', 'wrong'],
    ['c001', 'wrong'],
    ['c002', goodPassword],
    ['../s001', goodPassword],
  ] as const;
  const answersOf = async (typed: string | null) => {
    const answers = [];
    for (const [userId, password] of people) {
      const askPin = () => Promise.resolve(typed);
      answers.push(await signIn(parts, { userId, password, from: 'a test', askPin }));
    }
    return answers;
  };

  it.each([
    ['without a PIN', null, 'certificate-asked'],
    ['with one and no stick', '0000', 'certificate-missing'],
  ])(
    'hears one sentence %s, whoever it is and whatever the password',
    async (_how, typed, code) => {
      const answers = await answersOf(typed);
      expect(codeOf(answers[0]!)).toBe(code);
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    },
  );

  it('hears one sentence with a stick and a wrong PIN, too', async () => {
    for (const name of ['s001.p12', 'c001.p12', 'c002.p12']) putPkcs12(name, pkcs12.elliptic);
    const [first, ...others] = (await answersOf('0000')).slice(0, 4);
    expect(codeOf(first!)).toBe('sign-in-refused');
    for (const answer of others) expect(answer).toEqual(first);
  });

  it('costs the same work, the password’s and the key’s, and is asked for the PIN after it', async () => {
    for (const name of ['s001.p12', 'c002.p12']) putPkcs12(name, pkcs12.elliptic);
    const done: string[] = [];
    const hasher: PasswordHasher = {
      ...cheapHasher,
      check: (password, hash) => {
        done.push('password');
        return cheapHasher.check(password, hash);
      },
    };
    for (const [userId, password] of people.slice(0, 4)) {
      done.length = 0;
      const askPin = () => {
        done.push('PIN');
        return Promise.resolve(pin);
      };
      await signIn({ ...parts, hasher }, { userId, password, from: 'a test', askPin });
      if (userId !== 's001' || password !== goodPassword) expect(done).toEqual(['password', 'PIN']);
    }
  });

  it('leaves who has no certificate as they were: nobody asks them for a PIN', async () => {
    expect(await tries('c001')).toBe('accepted');
    await setFolder(null);
    expect(await tries('c001', { password: 'wrong' })).toBe('sign-in-refused');
  });
});

describe('possession of the key', () => {
  const key = createPrivateKey({ key: openKey, format: 'pem' });
  const signer: Signer = (challenge) => sign(null, challenge, key);

  it('is proved by signing what was made up this moment; a signature of before is nothing', () => {
    let recorded: Uint8Array = new Uint8Array();
    const recording: Signer = (challenge) => (recorded = signer(challenge));
    expect(signsChallenge(recording, certificates.elliptic)).toBe(true);
    const replaying: Signer = () => recorded;
    expect(signsChallenge(replaying, certificates.elliptic)).toBe(false);
    expect(signsChallenge(signer, certificates.other)).toBe(false);
    expect(signsChallenge(signer, null)).toBe(false);
  });

  it('is not had with another person’s key, whatever the PIN opens', async () => {
    for (const [bytes, form] of [
      [Buffer.from(pkcs12.other, 'base64'), 'pkcs12'],
      [Buffer.from(pkcs12.rsa, 'base64'), 'pkcs12'],
      [Buffer.from(pemKeys.rsa), 'pem'],
    ] as const)
      for (const certificate of [certificates.elliptic, null])
        expect(await provesKey({ bytes, form, pin, certificate })).toBe(false);
    const rsa = { bytes: Buffer.from(pkcs12.rsa, 'base64'), form: 'pkcs12', pin } as const;
    expect(await provesKey({ ...rsa, certificate: certificates.rsa })).toBe(true);
    const pem = { bytes: Buffer.from(pemKeys.rsa), form: 'pem', pin } as const;
    expect(await provesKey({ ...pem, certificate: certificates.rsa })).toBe(true);
  });

  it.each([
    ['an empty file', new Uint8Array()],
    ['noise', new Uint8Array(5000).fill(7)],
    ['half a file', Buffer.from(pkcs12.elliptic, 'base64').subarray(0, 500)],
  ])('is not had with %s', async (_what, bytes) => {
    for (const form of ['pkcs12', 'pem'] as const)
      expect(await provesKey({ bytes, form, pin, certificate: certificates.elliptic })).toBe(false);
  });

  it('is looked for in plain files of the user’s own name alone', async () => {
    const look = (userId: string) =>
      proveWithKey({ folder: stick, userId, pin, certificate: certificates.elliptic });
    expect(await look('s001')).toBe('missing');
    const outside = join(root, 'outside.p12');
    writeFileSync(outside, Buffer.from(pkcs12.elliptic, 'base64'));
    symlinkSync(outside, join(stick, 's001.p12'));
    expect(await look('s001')).toBe('missing');
    rmSync(join(stick, 's001.p12'));
    execFileSync('mkfifo', [join(stick, 's001.p12')]);
    expect(await look('s001')).toBe('missing');
    rmSync(join(stick, 's001.p12'));
    writeFileSync(join(stick, 's001.p12'), Buffer.alloc(70_000));
    expect(await look('s001')).toBe('missing');
    putPkcs12('s001.p12', pkcs12.elliptic);
    expect(await look('s001')).toBe('proven');
    rmSync(stick, { recursive: true });
    expect(await look('s001')).toBe('missing');
  });

  it('is not had with a file that asks for endless work, which costs none', async () => {
    const files = [endlessPkcs12, endlessInParts, endlessBag, endlessPem];
    for (const endless of files) {
      const bytes = endless(2 ** 31 - 1);
      const form = endless === endlessPem ? 'pem' : 'pkcs12';
      const looked = { folder: stick, userId: 's001', pin, certificate: certificates.elliptic };
      writeFileSync(join(stick, form === 'pem' ? 's001.pem' : 's001.p12'), bytes);
      expect(await proveWithKey(looked)).toBe('not-proven');
      // In the thread of the test, where nobody would hear of it again.
      expect(await provesKey({ ...looked, form, bytes })).toBe(false);
      rmSync(join(stick, 's001.p12'), { force: true });
    }
  });

  it('of a folder that never answers is missing when time is up', async () => {
    const asked: number[] = [];
    const atOnce = (ms: number, act: () => void) => {
      asked.push(ms);
      act();
      return () => undefined;
    };
    putPkcs12('s001.p12', pkcs12.elliptic);
    const looked = { folder: stick, userId: 's001', pin, certificate: certificates.elliptic };
    expect(await proveWithKey(looked, atOnce)).toBe('missing');
    expect(asked).toEqual([5000]);
  });
});

describe('setting a certificate', () => {
  const now = new Date('2026-11-30T00:00:00Z');

  it.each([
    ['expired', certificates.expired, '已经过期'],
    ['not valid yet', certificates.future, '还没有生效'],
    ['of a weak key', certificates.weak, '太弱'],
    ['that is none', 'garbage', '读不出'],
    ['with a private key in the file', certificates.elliptic + openKey, '私钥'],
  ])('refuses one %s, in words', (_what, text, words) => {
    const read = readCertificate(text, now);
    if (read.ok) throw new Error('taken');
    expect(read.refusal.message.zh).toContain(words);
  });

  it('keeps the certificate with its fingerprint, and says in the audit whose it became', async () => {
    const set = valueOf(await give('s001', certificates.rsa));
    expect(set.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    const row = await store.read(({ users }) => users.find('s001'));
    expect(row?.certificate?.trim()).toBe(certificates.rsa.trim());
    const [entry] = (await store.read(({ audit }) => audit.about('s001'))).slice(-1);
    expect(entry).toMatchObject({ who: 'boss', act: 'certificate-of-user' });
    expect(entry?.detail_json).toContain(String(set.fingerprint));
    valueOf(await give('s001', null));
    expect(await tries('s001')).toBe('accepted');
  });

  it('is an administrator’s, of one person each, and locks out neither the last administrator nor a program', async () => {
    const cashier = { userId: 'c001', name: '林秋', role: 'cashier' } as const;
    expect(codeOf(await give('c001', certificates.elliptic, cashier))).toBe('not-allowed');
    valueOf(await give('s001', certificates.elliptic));
    expect(codeOf(await give('c001', certificates.elliptic))).toBe('certificate-bad');
    expect(codeOf(await give('boss', certificates.rsa))).toBe('last-administrator');
    await worker(parts, boss, { userId: 'boss2', name: '管二', role: 'administrator' });
    expect(codeOf(await give('boss', certificates.rsa))).toBe('accepted');
    const night = { userId: 'night', name: '夜间', role: 'it-clerk', isService: true } as const;
    valueOf(await makeUser(parts, { ...night, password: 'x'.repeat(43), by: boss }));
    expect(codeOf(await give('night', certificates.other))).toBe('certificate-bad');
    expect(codeOf(await give('nobody-here', certificates.other))).toBe('user-unknown');
  });

  it('waits until it is set where keys lie', async () => {
    await setFolder(null);
    expect(codeOf(await give('s001', certificates.elliptic))).toBe('certificates-not-set-up');
    expect(codeOf(await give('s001', null))).toBe('accepted');
  });
});
