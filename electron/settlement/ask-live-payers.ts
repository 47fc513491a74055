import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult, Share } from '../../shared/domain/settlement-result.ts';
import type { Fen } from '../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import type { RecordedShare } from '../database/settlements-repository.ts';

/** What a live payer is asked: our figures under the message id that was kept before asking. */
export type PayerQuestion = {
  readonly settlementId: string;
  readonly messageId: string;
  readonly visitId: string;
  readonly shares: readonly Share[];
};

/** A payer that answers at once: its own figure for each step it was asked about. Asking again is safe. */
export type LivePayer = (question: PayerQuestion) => Promise<Result<Readonly<Record<string, Fen>>>>;

export type LivePayers = ReadonlyMap<string, LivePayer>;

/**
 * Asks the payers that decide at once and answers with all shares as they will be recorded. A payer that
 * says another amount than we do is a refusal (`payer-figures-differ`): the patient's part would be wrong.
 */
export async function askLivePayers(
  payers: LivePayers,
  intent: { readonly settlementId: string; readonly messageIds: Readonly<Record<string, string>> },
  { visitId, shares }: Pick<SettlementResult, 'visitId' | 'shares'>,
): Promise<Result<readonly RecordedShare[]>> {
  const theirs = new Map<string, Fen>();
  for (const [destination, ask] of payers) {
    const asked = shares.filter(
      (share) => share.destination === destination && share.amountFen > 0,
    );
    const messageId = intent.messageIds[destination];
    if (asked.length === 0 || messageId === undefined) continue;
    const { settlementId } = intent;
    const answer = await ask({ settlementId, messageId, visitId, shares: asked });
    if (!answer.ok) return answer;
    for (const { step, amountFen } of asked) {
      const payerFen = answer.value[step];
      if (payerFen !== amountFen) return refused(differs(destination, step, amountFen, payerFen));
      theirs.set(step, payerFen);
    }
  }
  return accepted(shares.map((share) => recordedShare(share, theirs.get(share.step) ?? null)));
}

/** A share as it is recorded; `payerFen` is what the payer itself answered. */
export function recordedShare(
  { step, payer, destination, amountFen }: Share,
  payerFen: Fen | null,
): RecordedShare {
  const decidedBy = payerFen === null ? 'engine' : 'payer';
  return { step, payer, destination, amountFen, decidedBy, ourFen: amountFen, payerFen };
}

function differs(destination: string, step: string, ourFen: Fen, payerFen: Fen | undefined) {
  const theirs = payerFen === undefined ? '—' : yuanTextFromFen(payerFen);
  return {
    code: 'payer-figures-differ',
    message: {
      zh: `支付方答复的金额（${theirs} 元）与本机计算（${yuanTextFromFen(ourFen)} 元）不一致。没有结算，没有收钱。`,
      en: `The payer answered ${theirs} yuan, our figure is ${yuanTextFromFen(ourFen)}. Nothing was settled, no money moved.`,
    },
    remedy: {
      zh: '请把两个金额告知医保办核对后再结算。',
      en: 'Have the insurance office compare the two figures, then settle again.',
    },
    details: [{ destination, step, ourFen, payerFen: payerFen ?? null }],
  };
}
