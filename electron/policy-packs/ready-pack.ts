import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'yaml';

/**
 * A pack of the program in a form that is read at once. Reading YAML is most of what a start with all packs
 * takes; the build writes this beside each `pack.yaml`, and it counts only while it was made of that text.
 */
type ReadyPack = { readonly madeOf: string; readonly data: unknown };

const readyFileOf = (packFile: string): string => packFile.replace(/\.yaml$/, '.ready.json');
const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Writes the ready form of one `pack.yaml` of the program's own, at build time. */
export async function writeReadyPack(packFile: string): Promise<void> {
  const text = await readFile(packFile, 'utf8');
  const ready: ReadyPack = { madeOf: hashOf(text), data: parse(text) };
  await writeFile(readyFileOf(packFile), JSON.stringify(ready));
}

/** The data of a pack in its ready form; null where there is none, or one made of another text. */
export async function readReadyPack(packFile: string, text: string): Promise<unknown> {
  let ready: unknown;
  try {
    ready = JSON.parse(await readFile(readyFileOf(packFile), 'utf8'));
  } catch {
    return null;
  }
  if (typeof ready !== 'object' || ready === null) return null;
  if (!('madeOf' in ready && 'data' in ready)) return null;
  return ready.madeOf === hashOf(text) ? ready.data : null;
}
