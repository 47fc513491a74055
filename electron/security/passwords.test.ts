import { describe, expect, it } from 'vitest';

import { problemsOfPassword } from './check-new-password.ts';
import { isCommonPassword } from './common-password.ts';
import { hasherInPlace, startPasswordHasher, usualCost } from './password-hasher.ts';
import { readRule, signInRanges, signInRuleNames, type SignInRules } from './sign-in-rules.ts';

const grading: SignInRules = {
  'password-length': 8,
  'password-classes': 3,
  'password-days': 90,
  'password-history': 5,
  'sign-in-failures': 5,
  'sign-in-lock-seconds': 300,
  'idle-minutes': 10,
};
const user = { userId: 'lq01', name: '林秋' };
const problems = (password: string, rules = grading) => problemsOfPassword(password, user, rules);

describe('the rules of the grading', () => {
  it('are those that hold where nothing is set', () => {
    const usual = signInRuleNames.map((name) => [name, signInRanges[name].usual]);
    expect(Object.fromEntries(usual)).toEqual(grading);
  });

  it('take eight characters of three kinds, and sixty-four or more', () => {
    expect(problems('rT7-kw2')).toContain('too-short');
    expect(problems('rT7-kw2q')).toEqual([]);
    expect(problems('rtpkwmqv8')).toEqual(['too-few-kinds']);
    expect(problems('rtpkwmqv-8')).toEqual([]);
    expect(problems(`Rt${'kw-8pz'.repeat(20)}x`)).toEqual([]);
    expect(problems('林间小路7号Bq')).toEqual([]);
    expect(problems('x'.repeat(10_000))).toEqual(['too-long']);
  });

  it('take no password with the id or the name in it, either way round', () => {
    for (const password of ['Xx-LQ01-vv', 'Xx-10ql-vv', 'Xv7-林秋-b', 'Xv7-秋林-b'])
      expect(problems(password), password).toEqual(['names-user']);
  });

  it('take nothing that cannot be typed again', () => {
    expect(problems('rT7-kw2q\u0000')).toContain('not-typable');
    expect(problems('rT7-kw2q\ud800')).toContain('not-typable');
    expect(problems('rT7-kw2q\n')).toContain('not-typable');
  });

  it('can be set as ASVS wants them: longer, of one kind', () => {
    const asvs = { ...grading, 'password-length': 15, 'password-classes': 1 };
    expect(problems('correct horse battery', asvs)).toEqual([]);
    expect(problems('rT7-kw2q', asvs)).toEqual(['too-short']);
  });

  it('cannot be set to nothing', () => {
    expect([readRule('password-length', '7'), readRule('password-length', '8')]).toEqual([null, 8]);
    expect([readRule('password-days', '0'), readRule('sign-in-failures', '0')]).toEqual([0, null]);
    for (const text of ['', ' 8', '8 ', '1e1', '0x9', '-8', '８', '99999999999999999999'])
      expect(readRule('password-length', text), text).toBeNull();
  });
});

describe('a password that is among the first tried', () => {
  it.each([
    'P@ssw0rd',
    'Passw0rd!',
    'Admin@123',
    'admin123!',
    'Abc12345',
    'Aa123456',
    'Qwer1234',
    'Qwerty@123',
    '1qaz@WSX',
    '!QAZ2wsx',
    'Zhang@1990',
    'Wang123!',
    'Woaini1314',
    'Hospital@2024',
    'Yibao2023!',
    'Shoufei#123',
    'Root@1234',
    'Aa1!Aa1!',
    'A1!A1!A1!',
    'Asdf1234!',
    'Welcome1!',
    '1990-01-02',
    'Test@1234',
    'abcd1234ABCD',
    'Qaz123wsx!',
    'Zxcvbnm,1',
    'Iloveyou1!',
    '123qweASD',
    'Dragon.88',
  ])('is refused: %s', (password) => {
    expect(isCommonPassword(password)).toBe(true);
  });

  it.each([
    'rT7-kw2q',
    'Kapok-tree 7 herons',
    '林间小路7号Bq',
    'gJ4!tuLp',
    'blueHeron52lake',
    'Ning-9-shui',
  ])('is not this one: %s', (password) => {
    expect(isCommonPassword(password)).toBe(false);
  });
});

describe('a hash', () => {
  const cheap = hasherInPlace({ memoryKib: 8, passes: 1 });

  it('is argon2id in its usual form, another each time, and right for its password alone', async () => {
    const [one, other] = [await cheap.hash('rT7-kw2q'), await cheap.hash('rT7-kw2q')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(other);
    expect(await cheap.check('rT7-kw2q', one)).toBe(true);
    for (const wrong of ['rT7-kw2Q', 'rT7-kw2q ', '', 'rT7-kw2'])
      expect(await cheap.check(wrong, one)).toBe(false);
  });

  it('is the same however the keyboard composed the letters', async () => {
    const hash = await cheap.hash('caf\u00e9-Bq7');
    expect(await cheap.check('cafe\u0301-Bq7', hash)).toBe(true);
  });

  it.each([
    '',
    'x',
    '$argon2id$v=19$m=99999999,t=1,p=1$a$b',
    '$2b$10$abcdefghijklmnopqrstuv',
    '$argon2id$v=19$m=8,t=0,p=1$',
  ])('that is none lets nobody in and breaks nothing: %j', async (hash) => {
    expect(await cheap.check('rT7-kw2q', hash)).toBe(false);
  });

  it('asks for what is advised, at least', () => {
    expect(usualCost.memoryKib).toBeGreaterThanOrEqual(47_104);
    expect(usualCost.passes).toBeGreaterThanOrEqual(1);
  });

  it('is made in a thread of its own, one at a time, and the desk goes on meanwhile', async () => {
    const hasher = startPasswordHasher({ memoryKib: 64, passes: 1 });
    try {
      const made = [hasher.hash('a'), hasher.hash('b'), hasher.hash('c')];
      expect(hasher.waiting()).toBe(3);
      const [hash] = await Promise.all(made);
      expect(hasher.waiting()).toBe(0);
      expect(await hasher.check('a', hash ?? '')).toBe(true);
    } finally {
      await hasher.close();
    }
  });
});
