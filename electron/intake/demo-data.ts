import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { decodeSettlementInput } from '../../shared/contracts/stored-visit.ts';

/** The day a demo folder always stands at. */
export const demoBusinessDate = '2017-11-27';

/** The invented hospital whose desk the demo is. */
export const demoHospital = { code: 'H43062600001', name: '平江县第一人民医院' } as const;

/** The visits a new demo folder begins with settled, in the order they are settled. */
export const demoVisitsToSettle: readonly string[] = [
  'ZY20171113020',
  'ZY20171101022',
  'ZY20171116023',
  'ZY20171118024',
];

/** The demo's visits are beside the sources, or beside the built parts. */
export function demoDataFile(): string {
  const runsFromSources = import.meta.url.endsWith('.ts');
  const folder = runsFromSources ? '../../build/demo-data/data' : '../demo-data/data';
  return fileURLToPath(new URL(`${folder}/visits.json`, import.meta.url));
}

/** The ids of those visits. */
export async function demoVisitIds(): Promise<readonly string[]> {
  return (await demoDocuments()).map((document) => decodeSettlementInput(document).visit.id);
}

/** The invented visits of the demo as Visit JSON documents; throws where the program's own data is not there. */
export async function demoDocuments(): Promise<readonly unknown[]> {
  const documents: unknown = JSON.parse(await readFile(demoDataFile(), 'utf8'));
  if (!Array.isArray(documents)) throw new Error('the demo data is no list of visits');
  return documents as readonly unknown[];
}
