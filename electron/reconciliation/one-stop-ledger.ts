import { z } from 'zod';

import { postMessage } from '../base/post-message.ts';
import type { Timer } from '../base/timer.ts';
import { fenFromYuanText, yuanTextPattern } from '../../shared/money/yuan-text.ts';
import type { LedgerAnswer, LedgerEntry, PayerLedger } from './payer-ledger.ts';

const amountSchema = z.string().regex(yuanTextPattern);
const answerSchema = z.strictObject({
  payer: z.string(),
  setl_date: z.string(),
  entries: z
    .array(
      z.strictObject({
        msgid: z.string().min(1).max(40),
        setl_id: z.string().min(1).max(64),
        clm_sumamt: amountSchema,
        items: z.array(
          z.strictObject({ seq_no: z.string().regex(/^\d{1,4}$/), fund_pay_amt: amountSchema }),
        ),
        undone: z.boolean(),
      }),
    )
    .max(1000),
  has_more: z.boolean(),
});

/**
 * The ledger of one-stop payers: asked by day and payer, page by page. What does not answer for the payer and the day that
 * were asked for, or not in order, is no ledger of theirs.
 */
export function oneStopLedger(address: URL, options: { readonly timer?: Timer } = {}): PayerLedger {
  const url = new URL('/ledger/day', address);
  return {
    async entries({ payer, businessDate, after }) {
      const posted = await postMessage(
        url,
        JSON.stringify({ payer, setl_date: businessDate, after }),
        options,
      );
      if (posted.kind !== 'answered') return { kind: 'not-reached', why: posted.why };
      if (posted.status === 404) return { kind: 'none' };
      if (posted.status !== 200)
        return { kind: 'not-reached', why: `HTTP ${String(posted.status)}` };
      return readAnswer(posted.text, { payer, businessDate, after });
    },
  };
}

function readAnswer(
  text: string,
  asked: { readonly payer: string; readonly businessDate: string; readonly after: string },
): LedgerAnswer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'not-reached', why: 'malformed-answer' };
  }
  const read = answerSchema.safeParse(json);
  if (!read.success) return { kind: 'not-reached', why: 'malformed-answer' };
  const { payer, setl_date: day, entries, has_more: hasMore } = read.data;
  if (payer !== asked.payer || day !== asked.businessDate)
    return { kind: 'not-reached', why: 'another-answer' };
  const found = entries.map((entry): LedgerEntry => ({
    ...{ messageId: entry.msgid, settlementId: entry.setl_id, isUndone: entry.undone },
    amountFen: fenFromYuanText(entry.clm_sumamt),
    items: entry.items.map((item) => ({
      sequence: Number(item.seq_no),
      amountFen: fenFromYuanText(item.fund_pay_amt),
    })),
  }));
  let last = asked.after;
  for (const { messageId } of found) {
    if (messageId <= last) return { kind: 'not-reached', why: 'not-in-order' };
    last = messageId;
  }
  // A page without entries that promises more would be asked for for ever.
  if (hasMore && found.length === 0) return { kind: 'not-reached', why: 'not-in-order' };
  return { kind: 'page', entries: found, hasMore };
}
