import { hostname } from 'node:os';

import type { Refusal } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { systemTimer, type Timer } from '../base/timer.ts';
import type { LockPlace } from '../database/lock-places.ts';
import { createMutex, type Mutex } from '../database/mutex.ts';
import { takeLock, type HeldLock } from '../database/named-lock.ts';

/** Another program takes in bills; the refusal names it, since when and where. */
export class IntakeHeldError extends Error {
  override readonly name = 'IntakeHeldError';
  readonly refusal: Refusal<'busy'>;

  constructor(refusal: Refusal<'busy'>) {
    super(refusal.message.en);
    this.refusal = refusal;
  }
}

type OwnerDependencies = {
  /** The data folder; absent where nobody else can have it, as in the trial of a part. */
  readonly folder?: LockPlace;
  readonly clock: Pick<Clock, 'now'>;
  /** Who takes in; absent: the desk by itself. */
  readonly takenInBy?: string;
  readonly timer?: Timer;
};

/** So long another program is waited for, in milliseconds: it takes in one file, or one part of a pull. */
const patienceMs = 5000;
const tryAgainMs = 100;

/** The doors of this program take turns, in the order they came; another program sees one owner. */
const turns = new Map<string, Mutex>();

/**
 * Takes in as the one owner of intake: bills that come by several doors, here or in another program, are taken in one after
 * another, and whoever has to wait is told who has it. Throws an `IntakeHeldError` where another program has it for long.
 */
export async function asIntakeOwner<Value>(
  dependencies: OwnerDependencies,
  doing: string,
  act: () => Promise<Value>,
): Promise<Value> {
  const { folder } = dependencies;
  if (folder === undefined) return act();
  const turn = turns.get(folder.home) ?? createMutex();
  turns.set(folder.home, turn);
  await turn.acquire();
  try {
    const lock = await takeInPatience({ ...dependencies, folder }, doing);
    try {
      return await act();
    } finally {
      lock.release();
    }
  } finally {
    turn.release();
  }
}

async function takeInPatience(
  {
    folder,
    clock,
    takenInBy,
    timer = systemTimer,
  }: OwnerDependencies & { readonly folder: LockPlace },
  doing: string,
): Promise<HeldLock> {
  const who = takenInBy === undefined ? '自动接收 (by itself)' : `${takenInBy} 操作`;
  const words = `${doing}，${who}，机器 ${hostname()}`;
  for (let waitedMs = 0; ; waitedMs += tryAgainMs) {
    const lock = await takeLock(folder, 'intake', words, shanghaiInstant(clock.now()));
    if (lock.ok) return lock.value;
    if (waitedMs >= patienceMs) throw new IntakeHeldError(lock.refusal);
    await new Promise<void>((resolve) => {
      timer(tryAgainMs, resolve);
    });
  }
}
