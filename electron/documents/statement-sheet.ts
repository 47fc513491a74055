import { accepted, refused, warningsInShort, type Result } from '../../shared/domain/result.ts';
import { hospitalLinesOf } from '../../shared/domain/hospital-part.ts';
import { patientColour, payerColour } from '../../shared/domain/payer-colours.ts';
import type {
  CoarseUnit,
  SettlementResult,
  Share,
  TraceNode,
} from '../../shared/domain/settlement-result.ts';
import { capitalAmountFromFen } from '../../shared/money/capital-amount.ts';
import { fen, sumFen, type Fen } from '../../shared/money/fen.ts';
import { formatFen } from '../../shared/money/yuan-text.ts';
import { maskIdNumber } from '../security/mask.ts';
import { checkFooting } from './check-footing.ts';
import { ageOn, stayDays } from '../../shared/domain/stay.ts';
import {
  hospitalLevelNames,
  payerNames,
  personCategoryNames,
} from '../../shared/domain/value-names.ts';
import { copyMark, minuteText, type DocumentFacts } from './document-facts.ts';
import { insuranceWords, sexWords, tenderWords } from './document-words.ts';
import { hospitalLineWords } from './hospital-words.ts';
import { feesByCategory, type FeeRow } from './fees-by-category.ts';

export type Entry = readonly [label: string, value: string];

/** One payer's line: what it pays, how that was reckoned, and where that is written. */
export type PayerLine = {
  readonly name: string;
  readonly colour: string;
  readonly amountFen: Fen;
  /** The reckoning in figures, or why nothing is paid. */
  readonly reckoning: string;
  readonly clause: string;
};

/** The statement as words and figures, before it is given a shape. All amounts are ready to be read. */
export type StatementSheet = {
  readonly title: string;
  readonly hospital: string;
  readonly number: string;
  readonly marks: readonly string[];
  readonly demo: boolean;
  readonly identity: readonly Entry[];
  readonly diagnosis: string;
  readonly fees: readonly FeeRow[];
  readonly policy: readonly Entry[];
  readonly payers: readonly PayerLine[];
  readonly total: string;
  readonly totalInCapitals: string;
  readonly paidByOthers: string;
  readonly hospitalLines: readonly {
    readonly name: string;
    readonly how: string;
    readonly amount: string;
  }[];
  readonly patient: {
    readonly pays: string;
    readonly inCapitals: string;
    readonly within: string;
    readonly outside: string;
    readonly deposit: string;
    readonly due: Entry;
    readonly dueInCapitals: string;
    readonly tenders: readonly Entry[];
  };
  readonly bar: readonly { readonly colour: string; readonly amountFen: Fen }[];
  readonly year: {
    readonly title: string;
    readonly rows: readonly (readonly [label: string, before: string, after: string])[];
  };
  readonly notes: readonly string[];
  readonly settledBy: string;
  readonly settledAt: string;
  readonly businessDate: string;
  readonly printedAt: string;
  readonly policyVersion: string;
};

/** Puts the statement together from what is stored. Refused as `document-does-not-foot`. */
export function statementSheet(
  facts: DocumentFacts,
): Result<StatementSheet, 'document-does-not-foot'> {
  const foots = checkFooting(facts);
  if (!foots.ok) return foots;
  const fees = feesByCategory(facts.input.visit.bill, facts.result);
  if (!fees.ok) return refused(fees.refusal);
  const { input, result } = facts;
  const payers = result.shares.map((share, index) => payerLine(share, index, result));
  return accepted({
    title:
      input.person.insurance === 'resident'
        ? '城乡居民医疗费用“一站式”结算单'
        : '医疗费用“一站式”结算单',
    hospital: input.visit.hospital.name,
    number: facts.number,
    marks: marksOf(facts),
    demo: facts.demo,
    identity: identityOf(facts),
    diagnosis: input.visit.diagnoses.map(({ code, name }) => `${name}（${code}）`).join('；'),
    fees: fees.value,
    policy: policyOf(result),
    payers,
    total: formatFen(result.totalFen),
    totalInCapitals: capitalAmountFromFen(result.totalFen),
    paidByOthers: formatFen(sumFen(result.shares.map(({ amountFen }) => amountFen))),
    hospitalLines: hospitalLinesOf(result).map(({ kind, amountFen }) => ({
      ...hospitalLineWords[kind],
      amount: formatFen(amountFen),
    })),
    patient: patientOf(facts),
    bar: [
      ...payers.map(({ colour, amountFen }) => ({ colour, amountFen })),
      { colour: patientColour, amountFen: result.patientPaysFen },
    ].filter(({ amountFen }) => amountFen > 0),
    year: yearOf(facts),
    notes: notesOf(facts),
    settledBy: facts.settledBy,
    settledAt: minuteText(facts.settledAt),
    businessDate: facts.businessDate,
    printedAt: minuteText(facts.printedAt),
    policyVersion: `${result.pack} ${result.packVersion}`,
  });
}

function marksOf({ demo, copyNumber, cancelled }: DocumentFacts): readonly string[] {
  const copy = copyMark(copyNumber);
  return [
    ...(cancelled ? ['该结算已取消'] : []),
    ...(copy === null ? [] : [copy]),
    ...(demo ? ['演示数据，不作任何凭据'] : []),
  ];
}

function identityOf({ input }: DocumentFacts): readonly Entry[] {
  const { visit, person } = input;
  const inpatient = visit.kind === 'inpatient';
  const categories = person.categories.map(({ name }) => personCategoryNames[name].zh);
  const days = String(stayDays(visit.admittedOn, visit.dischargedOn));
  const { hospital } = visit;
  return [
    ['姓名', person.name],
    [
      '性别 年龄',
      `${sexWords[person.sex]} ${String(ageOn(person.birthDate, visit.dischargedOn))}岁`,
    ],
    ['证件号', person.idNumber === '' ? '无' : maskIdNumber(person.idNumber)],
    ['就诊号', visit.id],
    ['医疗类别', inpatient ? '住院' : '门诊'],
    ['住院号', visit.admissionNumber ?? '—'],
    [inpatient ? '入院日期' : '就诊日期', visit.admittedOn],
    [
      inpatient ? '出院日期' : '结束日期',
      inpatient ? `${visit.dischargedOn}（${days}天）` : visit.dischargedOn,
    ],
    ['科室 床位', [visit.department?.name, visit.bed].filter(Boolean).join(' ') || '—'],
    ['参保类型', `${insuranceWords[person.insurance]} ${person.insuredPlace}`],
    ['救助类别', categories.length === 0 ? '无' : categories.join('、')],
    ['医院级别', hospitalLevelNames[hospital.level].zh],
  ];
}

function policyOf(result: SettlementResult): readonly Entry[] {
  return [
    ['政策范围内费用', formatFen(result.eligibleFen)],
    ['乙类先行自付', formatFen(result.excluded.classBFirstSelfPayFen)],
    ['自费（目录外）', formatFen(result.excluded.classCFen)],
    ['超限价部分', formatFen(result.excluded.aboveCeilingFen)],
    ['本次起付标准', formatFen(result.deductibleFen)],
    ['实际报销比', percentText(Math.min(whole, result.ratios.actual))],
    ['政策范围内报销比', percentText(Math.min(whole, result.ratios.inScope))],
  ];
}

/** Results of earlier releases may state more where a quota was above the cost: no more was paid than all of it. */
const whole = 10_000;

/** 9089 ten-thousandths are 90.89 %: the stored ratio is rounded half-up already. */
function percentText(tenThousandths: number): string {
  return `${(tenThousandths / 100).toFixed(2)}%`;
}

function payerLine(share: Share, index: number, result: SettlementResult): PayerLine {
  const nodes = result.trace.filter(({ adds }) =>
    adds.some(({ to }) => to === `/shares/${String(index)}/amount`),
  );
  // A share of nothing adds nothing: its explanation is the last node of its step.
  const explaining =
    nodes.length > 0 ? nodes : result.trace.filter(({ step }) => step === share.step).slice(-1);
  return {
    name: share.name.zh,
    colour: payerColour(share.payer),
    amountFen: share.amountFen,
    reckoning: explaining.map((node) => reckoningOf(node, share)).join('；'),
    clause: [...new Set(explaining.map((node) => clauseOf(node, result)))]
      .filter((clause) => clause !== '')
      .join('；'),
  };
}

function reckoningOf(node: TraceNode, { amountFen }: Share): string {
  const { text, formula } = node;
  if (formula === undefined) return text.zh;
  if (amountFen === 0) return `${text.zh}（${formula}）`;
  return [formula, ...remarksOf(node)].join('，');
}

/** Why the amount is not what the formula comes to. */
function remarksOf({ roundedTo, limit }: TraceNode): readonly string[] {
  return [
    ...(roundedTo === undefined ? [] : [`取整到${unitWords[roundedTo]}`]),
    ...(limit === undefined ? [] : [limitWords(limit)]),
  ];
}

function limitWords(limit: NonNullable<TraceNode['limit']>): string {
  switch (limit.kind) {
    case 'ceiling':
      return `受${limit.name.zh}限制`;
    case 'left':
      return `不超过剩余的 ${formatFen(limit.amountFen)}`;
  }
}

const unitWords: Readonly<Record<CoarseUnit, string>> = {
  jiao: '角',
  yuan: '元',
  'ten-yuan': '十元',
};

/**
 * Where it is written. What no source says counts because the hospital has approved the policy with it, which is named
 * then: what was assumed and why is between those who approved it, on their own sheet.
 */
function clauseOf(
  { source, assumption }: TraceNode,
  { pack, packVersion }: SettlementResult,
): string {
  if (assumption !== undefined) return `待遇政策 ${pack} ${packVersion}`;
  return source === null ? '' : `《${source.document}》${source.article}`;
}

function patientOf({ result, tenders }: DocumentFacts): StatementSheet['patient'] {
  const { depositFen, toCollectFen, toRefundFen } = result.due;
  const refund = toRefundFen > 0;
  const dueFen = refund ? toRefundFen : toCollectFen;
  return {
    pays: formatFen(result.patientPaysFen),
    inCapitals: capitalAmountFromFen(result.patientPaysFen),
    within: formatFen(result.patientPart.withinCatalogueFen),
    outside: formatFen(result.patientPart.outsideCatalogueFen),
    deposit: formatFen(depositFen),
    due: [refund ? '应退' : '应补', formatFen(dueFen)],
    dueInCapitals: capitalAmountFromFen(dueFen),
    tenders: tenders.map(({ kind, amountFen }) => [
      `${amountFen < 0 ? '退' : '收'}${tenderWords[kind]}`,
      formatFen(fen(Math.abs(amountFen))),
    ]),
  };
}

function yearOf({ input, result }: DocumentFacts): StatementSheet['year'] {
  const before = input.yearToDate;
  const after = result.yearToDate;
  const amount = (value: Fen | undefined): string =>
    before === null ? '不详' : formatFen(value ?? fen(0));
  const payers = [...new Set(result.shares.map(({ payer }) => payer))];
  const nameOf = (payer: string): string => {
    const shares = result.shares.filter((share) => share.payer === payer);
    const [only] = shares;
    if (shares.length === 1 && only !== undefined) return only.name.zh;
    return payerNames[payer]?.zh ?? payer;
  };
  return {
    title: `${String(after.year)} 年累计（${String(after.admissions)}次）`,
    rows: [
      ['政策范围内', amount(before?.eligibleFen), formatFen(after.eligibleFen)],
      ['起付标准', amount(before?.deductiblePaidFen), formatFen(after.deductiblePaidFen)],
      ...payers.map(
        (payer) =>
          [
            nameOf(payer),
            amount(before?.paidFen[payer]),
            formatFen(after.paidFen[payer] ?? fen(0)),
          ] as const,
      ),
      ['个人负担', amount(before?.selfPayFen), formatFen(after.selfPayFen)],
    ],
  };
}

function notesOf({ result }: DocumentFacts): readonly string[] {
  return [
    ...warningsInShort(result.warnings).map(({ text }) => text.zh),
    '本单由一站式结算系统按存档生成，不代替医疗收费票据。',
  ];
}
