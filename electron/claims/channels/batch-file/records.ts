import { createHash } from 'node:crypto';

/** What a file is proved by: SHA-256, or SM3 (GB/T 32905). */
export type FileHash = 'sha256' | 'sm3';

/** A line of a file: its kind in three letters, then its fields. */
export type FileRecord = { readonly line: number; readonly fields: readonly string[] };

/** Whether a text may stand in a field: it is there, parts no fields and lines, and is whole as UTF-8. */
export function fitsField(text: string, most: number): boolean {
  return (
    text.trim() !== '' &&
    [...text].length <= most &&
    text.isWellFormed() &&
    !/[|\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
  );
}

export const lineOf = (fields: readonly string[]): string => `${fields.join('|')}\n`;

/** The digest of a text's bytes in UTF-8, in hexadecimal digits. */
export async function digestOf(hash: FileHash, text: string): Promise<string> {
  const bytes = Buffer.from(text, 'utf8');
  if (hash === 'sha256') return createHash('sha256').update(bytes).digest('hex');
  const { sm3 } = await import('hash-wasm');
  return sm3(bytes);
}

/** The records of a file, and the text that its last line proves; null: no file of lines, or its last one is cut off. */
export function recordsOf(
  bytes: Uint8Array,
): { readonly records: readonly FileRecord[]; readonly proved: string } | null {
  const text = decode(bytes);
  if (text?.endsWith('\n') !== true) return null;
  const lines = text.slice(0, -1).split('\n');
  const last = lines.at(-1) ?? '';
  return {
    records: lines.map((line, index) => ({ line: index + 1, fields: line.split('|') })),
    proved: text.slice(0, text.length - last.length - 1),
  };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
