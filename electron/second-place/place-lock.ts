import type { Timer } from '../base/timer.ts';
import type { LockPlace } from '../database/lock-places.ts';
import { tryLock, type HeldLock } from '../database/named-lock.ts';
import { PlaceProblem } from './place-problem.ts';

/** Another program of the folder that writes to the place is waited for so long. */
const lockTries = 60;
const lockTryMs = 25;
/** Only one program of the folder writes to the place at a time; the system frees the lock at its end. */
export class PlaceLock {
  readonly #folder: LockPlace;
  readonly #timer: Timer;
  #lock: { readonly held: Promise<HeldLock>; users: number } | null = null;

  constructor(folder: LockPlace, timer: Timer) {
    this.#folder = folder;
    this.#timer = timer;
  }

  /** Does something under the lock; acts of this program share it. Throws a `PlaceProblem` where another keeps it. */
  async holding<T>(act: () => Promise<T>): Promise<T> {
    const lock = (this.#lock ??= { held: this.#take(), users: 0 });
    lock.users += 1;
    let held: HeldLock | null = null;
    try {
      held = await lock.held;
      return await act();
    } finally {
      lock.users -= 1;
      if (lock.users === 0) {
        if (this.#lock === lock) this.#lock = null;
        held?.release();
      }
    }
  }

  /** Takes the lock while something else is waited for, so that who needs it then has not to wait for it, too. */
  takeAhead(until: Promise<unknown>): void {
    this.holding(() => until).catch(() => undefined);
  }

  /** Lets go at the end of the program, whatever still hangs. */
  async letGo(): Promise<void> {
    const lock = this.#lock;
    this.#lock = null;
    (await lock?.held)?.release();
  }

  async #take(): Promise<HeldLock> {
    for (let turn = 0; turn < lockTries; turn += 1) {
      const doing = '写第二存放处 (the second place)';
      const lock = await tryLock(this.#folder, 'second-place', doing);
      if (lock !== null) return lock;
      await new Promise<void>((resolve) => {
        this.#timer(lockTryMs, resolve);
      });
    }
    throw new PlaceProblem('busy', 'another program of this folder is writing to the place');
  }
}
