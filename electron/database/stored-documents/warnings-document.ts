import { z } from 'zod';

import type { Warning } from '../../../shared/domain/result.ts';
import type { StoredKind } from './stored-kind.ts';
import { storedWords } from './stored-words.ts';

const warnings = z.array(
  z.object({ code: z.string(), text: storedWords, place: z.string().exactOptional() }),
);

/** What was warned of when a bill came in. */
export const warningsDocument: StoredKind<readonly Warning[]> = {
  id: 'warnings',
  name: { zh: '导入提醒', en: 'warnings of intake' },
  newest: 0,
  steps: [],
  decode: (json) => warnings.parse(json),
};

/** The text of warnings and its version, as the row keeps them. */
export function warningsColumns(of: readonly Warning[]) {
  return { warnings_json: JSON.stringify(of), warnings_version: warningsDocument.newest };
}
