import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { WaitingResult } from '../database/result-calls-repository.ts';
import type { Store } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import { exchangeRefusal } from './exchange-refusals.ts';

type Dependencies = { readonly store: Store; readonly clock: Pick<Clock, 'now'> };

/** Results that the hospital's system would not take, oldest first, after one of them. */
export function listGivenUpResults(
  { store }: Pick<Dependencies, 'store'>,
  page: { readonly limit: number; readonly after?: string },
): Promise<readonly WaitingResult[]> {
  return store.read(({ resultCalls }) => resultCalls.givenUp(page));
}

/** Has one of them called back again, from its first attempt on; whoever calls results back is to look. Audited. */
export function retryResult(
  { store, clock }: Dependencies,
  { resultId, by }: { readonly resultId: string; readonly by: string },
): Promise<Result<{ readonly resultId: string }, 'result-gone'>> {
  assertRoom(store);
  const at = shanghaiInstant(clock.now());
  return transactResult(store, async ({ resultCalls, audit }) => {
    const found = (await resultCalls.givenUp({ limit: Number.MAX_SAFE_INTEGER })).find(
      ({ id }) => id === resultId,
    );
    if (found === undefined) return refused(exchangeRefusal('result-gone'));
    await resultCalls.forget(resultId);
    const detail = { result: resultId, problem: found.call?.last_problem ?? null };
    await audit.append({ at, who: by, act: 'retry-result', about: found.settlementId, detail });
    return accepted({ resultId });
  });
}
