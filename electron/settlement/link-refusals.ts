import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { NumberProblem } from '../../shared/domain/number-words.ts';

/** Why a number is not linked to a person, or not taken from one. Nothing was changed. */
export const linkRefusal = declareRefusals({
  /** Ends the unit of work of a preview; nobody reads it. */
  'link-preview': {
    message: { zh: '这只是预览，什么都没有改动。', en: 'This was a preview; nothing was changed.' },
    money: 'none',
    remedy: {
      zh: '确认无误后去掉 --preview 再运行一次。',
      en: 'Run it again without --preview where it is right.',
    },
  },
  'number-unreadable': ({ why, remedy }: Pick<NumberProblem, 'why' | 'remedy'>) => ({
    message: {
      zh: `${why.zh}；没有关联，登记没有改动。`,
      en: `${why.en}; it was not linked, nothing was changed.`,
    },
    money: 'none',
    remedy,
  }),
  'person-of-number-unknown': {
    message: {
      zh: '没有登记这个证件号码的人，没有关联，登记没有改动。',
      en: 'Nobody is known under this number; nothing was linked or changed.',
    },
    money: 'none',
    remedy: {
      zh: '请核对号码；还没有来过的人，等医院系统发来账单后再关联。',
      en: 'Check the number; of somebody who has not been here yet, link it once a bill has come.',
    },
  },
  'number-is-own': {
    message: {
      zh: '这就是这个人登记的号码，不用关联。',
      en: "This is the person's own number already; there is nothing to link.",
    },
    money: 'none',
    remedy: {
      zh: '请写这个人另外的那个号码。',
      en: 'Name the other number of the person.',
    },
  },
  'number-linked-already': {
    message: {
      zh: '这个号码已经关联给一个人，没有改动。',
      en: 'This number is linked to somebody already; nothing was changed.',
    },
    money: 'none',
    remedy: {
      zh: '要改给别人，请先解除（unlink-number），再重新关联。',
      en: 'To link it to somebody else take it back with unlink-number first.',
    },
  },
  'number-has-others': {
    message: {
      zh: '有这个号码的人自己还关联着别的号码，没有改动。',
      en: 'Whoever has this number has other numbers linked; nothing was changed.',
    },
    money: 'none',
    remedy: {
      zh: '请反过来关联（把另一个人的号码关联到这个人），或先用 unlink-number 解除那些号码。',
      en: 'Link it the other way round, or take those numbers back with unlink-number first.',
    },
  },
  'two-years-stated': ({ year }: { readonly year: number }) => ({
    message: {
      zh: `两个号码的 ${String(year)} 年累计各有来源、数字不同，不能替您选；没有关联，登记没有改动。`,
      en: `The year ${String(year)} is stated under both numbers and not alike; which counts is not guessed. Nothing was linked or changed.`,
    },
    money: 'none',
    remedy: {
      zh: '请向医保核对后写明以哪个号码的累计为准（命令用 --year-of 号码）。',
      en: 'Ask the insurer and say whose year counts (--year-of NUMBER on the command line).',
    },
    details: [{ year }],
  }),
  'number-not-linked': {
    message: {
      zh: '这个号码没有关联给任何人，没有改动。',
      en: 'This number is linked to nobody; nothing was changed.',
    },
    money: 'none',
    remedy: { zh: '请核对号码。', en: 'Check the number.' },
  },
  'visit-has-number': {
    message: {
      zh: '这次就诊的患者已经有证件号码，没有改动。',
      en: 'The patient of this visit has a number already; nothing was changed.',
    },
    money: 'none',
    remedy: {
      zh: '号码错了的，请病区改正后重新发出账单；同一个人有两个号码的，用 link-number。',
      en: 'Where it is wrong have the ward correct the bill; two numbers of one person are linked with link-number.',
    },
  },
  'link-reason-missing': {
    message: {
      zh: '没有写明根据什么认定，没有改动。',
      en: 'What it rests on was not said; nothing was changed.',
    },
    money: 'none',
    remedy: {
      zh: '请写明原因，例如“已看新旧两本护照”。',
      en: 'Say it, such as "saw both passports".',
    },
  },
});
