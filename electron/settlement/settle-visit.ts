import { shanghaiInstant } from '../base/clock.ts';
import { traineeHindrance } from '../security/trainee.ts';
import { crashPoint } from '../base/crash-points.ts';
import { ReadingOnlyError, type ReadingOnly } from '../database/reading-only.ts';
import type {
  RecordedShare,
  SettlementIntent,
  SettlementRecord,
} from '../database/settlements-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import { openQuestionOf } from '../identification/identity-questions.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { Tender } from '../../shared/domain/visit.ts';
import { askLivePayers, recordedShare } from './ask-live-payers.ts';
import { claimIncomplete, notReady, previewOutdated, tendersFor } from './check-settling.ts';
import { enterBusinessDay } from './business-day.ts';
import { decideVisit } from './decide-visit.ts';
import { ensureIntent } from './ensure-intent.ts';
import { gatherVisit, type GatheredVisit } from './gather-visit.ts';
import { assurePackText } from './pack-texts.ts';
import { packsThatCount } from './packs-that-count.ts';
import type { PreviewCode } from './preview-visit.ts';
import { recordOutcome } from './record-outcome.ts';
import { settlementRefusal, type Expected } from './settlement-refusals.ts';
import { wholeVisit, type SettlementDependencies } from './settlement-dependencies.ts';

export type SettleVisitInput = {
  readonly visitId: string;
  /** Who settles. */
  readonly by: string;
  /** Empty: cash for exactly what is due. */
  readonly tenders?: readonly Tender[];
  /** What the cashier confirmed; a difference is refused, so that nobody pays what he was not told. */
  readonly expected?: Expected;
  readonly part?: number;
  /** The mentor who consents to what a trainee may not settle alone; signed in, too. */
  readonly approvedBy?: string;
};

export type SettledVisit = {
  /** It stood already: nothing was done now. */
  readonly already: boolean;
  readonly settlement: SettlementRecord;
};

type NotPrepared =
  | PreviewCode
  | 'visit-not-ready'
  | 'identity-question-open'
  | 'claim-incomplete'
  | 'preview-outdated'
  | 'tender-mismatch'
  | 'trainee-limit'
  | 'trainee-no-refund'
  | 'pack-differs';
type NotIntended = NotPrepared | 'rows-changed' | 'business-date-doubtful' | 'day-closed';

/** Why a visit is not settled. */
export type SettleCode = NotIntended | 'payer-figures-differ';

/** A visit that may be settled, decided now, under this transaction's lock. */
export type Prepared = {
  readonly gathered: GatheredVisit;
  readonly result: SettlementResult;
  readonly tenders: readonly Tender[];
};

/**
 * Settles a visit for good: the intent with every message id, the live payers where there are any, then the
 * outcome in one transaction. Settling again, at the same time, from another program or after a crash answers
 * with the same settlement. Where it is refused, nothing is kept and no money moved.
 */
export async function settleVisit(
  dependencies: SettlementDependencies,
  input: SettleVisitInput,
): Promise<Result<SettledVisit, SettleCode>> {
  const { store, livePayers } = dependencies;
  const hindrance = store.readingOnly() ?? store.noRoom();
  if (hindrance !== null) return whatStands(store, input, hindrance);
  crashPoint('settle:before-intent');
  const scope = { visits: [input.visitId] };
  const intended = await transactResult(
    store,
    (repositories) => intend(dependencies, repositories, input),
    scope,
  );
  if (!intended.ok) return intended;
  if (intended.value.kind === 'settled') return already(intended.value.settlement);
  crashPoint('settle:after-intent');
  const { intent, result } = intended.value;
  const { claimChannels } = dependencies;
  const shares = await askLivePayers(livePayers ?? new Map(), intent, result, claimChannels);
  if (!shares.ok) return shares;
  const answered = shares.value.filter(({ decidedBy }) => decidedBy === 'payer');
  const outcome = await transactResult(
    store,
    (repositories) => conclude(dependencies, repositories, input, answered),
    scope,
  );
  if (outcome.ok) crashPoint('settle:after-commit');
  return outcome;
}

/** Where nothing new may begin: what stands is answered all the same, so that nobody is asked to pay again. */
async function whatStands(
  store: Store,
  { visitId, part = wholeVisit }: SettleVisitInput,
  hindrance: ReadingOnly,
): Promise<Result<SettledVisit, never>> {
  const standing = await store.read(({ settlements }) => settlements.findLive(visitId, part));
  if (standing === null) throw new ReadingOnlyError(hindrance);
  return already(standing);
}

type Intended =
  | { readonly kind: 'settled'; readonly settlement: SettlementRecord }
  | {
      readonly kind: 'intended';
      readonly intent: SettlementIntent;
      readonly result: SettlementResult;
    };

async function intend(
  dependencies: SettlementDependencies,
  repositories: Repositories,
  input: SettleVisitInput,
): Promise<Result<Intended, NotIntended>> {
  const part = input.part ?? wholeVisit;
  const settlement = await repositories.settlements.findLive(input.visitId, part);
  if (settlement !== null) return accepted({ kind: 'settled', settlement });
  const prepared = await prepare(dependencies, repositories, input);
  if (!prepared.ok) return prepared;
  const { result, gathered } = prepared.value;
  const { visitId } = input;
  const { personId } = gathered.record;
  const rows = await repositories.rowMarks.unmarkedOf({ visitId, personId });
  if (rows.length > 0) return refused(settlementRefusal('rows-changed', { rows }));
  const entered = await enterBusinessDay(dependencies, repositories);
  if (!entered.ok) return entered;
  const about = { ...prepared.value, part, input, businessDate: entered.value };
  const intent = await ensureIntent(dependencies, repositories, about);
  return accepted({ kind: 'intended', intent, result });
}

/** The second transaction: everything is looked at again, for anything may have happened since the first. */
async function conclude(
  dependencies: SettlementDependencies,
  repositories: Repositories,
  input: SettleVisitInput,
  answered: readonly RecordedShare[],
): Promise<Result<SettledVisit, SettleCode>> {
  const part = input.part ?? wholeVisit;
  const standing = await repositories.settlements.findLive(input.visitId, part);
  if (standing !== null) return already(standing);
  const prepared = await prepare(dependencies, repositories, input);
  if (!prepared.ok) return prepared;
  const { gathered, result, tenders } = prepared.value;
  // Midnight may have passed since the first transaction: the intent's day stands.
  const about = { ...prepared.value, part, input, businessDate: null };
  const intent = await ensureIntent(dependencies, repositories, about);
  const shares = result.shares.map(
    (share) =>
      answered.find(({ step, ourFen }) => step === share.step && ourFen === share.amountFen) ??
      recordedShare(share, null),
  );
  const record: SettlementRecord = {
    settlementId: intent.settlementId,
    number: intent.number,
    visitId: result.visitId,
    personId: gathered.record.personId,
    part,
    billVersion: gathered.record.billVersion,
    result,
    year: result.yearToDate.year,
    businessDate: intent.businessDate,
    settledAt: shanghaiInstant(dependencies.clock.now()),
    settledBy: input.by,
    state: 'settled',
  };
  const outcome = { ...record, input: gathered.input, shares, tenders };
  await recordOutcome(dependencies, repositories, outcome, intent.messageIds);
  const settler = await repositories.users.find(input.by);
  if (input.approvedBy !== undefined && settler?.is_trainee === 1) {
    await repositories.audit.append({
      ...{ at: record.settledAt, who: input.approvedBy, act: 'approve-trainee' },
      ...{ about: record.settlementId, detail: { trainee: input.by } },
    });
  }
  crashPoint('settle:before-commit');
  return accepted({ already: false, settlement: record });
}

async function prepare(
  dependencies: SettlementDependencies,
  repositories: Repositories,
  { visitId, expected, tenders, ...people }: SettleVisitInput,
): Promise<Result<Prepared, NotPrepared>> {
  const counting = await packsThatCount(repositories, dependencies);
  const gathered = await gatherVisit(repositories, counting, visitId);
  if (!gathered.ok) return gathered;
  const { record } = gathered.value;
  const blocked = notReady(record.visit);
  if (blocked !== null) return refused(blocked);
  const asked = await openQuestionOf(repositories, visitId);
  if (asked !== null) return refused(asked);
  const decided = decideVisit(counting, gathered.value);
  if (!decided.ok) return decided;
  const { pack, result } = decided.value;
  const incomplete = claimIncomplete(gathered.value.input, result);
  if (incomplete !== null) return refused(incomplete);
  if (pack !== null) {
    const assured = await assurePackText(dependencies, repositories, pack);
    if (!assured.ok) return assured;
  }
  const { patientPaysFen } = result;
  const outdated = previewOutdated(expected, { patientPaysFen, billVersion: record.billVersion });
  if (outdated !== null) return refused(outdated);
  const { toRefundFen } = result.due;
  const hindered = await traineeHindrance(repositories.users, people, {
    ...{ patientPaysFen, toRefundFen },
  });
  if (hindered !== null) return hindered;
  const paid = tendersFor(result, tenders ?? []);
  if (!paid.ok) return paid;
  return accepted({ gathered: gathered.value, result, tenders: paid.value });
}

function already(settlement: SettlementRecord): Result<SettledVisit, never> {
  return accepted({ already: true, settlement });
}
