import type { SettlementInput } from './person.ts';
import type { SettlementResult } from './settlement-result.ts';
import type { Blocker } from './visit.ts';

/** Something without which no payer behind the national interface takes a claim, and who supplies it. */
export type ClaimGap = Blocker & {
  readonly code: ClaimGapCode;
  readonly en: string;
  /** Where it stands in the visit as it was received. */
  readonly place: string;
};

export type ClaimGapCode =
  | 'name-blank'
  | 'name-too-long'
  | 'name-unwritable'
  | 'id-number-missing'
  | 'id-number-too-long'
  | 'hospital-code-missing'
  | 'hospital-code-too-long'
  | 'hospital-code-unwritable'
  | 'hospital-name-blank'
  | 'hospital-name-unwritable'
  | 'visit-id-blank'
  | 'visit-id-unwritable';

/** The lengths of the national envelope and of a one-stop claim, in characters (the national list; see insurers). */
const lengths = { psn_name: 50, certno: 18, fixmedins_code: 12 };

/** The hospital keeps its own ledger: what goes there is asked of nobody. */
const ownLedger = 'hospital-reduction';

/**
 * What of a visit no claim can be made of, each with who supplies it. The same whoever asks: intake, which says it on the
 * day the bill comes, and settling, for bills from before it was asked. A bill without such a gap is written by every
 * channel of ours, which a test tries with texts of all kinds.
 */
export function claimGaps({
  visit,
  person,
}: Pick<SettlementInput, 'visit' | 'person'>): readonly ClaimGap[] {
  const { hospital } = visit;
  const gaps: ClaimGap[] = [];
  const add = (code: ClaimGapCode, place: string): void => {
    const { zh, en } = words[code];
    gaps.push({ code, text: zh, en, place });
  };
  const name = stateOf(person.name, lengths.psn_name);
  if (name !== null) add(`name-${name}`, '/person/name');
  const number = stateOf(person.idNumber, lengths.certno);
  if (number === 'too-long') add('id-number-too-long', '/person/idNumber');
  else if (number !== null) add('id-number-missing', '/person/idNumber');
  const code = stateOf(hospital.code, lengths.fixmedins_code);
  if (code !== null) {
    add(
      code === 'blank' ? 'hospital-code-missing' : `hospital-code-${code}`,
      '/visit/hospital/code',
    );
  }
  const hospitalName = stateOf(hospital.name, Infinity);
  if (hospitalName === 'blank') add('hospital-name-blank', '/visit/hospital/name');
  else if (hospitalName !== null) add('hospital-name-unwritable', '/visit/hospital/name');
  const visitId = stateOf(visit.id, Infinity);
  if (visitId === 'blank') add('visit-id-blank', '/visit/id');
  else if (visitId !== null) add('visit-id-unwritable', '/visit/id');
  return gaps;
}

/** Whether a payer has to be asked for any of it; of what stays in the house, and of a patient who pays all, nobody is. */
export function isClaimed({ shares }: Pick<SettlementResult, 'shares'>): boolean {
  return shares.some(({ amountFen, destination }) => amountFen > 0 && destination !== ownLedger);
}

/** What nobody sees: blanks of every writing, joiners, marks of direction. */
const unseen = /[\p{White_Space}\p{Cf}\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/gu;

function stateOf(text: string, most: number): 'blank' | 'too-long' | 'unwritable' | null {
  if (text.replace(unseen, '') === '') return 'blank';
  // A control character steers the other side's printer; half a character is none, and bytes of it are another text.
  if (!text.isWellFormed() || /[\p{Cc}\p{Zl}\p{Zp}\uFFFD]/u.test(text)) return 'unwritable';
  return [...text].length > most ? 'too-long' : null;
}

const ward = {
  zh: '请登记处在医院系统补正后重新发出账单',
  en: 'the registration desk corrects it',
};
const clerk = { zh: '请信息科在医院系统改正后重新发出账单', en: 'the IT clerk corrects it' };
const said = (zh: string, en: string, who: { readonly zh: string; readonly en: string }) => ({
  zh: `${zh}：${who.zh}`,
  en: `${en}: ${who.en}`,
});

const words: Readonly<Record<ClaimGapCode, { readonly zh: string; readonly en: string }>> = {
  'name-blank': said('没有姓名（只有空格）', 'the name is blank', ward),
  'name-too-long': said(
    `姓名超过 ${String(lengths.psn_name)} 个字，申报不收`,
    `the name is longer than the ${String(lengths.psn_name)} characters a claim takes`,
    ward,
  ),
  'name-unwritable': said(
    '姓名里有看不见的控制符或残缺的字，申报写不出',
    'the name holds control characters or half a character',
    ward,
  ),
  'id-number-missing': said('没有证件号码，申报不收', 'there is no ID number', ward),
  'id-number-too-long': said(
    `证件号码超过 ${String(lengths.certno)} 位，申报不收`,
    `the ID number is longer than the ${String(lengths.certno)} characters a claim takes`,
    ward,
  ),
  'hospital-code-missing': said('没有医院编码', 'the code of the hospital is missing', clerk),
  'hospital-code-too-long': said(
    `医院编码超过 ${String(lengths.fixmedins_code)} 位，国家接口不收`,
    `the code of the hospital is longer than the ${String(lengths.fixmedins_code)} characters the interface takes`,
    clerk,
  ),
  'hospital-code-unwritable': said(
    '医院编码里有控制符或残缺的字',
    'the code of the hospital holds control characters or half a character',
    clerk,
  ),
  'hospital-name-blank': said('没有医院名称', 'the name of the hospital is blank', clerk),
  'hospital-name-unwritable': said(
    '医院名称里有控制符或残缺的字',
    'the name of the hospital holds control characters or half a character',
    clerk,
  ),
  'visit-id-blank': said('没有就诊号', 'the visit id is blank', clerk),
  'visit-id-unwritable': said(
    '就诊号里有控制符或残缺的字',
    'the visit id holds control characters or half a character',
    clerk,
  ),
};
