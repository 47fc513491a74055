import type { PrintJobView } from '../../shared/contracts/documents.ts';
import type { PrintJob } from '../database/print-jobs-repository.ts';
import type { Repositories } from '../database/store.ts';
import { maskName } from '../security/mask.ts';

/** Sheets as the page shows them: with the settlement's number and the patient's masked name. */
export async function printJobViews(
  { settlements }: Pick<Repositories, 'settlements'>,
  jobs: readonly PrintJob[],
): Promise<readonly PrintJobView[]> {
  const known = new Map<string, { settlementNumber: string; maskedName: string }>();
  for (const { settlementId } of jobs) {
    if (known.has(settlementId)) continue;
    const settlement = await settlements.find(settlementId);
    const input = await settlements.inputOf(settlementId);
    known.set(settlementId, {
      settlementNumber: settlement?.number ?? '',
      maskedName: maskName(input?.person.name ?? ''),
    });
  }
  return jobs.map((job) => {
    const { settlementNumber = '', maskedName = '' } = known.get(job.settlementId) ?? {};
    const { id: printJobId, settlementId, document, copyNumber, state, updatedAt, problem } = job;
    return {
      printJobId,
      settlementId,
      settlementNumber,
      maskedName,
      document,
      copyNumber,
      state,
      updatedAt,
      problem,
    };
  });
}
