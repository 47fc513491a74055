import { traineeCancelHindrance } from '../security/trainee.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { crashPoint } from '../base/crash-points.ts';
import type { CounterValues } from '../database/counters-repository.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import type { SettlementRecord } from '../database/settlements-repository.ts';
import type { Repositories } from '../database/store.ts';
import { assertRoom } from '../database/reading-only.ts';
import { transactResult } from '../database/transact-result.ts';
import {
  accepted,
  refused,
  type Result,
  type Warning,
  type Words,
} from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { TenderKind } from '../../shared/domain/visit.ts';
import { fen, sumFen, type Fen } from '../../shared/money/fen.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { takeConsent, type Consent, type ConsentCode } from '../security/second-person.ts';
import { enterBusinessDay } from './business-day.ts';
import { cancelledFile } from './hospital-file-payloads.ts';
import { laterSettlementsThatDiffer } from './later-settlements.ts';
import { editedAmong, type PackTexts } from './pack-texts.ts';
import type { CancelDependencies } from './settlement-dependencies.ts';
import { decidedByEditedPack, type SettlementWarningCode } from './settlement-warnings.ts';
import { settlementRefusal } from './settlement-refusals.ts';

export type CancelSettlementInput = {
  readonly settlementId: string;
  readonly reason: string;
  readonly by: string;
  /** The page, or the command, it is done at. */
  readonly page?: string;
} & (
  | {
      /** The supervisor who stands beside and has proved who it is. */
      readonly approvedBy: string;
    }
  | { readonly consent: Consent }
);

/** One thing a cancellation undid. */
export type CancellationChange =
  | {
      readonly kind: 'counter';
      readonly year: number;
      readonly counter: string;
      /** What was taken back: fen, or a count for `admissions` and `level:…`. */
      readonly takenBack: number;
    }
  | {
      readonly kind: 'tender-returned';
      readonly tender: TenderKind;
      readonly amountFen: Fen;
    }
  | {
      readonly kind: 'claim-withdrawn';
      readonly claimId: string;
      readonly destination: string;
    }
  | LaterSettlementChange;

/**
 * A settlement of the same year that stands and would be another one now. Nothing of it was changed: a person
 * decides whether it is cancelled and settled anew.
 */
export type LaterSettlementChange = {
  readonly kind: 'later-settlement-differs';
  readonly settlementId: string;
  readonly visitId: string;
  readonly number: string;
  readonly was: LaterFigures;
  /** null: it cannot be decided again, and `because` says why. */
  readonly wouldBe: LaterFigures | null;
  readonly because: Words | null;
};

type LaterFigures = {
  readonly patientPaysFen: Fen;
  readonly hospitalBearsFen: Fen;
  readonly shares: readonly {
    readonly step: string;
    readonly payer: string;
    readonly amountFen: Fen;
  }[];
};

/** Why a settlement is not cancelled; then nothing of it was changed. */
export type CancelCode =
  | 'settlement-not-found'
  | 'reason-missing'
  | 'trainee-no-refund'
  | ConsentCode
  | 'claim-already-sent'
  | 'outcome-unknown'
  | 'business-date-doubtful'
  | 'day-closed';

export type CancelledSettlement = {
  readonly settlementId: string;
  readonly cancellationId: string;
  /** It was cancelled before: nothing was done now. */
  readonly already: boolean;
  readonly changes: readonly CancellationChange[];
  /** What is to be known of `changes`: later settlements decided again by a pack that was edited. */
  readonly warnings: readonly Warning<SettlementWarningCode>[];
  /** The version of the bill that came after settlement and now stands; null if none was waiting. */
  readonly billVersion: number | null;
};

/**
 * Undoes a settlement exactly: counters back, claims and unprinted sheets withdrawn, the visit open again, a
 * file for the hospital's system. Settlements of the person's year made since are not changed; those that
 * would come out differently now are listed. Cancelling again answers with the same cancellation.
 */
export async function cancelSettlement(
  dependencies: CancelDependencies,
  input: CancelSettlementInput,
): Promise<Result<CancelledSettlement, CancelCode>> {
  const { store } = dependencies;
  // Whose visit it is never changes, so it may be read before the visit is held.
  const known = await store.read(({ settlements }) => settlements.find(input.settlementId));
  if (known === null) {
    const { settlementId } = input;
    return refused(databaseRefusal('settlement-not-found', { settlementId }));
  }
  if (known.state === 'settled') assertRoom(store);
  const cancelled = await transactResult(
    store,
    (repositories) => cancelIn(dependencies, repositories, input),
    { visits: [known.visitId], persons: [known.personId] },
  );
  if (cancelled.ok) crashPoint('cancel:after-commit');
  return cancelled;
}

async function cancelIn(
  dependencies: Omit<CancelDependencies, 'store'>,
  repositories: Repositories,
  input: CancelSettlementInput,
): Promise<Result<CancelledSettlement, CancelCode>> {
  const { clock, ids } = dependencies;
  const { settlementId, by } = input;
  const settlement = await repositories.settlements.find(settlementId);
  if (settlement === null)
    return refused(databaseRefusal('settlement-not-found', { settlementId }));
  const known = await repositories.settlements.cancellationOf(settlementId);
  if (known !== null) {
    return accepted({
      settlementId,
      cancellationId: known.id,
      already: true,
      ...(await changesOf(repositories, dependencies, settlement)),
      billVersion: null,
    });
  }
  const said = readReason(input.reason);
  if (said === '') return refused(settlementRefusal('reason-missing'));
  const hindered = await traineeCancelHindrance(repositories.users, by);
  if (hindered !== null) return hindered;
  const { businessDate } = settlement;
  // What a closed day holds is undone in the current period, by agreement with the payers.
  if ((await repositories.dayCloses.closeOf(businessDate)) !== null)
    return refused(databaseRefusal('day-closed', { businessDate }));
  const cancellationId = ids.next();
  const tenders = await repositories.settlements.tendersOf(settlementId);
  const consent = await takeConsent(
    repositories,
    { clock, ids },
    {
      ...{
        act: 'cancel-settlement',
        about: settlementId,
        visitId: settlement.visitId,
        reason: said,
      },
      amountFen: moneyThatMoves(tenders),
      usedFor: cancellationId,
    },
    { userId: by, page: input.page ?? 'program' },
    'consent' in input ? input.consent : { kind: 'present', approvedBy: input.approvedBy },
  );
  if (!consent.ok) return consent;
  // Where it was approved before, what was approved: the reason is that of the row of the consent.
  const { requestId, approvedBy, reason } = consent.value;
  const entered = await enterBusinessDay({ clock }, repositories);
  if (!entered.ok) return entered;
  const at = shanghaiInstant(clock.now());
  const withdrawn = await repositories.claims.withdrawForCancellation(
    settlementId,
    at,
    (destination) => dependencies.claimChannels.of(destination).isOwnBook,
  );
  if (!withdrawn.ok) return withdrawn;
  await repositories.printJobs.withdrawForCancellation(settlementId, at);
  await repositories.counters.revertChanges(settlementId);
  const cancellation = {
    id: cancellationId,
    settlement_id: settlementId,
    reason,
    cancelled_at: at,
    cancelled_by: by,
    // Nobody, in an emergency: the request in the books says so, until a supervisor has looked at it.
    approved_by: approvedBy ?? '',
    business_date: entered.value,
  };
  await repositories.settlements.cancel(cancellation);
  await repositories.visits.setState(settlement.visitId, 'unsettled');
  const billVersion = await repositories.visits.takeSetAsideBill(settlementId);
  await repositories.hospitalFiles.queue({
    id: ids.next(),
    settlementId,
    kind: 'cancelled',
    payload: cancelledFile(settlement, cancellation),
    createdAt: at,
  });
  const { changes, warnings } = await changesOf(repositories, dependencies, settlement);
  await repositories.audit.append({
    at,
    who: by,
    act: 'cancel-settlement',
    about: settlementId,
    detail: {
      ...{ cancellationId, reason, approvedBy, requestId, changes, billVersion },
      businessDate: entered.value,
    },
  });
  crashPoint('cancel:before-commit');
  return accepted({
    settlementId,
    cancellationId,
    already: false,
    changes,
    warnings,
    billVersion,
  });
}

/** The money that goes back over the counter, either way, when these tenders are cancelled. */
export const moneyThatMoves = (tenders: readonly { readonly amountFen: Fen }[]): Fen =>
  sumFen(tenders.map(({ amountFen }) => fen(Math.abs(amountFen))));

/** What cancelling undid, read from what is kept; and what it would change of later ones, as of now. */
async function changesOf(
  repositories: Repositories,
  { packs, packTexts }: { readonly packs: readonly CompiledPack[]; readonly packTexts?: PackTexts },
  { settlementId, personId, year }: SettlementRecord,
): Promise<Pick<CancelledSettlement, 'changes' | 'warnings'>> {
  const counters: CounterValues = await repositories.counters.changesOf(settlementId);
  const tenders = await repositories.settlements.tendersOf(settlementId);
  const claims = await repositories.claims.ofSettlement(settlementId);
  const later = await laterSettlementsThatDiffer(repositories, packs, personId, year);
  const edited = await editedAmong(repositories, packTexts, later.decidedBy);
  const changes = [
    ...Object.entries(counters).map(([counter, takenBack]) => ({
      kind: 'counter' as const,
      year,
      counter,
      takenBack,
    })),
    ...tenders.map(({ kind: tender, amountFen }) => ({
      kind: 'tender-returned' as const,
      tender,
      amountFen: fen(0 - amountFen),
    })),
    ...claims.map(({ id, destination }) => ({
      kind: 'claim-withdrawn' as const,
      claimId: id,
      destination,
    })),
    ...later.differing.map(({ settlement, wouldBe, refusal }) => ({
      kind: 'later-settlement-differs' as const,
      settlementId: settlement.settlementId,
      visitId: settlement.visitId,
      number: settlement.number,
      was: figuresOf(settlement.result),
      wouldBe: wouldBe === null ? null : figuresOf(wouldBe),
      because: refusal?.message ?? null,
    })),
  ];
  return { changes, warnings: edited.map((name) => decidedByEditedPack(name, 'cancellation')) };
}

function figuresOf({ patientPaysFen, hospitalBearsFen, shares }: SettlementResult): LaterFigures {
  return {
    patientPaysFen,
    hospitalBearsFen,
    shares: shares.map(({ step, payer, amountFen }) => ({ step, payer, amountFen })),
  };
}
