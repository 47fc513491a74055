import { Worker } from 'node:worker_threads';

import { ThreadRequests } from '../../shared/threads/thread-requests.ts';
import { endDespiteHanging } from '../base/end-despite-hanging.ts';
import { partPath } from '../base/part-path.ts';
import { systemTimer, type Timer } from '../base/timer.ts';
import { within } from '../base/within.ts';
import type { FoundKey, KeyPlace } from './find-key.ts';
import type { KeyOrder } from './prove-key.ts';

/** What came of looking for a key and asking it to prove itself. */
export type KeyProof = 'missing' | 'not-proven' | 'proven';

/** What the thread is asked: whether a user's key is there, or whether it is the certificate's. */
export type KeyRequest =
  ({ readonly kind: 'find' } & KeyPlace) | ({ readonly kind: 'prove' } & KeyOrder);

/** A stick answers at once, a share that is gone never. */
const readWithinMs = 5000;
/** Opening a key takes some thousandths of a second; a file that asks for more work than this is no key of ours. */
const proveWithinMs = 10_000;
/** So many threads may be at work on keys that ask for too much: each has a processor of the desk until it is done. */
const runawayMost = 2;

/**
 * Looks for a user's key in the folder of keys and has it prove itself against a certificate. The same is done whether there is
 * such a user or not, and whatever the certificate. Neither a folder that does not answer nor a key that asks for endless work
 * holds more than a thread of its own: the program goes on, and ends when it is told to.
 */
export async function proveWithKey(
  {
    folder,
    userId,
    pin,
    certificate,
  }: {
    readonly folder: string;
    readonly userId: string;
    readonly pin: string;
    readonly certificate: string | null;
  },
  timer: Timer = systemTimer,
): Promise<KeyProof> {
  const found = await foundWithin({ folder, userId }, timer);
  if (found === null) return 'missing';
  return (await provesWithin({ ...found, pin, certificate }, timer)) ? 'proven' : 'not-proven';
}

type KeyThread<Answer> = ThreadRequests<KeyRequest, Answer>;

let finder: { readonly folder: string; readonly thread: KeyThread<FoundKey | null> } | null = null;

/** A folder that hangs holds one thread, and whoever comes meanwhile waits behind it for no longer than the first. */
async function foundWithin(place: KeyPlace, timer: Timer): Promise<FoundKey | null> {
  if (finder?.folder !== place.folder) {
    void finder?.thread.close(new KeyThreadEndedError('another folder was set'));
    finder = { folder: place.folder, thread: keyThread() };
  }
  const finding = finder.thread.ask({ kind: 'find', ...place });
  const found = await within(readWithinMs, finding.catch(notFound).then(orNone), timer);
  if (found === null) leaveBehind(finding);
  return found === 'none' ? null : found;
}

const notFound = (): null => null;
const orNone = (found: FoundKey | null): FoundKey | 'none' => found ?? 'none';

let prover: KeyThread<boolean> | null = null;
const runaways = new Set<KeyThread<boolean>>();

async function provesWithin(order: KeyOrder, timer: Timer): Promise<boolean> {
  if (runaways.size >= runawayMost) return false;
  const thread = (prover ??= keyThread<boolean>());
  const proving = thread.ask({ kind: 'prove', ...order });
  const isProven = await within(
    proveWithinMs,
    proving.catch(() => false),
    timer,
  );
  if (isProven !== null) return isProven;
  // The next one gets a thread of its own; this one ends when it is done.
  if (prover === thread) prover = null;
  runaways.add(thread);
  leaveBehind(
    proving.finally(() => {
      runaways.delete(thread);
      void thread.close(new KeyThreadEndedError('too long'));
    }),
  );
  return false;
}

const leftBehind = new Set<Promise<unknown>>();

/** The runtime waits for its threads when the program ends; for these it must not. */
function leaveBehind(work: Promise<unknown>): void {
  if (leftBehind.size === 0) endDespiteHanging(() => leftBehind.size > 0);
  const left = work.catch(notFound).finally(() => leftBehind.delete(left));
  leftBehind.add(left);
}

class KeyThreadEndedError extends Error {
  override readonly name = 'KeyThreadEndedError';
}

function keyThread<Answer>(): KeyThread<Answer> {
  return new ThreadRequests<KeyRequest, Answer>({
    start: () => new Worker(partPath('certificate-worker')),
    startsAgain: true,
    keepsProgramAlive: true,
    failed: ({ stack }) => new KeyThreadEndedError(stack),
    ended: () => new KeyThreadEndedError('the thread ended'),
  });
}
