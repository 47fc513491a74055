import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { Tender, Visit } from '../../shared/domain/visit.ts';
import { fen, fenMax, type Fen } from '../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';

/** What the cashier saw and confirmed. */
export type Expected = { readonly patientPaysFen: Fen; readonly billVersion: number };

const untouched = { zh: '没有结算，没有收钱。', en: 'Nothing was settled, no money moved.' };

/** Why a visit may be previewed but not confirmed; null if the hospital's system has no objection. */
export function notReady({ blockers }: Visit): Refusal | null {
  if (blockers.length === 0) return null;
  const reasons = blockers.map(({ text }) => text);
  return {
    code: 'visit-not-ready',
    message: {
      zh: `医院系统标明该就诊还不能结算：${reasons.join('；')}。${untouched.zh}`,
      en: `The hospital system says this visit is not ready: ${reasons.join('; ')}. ${untouched.en}`,
    },
    remedy: {
      zh: '请病区处理以上事项；医院系统重新发出账单后再结算。',
      en: 'Have the ward deal with these; settle when the hospital system has sent the bill again.',
    },
    details: blockers.map((blocker) => ({ ...blocker })),
  };
}

/** Why what the cashier confirmed is no longer what would be settled; null if it still is. */
export function previewOutdated(expected: Expected | undefined, actual: Expected): Refusal | null {
  if (expected === undefined) return null;
  const { patientPaysFen, billVersion } = expected;
  if (patientPaysFen === actual.patientPaysFen && billVersion === actual.billVersion) return null;
  const [before, now] = [patientPaysFen, actual.patientPaysFen].map((amount) =>
    yuanTextFromFen(amount),
  );
  return {
    code: 'preview-outdated',
    message: {
      zh: `账单或累计在确认之前有变化：刚才显示个人支付 ${before ?? ''} 元，现在是 ${now ?? ''} 元。${untouched.zh}`,
      en: `The bill or the year changed before confirming: the patient's part was shown as ${before ?? ''} yuan and is now ${now ?? ''}. ${untouched.en}`,
    },
    remedy: {
      zh: '请重新试算，向患者说明新的金额后再确认。',
      en: 'Preview again, tell the patient the new amount, then confirm.',
    },
    details: [{ expected, actual }],
  };
}

/**
 * How the patient's part is paid. None stated: cash for exactly what is due. What is to be refunded of the
 * deposit is negative. Refuses `tender-mismatch` unless they add up to what is due.
 */
export function tendersFor(
  { due }: Pick<SettlementResult, 'due'>,
  stated: readonly Tender[],
): Result<readonly Tender[]> {
  const dueFen = fen(due.toCollectFen - due.toRefundFen);
  if (stated.length === 0) {
    return accepted(dueFen === 0 ? [] : [{ kind: 'cash', amountFen: dueFen }]);
  }
  // Each may be stated as high as money goes, so their sum may be more than any amount.
  let tendered = 0;
  for (const { amountFen } of stated) tendered += amountFen;
  // Paying one way more in order to give it back another way would be a cash advance.
  const isOneWay = stated.every(({ amountFen }) => amountFen !== 0 && amountFen > 0 === dueFen > 0);
  if (tendered === dueFen && isOneWay) return accepted(stated);
  return refused(tenderMismatch(dueFen, tendered));
}

function tenderMismatch(dueFen: Fen, tenderedFen: number): Refusal {
  const due = yuanTextFromFen(dueFen);
  const isAmount = Math.abs(tenderedFen) <= fenMax;
  const tendered = isAmount ? yuanTextFromFen(fen(tenderedFen)) : '> 1000000000';
  return {
    code: 'tender-mismatch',
    message: {
      zh: `支付方式合计 ${tendered} 元，应收（负数为应退）${due} 元，两者不符。${untouched.zh}`,
      en: `The tenders add up to ${tendered} yuan, but ${due} is due (negative: to refund). ${untouched.en}`,
    },
    remedy: {
      zh: '请改正各支付方式的金额，使合计正好等于应收；退款用负数，收款和退款不能混用。',
      en: 'Correct the amounts so that they add up to exactly what is due; a refund is negative, and the two are not mixed.',
    },
    details: [{ dueFen, tenderedFen }],
  };
}
