import path from 'node:path';
import { runInTurns, type Step } from './run-in-turns.ts';

/**
 * All types, one step: the root's `tsconfig.json` names the parts, and each refers to the parts it imports
 * from. A part is checked against the declarations of those below it, so that an error is reported once, in
 * the part that has it, and only what a change reaches is checked again.
 */
export const typeStep: Step = {
  name: 'types',
  command: process.execPath,
  args: [path.resolve('node_modules/typescript/bin/tsc'), '--build', '--pretty', 'false'],
};

if (import.meta.main) process.exitCode = (await runInTurns([typeStep])) ? 0 : 1;
