import type { PrinterModel } from '../../drivers/receipt-printer/port.ts';
import {
  layoutSlip,
  missingCharacters,
  missingCharacterMark,
  slipText,
  type LaidOutSlip,
} from '../../drivers/receipt-printer/slip-layout.ts';
import { hospitalLinesOf } from '../../shared/domain/hospital-part.ts';
import { accepted, type Result } from '../../shared/domain/result.ts';
import { capitalAmountFromFen } from '../../shared/money/capital-amount.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';
import { formatFen } from '../../shared/money/yuan-text.ts';
import { maskIdNumber, maskName } from '../security/mask.ts';
import { checkFooting } from './check-footing.ts';
import { ageOn, stayDays } from '../../shared/domain/stay.ts';
import { copyMark, minuteText, type DocumentFacts } from './document-facts.ts';
import { sexWords, tenderWords } from './document-words.ts';
import { hospitalLineWords } from './hospital-words.ts';

/** Where a patient with a question goes; stands at the foot of every slip. */
const whereToAsk = '对金额有疑问，请持本凭条到一站式结算窗口询问。报销请凭医疗收费票据。';

/**
 * The slip a patient takes away: 结算凭条（不作报销凭证）. Refused as `document-does-not-foot`. A character
 * the printer's font lacks is marked, and the slip says which one it was.
 */
export function renderReceipt(
  facts: DocumentFacts,
  model: PrinterModel,
): Result<LaidOutSlip, 'document-does-not-foot'> {
  const foots = checkFooting(facts);
  if (!foots.ok) return foots;
  return accepted(layoutSlip(receiptSource(facts, model), model));
}

/** The slip as ReceiptLine text. */
function receiptSource(facts: DocumentFacts, model: PrinterModel): string {
  const text = (value: string): string => slipText(value, model);
  const rule = line('─'.repeat(model.columns / 2));
  const marks = markLines(facts);
  const { visit } = facts.input;
  const lines = [
    '{border:none}',
    line(`^^${text(visit.hospital.name)}`, 'centre'),
    line('"结算凭条"', 'centre'),
    line('（不作报销凭证）', 'centre'),
    ...marks,
    rule,
    ...identityRows(facts).map(([label, value]) => entry(text(label), text(value))),
    rule,
    ...amountRows(facts).map(([label, amount]) => pair(text(label), formatFen(amount))),
    rule,
    ...patientLines(facts, text),
    rule,
    entry('业务日', facts.businessDate),
    entry('结算', minuteText(facts.settledAt)),
    entry('收费员', text(facts.settledBy)),
    ...missingLines(facts, model),
    line(''),
    line(whereToAsk),
    ...marks,
  ];
  return lines.join('\n');
}

function markLines({ demo, copyNumber, cancelled }: DocumentFacts): readonly string[] {
  const copy = copyMark(copyNumber);
  const marks = [
    ...(demo ? ['演示数据，不作任何凭据'] : []),
    ...(copy === null ? [] : [copy]),
    ...(cancelled ? ['该结算已取消'] : []),
  ];
  // White on black: nobody takes such a slip for an original.
  return marks.map((mark) => line(`\`  ${mark}  \``, 'centre'));
}

function identityRows(facts: DocumentFacts): readonly (readonly [string, string])[] {
  const { visit, person } = facts.input;
  const age = String(ageOn(person.birthDate, visit.dischargedOn));
  const stay =
    visit.kind === 'inpatient'
      ? ([
          ['入院', visit.admittedOn],
          [
            '出院',
            `${visit.dischargedOn} 共${String(stayDays(visit.admittedOn, visit.dischargedOn))}天`,
          ],
        ] as const)
      : ([['就诊日期', visit.dischargedOn]] as const);
  return [
    ['结算单号', facts.number],
    ['就诊号', visit.id],
    ['姓名', `${maskName(person.name)} ${sexWords[person.sex]} ${age}岁`],
    ['证件号', person.idNumber === '' ? '无' : maskIdNumber(person.idNumber)],
    ...stay,
  ];
}

/** Every step stands here, also one that paid nothing: a missing line would look like a mistake. */
function amountRows({ result }: DocumentFacts): readonly (readonly [string, Fen])[] {
  return [
    ['总费用', result.totalFen],
    ...result.shares.map(({ name, amountFen }) => [name.zh, amountFen] as const),
    ...hospitalLinesOf(result).map(
      ({ kind, amountFen }) => [hospitalLineWords[kind].name, amountFen] as const,
    ),
  ];
}

function patientLines(facts: DocumentFacts, text: (value: string) => string): readonly string[] {
  const { result, tenders } = facts;
  const { depositFen, toCollectFen, toRefundFen } = result.due;
  return [
    entry('^^"个人负担"', `^^^"${formatFen(result.patientPaysFen)}"`),
    line(`人民币（大写）${capitalAmountFromFen(result.patientPaysFen)}`),
    pair('其中 个人自付', formatFen(result.patientPart.withinCatalogueFen)),
    pair('其中 个人自费', formatFen(result.patientPart.outsideCatalogueFen)),
    pair('预交金', formatFen(depositFen)),
    toRefundFen > 0
      ? pair('"应退"', `"${formatFen(toRefundFen)}"`)
      : pair('"应补"', `"${formatFen(toCollectFen)}"`),
    ...tenders.map(({ kind, amountFen }) =>
      amountFen < 0
        ? pair(text(`退${tenderWords[kind]}`), formatFen(fen(Math.abs(amountFen))))
        : pair(text(`收${tenderWords[kind]}`), formatFen(amountFen)),
    ),
  ];
}

function missingLines(facts: DocumentFacts, model: PrinterModel): readonly string[] {
  const { visit, person } = facts.input;
  const shown = visit.hospital.name + maskName(person.name) + facts.settledBy;
  const missing = missingCharacters(shown, model);
  if (missing.length === 0) return [];
  const codes = missing.map((character) => {
    const code = character.codePointAt(0) ?? 0;
    return `U+${code.toString(16).toUpperCase()}`;
  });
  return [line(`${missingCharacterMark} 为打印机字库没有的字：${codes.join(' ')}`)];
}

/** The widest amount that can stand on a slip, `1,000,000,000.00`, is 16 half-width characters. */
const amountColumns = 16;
/** Four Chinese characters, the longest word of the identity and the two words beside the big amount. */
const labelColumns = 8;

function line(text: string, place: 'left' | 'centre' = 'left'): string {
  return `{width:*}\n${place === 'left' ? `|${text} |` : `|${text}|`}`;
}

/** What was paid for and how much; a long name goes on below. */
function pair(name: string, amount: string): string {
  return `{width:* ${String(amountColumns)}}\n|${name} | ${amount}|`;
}

/** A short label and what belongs to it. */
function entry(label: string, value: string): string {
  return `{width:${String(labelColumns)} *}\n|${label} | ${value}|`;
}
