import { blockerInWords } from '../../shared/domain/blocker-words.ts';
import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { ClaimGap } from '../../shared/domain/claim-gaps.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { Day, Visit } from '../../shared/domain/visit.ts';
import { fen, fenMax, type Fen } from '../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';

/** What the cashier saw and confirmed. */
export type Expected = { readonly patientPaysFen: Fen; readonly billVersion: number };

/** What settling, cancelling and deciding again refuse. */
export const settlementRefusal = declareRefusals({
  'visit-not-ready': ({ blockers }: Pick<Visit, 'blockers'>) => {
    const reasons = blockers.map(blockerInWords);
    return {
      message: {
        zh: `医院系统标明该就诊还不能结算：${reasons.map(({ zh }) => zh).join('；')}。`,
        en: `The hospital system says this visit is not ready: ${reasons.map(({ en }) => en).join('; ')}.`,
      },
      money: 'not-settled',
      remedy: {
        zh: '请病区处理以上事项；医院系统重新发出账单后再结算。',
        en: 'Have the ward deal with these; settle when the hospital system has sent the bill again.',
      },
      details: blockers.map((blocker) => ({ ...blocker })),
    };
  },
  /** Fields without which no payer takes a claim; the money of the payers would never come. */
  'claim-incomplete': ({ gaps }: { readonly gaps: readonly ClaimGap[] }) => ({
    message: {
      zh: `未齐，申报永远发不出去，所以现在不能结算：${gaps.map(({ text }) => text).join('；')}。`,
      en: `Something is missing without which no claim can ever be sent, so it is not settled now: ${gaps.map(({ en }) => en).join('; ')}.`,
    },
    money: 'not-settled',
    remedy: {
      zh: '请按每一项所写的部门补正；医院系统重新发出账单后再结算。',
      en: 'Have each of them corrected by who is named; settle when the hospital system has sent the bill again.',
    },
    details: gaps.map(({ code, text, place }) => ({ code, text, place })),
  }),
  /** Rows that do not bear their mark: whatever would be settled by them nobody has taken in. */
  'rows-changed': ({ rows }: { readonly rows: readonly string[] }) => ({
    message: {
      zh: '账单或患者的资料在本程序之外被改动过（与程序写下的印记不符），所以没有结算。',
      en: 'The bill or what is known of the patient was changed past this program (it does not bear the mark the program gave it), so it was not settled.',
    },
    money: 'not-settled',
    remedy: {
      zh: '请不要收款，马上告诉信息科和管理员：运行 verify 看哪些数据被改，从备份或第二存放处恢复；只是账单被改的，医院系统重新发出账单后可以再结算。',
      en: 'Take no money and call the IT clerk and the administrator at once: `verify` says which rows were changed; restore them from a backup or the second place. Where only the bill was changed, it can be settled once the hospital system has sent it again.',
    },
    details: rows.map((row) => ({ row })),
  }),
  'preview-outdated': (seen: { readonly expected: Expected; readonly actual: Expected }) => {
    const before = yuanTextFromFen(seen.expected.patientPaysFen);
    const now = yuanTextFromFen(seen.actual.patientPaysFen);
    return {
      message: {
        zh: `账单或累计在确认之前有变化：刚才显示个人负担 ${before} 元，现在是 ${now} 元。`,
        en: `The bill or the year changed before confirming: the patient's part was shown as ${before} yuan and is now ${now}.`,
      },
      money: 'not-settled',
      remedy: {
        zh: '请重新试算，向患者说明新的金额后再确认。',
        en: 'Preview again, tell the patient the new amount, then confirm.',
      },
      details: [seen],
    };
  },
  'tender-mismatch': (sums: { readonly dueFen: Fen; readonly tenderedFen: number }) => {
    const due = yuanTextFromFen(sums.dueFen);
    const isAmount = Math.abs(sums.tenderedFen) <= fenMax;
    const tendered = isAmount ? yuanTextFromFen(fen(sums.tenderedFen)) : '> 1000000000';
    return {
      message: {
        zh: `支付方式合计 ${tendered} 元，应补（负数为应退）${due} 元，两者不符。`,
        en: `The tenders add up to ${tendered} yuan, but ${due} is due (negative: to refund).`,
      },
      money: 'not-settled',
      remedy: {
        zh: '请改正各支付方式的金额，使合计正好等于应补；退款用负数，收款和退款不能混用。',
        en: 'Correct the amounts so that they add up to exactly what is due; a refund is negative, and the two are not mixed.',
      },
      details: [sums],
    };
  },
  'payer-figures-differ': (figures: {
    readonly destination: string;
    readonly step: string;
    readonly ourFen: Fen;
    readonly payerFen: Fen | null;
  }) => {
    const theirs = figures.payerFen === null ? '—' : yuanTextFromFen(figures.payerFen);
    const ours = yuanTextFromFen(figures.ourFen);
    return {
      message: {
        zh: `支付方答复的金额（${theirs} 元）与本机计算（${ours} 元）不一致。`,
        en: `The payer answered ${theirs} yuan, our figure is ${ours}.`,
      },
      money: 'not-settled',
      remedy: {
        zh: '请把两个金额告知医保办核对后再结算。',
        en: 'Have the insurance office compare the two figures, then settle again.',
      },
      details: [figures],
    };
  },
  'pack-gone': ({ pack, packVersion }: Pick<SettlementResult, 'pack' | 'packVersion'>) => ({
    message: {
      zh: `结算时用的待遇政策 ${pack}@${packVersion} 已不在，无法重新试算。没有改动任何结算。`,
      en: `The pack ${pack}@${packVersion} it was settled by is no longer here, so it cannot be decided again. Nothing was changed.`,
    },
    money: 'none',
    remedy: {
      zh: '请政策管理员把这一版本的待遇政策放回后再查。',
      en: 'Have the policy officer put that version of the pack back, then ask again.',
    },
  }),
  'business-date-doubtful': ({ businessDate, last }: { businessDate: Day; last: Day }) => ({
    message: {
      zh: `电脑的日期是 ${businessDate}，上一个业务日是 ${last}：${businessDate < last ? '日期倒退了' : '相隔太久'}，没有记账。`,
      en: `This machine says ${businessDate}, the last business date was ${last}: it ${businessDate < last ? 'has gone back' : 'lies too far ahead'}. Nothing was done.`,
    },
    money: 'none',
    remedy: {
      zh: '请先核对电脑的日期和时间，不对就改正后重试；日期没有错时请主管确认业务日（命令行：approve-business-date 日期）。',
      en: 'Check the date and time of this machine, correct them and try again; if they are right, have a supervisor approve the business date (approve-business-date DATE).',
    },
    details: [{ businessDate, last }],
  }),
  'business-date-moved': ({ businessDate, today }: { businessDate: Day; today: Day }) => ({
    message: {
      zh: `要确认的业务日是 ${businessDate}，而电脑现在的日期是 ${today}。没有确认。`,
      en: `The date to be approved is ${businessDate}, but this machine now says ${today}. Nothing was approved.`,
    },
    money: 'none',
    remedy: {
      zh: '请核对电脑的日期，再确认现在显示的日期。',
      en: 'Check the date of this machine, then approve the one it says now.',
    },
    place: '/businessDate',
  }),
  'reason-missing': {
    message: {
      zh: '取消结算必须写明原因。',
      en: 'A cancellation needs its reason.',
    },
    money: 'not-cancelled',
    remedy: { zh: '请填写取消原因后重试。', en: 'State the reason and try again.' },
    place: '/reason',
  },
});
