import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { takeLock } from './named-lock.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settlement-lock-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Another program that takes the lock and then holds it until it is killed. */
async function holdElsewhere() {
  const module = pathToFileURL(join(import.meta.dirname, 'named-lock.ts')).href;
  const program = join(folder, 'holder.mjs');
  await writeFile(
    program,
    `import { takeLock } from ${JSON.stringify(module)};
     const lock = await takeLock(${JSON.stringify(folder)}, 'upload', 'uploading', '2017-11-27T20:00:00.000+08:00');
     process.stdout.write(lock.ok ? 'held' : 'refused');
     setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe('held');
  return child;
}

describe('a named lock', () => {
  it('is refused to a second with who holds it, and given again after release', async () => {
    const first = await takeLock(folder, 'upload', 'uploading');
    if (!first.ok) throw new Error('the first taker is refused');
    const second = await takeLock(folder, 'upload', 'uploading too');
    expect(second).toMatchObject({
      ok: false,
      refusal: { code: 'busy', details: [{ pid: process.pid, doing: 'uploading' }] },
    });
    first.value.release();
    const third = await takeLock(folder, 'upload', 'uploading');
    expect(third.ok).toBe(true);
    if (third.ok) third.value.release();
  });

  it('does not stand in the way of another name', async () => {
    const first = await takeLock(folder, 'upload', 'uploading');
    const other = await takeLock(folder, 'restore', 'restoring');
    expect([first.ok, other.ok]).toEqual([true, true]);
    if (first.ok) first.value.release();
    if (other.ok) other.value.release();
  });

  it('is freed by the operating system when its holder is killed, whatever the pid file says', async () => {
    const child = await holdElsewhere();
    const refusal = await takeLock(folder, 'upload', 'uploading');
    expect(refusal).toMatchObject({
      ok: false,
      refusal: {
        code: 'busy',
        details: [{ pid: child.pid, since: '2017-11-27T20:00:00.000+08:00', doing: 'uploading' }],
      },
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await takeLock(folder, 'upload', 'uploading');
    expect(lock.ok).toBe(true);
    if (lock.ok) lock.value.release();
  });
});
