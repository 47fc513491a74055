import { z } from 'zod';

import { sha256 } from '../../database/canonical-json.ts';
import type { Repositories } from '../../database/store.ts';
import type { HospitalSource } from './connection-settings.ts';
import type { MarkerPlace } from './hospital-database.ts';
import { viewText } from './read-views.ts';

/** How far the hospital's database was read, and which changes near there are known. */
export type PullPosition = MarkerPlace & {
  /** Changes that were read, the latest last: one that is committed late is not among them. */
  readonly seen: readonly string[];
};

/** The fact that holds it, kept with the books. */
const factName = 'sql-pull';
/** As many changes as can come between two looks and still be told from late ones. */
export const seenMax = 2000;

const shape = z.object({
  source: z.string(),
  marker: z.string(),
  visitId: z.string(),
  seen: z.array(z.string()),
});

/** A position is of one database and one view: another one is read from its beginning. */
const sourceKey = ({ access: { protocol, host, port, database }, views }: HospitalSource): string =>
  `${protocol}://${host}:${String(port)}/${database} ${viewText(views.visits)}`;

/** How a change is known again. */
export const changeKey = ({ marker, visitId }: MarkerPlace): string =>
  sha256(JSON.stringify([visitId, marker])).slice(0, 16);

export async function readPosition(
  { folderFacts }: Repositories,
  source: HospitalSource,
): Promise<PullPosition | null> {
  const kept = shape.safeParse(await folderFacts.get(factName));
  return kept.success && kept.data.source === sourceKey(source) ? kept.data : null;
}

export function keepPosition(
  { folderFacts }: Repositories,
  source: HospitalSource,
  { marker, visitId, seen }: PullPosition,
): Promise<void> {
  return folderFacts.set(factName, {
    ...{ source: sourceKey(source), marker, visitId },
    seen: seen.slice(-seenMax),
  });
}
