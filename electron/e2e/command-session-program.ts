import { writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import type * as CommandLine from '../cli.ts';

// Each line of standard input is one command, as a list of words. The built command line runs it, prints its
// document as it always does, and a line `exit N` says that it has ended.

const built = pathToFileURL(resolve('out/electron/cli.js')).href;
const { runCommandLine } = (await import(built)) as typeof CommandLine;
for await (const line of createInterface({ input: process.stdin })) {
  const exitCode = await runCommandLine(JSON.parse(line) as string[], process.env);
  writeSync(1, `exit ${String(exitCode)}\n`);
}
