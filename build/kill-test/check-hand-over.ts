import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Store } from '../../electron/database/store.ts';

/**
 * What the hospital's system did not get: for each settlement of some visits a whole file, and for each
 * cancellation another. A file may come twice, never be missing, half written or another's.
 */
export async function problemsInHandOver(
  store: Store,
  visitIds: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const problems: string[] = [];
  await store.read(async ({ settlements }) => {
    for (const visitId of visitIds) {
      for (const { settlementId, number, state } of await settlements.ofVisit(visitId)) {
        const kinds = state === 'cancelled' ? ['settled', 'cancelled'] : ['settled'];
        for (const kind of kinds) {
          const file = path.join(folder, `${settlementId}.${kind}.json`);
          if (numberIn(file) !== number)
            problems.push(`file: ${number} ${kind} was not handed over`);
        }
      }
    }
  });
  return problems;
}

function numberIn(file: string): unknown {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof content === 'object' && content !== null && 'number' in content
      ? content.number
      : null;
  } catch {
    return null;
  }
}
