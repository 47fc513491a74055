import { createHash } from 'node:crypto';
import { z } from 'zod';

import type { RemittanceLineTable } from '../database/remittance-tables.ts';
import type { Repositories, Store } from '../database/store.ts';
import type { FoundProblem } from '../database/verification-repository.ts';
import { readRemittance } from './read-remittance.ts';
import { markOfRemittance } from './remittance-mark.ts';

/** Of an entry of the audit: the mark of what it speaks of. */
const markSchema = z.object({ mark: z.string().nullable() }).partial();

const problemsMax = 100;
const remittancesAtOnce = 20;
const linesAtOnce = 500;

/**
 * Compares every remittance with the file it came as, read anew, and with the mark in the audit: whoever has the key and an
 * editor changes rows, but neither the file's hash nor the mark.
 */
export function problemsOfRemittances(store: Store): Promise<readonly FoundProblem[]> {
  return store.read(async (repositories) => {
    const found: FoundProblem[] = [];
    for (let before: string | undefined; found.length < problemsMax;) {
      const page = await repositories.remittances.list({
        ...(before === undefined ? {} : { before }),
        limit: remittancesAtOnce,
      });
      for (const { id } of page)
        found.push(
          ...(await problemsOf(repositories, id)).map((problem) => ({ about: id, problem })),
        );
      const last = page.at(-1);
      if (last === undefined) break;
      before = last.id;
    }
    return found;
  });
}

async function problemsOf(
  { remittances, audit }: Repositories,
  id: string,
): Promise<readonly string[]> {
  const remittance = await remittances.find(id);
  if (remittance === null) return [];
  const lines: RemittanceLineTable[] = [];
  for (let after = 0; ;) {
    const page = await remittances.linesOf(id, { after, limit: linesAtOnce });
    lines.push(...page);
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.position;
  }
  const problems: string[] = [];
  const file = await remittances.file(remittance.payer, remittance.sha256);
  const bytes = Buffer.from(file?.content_base64 ?? '', 'base64');
  if (createHash('sha256').update(bytes).digest('hex') !== remittance.sha256)
    problems.push('its file is not the one that was taken in');
  else {
    const read = readRemittance(bytes);
    if ('problems' in read) problems.push('its file is not read any more');
    else if (read.remittance.sums.paidFen !== remittance.paid_fen)
      problems.push('its file says another sum than is kept');
    else if (read.remittance.lines.length !== lines.length)
      problems.push('its file has other lines than are kept');
  }
  const entry = (await audit.about(id)).find(({ act }) => act === 'take-in-remittance');
  const { mark = null } =
    entry === undefined ? {} : (markSchema.safeParse(JSON.parse(entry.detail_json)).data ?? {});
  if (mark !== null && mark !== markOfRemittance(audit, remittance, lines))
    problems.push('was changed since it was taken in, and nothing says by whom');
  return problems;
}
