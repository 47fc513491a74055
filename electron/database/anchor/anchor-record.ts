import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

/** How far the books had come at one commit: what the anchor keeps of it, no names and no amounts. */
export type BooksMark = {
  /** Grows with every restore: what was written before one is behind what was written after it. */
  readonly generation: number;
  /** How many units of work were ever kept in this generation's line. */
  readonly units: number;
  /** The number and the hash of the last audit entry; 0 and an empty text where there is none yet. */
  readonly entries: number;
  readonly head: string;
};

/** A mark with the last settlement number of the days it tells of: of some days, or of all in a base record. */
export type AnchorRecord = BooksMark & {
  readonly at: string;
  readonly days: Readonly<Record<string, number>>;
};

const recordSchema = z.strictObject({
  v: z.literal(1),
  folder: z.string(),
  generation: z.int(),
  units: z.int(),
  entries: z.int(),
  head: z.string(),
  at: z.string(),
  days: z.record(z.string(), z.int()),
});

/** What a line of the anchor is; a torn one is what a crash in the middle of writing leaves. */
type AnchorLine =
  | { readonly kind: 'record'; readonly record: AnchorRecord }
  | { readonly kind: 'torn' }
  /** Whole, but not written by this folder with this key, or changed since. */
  | { readonly kind: 'not-ours' };

/** Writes and reads the lines of one folder's anchor. */
export type AnchorCodec = {
  readonly write: (record: AnchorRecord) => string;
  readonly read: (line: string) => AnchorLine;
};

const wholeLine = /^(\{.*\}) ([\w-]{43})$/;

/**
 * The codec of a folder: a line is the record as JSON and a MAC over it under a key derived from the folder's, so
 * that nobody without the key writes one, and no line of another folder stands for one of this.
 */
export function anchorCodec(folderKey: Uint8Array, folder: string): AnchorCodec {
  const key = Buffer.from(hkdfSync('sha256', folderKey, '', 'settlement anchor 1', 32));
  const macOf = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return {
    write({ generation, units, entries, head, at, days }) {
      const record = { v: 1, folder, generation, units, entries, head, at, days };
      const text = JSON.stringify(record);
      return `${text} ${macOf(text).toString('base64url')}`;
    },
    read(line) {
      const [, text = '', mac = ''] = wholeLine.exec(line) ?? [];
      if (text === '') return { kind: 'torn' };
      const given = Buffer.from(mac, 'base64url');
      const expected = macOf(text);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        return { kind: 'not-ours' };
      }
      const parsed = recordSchema.safeParse(JSON.parse(text));
      if (!parsed.success || parsed.data.folder !== folder) return { kind: 'not-ours' };
      const { generation, units, entries, head, at, days } = parsed.data;
      return { kind: 'record', record: { generation, units, entries, head, at, days } };
    },
  };
}

/** Whether one mark is of an earlier state of the books than another. */
export function isBehind(
  mark: Pick<BooksMark, 'generation' | 'units'>,
  other: Pick<BooksMark, 'generation' | 'units'>,
): boolean {
  if (mark.generation !== other.generation) return mark.generation < other.generation;
  return mark.units < other.units;
}
