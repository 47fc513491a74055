import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { readNamedFile } from '../base/foreign-folder.ts';
import type { OwnFile } from './place-format.ts';

/** Larger than any list of packs: what is beyond it is no pack. */
const filesBytesMax = 32 * 1024 * 1024;

/** The hospital's own packs: settling on another machine needs them, and they are not in the database. */
export async function ownFilesOf(home: string): Promise<readonly OwnFile[]> {
  const folder = join(home, 'policy-packs');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files: OwnFile[] = [];
  let left = filesBytesMax;
  for (const path of paths) {
    const bytes = bytesIn(path, left);
    if (bytes === null) break;
    left -= bytes.length;
    files.push({
      path: relative(home, path).split(sep).join('/'),
      base64: bytes.toString('base64'),
    });
  }
  return files;
}

/** Null where it holds more than there is room for: so much is not even read. */
function bytesIn(path: string, bytesMax: number): Buffer | null {
  try {
    return readNamedFile(path, bytesMax);
  } catch (problem) {
    if (problem instanceof RangeError) return null;
    throw problem;
  }
}
