import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

/** A program that is sent SIGUSR1 and says, once that has come, whether a debugger listens. */
const program = (begin: string): string => `
import { url } from 'node:inspector';
import { openNoDebugger } from '${fileURLToPath(new URL('no-debugger.ts', import.meta.url))}';
${begin}
const isHeard = new Promise((resolve) => {
  if (process.listenerCount('SIGUSR1') > 0) process.once('SIGUSR1', resolve);
  else setInterval(() => url() && resolve(), 1);
});
setInterval(() => undefined, 1000);
process.kill(process.pid, 'SIGUSR1');
await isHeard;
console.log(url() === undefined ? 'none' : 'a debugger');
process.exit();
`;

async function saidBy(begin: string): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--inspect-port=0', '--input-type=module', '-e', program(begin)],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child, 'close');
  return said.trim();
}

describe.skipIf(process.platform === 'win32')('SIGUSR1', () => {
  it('opens no debugger to everybody on the machine, as it does of itself', async () => {
    expect(await saidBy('')).toBe('a debugger');
    expect(await saidBy('openNoDebugger();')).toBe('none');
  });
});
