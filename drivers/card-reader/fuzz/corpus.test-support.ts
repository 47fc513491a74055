import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One input as it would come from a device, and what it is. */
export type CorpusEntry = { readonly bytes: Uint8Array; readonly what: string };

const folder = join(import.meta.dirname, 'corpus');

export const corpusNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => file.replace(/\.txt$/, ''))
  .sort();

/** The inputs of one file: a line each, hexadecimal (blanks do not matter), then `#` and what it is. */
export function readCorpus(name: string): readonly CorpusEntry[] {
  const lines = readFileSync(join(folder, `${name}.txt`), 'utf8').split('\n');
  return lines.flatMap((line, at): CorpusEntry[] => {
    const [written = '', what = ''] = line.split('#', 2);
    const hex = written.replace(/\s/g, '');
    if (hex === '') return [];
    if (!/^([\da-f]{2})+$/i.test(hex) || what.trim() === '') {
      throw new Error(`corpus ${name}, line ${String(at + 1)}: hexadecimal, then # and what it is`);
    }
    return [{ bytes: Uint8Array.from(Buffer.from(hex, 'hex')), what: what.trim() }];
  });
}
