/** `verify-audit` as a program of its own, for whoever has nothing of ours but these two files and Node. */
import { readFileSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { keyInFile, verifyAudit } from './verify-audit.ts';

const { values, positionals } = parseArgs({
  options: { digest: { type: 'string' }, key: { type: 'string' } },
  allowPositionals: true,
});
const check = verifyAudit(readFileSync(positionals[0] ?? ''), {
  digest: values.digest ?? null,
  folderKey: values.key === undefined ? null : keyInFile(readFileSync(values.key)),
});
writeSync(1, `${JSON.stringify(check, null, 2)}\n`);
process.exit(check.ok ? 0 : 1);
