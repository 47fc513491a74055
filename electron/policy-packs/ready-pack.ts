import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { includedFile, withIncluded } from './pack-includes.ts';
import { packFingerprint } from './pack-fingerprint.ts';

/**
 * A pack of the program in a form that is read at once. Reading YAML is most of what a start with all packs
 * takes; the build writes this beside each `pack.yaml`, and it counts only while it was made of that text.
 */
type ReadyPack = { readonly madeOf: string; readonly data: unknown };

const readyFileOf = (packFile: string): string => packFile.replace(/\.yaml$/, '.ready.json');

/** What a pack includes; null where it includes nothing, or it cannot be read. */
async function includedText(packFile: string, text: string): Promise<string | null> {
  const file = includedFile(packFile, text);
  return file === null ? null : await readFile(file, 'utf8').catch(() => null);
}

/** Writes the ready form of one `pack.yaml` of the program's own, at build time. */
export async function writeReadyPack(packFile: string): Promise<void> {
  const text = await readFile(packFile, 'utf8');
  const included = await includedText(packFile, text);
  const ready: ReadyPack = {
    madeOf: packFingerprint(text, included),
    data: dataOf(text, included),
  };
  await writeFile(readyFileOf(packFile), JSON.stringify(ready));
}

function dataOf(text: string, included: string | null): unknown {
  const data: unknown = parse(text);
  if (included === null) return data;
  const whole = withIncluded(
    data as Readonly<Record<string, unknown>>,
    parse(included) as Readonly<Record<string, unknown>>,
  );
  if (!whole.ok) throw new Error(`a pack and what it includes do not fit: ${whole.part}`);
  return whole.data;
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
  const madeOf = packFingerprint(text, await includedText(packFile, text));
  return ready.madeOf === madeOf ? ready.data : null;
}
