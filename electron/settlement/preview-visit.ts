import { accepted, type Refusal, type Result } from '../../shared/domain/result.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import type { SettlementRecord } from '../database/settlements-repository.ts';
import type { Repositories } from '../database/store.ts';
import type { VisitRecord } from '../database/visits-repository.ts';
import { summariseBill, type BillSummary } from './bill-summary.ts';
import { doubtOfBusinessDate } from './business-day.ts';
import { openQuestionOf } from '../identification/identity-questions.ts';
import { claimIncomplete, notReady } from './check-settling.ts';
import { decideVisit, type DecideCode } from './decide-visit.ts';
import { gatherVisit } from './gather-visit.ts';
import { packsThatCount } from './packs-that-count.ts';
import { wholeVisit, type SettlementDependencies } from './settlement-dependencies.ts';

/** Why a visit cannot even be previewed. */
export type PreviewCode = 'visit-unknown' | DecideCode;

/** Everything the desk shows of a visit before confirming; of a settled one, what was settled. */
export type VisitPreview = {
  readonly record: VisitRecord;
  readonly input: SettlementInput;
  readonly bill: BillSummary;
  /** null: no pack covers the person, or the pack of an old settlement is no longer here. */
  readonly pack: CompiledPack | null;
  /** Why everything is self-pay; null where a pack pays. */
  readonly notCovered: Refusal<'no-pack'> | null;
  readonly result: SettlementResult;
  /** Why it may not be confirmed; null if it may. */
  readonly confirmRefusal: Refusal<
    'visit-not-ready' | 'identity-question-open' | 'claim-incomplete' | 'business-date-doubtful'
  > | null;
  /** Set when the visit is settled already. */
  readonly settlement: SettlementRecord | null;
};

/** What would be settled now. Reads only. */
export function previewVisit(
  { store, ...here }: Pick<SettlementDependencies, 'store' | 'packs' | 'approvedOnly' | 'clock'>,
  { visitId }: { readonly visitId: string },
): Promise<Result<VisitPreview, PreviewCode>> {
  return store.read((repositories) => previewIn(repositories, here, visitId));
}

async function previewIn(
  repositories: Repositories,
  here: Pick<SettlementDependencies, 'packs' | 'approvedOnly' | 'clock'>,
  visitId: string,
): Promise<Result<VisitPreview, PreviewCode>> {
  const counting = await packsThatCount(repositories, here);
  const gathered = await gatherVisit(repositories, counting, visitId);
  if (!gathered.ok) return gathered;
  const { record, input } = gathered.value;
  const bill = summariseBill(record.visit);
  const settlement = await repositories.settlements.findLive(visitId, wholeVisit);
  if (settlement !== null) {
    const { result } = settlement;
    const pack =
      here.packs.find(({ id, version }) => id === result.pack && version === result.packVersion) ??
      null;
    const settled = { notCovered: null, confirmRefusal: null, settlement };
    return accepted({ record, input, bill, pack, result, ...settled });
  }
  const decided = decideVisit(counting, gathered.value);
  if (!decided.ok) return decided;
  const confirmRefusal =
    notReady(record.visit) ??
    (await openQuestionOf(repositories, visitId)) ??
    claimIncomplete(input, decided.value.result) ??
    doubtOfBusinessDate(here.clock.businessDate(), await repositories.businessDay.last());
  return accepted({ record, input, bill, ...decided.value, confirmRefusal, settlement: null });
}
