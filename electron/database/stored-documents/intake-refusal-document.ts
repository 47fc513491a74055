import { z } from 'zod';

import type { StoredKind } from './stored-kind.ts';
import { storedWords } from './stored-words.ts';

const said = z.object({ message: storedWords, remedy: storedWords });

/** What intake said of something it did not take: what is wrong, and what to do. */
export type IntakeRefusalWords = Readonly<z.infer<typeof said>>;

const checkAtSource = {
  zh: '请按提示在原系统改正后重新导入。',
  en: 'Correct it where it comes from, then import it again.',
};

export const intakeRefusalDocument: StoredKind<IntakeRefusalWords> = {
  id: 'intake-refusal',
  name: { zh: '导入问题', en: 'refusal of intake' },
  newest: 1,
  // Version 0 was the message alone.
  steps: [(message) => ({ message, remedy: checkAtSource })],
  decode: (json) => said.parse(json),
};
