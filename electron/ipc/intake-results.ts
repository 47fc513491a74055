import { accepted } from '../../shared/domain/result.ts';
import { listGivenUpResults, retryResult } from '../hospital-exchange/given-up-results.ts';
import type { DeskParts } from './desk-parts.ts';
import { givenUpResultView } from './given-up-result-view.ts';
import type { CallHandlers } from './handle-call.ts';

/** Results listed at once. */
const resultsPageMax = 100;

/** Results that the hospital's system would not take. */
export function intakeResultCalls({
  services,
  tellPages,
  wakeResults,
}: Pick<DeskParts, 'services' | 'tellPages' | 'wakeResults'>) {
  return {
    'intake:results': async (page) => {
      const found = await listGivenUpResults(services, { ...page, limit: resultsPageMax + 1 });
      return accepted({
        results: found.slice(0, resultsPageMax).map(givenUpResultView),
        hasMore: found.length > resultsPageMax,
      });
    },
    'intake:retry-result': async ({ resultId }, { userId: by }) => {
      const retried = await retryResult(services, { resultId, by });
      if (!retried.ok) return retried;
      wakeResults();
      tellPages('visits');
      return accepted({});
    },
  } satisfies Pick<CallHandlers, 'intake:results' | 'intake:retry-result'>;
}
