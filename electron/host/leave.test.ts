import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leave-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What leaves by itself has all the time it takes on a busy machine; what hangs is ended soon. */
const [longEnough, atOnce] = [600_000, 50];

/** A program that does something and then leaves; how it ended. */
async function ended(
  program: string,
  withinMs = atOnce,
): Promise<readonly [number | null, string | null]> {
  const leave = JSON.stringify(new URL('./leave.ts', import.meta.url).href);
  const soon = `(ms, act) => { const timer = setTimeout(act, ${String(withinMs)}); return () => clearTimeout(timer); }`;
  const text = `
    import { leaveWithin } from ${leave};
    import { open } from 'node:fs/promises';
    const leave = (close) => leaveWithin(close, () => process.exit(0), ${soon});
    const closed = () => Promise.resolve();
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return (await once(child, 'exit')) as [number | null, string | null];
}

describe('a program that leaves', () => {
  const byForce = [null, 'SIGKILL'];

  it('ends by itself where nothing hangs, also where something fails to close', async () => {
    expect(await ended('await leave(closed);', longEnough)).toEqual([0, null]);
    const failing = "await leave(() => Promise.reject(new Error('x')));";
    expect(await ended(failing, longEnough)).toEqual([0, null]);
  });

  it('ends where something never closes', async () => {
    expect(await ended('await leave(() => new Promise(() => undefined));')).toEqual(byForce);
  });

  it('ends where a file is read that never comes, as on a share that hangs', async () => {
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    // `exit` would wait for the thread that opens it, for ever.
    expect(await ended("void open('pipe', 'r'); await leave(closed);")).toEqual(byForce);
  });
});
