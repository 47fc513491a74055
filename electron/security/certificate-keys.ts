import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { ThreadRequests } from '../../shared/threads/thread-requests.ts';
import { notPlain } from '../base/foreign-folder.ts';
import { partPath } from '../base/part-path.ts';
import { systemTimer, type Timer } from '../base/timer.ts';
import { within } from '../base/within.ts';
import { certificateBytesMax } from './client-certificate.ts';
import type { KeyOrder } from './prove-key.ts';

/** What came of looking for a key and asking it to prove itself. */
export type KeyProof = 'missing' | 'not-proven' | 'proven';

/** The names a key may have in the folder of keys, behind the user's id. */
const endings = ['p12', 'pfx', 'pem', 'key'] as const;

/** A stick answers at once, a share that is gone never. */
const readWithinMs = 5000;
/** Opening a key takes some thousandths of a second; a file that asks for more work than this is no key of ours. */
const proveWithinMs = 10_000;

/**
 * Looks for a user's key in the folder of keys and has it prove itself against a certificate. The same is done whether there is
 * such a user or not, and whatever the certificate.
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
  const found = await within(readWithinMs, readKey(folder, userId), timer);
  if (found === null) return 'missing';
  const proof = thread().ask({ ...found, pin, certificate });
  const isProven = await within(
    proveWithinMs,
    proof.catch(() => false),
    timer,
  );
  // The next one gets a thread of its own; this one ends when it is done.
  if (isProven === null) void thread().close(new KeyThreadEndedError('too long'));
  return isProven === true ? 'proven' : 'not-proven';
}

/** The first file of the user's id that is a plain one and no larger than a key; null: there is none. */
async function readKey(
  folder: string,
  userId: string,
): Promise<Pick<KeyOrder, 'bytes' | 'form'> | null> {
  for (const ending of endings) {
    const bytes = await readSmallFile(join(folder, `${userId}.${ending}`)).catch(() => null);
    if (bytes === null) continue;
    return { bytes, form: ending === 'p12' || ending === 'pfx' ? 'pkcs12' : 'pem' };
  }
  return null;
}

// Windows has neither.
const flags = constants as Partial<typeof constants>;
const readOnly = constants.O_RDONLY | (flags.O_NOFOLLOW ?? 0) | (flags.O_NONBLOCK ?? 0);

async function readSmallFile(file: string): Promise<Uint8Array | null> {
  const handle = await open(file, readOnly);
  try {
    const facts = await handle.stat({ bigint: true });
    if (notPlain(facts) !== null || facts.size > BigInt(certificateBytesMax)) return null;
    return new Uint8Array(await handle.readFile());
  } finally {
    await handle.close();
  }
}

class KeyThreadEndedError extends Error {
  override readonly name = 'KeyThreadEndedError';
}

let keyThread: ThreadRequests<KeyOrder, boolean> | null = null;

function thread(): ThreadRequests<KeyOrder, boolean> {
  keyThread ??= new ThreadRequests<KeyOrder, boolean>({
    start: () => new Worker(partPath('certificate-worker')),
    startsAgain: true,
    keepsProgramAlive: true,
    failed: ({ stack }) => new KeyThreadEndedError(stack),
    ended: () => new KeyThreadEndedError('the thread ended'),
  });
  return keyThread;
}
