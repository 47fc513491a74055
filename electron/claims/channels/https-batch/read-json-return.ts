import { z } from 'zod';

import { fen, fenMax } from '../../../../shared/money/fen.ts';
import type { FoundReturn, ReadReturn, ReturnLine, UnfitLine } from '../../returns.ts';

const amount = z.int().min(0).max(fenMax).transform(fen);
/** No payer's words are longer in a list. */
const textMost = 500;
const text = z.string().max(10_000).transform(showable);
const said = text.refine((each) => each !== '');
const problem = z.object({ code: said, words: text });

const aboutClaim = { claim: z.string(), message: z.string(), claimedFen: amount };
const aboutBatch = { batch: z.string(), claims: z.int().min(1), claimedFen: amount };
const answerSchema = z.discriminatedUnion('decision', [
  z.strictObject({
    ...aboutClaim,
    decision: z.literal('accepted'),
    approvedFen: amount,
    reference: said,
  }),
  z.strictObject({ ...aboutClaim, decision: z.literal('rejected'), code: said, words: text }),
  z.strictObject({
    ...{ ...aboutClaim, decision: z.literal('partial'), approvedFen: amount, reference: said },
    ...{ code: said, words: text },
    items: z.array(z.strictObject({ item: z.int().min(1), ...problem.shape })).min(1),
  }),
  z.strictObject({ ...aboutBatch, decision: z.literal('received'), reference: said }),
  z.strictObject({ ...aboutBatch, decision: z.literal('refused'), code: said, words: text }),
]);
type Answer = z.infer<typeof answerSchema>;

const returnSchema = z.object({
  return: z.string(),
  kind: z.enum(['answers', 'remittance']),
  answers: z.array(z.unknown()).optional(),
  totals: z.object({ answers: z.int(), approvedFen: z.int() }).optional(),
});

/** What a return says: `line` is the answer's place in its list, from 1. Its totals must be those of its answers. */
export function readJsonReturn({ name, content }: FoundReturn): ReadReturn {
  const whole = (field: string | null, stated: string, ours: string): ReadReturn => ({
    kind: 'unreadable',
    unfit: [{ line: null, field, said: stated.slice(0, textMost), ours }],
  });
  const read = returnSchema.safeParse(parse(content));
  if (!read.success) return whole(pathOf(read.error.issues[0]), '读不懂', 'JSON');
  if (read.data.return !== name) return whole('/return', read.data.return, name);
  if (read.data.kind === 'remittance') return { kind: 'remittance' };
  const { answers, totals } = read.data;
  if (answers === undefined || totals === undefined) return whole('/answers', '缺少', '');
  if (totals.answers !== answers.length)
    return whole('/totals/answers', String(totals.answers), String(answers.length));
  const approved = answers.reduce((sum: number, each) => sum + approvedIn(each), 0);
  if (totals.approvedFen !== approved)
    return whole('/totals/approvedFen', String(totals.approvedFen), String(approved));
  const lines: ReturnLine[] = [];
  const unfit: UnfitLine[] = [];
  for (const [index, each] of answers.entries()) {
    const answer = answerSchema.safeParse(each);
    if (answer.success) lines.push(lineOf(index + 1, answer.data));
    else {
      const field = pathOf(answer.error.issues[0]);
      unfit.push({
        line: index + 1,
        field,
        said: JSON.stringify(each).slice(0, textMost),
        ours: '',
      });
    }
  }
  return { kind: 'answers', lines, unfit };
}

function lineOf(line: number, answer: Answer): ReturnLine {
  if ('batch' in answer) {
    const { batch, claims, claimedFen } = answer;
    const about = { line, about: 'file' as const, sentWith: batch, claims, claimedFen };
    if (answer.decision === 'received')
      return { ...about, answer: { kind: 'acknowledged', reference: answer.reference } };
    const { code, words } = answer;
    return { ...about, answer: { kind: 'rejected', problem: { code, words }, namesIt: true } };
  }
  const { claim: claimId, message: messageId, claimedFen } = answer;
  const about = { line, about: 'claim' as const, claimId, messageId, claimedFen };
  switch (answer.decision) {
    case 'accepted': {
      const { reference, approvedFen } = answer;
      return { ...about, answer: { kind: 'accepted', reference, approvedFen } };
    }
    case 'rejected': {
      const { code, words } = answer;
      return { ...about, answer: { kind: 'rejected', problem: { code, words }, namesIt: true } };
    }
    case 'partial': {
      const { reference, approvedFen, code, words } = answer;
      const refusedItems = answer.items.map(({ item, ...why }) => ({
        position: item - 1,
        problem: why,
      }));
      const why = { code: 'partially-accepted', words: showable(`${code} ${words}`) };
      return {
        ...about,
        answer: { kind: 'partial', reference, approvedFen, problem: why, refusedItems },
      };
    }
  }
}

/** What an answer approves, fit or not: that is what the totals speak of. */
function approvedIn(answer: unknown): number {
  const read = z.object({ approvedFen: z.int() }).safeParse(answer);
  return read.success ? read.data.approvedFen : 0;
}

const pathOf = (issue: z.core.$ZodIssue | undefined): string | null =>
  issue === undefined ? null : `/${issue.path.map(String).join('/')}`;

function parse(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    return null;
  }
}

/** A text of the other side as it may stand in lists: what steers a screen becomes a space, the rest is cut. */
function showable(given: string): string {
  return given
    .slice(0, textMost)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .toWellFormed()
    .trim();
}
