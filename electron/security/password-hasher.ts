import { Worker } from 'node:worker_threads';

import { ThreadRequests } from '../../shared/threads/thread-requests.ts';
import { partPath } from '../base/part-path.ts';
import {
  answerHashing,
  isCheaperThan,
  type HashAnswer,
  type HashCost,
  type HashOrder,
} from './argon2-in-phc.ts';

/** Makes and checks the hashes of passwords. */
export type PasswordHasher = {
  hash(password: string): Promise<string>;
  /** `hash` null: nobody's; the same work is done and the answer is no. */
  check(password: string, hash: string | null): Promise<boolean>;
  /** Whether a hash was made with less than what is used today. */
  isOld(hash: string): boolean;
  /** How many wait for their turn: one is made at a time. */
  waiting(): number;
};

/** 0.2 to 0.5 s on a desk's machine (`npm run bench -- sign-in`); OWASP asks for 46 MiB and one pass at least. */
export const usualCost: HashCost = { memoryKib: 65_536, passes: 2 };

function hasherOf(
  ask: (order: HashOrder) => Promise<HashAnswer>,
  cost: HashCost,
  waiting: () => number,
): PasswordHasher {
  return {
    hash: async (password) => String(await ask({ kind: 'hash', password, cost })),
    check: async (password, hash) => (await ask({ kind: 'check', password, hash, cost })) === true,
    isOld: (hash) => isCheaperThan(hash, cost),
    waiting,
  };
}

/** The hashing thread ended: not enough memory for one hash. */
export class PasswordThreadEndedError extends Error {
  override readonly name = 'PasswordThreadEndedError';
}

/** Hashes in a thread of its own, one after the other; it is started with the first. */
export function startPasswordHasher(cost: HashCost = usualCost): PasswordHasher & {
  close(): Promise<void>;
} {
  const thread = new ThreadRequests<HashOrder, HashAnswer>({
    start: () => new Worker(partPath('password-worker')),
    startsAgain: true,
    keepsProgramAlive: true,
    failed: ({ stack }) => new PasswordThreadEndedError(stack),
    ended: (end) =>
      new PasswordThreadEndedError(
        end.kind === 'exit' ? `exit ${String(end.code)}` : String(end.error),
      ),
  });
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = async (order: HashOrder): Promise<HashAnswer> => {
    waiting += 1;
    const answer = turn.then(() => thread.ask(order));
    turn = answer.catch(() => undefined);
    try {
      return await answer;
    } finally {
      waiting -= 1;
    }
  };
  return {
    ...hasherOf(inTurn, cost, () => waiting),
    close: () => thread.close(new Error('the hashing thread was closed')),
  };
}

/** Hashes here and now, for tests that want them cheap. */
export function hasherInPlace(cost: HashCost): PasswordHasher {
  return hasherOf(answerHashing, cost, () => 0);
}

let usual: PasswordHasher | null = null;

/** The program's own hashing thread. It keeps nothing between passwords and ends with the program. */
export function usualPasswordHasher(): PasswordHasher {
  usual ??= startPasswordHasher();
  return usual;
}
