import { declareRefusals } from '../../../shared/domain/declare-refusals.ts';
import type { Words } from '../../../shared/domain/result.ts';
import type { DatabaseFault } from './hospital-database.ts';

/** Why nothing is known of a lock that was asked for. `late`: no answer came in time. */
export type AccountLockFault = DatabaseFault | 'late' | 'settings';

const faultWords: Readonly<Record<AccountLockFault, Words>> = {
  late: { zh: '没有及时应答', en: 'did not answer in time' },
  settings: { zh: '的设置不完整', en: 'is not set completely' },
  unreachable: { zh: '连不上', en: 'cannot be reached' },
  'login-refused': {
    zh: '不让登录，或没有执行封账的权限',
    en: 'refuses the login, or the right to lock accounts',
  },
  'not-the-server': { zh: '证明不了自己的身份', en: 'cannot prove who it is' },
  'too-slow': { zh: '没有及时应答', en: 'did not answer in time' },
  'view-missing': {
    zh: '里没有设置的封账函数或过程',
    en: 'does not have the routine that is set for locking accounts',
  },
  'no-encoding': { zh: '没有写明编码', en: 'states no encoding' },
  failed: { zh: '报错', en: 'reported an error' },
};

const lookAgain: Words = {
  zh: '请先打电话给病区或收费，确认这次就诊不再记账，再决定是否结算；按 Esc 后重新打开会再封一次。',
  en: 'Call the ward first to make sure that nothing more is booked for this visit, then decide whether to settle. Esc and opening the visit again locks it anew.',
};

/** Why the hospital's account of a visit is not locked, or why the bill may not be what was locked. */
export const accountLockRefusal = declareRefusals({
  'account-hindered': ({ said }: { readonly said: string }) => ({
    message: {
      zh: `医院系统没有封账：${said}`,
      en: `The hospital's system does not lock the account: ${said}`,
    },
    money: 'not-taken',
    remedy: {
      zh: '请联系上面说的部门办完，再按 Esc 重新打开这次就诊；账没有封住就结算，之后的记账要另行处理。',
      en: 'Have whoever is named finish, then press Esc and open the visit again. What is booked after settling without the lock has to be dealt with by hand.',
    },
  }),
  'account-lock-no-answer': ({
    fault,
    said,
  }: {
    readonly fault: AccountLockFault;
    readonly said: string;
  }) => ({
    message: {
      zh: `不知道账封住没有：医院数据库${faultWords[fault].zh}${said === '' ? '' : `（${said}）`}。结算期间病区可能还在记账。`,
      en: `It is not known whether the account is locked: the hospital's database ${faultWords[fault].en}${said === '' ? '' : ` (${said})`}. The ward may go on booking.`,
    },
    money: 'not-taken',
    remedy: lookAgain,
  }),
  'account-bill-not-fetched': ({ why }: { readonly why: Words }) => ({
    message: {
      zh: `账已封住，但没有取到封账后的账单，显示的可能不是最新的：${why.zh}`,
      en: `The account is locked, but the bill was not fetched after that and may not be the newest: ${why.en}`,
    },
    money: 'not-taken',
    remedy: {
      zh: '请核对账单的时间和金额；按 Esc 后重新打开会再取一次。',
      en: 'Check the time and the amount of the bill. Esc and opening the visit again fetches it anew.',
    },
  }),
  'account-not-locked': {
    message: {
      zh: '医院的账没有封住，没有结算。',
      en: "The hospital's account of this visit is not locked: it was not settled.",
    },
    money: 'not-taken',
    remedy: {
      zh: '按 Enter 重新打开会再封一次；封不住又必须结算的，看清提示后再确认。',
      en: 'Press Enter to open the visit again, which locks it anew. Where that cannot be and it must be settled, confirm after reading what is said.',
    },
  },
});

/** Said where the bill did not come in time. */
export const fetchedLate: Words = {
  zh: '医院数据库没有及时给出账单。',
  en: "the hospital's database did not give the bill in time.",
};
