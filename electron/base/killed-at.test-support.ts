import { spawn } from 'node:child_process';
import { expect } from 'vitest';

/** Runs a program of its own until it kills itself at a crash point; answers with what it said on the way. */
export async function killedAt(
  point: string,
  program: string,
  words: readonly string[],
): Promise<string> {
  const child = spawn(process.execPath, [program, ...words], {
    env: { ...process.env, CRASH_AT: point },
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const signal = await new Promise((resolve) => {
    child.on('exit', (_code, by) => {
      resolve(by);
    });
  });
  expect([signal, said]).toEqual(['SIGKILL', expect.stringContaining(point)]);
  return said;
}
