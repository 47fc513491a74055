import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { Timer } from '../base/timer.ts';
import type { LockPlace } from '../database/lock-places.ts';
import { assertRoom } from '../database/reading-only.ts';
import { takeLock } from '../database/named-lock.ts';
import type { ClaimsDatedLater } from '../database/claims-repository.ts';
import type { Store } from '../database/store.ts';
import type { UploadCounts } from '../database/uploads-repository.ts';
import { accepted, type Result } from '../../shared/domain/result.ts';
import type { ClaimChannels, SendOutcome } from './channel.ts';
import { claimsTogether, inBatches } from './claims-together.ts';
import { collectReturns, type CollectedReturns } from './collect-returns.ts';
import { payersAddress } from './payers-address.ts';
import { askOpenUndos } from './undo-claim.ts';
import { sendClaims } from './send-claims.ts';

export type UploadDependencies = {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly folder: LockPlace;
  readonly channels: ClaimChannels;
  /** What deadlines are taken from; absent: the system's. */
  readonly timer?: Timer;
  /** Progress in words, for people. */
  readonly onProgress?: (line: string) => void;
  /** It has begun: nothing refuses it any more. With what is to be sent, payer by payer. */
  readonly onBegun?: (payers: readonly PayerUpload[]) => void;
  /** After each claim, or each file of claims. */
  readonly onCounts?: (payers: readonly PayerUpload[]) => void;
  /** Ends it after the claim that is under way; the others wait for the next run. */
  readonly signal?: AbortSignal;
};

export type UploadCall = {
  /** A destination or payer; absent: all. */
  readonly payer?: string;
  /** Claims up to this day; absent: the clock's business date. */
  readonly businessDate?: string;
  /** Where the payers are; absent: the folder's setting `payers-url`. */
  readonly payersUrl?: string;
  readonly dryRun?: boolean;
  readonly who: string;
};

export type PayerUpload = {
  payer: string;
  batches: number;
  claims: number;
  accepted: number;
  rejected: number;
  unknown: number;
  waiting: number;
  /** Their payer has them and answers later. */
  acknowledged: number;
};

/** A payer's claims that a run leaves out, and from which day to which their business dates are. */
export type PayerDatedLater = Omit<ClaimsDatedLater, 'destination'> & { readonly payer: string };

export type UploadAnswer = {
  readonly runId: string;
  readonly businessDate: string;
  readonly payers: readonly PayerUpload[];
  /** Claims left out because their business date lies after the run's: the clock was ahead when they were made. */
  readonly datedLater: readonly PayerDatedLater[];
  /** What payers that answer later had left for us: taken in before anything was sent. */
  readonly returns: readonly CollectedReturns[];
};

/** A batch is kept in one transaction; this many keep the desk's own writes waiting for a moment only. */
const batchClaimsMax = 200;
/**
 * After so many claims in a row for which the line never stood, the payer is left alone until the next run: it is down.
 */
const notSentMax = 3;
/**
 * After so many in a row that got no answer, too. More than of the others: a few that the payer never answers must not
 * keep the rest of its claims from it.
 */
const silentClaimsMax = 20;

/** Why a run does not begin. */
export type UploadCode = 'busy' | 'payers-url-wrong' | 'payers-url-plain';

/**
 * The nightly run: takes in what payers have answered since, then sends every unsettled claim once, each under the message id and with the bytes it had
 * before, and keeps what came of it. A run that finishes is a success whatever the payers said.
 */
export async function uploadClaims(
  dependencies: UploadDependencies,
  call: UploadCall,
): Promise<Result<UploadAnswer, UploadCode>> {
  const { store, clock, ids, folder, onProgress } = dependencies;
  const address = await payersAddress(store, call.payersUrl);
  if (!address.ok) return address;
  if (call.dryRun !== true) assertRoom(store);
  const lock = await takeLock(folder, 'upload', '上传申报', shanghaiInstant(clock.now()));
  if (!lock.ok) return lock;
  try {
    const run = {
      id: ids.next(),
      businessDate: call.businessDate ?? clock.businessDate(),
      at: shanghaiInstant(clock.now()),
      who: call.who,
    };
    if (call.dryRun !== true) await store.transact(({ uploads }) => uploads.open(run));
    // What payers have left may take a while to fetch: whoever asked hears that the run is under way.
    if (dependencies.channels.returning.length > 0) dependencies.onBegun?.([]);
    const returns =
      call.dryRun === true
        ? []
        : await collectReturns(dependencies, {
            address: address.value,
            ...(call.payer === undefined ? {} : { destination: call.payer }),
          });
    const payer = call.payer === undefined ? {} : { payer: call.payer };
    const upTo = { businessDate: run.businessDate, ...payer };
    // What a payer was asked to take back is settled first: it is not sent meanwhile.
    const asked =
      call.dryRun === true ? [] : await askOpenUndos(dependencies, address.value, run.who);
    const { due, later } = await store.read(async ({ claims }) => ({
      due: (await claims.sendable(upTo)).filter(({ id }) => !asked.includes(id)),
      later: await claims.datedLater(upTo),
    }));
    const datedLater = later.map(({ destination, ...rest }) => ({ payer: destination, ...rest }));
    for (const each of datedLater) onProgress?.(laterWords(run.businessDate, each));
    const byPayer = Map.groupBy(due, ({ destination }) => destination);
    const payers = [...byPayer].map(([destination, claims]) =>
      emptyCounts(destination, claims.length),
    );
    dependencies.onBegun?.(payers);
    const tell = (): void => {
      dependencies.onCounts?.(payers);
    };
    for (const counts of payers) {
      if (call.dryRun === true) continue;
      const claims = byPayer.get(counts.payer) ?? [];
      await uploadToPayer(
        dependencies,
        { runId: run.id, address: address.value, counts, tell },
        claims,
      );
    }
    if (call.dryRun !== true) {
      const at = shanghaiInstant(clock.now());
      await store.transact(async ({ uploads, audit }) => {
        await uploads.finish(run.id, at);
        const detail = { businessDate: run.businessDate, payers, datedLater, returns };
        await audit.append({ at, who: run.who, act: 'upload-claims', about: run.id, detail });
      });
    }
    const { id: runId, businessDate } = run;
    return accepted({ runId, businessDate, payers, datedLater, returns });
  } finally {
    lock.value.release();
  }
}

type PayerRun = {
  readonly runId: string;
  readonly address: URL;
  readonly counts: PayerUpload;
  readonly tell: () => void;
};

async function uploadToPayer(
  dependencies: UploadDependencies,
  run: PayerRun,
  due: readonly { readonly id: string }[],
): Promise<void> {
  const { store, channels, onProgress, signal } = dependencies;
  const { counts, tell } = run;
  const destination = counts.payer;
  const channel = channels.of(destination);
  const line = { channel, address: channel.address ?? run.address };
  const ids = due.map(({ id }) => id);
  const { groups, heldBack } = await claimsTogether(store, channel, { destination, due: ids });
  await holdBack(dependencies, destination, heldBack);
  let silent = 0;
  let notSent = 0;
  const isGivenUp = (): boolean =>
    silent >= silentClaimsMax || notSent >= notSentMax || signal?.aborted === true;
  for (const batch of inBatches(groups, batchClaimsMax)) {
    if (isGivenUp()) break;
    const claimIds = batch.flat();
    const batchId = dependencies.ids.next();
    await store.transact(({ claims }) =>
      claims.openBatch({ id: batchId, runId: run.runId, destination, claimIds }),
    );
    counts.batches += 1;
    for (const together of batch) {
      if (isGivenUp()) break;
      for (const outcome of await sendClaims(dependencies, line, together)) {
        counts[outcome.kind === 'not-sent' ? 'unknown' : outcome.kind] += 1;
        counts.waiting -= 1;
        silent = isSilent(outcome) ? silent + 1 : 0;
        notSent = outcome.kind === 'not-sent' ? notSent + 1 : 0;
      }
      tell();
    }
    await store.transact(async ({ claims, uploads }) => {
      await claims.finishBatch(batchId, claimIds);
      await uploads.keepCounts(run.runId, countsOf(counts));
    });
    onProgress?.(
      `${destination}: ${String(counts.accepted)} 接受，${String(counts.acknowledged)} 已收到，${String(counts.rejected)} 退回，${String(counts.unknown)} 待查，${String(counts.waiting)} 未发`,
    );
  }
}

/** A second file with them could be paid twice: they wait for their payer's word, and say so. */
async function holdBack(
  { store, onProgress }: UploadDependencies,
  destination: string,
  claimIds: readonly string[],
): Promise<void> {
  if (claimIds.length === 0) return;
  const problem = {
    code: 'file-answered-in-part',
    words: '同一个文件里的别的申报已有答复，支付方应已收到这一笔，所以不再发送；请向支付方查询',
  };
  await store.transact(async ({ claims }) => {
    for (const id of claimIds) await claims.noteHeldBack(id, problem);
  });
  onProgress?.(
    `${destination}: ${String(claimIds.length)} 笔申报所在的文件支付方已部分答复，没有再发`,
  );
}

/** Nothing waits in silence: what is left out is said, with the way to send it. */
function laterWords(businessDate: string, later: PayerDatedLater): string {
  const { payer, claims, earliest, latest } = later;
  const days = earliest === latest ? earliest : `${earliest}…${latest}`;
  return `${payer}: ${String(claims)} 笔申报的业务日（${days}）晚于 ${businessDate}，这次没有上传。请核对电脑日期；要现在上传，用 upload --business-date ${latest}`;
}

function isSilent(outcome: SendOutcome): boolean {
  return outcome.kind === 'not-sent' || (outcome.kind === 'unknown' && outcome.isSilent);
}

function countsOf({ payer, claims, accepted: taken, ...counts }: PayerUpload): UploadCounts {
  const { rejected, unknown, waiting, acknowledged } = counts;
  return { destination: payer, claims, accepted: taken, rejected, unknown, waiting, acknowledged };
}

function emptyCounts(payer: string, claims: number): PayerUpload {
  const none = { accepted: 0, rejected: 0, unknown: 0, acknowledged: 0 };
  return { payer, batches: 0, claims, ...none, waiting: claims };
}
