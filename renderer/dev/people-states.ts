import type { CallAnswer } from '../../shared/contracts/contract.ts';
import { contracts } from '../../shared/contracts/contracts.ts';
import { fen } from '../../shared/money/fen.ts';
import type { DevState } from './dev-state.ts';

/** A cashier sits at the page and it does not lock by itself: what every other state begins with. */
export const cashierSits = contracts['people:who'].output.parse({
  user: { id: 'c001', name: '林秋', role: 'cashier' },
  ...{ isFirstStart: false, demoUsers: [], idleMinutes: null, readingOnly: null },
});
const listed = {
  ...{ isService: false, training: null, hasCertificate: false, mustChange: false, holds: 0 },
  ...{ passwordSetAt: '2026-11-02T08:00:00.000+08:00', createdAt: null, endedAt: null },
} as const;

const signedIn = { user: cashierSits.user, newSecret: null, mustChange: null, daysLeft: null };

type Words = Readonly<Record<'zh' | 'en', string>>;
type Refusal = { readonly code: string; readonly message: Words; readonly remedy: Words };

/** What states are made with (`states.ts`). */
export type Making = {
  readonly state: (
    name: string,
    keys: readonly string[],
    answers?: DevState['answers'],
  ) => DevState;
  readonly ok: (value: unknown) => CallAnswer<unknown>;
  readonly no: (why: Refusal) => CallAnswer<unknown>;
  readonly refusal: (code: string, zh: string, en: string, todo: string, remedy: string) => Refusal;
};

/** The page while nobody sits there, and the page of users. */
export function peopleStates({ state, ok, no, refusal }: Making): readonly DevState[] {
  const seated = (change: Partial<typeof cashierSits>) => ({
    'people:who': ok({ ...cashierSits, ...change }),
  });
  return [
    state('sign-in', [], seated({ user: null })),
    state('sign-in-refused', ['c', '0', 'Tab', 'x', 'Enter'], {
      ...seated({ user: null }),
      'people:sign-in': no(
        refusal(
          'sign-in-refused',
          '没有登录：用户名或密码不对，或者因为连续输错暂时不能登录。没有动钱。',
          'You are not signed in: the name or the password is wrong, or it was wrong too often just now. No money moved.',
          '请核对大小写后再试；连续输错后要等几分钟；忘记密码请管理员重设。',
          'Mind capitals and try again, after some minutes if it was wrong several times; an administrator resets a forgotten password.',
        ),
      ),
    }),
    state('sign-in-pin', ['c', '0', 'Tab', 'x', 'Enter'], {
      ...seated({ user: null }),
      'people:sign-in': no(
        refusal(
          'certificate-asked',
          '没有登录：用户名或密码不对，或者还要证书的 PIN。没有动钱。',
          'You are not signed in: the name or the password is wrong, or the PIN of a certificate is asked for as well. No money moved.',
          '有证书的人请插上证书U盘，连同 PIN 再输一次；没有证书的人请核对用户名和密码。',
          'If you have a certificate, put in its stick and enter all again with its PIN; if not, mind the name and the password.',
        ),
      ),
    }),
    state('must-change', ['c', '0', 'Tab', 'x', 'Enter'], {
      ...seated({ user: null }),
      'people:sign-in': ok({ ...signedIn, mustChange: 'set-by-other' }),
    }),
    state('days-left', ['c', '0', 'Tab', 'x', 'Enter', 'wait'], {
      ...seated({ user: null }),
      'people:sign-in': ok({ ...signedIn, daysLeft: 9 }),
    }),
    state('days-left-english', ['c', '0', 'Tab', 'x', 'Enter', 'wait', '@sign-in-language'], {
      ...seated({ user: null }),
      'people:sign-in': ok({ ...signedIn, daysLeft: 1 }),
    }),
    state('change-early', ['c', '0', 'Tab', 'x', 'Enter', 'wait', '@sign-in-other'], {
      ...seated({ user: null }),
      'people:sign-in': ok({ ...signedIn, daysLeft: 9 }),
    }),
    state('first-start', [], seated({ user: null, isFirstStart: true })),
    state('users', [], {
      ...seated({ user: { id: 'boss', name: '管立人', role: 'administrator' } }),
      'people:list': ok({
        users: [
          { ...listed, userId: 'boss', name: '管立人', role: 'administrator', state: 'active' },
          {
            ...{ ...listed, userId: 'c001', name: '林秋', role: 'cashier', state: 'active' },
            training: { limitFen: fen(500_000), mentor: 's001' },
          },
          { ...listed, userId: 'c002', name: '陈冬', role: 'cashier', state: 'locked', holds: 2 },
          { ...listed, userId: 'c003', name: '旧同事', role: 'cashier', state: 'ended' },
          {
            ...{ ...listed, userId: 'night', name: '夜间任务', role: 'it-clerk', state: 'active' },
            isService: true,
          },
          {
            ...{ ...listed, userId: 's001', name: '带教', role: 'supervisor', state: 'active' },
            mustChange: true,
          },
        ],
      }),
    }),
  ];
}
