import { contracts } from '../../shared/contracts/contracts.ts';
import cannedPreview from './canned-preview.json' with { type: 'json' };
import type { DevState } from './dev-state.ts';
import type { Making } from './people-states.ts';

const preview = contracts['settlement:preview'].output.parse(cannedPreview);

const warnings: typeof preview.result.warnings = [
  {
    code: 'year-derived',
    text: {
      zh: '医保没有给出今年各步的累计，已按总累计推算；与医保核对后再收款更稳妥。',
      en: 'The insurer gave no figures of the year by step; they are derived from its totals.',
    },
  },
  {
    code: 'place-assumed',
    text: {
      zh: '账单没有写医院所在地，按参保地本地医院结算；若是外地医院，报销比例不同。',
      en: 'The bill does not say where the hospital is; it is taken for one of the insured area.',
    },
  },
  ...['住院诊查费', '注射用奥沙利铂 50mg', '一次性使用中心静脉导管包'].map((item, at) => ({
    code: 'refund-rounded',
    text: {
      zh: `第 ${String(at + 12)} 行“${item}”退费的尾差 0.01 元，已计入总数。`,
      en: `Line ${String(at + 12)}: a refund differs by 0.01 yuan; it is in the sum.`,
    },
  })),
  {
    code: 'division-unknown',
    text: {
      zh: '身份证号前六位不是现行的行政区划代码，请核对证件。',
      en: 'The first six digits of the ID number are no division of today; compare the document.',
    },
  },
];

/** A bill of which much is to be known before it is settled. */
export function warningStates({ state, ok }: Pick<Making, 'state' | 'ok'>): readonly DevState[] {
  const warned = {
    'settlement:preview': ok({ ...preview, result: { ...preview.result, warnings } }),
  };
  const locking = { 'settlement:preview': ok({ ...preview, locksAccount: true }) };
  const line = {
    ...{ line: 12, code: 'XY0103', name: '注射用头孢呋辛钠 0.75g', category: 'western-drug' },
    ...{ quantity: '6', unitPrice: '18.50', amountFen: 11_100, on: '2017-11-27' },
  };
  const changes = {
    lines: [
      { kind: 'added', was: null, now: line, differs: [] },
      {
        kind: 'changed',
        was: { ...line, line: 13 },
        now: { ...line, line: 13, amountFen: 9250 },
        differs: [],
      },
    ],
    count: 2,
  };
  const hindered = {
    isLocked: false,
    refusal: {
      code: 'account-hindered',
      message: {
        zh: '医院系统没有封账：内一科护士站 正在记账',
        en: "The hospital's system does not lock the account: 内一科护士站 正在记账",
      },
      remedy: {
        zh: '请联系上面说的部门办完，再按 Esc 重新打开这次就诊；账没有封住就结算，之后的记账要另行处理。',
        en: 'Have whoever is named finish, then press Esc and open the visit again. What is booked after settling without the lock has to be dealt with by hand.',
      },
    },
    changes: null,
  };
  const answered = (lock: unknown) => ({
    ...locking,
    ...{ 'visits:lock-account': ok(lock), 'visits:free-account': ok({}) },
  });
  return [
    state('account-hindered', [], answered(hindered)),
    state('account-second-look', ['wait', 'Enter'], answered(hindered)),
    state('account-changed', [], answered({ isLocked: true, refusal: null, changes })),
    state('warnings', [], warned),
    state('warnings-english', ['@language'], warned),
    state('warnings-confirming', ['wait', 'Enter', 'F8'], warned),
  ];
}
