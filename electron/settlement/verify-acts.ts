import { z } from 'zod';

import type { SettledAct } from '../database/settled-acts.ts';
import type { Repositories } from '../database/store.ts';
import type { FoundProblem } from '../database/verification-repository.ts';

/** What an entry says of a settling. Programs before said less: what is not there is not compared. */
const settlingSchema = z
  .object({
    number: z.string(),
    visitId: z.string(),
    billVersion: z.number(),
    pack: z.string(),
    totalFen: z.number(),
    patientPaysFen: z.number(),
    tenders: z.array(z.object({ kind: z.string(), amountFen: z.number() })),
    claims: z.array(z.object({ id: z.string(), destination: z.string(), claimedFen: z.number() })),
    mark: z.string().nullable(),
  })
  .partial();

/** What an entry says of a cancelling. */
const cancellingSchema = z
  .object({
    cancellationId: z.string(),
    reason: z.string(),
    approvedBy: z.string().nullable(),
    businessDate: z.string(),
  })
  .partial();

/**
 * Whether every settlement and cancellation stands as its entry of the audit says: who did it, when, how it was paid, and
 * by the mark that the entry holds all that stays of it as it was written. Whoever has the key and an editor changes rows, but no mark.
 */
export async function compareActsWithAudit(
  { verification, audit }: Pick<Repositories, 'verification' | 'audit'>,
  { findingsMax, pageSize }: { readonly findingsMax: number; readonly pageSize: number },
): Promise<readonly FoundProblem[]> {
  const found: FoundProblem[] = [];
  let after = '';
  while (found.length < findingsMax) {
    const page = await verification.settledActs({ after, limit: pageSize });
    for (const act of page) {
      const about = act.settlement.id;
      const problems = [...problemsOfSettling(act, audit), ...problemsOfCancelling(act)];
      found.push(...problems.map((problem) => ({ about, problem })));
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.settlement.id;
  }
  return found;
}

function problemsOfSettling(
  { settlement, tenders, claims, settling }: SettledAct,
  audit: Pick<Repositories['audit'], 'markOfRows'>,
): readonly string[] {
  // That there is none is found by a check of its own.
  if (settling === null) return [];
  const { mark = null, claims: made = [], ...said } = detailOf(settlingSchema, settling);
  const kept: Record<string, unknown> = {
    number: settlement.number,
    visitId: settlement.visit_id,
    billVersion: settlement.bill_version,
    pack: `${settlement.pack}@${settlement.pack_version}`,
    totalFen: settlement.total_fen,
    patientPaysFen: settlement.patient_pays_fen,
    tenders,
  };
  const problems = [
    ...(settlement.settled_by === settling.who ? [] : ['settled_by']),
    ...(settlement.settled_at === settling.at ? [] : ['settled_at']),
    ...differing(said, kept),
  ].map((field) => `${field} is not what the audit says of its settling`);
  const gone = made.filter(
    ({ id, destination, claimedFen }) =>
      !claims.some(
        (claim) =>
          claim.id === id && claim.destination === destination && claim.claimedFen === claimedFen,
      ),
  );
  problems.push(...gone.map(({ id }) => `the claim ${id} is not what the audit says was claimed`));
  const own = mark === null ? null : audit.markOfRows('settlement', settlement);
  if (own !== null && own !== mark && problems.length === 0)
    problems.push('was changed since it was settled, and nothing says by whom');
  return problems;
}

function problemsOfCancelling({ cancellation, cancelling }: SettledAct): readonly string[] {
  if (cancellation === null || cancelling === null) return [];
  const { approvedBy, ...said } = detailOf(cancellingSchema, cancelling);
  const kept: Record<string, unknown> = {
    cancellationId: cancellation.id,
    reason: cancellation.reason,
    businessDate: cancellation.business_date,
    approvedBy: cancellation.approved_by,
  };
  const asKept = approvedBy === undefined ? {} : { approvedBy: approvedBy ?? '' };
  return [
    ...(cancellation.cancelled_by === cancelling.who ? [] : ['cancelled_by']),
    ...(cancellation.cancelled_at === cancelling.at ? [] : ['cancelled_at']),
    ...differing({ ...said, ...asKept }, kept),
  ].map((field) => `${field} is not what the audit says of its cancelling`);
}

function differing(
  said: Readonly<Record<string, unknown>>,
  kept: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.keys(said).filter(
    (field) =>
      said[field] !== undefined && JSON.stringify(said[field]) !== JSON.stringify(kept[field]),
  );
}

function detailOf<Detail extends object>(
  schema: z.ZodType<Detail>,
  { detail_json: text }: { readonly detail_json: string },
): Partial<Detail> {
  return schema.safeParse(JSON.parse(text)).data ?? {};
}
