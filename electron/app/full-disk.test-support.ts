import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small disk of its own, really mounted, so that the system itself says when it is full or only read. */
export type SmallDisk = {
  readonly path: string;
  /** Takes every byte that is left. */
  fill(): void;
  /** Gives back what `fill` took. */
  empty(): void;
  /** Mounts a folder of it once more, for reading only; answers with where. */
  readOnly(folder: string): string;
  remove(): void;
};

/** Mounts a disk in memory; null where this user may not mount. */
export function mountSmallDisk(megabytes: number): SmallDisk | null {
  const root = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const path = join(root, 'disk');
  mkdirSync(path);
  const size = `size=${String(megabytes)}m`;
  if (!mount(['-t', 'tmpfs', '-o', size, 'tmpfs', path])) {
    rmSync(root, { recursive: true });
    return null;
  }
  const mounted = [path];
  const ballast = join(path, 'ballast');
  return {
    path,
    fill() {
      const file = openSync(ballast, 'a');
      try {
        // Larger pieces first; the last bytes one page and then one byte at a time.
        for (const bytes of [1 << 20, 4096, 1]) {
          while (takes(file, bytes));
        }
      } finally {
        closeSync(file);
      }
    },
    empty() {
      rmSync(ballast, { force: true });
    },
    readOnly(folder) {
      const target = join(root, `read-only-${String(mounted.length)}`);
      mkdirSync(target);
      mounted.push(target);
      if (!mount(['--bind', folder, target]) || !mount(['-o', 'remount,ro,bind', target])) {
        throw new Error('a folder cannot be mounted for reading only');
      }
      return target;
    },
    remove() {
      for (const each of mounted.reverse()) spawnSync('umount', [each]);
      rmSync(root, { recursive: true });
    },
  };
}

const mount = (args: readonly string[]): boolean => spawnSync('mount', args).status === 0;

function takes(file: number, bytes: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(bytes)) === bytes;
  } catch {
    return false;
  }
}
