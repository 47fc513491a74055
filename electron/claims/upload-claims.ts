import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { crashPoint } from '../base/crash-points.ts';
import type { Ids } from '../base/ids.ts';
import type { ClaimOutcome, Claim } from '../database/claims-repository.ts';
import { takeLock } from '../database/named-lock.ts';
import type { Store } from '../database/store.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { claimMessage, type ClaimMessage } from './channels/national/claim-message.ts';
import { readAnswer } from './channels/national/read-answer.ts';
import { postMessage, usualDeadlines, type Deadlines } from '../base/post-message.ts';

export type UploadDependencies = {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly locksFolder: string;
  readonly deadlines?: Deadlines;
  /** Progress in words, for people. */
  readonly onProgress?: (line: string) => void;
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
};

export type UploadAnswer = {
  readonly runId: string;
  readonly businessDate: string;
  readonly payers: readonly PayerUpload[];
};

/** Where the demo folder's payers are. */
export const demoPayersUrl = 'http://127.0.0.1:47610';
/** The hospital's own ledger: a claim on ourselves, never sent. */
export const hospitalLedger = 'hospital-reduction';

/** A batch is kept in one transaction; this many keep the desk's own writes waiting for a moment only. */
const batchClaimsMax = 200;
/** After so many claims in a row without an answer the payer is left alone until the next run. */
const silentClaimsMax = 3;

/**
 * The nightly run: sends every unsettled claim once, each under the message id and with the bytes it had
 * before, and keeps what came of it. Refuses `busy` beside another run and `payers-url-wrong`. A run that
 * finishes is a success whatever the payers said.
 */
export async function uploadClaims(
  dependencies: UploadDependencies,
  call: UploadCall,
): Promise<Result<UploadAnswer>> {
  const { store, clock, ids, locksFolder } = dependencies;
  const url = await payersAddress(store, call.payersUrl);
  if (!url.ok) return url;
  const lock = await takeLock(locksFolder, 'upload', '上传申报', shanghaiInstant(clock.now()));
  if (!lock.ok) return lock;
  try {
    const run = {
      id: ids.next(),
      businessDate: call.businessDate ?? clock.businessDate(),
      at: shanghaiInstant(clock.now()),
      who: call.who,
    };
    const payer = call.payer === undefined ? {} : { payer: call.payer };
    const due = await store.read(({ claims }) =>
      claims.sendable({ businessDate: run.businessDate, ...payer }),
    );
    const byPayer = Map.groupBy(due, ({ destination }) => destination);
    const payers: PayerUpload[] = [];
    if (call.dryRun !== true) await store.transact(({ claims }) => claims.openRun(run));
    for (const [destination, claims] of byPayer) {
      const counts = emptyCounts(destination, claims.length);
      payers.push(counts);
      if (call.dryRun === true) continue;
      await uploadToPayer(dependencies, { runId: run.id, url: url.value, counts }, claims);
    }
    if (call.dryRun !== true) {
      const at = shanghaiInstant(clock.now());
      await store.transact(async ({ claims, audit }) => {
        await claims.finishRun(run.id, at);
        const detail = { businessDate: run.businessDate, payers };
        await audit.append({ at, who: run.who, act: 'upload-claims', about: run.id, detail });
      });
    }
    return accepted({ runId: run.id, businessDate: run.businessDate, payers });
  } finally {
    lock.value.release();
  }
}

type PayerRun = { readonly runId: string; readonly url: URL; readonly counts: PayerUpload };

async function uploadToPayer(
  dependencies: UploadDependencies,
  run: PayerRun,
  due: readonly { readonly id: string }[],
): Promise<void> {
  const { store, ids, onProgress } = dependencies;
  const { counts } = run;
  const destination = counts.payer;
  let silent = 0;
  for (let from = 0; from < due.length && silent < silentClaimsMax; from += batchClaimsMax) {
    const claimIds = due.slice(from, from + batchClaimsMax).map(({ id }) => id);
    const batchId = ids.next();
    await store.transact(({ claims }) =>
      claims.openBatch({ id: batchId, runId: run.runId, destination, claimIds }),
    );
    counts.batches += 1;
    for (const claimId of claimIds) {
      const outcome = await uploadClaim(dependencies, run.url, claimId);
      if (outcome === null) continue;
      counts[outcome.kind] += 1;
      counts.waiting -= 1;
      silent = outcome.kind === 'unknown' && outcome.problem.code === 'no-answer' ? silent + 1 : 0;
      if (silent >= silentClaimsMax) break;
    }
    await store.transact(({ claims }) => claims.finishBatch(batchId, claimIds));
    onProgress?.(
      `${destination}: ${String(counts.accepted)} 接受，${String(counts.rejected)} 退回，${String(counts.unknown)} 待查，${String(counts.waiting)} 未发`,
    );
  }
}

/** Sends one claim; null if it was settled or withdrawn meanwhile. */
async function uploadClaim(
  dependencies: UploadDependencies,
  url: URL,
  claimId: string,
): Promise<ClaimOutcome | null> {
  const { store, clock } = dependencies;
  const now = (): string => shanghaiInstant(clock.now());
  const prepared = await store.transact(async (repositories) => {
    const claim = await repositories.claims.find(claimId);
    if (claim?.state !== 'in-batch') return null;
    const kept = await repositories.claims.keptBody(claimId);
    if (kept !== null) return { claim, message: { body: kept, problems: [] } };
    const settlement = await repositories.settlements.find(claim.settlementId);
    const input = await repositories.settlements.inputOf(claim.settlementId);
    if (settlement === null || input === null)
      throw new Error(`claim ${claimId} has no settlement`);
    return { claim, message: claimMessage(claim, settlement, input) };
  });
  if (prepared === null) return null;
  const { claim, message } = prepared;
  const outcome = await sendClaim(dependencies, url, claim, message);
  if (outcome === null) return null;
  crashPoint('upload:after-answer');
  await store.transact(({ claims }) => claims.keepOutcome(claimId, now(), outcome));
  crashPoint('upload:after-answer-kept');
  return outcome;
}

async function sendClaim(
  { store, clock, deadlines = usualDeadlines }: UploadDependencies,
  url: URL,
  claim: Claim,
  { body, problems }: ClaimMessage,
): Promise<ClaimOutcome | null> {
  const isOwn = claim.destination === hospitalLedger;
  if (problems.length > 0 && !isOwn) {
    return { kind: 'rejected', problem: { code: 'not-sendable', words: problems.join('; ') } };
  }
  crashPoint('upload:before-marked-sent');
  const isMarked = await store.transact(async ({ claims }) => {
    // A cancellation may have taken it back since it was read.
    if ((await claims.find(claim.id))?.state !== 'in-batch') return false;
    await claims.markSent(claim.id, shanghaiInstant(clock.now()), body);
    return true;
  });
  if (!isMarked) return null;
  crashPoint('upload:after-marked-sent');
  if (isOwn) {
    return { kind: 'accepted', reference: `own-${claim.id}`, approvedFen: claim.claimedFen };
  }
  const posted = await postMessage(url, body, deadlines, () => {
    crashPoint('upload:after-request');
  });
  return posted.kind === 'answered'
    ? readAnswer(claim, posted.status, posted.text)
    : { kind: 'unknown', problem: { code: 'no-answer', words: posted.why } };
}

function emptyCounts(payer: string, claims: number): PayerUpload {
  return { payer, batches: 0, claims, accepted: 0, rejected: 0, unknown: 0, waiting: claims };
}

async function payersAddress(store: Store, given: string | undefined): Promise<Result<URL>> {
  const kept = await store.read(({ folderFacts }) => folderFacts.get('payers-url'));
  const text = given ?? (typeof kept === 'string' ? kept : demoPayersUrl);
  const base = URL.canParse(text) ? new URL(text) : null;
  if (base !== null && /^https?:$/.test(base.protocol)) return accepted(new URL('/fsi/api', base));
  return refused({
    code: 'payers-url-wrong',
    message: {
      zh: `支付方的地址写得不对：${text}。没有发送任何申报。`,
      en: `${text} is no address of the payers. No claim was sent.`,
    },
    remedy: { zh: '请写成 http://主机:端口。', en: 'Write it as http://host:port.' },
  });
}
