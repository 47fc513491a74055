import { Worker } from 'node:worker_threads';

import { ThreadRequests } from '../../shared/threads/thread-requests.ts';
import { partPath } from '../base/part-path.ts';
import { PlaceProblem, placeProblems, type PlaceProblemCode } from './place-problem.ts';
import type { PlaceAnswer, PlaceRequest, PlaceThread } from './place-requests.ts';

/**
 * The thread that writes to second places; started with the first request. It never keeps the program from ending by
 * itself, though a program that ends while its share hangs has to be ended with `process.exit`.
 */
export function startPlaceThread(): PlaceThread {
  const thread = new ThreadRequests<PlaceRequest, PlaceAnswer>({
    start: () =>
      new Worker(partPath('second-place-worker'), {
        resourceLimits: { maxYoungGenerationSizeMb: 16 },
      }),
    startsAgain: true,
    keepsProgramAlive: true,
    failed: ({ code, message }) => new PlaceProblem(codeIn(code), message),
    ended: (end) =>
      new PlaceProblem('failed', end.kind === 'error' ? String(end.error) : 'the thread ended'),
  });
  return {
    ask: (request) => thread.ask(request),
    async close() {
      // A thread inside a call of a share that hangs cannot be ended: nobody waits for it.
      void thread.close(new PlaceProblem('failed', 'closed'));
      return Promise.resolve();
    },
  };
}

/** Of an error only its code and words come across between threads. */
function codeIn(code: string): PlaceProblemCode {
  const known = placeProblems.find((each) => each === code);
  if (known !== undefined) return known;
  return 'failed';
}
