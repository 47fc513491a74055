import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { demoDocuments } from '../../electron/intake/demo-data.ts';
import { idNumberOf } from '../demo-data/demo-people.ts';

type VisitDocument = {
  readonly visit: { readonly id: string };
  readonly person: { readonly idNumber: string; readonly birthDate: string };
};

/** A stay of 85 lines, and one of 34 with another person's categories: what a county hospital discharges. */
const models = ['ZY20171110001', 'ZY20171103002'];

const filesOf = 500;

/**
 * Writes files of invented visits for `import`: copies of two of the demo's, each with a number of its own and a
 * person of its own. Answers with the files and with the ids of the visits in the order they stand.
 */
export async function writeManyVisits(
  folder: string,
  count: number,
): Promise<{ readonly files: readonly string[]; readonly visitIds: readonly string[] }> {
  const documents = (await demoDocuments()) as readonly (VisitDocument | null)[];
  const visits = Array.from({ length: count }, (_, n) => {
    const model = models[n % models.length];
    const found = documents.find((each) => each?.visit.id === model);
    if (found === undefined || found === null) throw new Error(`the demo has no ${String(model)}`);
    return copyOf(found, n);
  });
  const files: string[] = [];
  for (let from = 0; from < count; from += filesOf) {
    const file = path.join(folder, `visits-${String(from)}.json`);
    writeFileSync(file, JSON.stringify(visits.slice(from, from + filesOf)));
    files.push(file);
  }
  return { files, visitIds: visits.map(({ visit }) => visit.id) };
}

/** Both models are men: the seventeenth digit stays odd. 450 people to a day of birth. */
function copyOf(model: VisitDocument, n: number): VisitDocument {
  const birthDate = new Date(Date.UTC(1941, 0, 1 + Math.floor(n / 450))).toISOString().slice(0, 10);
  const idNumber = idNumberOf({ name: '', village: '', birthDate, serial: 101 + 2 * (n % 450) });
  return {
    ...model,
    visit: { ...model.visit, id: `SOAK${String(n).padStart(6, '0')}` },
    person: { ...model.person, idNumber, birthDate },
  };
}
