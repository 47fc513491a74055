import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
} from 'node:crypto';

import { z } from 'zod';

import type { JournalRow } from '../database/journal-repository.ts';

/** Keys of a second place, derived from the key of the folder: whoever has that one needs no other. */
export type PlaceKeys = { readonly sealing: Buffer; readonly naming: Buffer };

export function placeKeys(folderKey: Uint8Array): PlaceKeys {
  const derive = (of: string): Buffer => Buffer.from(hkdfSync('sha256', folderKey, '', of, 32));
  return { sealing: derive('second place 1, sealing'), naming: derive('second place 1, naming') };
}

/** The file by which a second place is known; nothing in it is secret. */
export const markerFile = 'settlement-second-place.json';
/** Which machine holds the place, sealed. */
export const ownerFile = 'owner';
/** How far the place goes, sealed, written after every append: a cut at the end of a segment shows by it. */
export const headFile = 'head';
/** Names carry the term first, so that what a machine wrote that took over comes after everything before. */
export const baseFile = (term: number, sequence: number): string =>
  `base-${numbered(term, 4)}-${numbered(sequence, 12)}.db`;
export const segmentFile = (term: number, after: number, part: number): string =>
  `rows-${numbered(term, 4)}-${numbered(after, 12)}-${numbered(part, 4)}.seg`;
const numbered = (number: number, digits: number): string => String(number).padStart(digits, '0');

/** A segment by its name: the rows after one number, written under one term. */
type SegmentName = {
  readonly name: string;
  readonly term: number;
  readonly after: number;
  readonly part: number;
};

/** The segments among some names, in the order they were written in. */
export function segmentsAmong(names: readonly string[]): readonly SegmentName[] {
  return names
    .flatMap((name) => {
      const match = /^rows-(\d{4})-(\d{12})-(\d{4})\.seg$/.exec(name);
      if (match === null) return [];
      return [{ name, term: Number(match[1]), after: Number(match[2]), part: Number(match[3]) }];
    })
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));
}

/** A copy of the whole database by its name. */
type BaseName = { readonly name: string; readonly term: number; readonly sequence: number };

/** The copies among some names, oldest first. */
export function basesAmong(names: readonly string[]): readonly BaseName[] {
  return names
    .flatMap((name) => {
      const match = /^base-(\d{4})-(\d{12})\.db$/.exec(name);
      return match === null ? [] : [{ name, term: Number(match[1]), sequence: Number(match[2]) }];
    })
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));
}

export const markerSchema = z.strictObject({
  what: z.literal('settlement-window second place'),
  format: z.literal(1),
  folder: z.string().min(1),
  kind: z.enum(['demo', 'live']),
  /** Tells whether a key is the folder's, without telling anything of the key. */
  check: z.string(),
});
export type Marker = z.infer<typeof markerSchema>;

export function markerOf(
  folder: { readonly id: string; readonly kind: 'demo' | 'live' },
  keys: PlaceKeys,
): Marker {
  const check = createHmac('sha256', keys.naming).update(folder.id).digest('hex');
  const what = 'settlement-window second place';
  return { what, format: 1, folder: folder.id, kind: folder.kind, check };
}

/** Which copy of the whole database a run of segments goes on from. */
const baseSchema = z.strictObject({
  file: z.string(),
  /** The last row of the journal that is in it. */
  sequence: z.int(),
  /** The last migration its tables went through. */
  schema: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  madeAt: z.string(),
});
export type Base = z.infer<typeof baseSchema>;

/** A file that is not in the database and that settling needs: a pack of the hospital's own. */
const ownFileSchema = z.strictObject({ path: z.string(), base64: z.string() });
export type OwnFile = z.infer<typeof ownFileSchema>;

const rowSchema = z.strictObject({
  sequence: z.int(),
  table_name: z.string(),
  act: z.enum(['put', 'change', 'remove', 'end']),
  row_json: z.string(),
  at: z.string().nullable(),
});

/** What one record of a segment says. The first of every segment is a `start`. */
const recordSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    folder: z.string(),
    base: baseSchema,
    /** The chain at the end of the segment before this one; null in the first after a base. */
    previous: z.string().nullable(),
    /** What all own files hash to. */
    filesHash: z.string(),
  }),
  z.strictObject({ kind: z.literal('files'), files: z.array(ownFileSchema) }),
  z.strictObject({
    kind: z.literal('rows'),
    /** The last migration of the tables these rows are of. */
    schema: z.int(),
    term: z.int(),
    rows: z.array(rowSchema),
  }),
]);
export type PlaceRecord = z.infer<typeof recordSchema>;
export type StartRecord = Extract<PlaceRecord, { kind: 'start' }>;

export const ownerSchema = z.strictObject({ term: z.int(), since: z.string() });
export const headSchema = z.strictObject({
  /** The last row, the segment it is in, the length of the segment then, and the chain there. */
  sequence: z.int(),
  segment: z.string(),
  bytes: z.int(),
  chain: z.string(),
  at: z.string(),
});
type Head = z.infer<typeof headSchema>;

const lengthBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
/** No record is near this: a length beyond it is damage, not a record. */
const recordBytesMax = 512 * 1024 * 1024;

/** What the first record of a file is chained to: its name, so that no file stands in for another. */
export function chainStart(file: string): string {
  return sha256Hex(Buffer.from(file));
}

/** Seals one record behind a chain; answers its bytes and the chain after it. */
export function sealRecord(
  keys: PlaceKeys,
  chain: string,
  record: unknown,
): { readonly bytes: Buffer; readonly chain: string } {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keys.sealing, nonce).setAAD(Buffer.from(chain));
  const text = Buffer.from(JSON.stringify(record));
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(sealed.length);
  const bytes = Buffer.concat([length, nonce, sealed]);
  return { bytes, chain: nextChain(chain, bytes) };
}

const nextChain = (chain: string, bytes: Uint8Array): string =>
  createHash('sha256').update(chain).update(bytes).digest('hex');

/** A record that was read, with the chain and the place in the file after it. */
type ReadRecord = {
  readonly record: PlaceRecord;
  readonly chain: string;
  readonly end: number;
};

/** The records of a file up to the first that cannot be read. */
type ReadRecords = {
  readonly records: readonly ReadRecord[];
  /** `cut`: the last record is not whole. `changed`: one is not what was written there. Null: all were read. */
  readonly problem: 'cut' | 'changed' | null;
};

/** Reads a segment. */
export function readRecords(keys: PlaceKeys, file: string, bytes: Buffer): ReadRecords {
  const records: ReadRecord[] = [];
  let chain = chainStart(file);
  let at = 0;
  while (at < bytes.length) {
    const opened = openAt(keys, chain, bytes, at);
    if (typeof opened === 'string') return { records, problem: opened };
    const record = recordSchema.safeParse(opened.said);
    if (!record.success) return { records, problem: 'changed' };
    chain = opened.chain;
    at = opened.end;
    records.push({ record: record.data, chain, end: at });
  }
  return { records, problem: null };
}

/** Opens a file of one sealed record; null where it is not what was written, or was never written. */
export function openSealed<Said>(
  keys: PlaceKeys,
  file: string,
  bytes: Buffer,
  schema: z.ZodType<Said>,
): Said | null {
  const opened = openAt(keys, chainStart(file), bytes, 0);
  if (typeof opened === 'string') return null;
  const said = schema.safeParse(opened.said);
  return said.success ? said.data : null;
}

type Opened = { readonly said: unknown; readonly chain: string; readonly end: number };

function openAt(
  keys: PlaceKeys,
  chain: string,
  bytes: Buffer,
  at: number,
): Opened | 'cut' | 'changed' {
  if (bytes.length - at < lengthBytes) return 'cut';
  const length = bytes.readUInt32BE(at);
  if (length < tagBytes || length > recordBytesMax) return 'changed';
  const end = at + lengthBytes + nonceBytes + length;
  if (bytes.length < end) return 'cut';
  const nonce = bytes.subarray(at + lengthBytes, at + lengthBytes + nonceBytes);
  const sealed = bytes.subarray(at + lengthBytes + nonceBytes, end - tagBytes);
  const opener = createDecipheriv('aes-256-gcm', keys.sealing, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(chain))
    .setAuthTag(bytes.subarray(end - tagBytes, end));
  try {
    const text = Buffer.concat([opener.update(sealed), opener.final()]);
    const said: unknown = JSON.parse(text.toString('utf8'));
    return { said, chain: nextChain(chain, bytes.subarray(at, end)), end };
  } catch {
    return 'changed';
  }
}

/** The length of a sealed head is always the same, so that it is written over in place. */
const headBytes = 512;

/** Seals the head and fills it up. */
export function sealHead(keys: PlaceKeys, head: Head): Buffer {
  const { bytes } = sealRecord(keys, chainStart(headFile), head);
  if (bytes.length > headBytes) throw new Error('the head of a second place is too long');
  return Buffer.concat([bytes, Buffer.alloc(headBytes - bytes.length)]);
}

/** What rows hash to: the same rows in two histories, or not. */
export function rowsHash(rows: readonly JournalRow[]): string {
  const said = rows.map(({ sequence, table_name, act, row_json, at }) => [
    sequence,
    table_name,
    act,
    row_json,
    at,
  ]);
  return sha256Hex(Buffer.from(JSON.stringify(said)));
}

/** What a list of own files hashes to, in the order of their paths. */
export function filesHash(files: readonly OwnFile[]): string {
  return sha256Hex(Buffer.from(JSON.stringify(files.map(({ path, base64 }) => [path, base64]))));
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
