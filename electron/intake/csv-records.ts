/** One record of a CSV as its bytes, without the line end; a line end inside quotes ends none. */
export type CsvRecord = {
  /** Where it begins in the file, and where the next one does. */
  readonly start: number;
  readonly next: number;
  readonly bytes: Buffer;
  /** Why its columns cannot be told, where its quotes are broken. */
  readonly damage: string | null;
};

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/** No row is as long; a quote that is never closed must not fill the memory with the rest of the file. */
export const recordBytesMax = 4 * 1024 * 1024;

/**
 * The records of a CSV, one after another, over bytes: what separates cells, rows and quotes is the same byte in UTF-8
 * and GB18030 and never part of another character. Rows end with a line feed, a carriage return or both, also mixed.
 * The bytes of a record are good until the next one is asked for. Ends after a damaged one.
 */
export function* csvRecords(
  chunks: Iterable<Buffer>,
  separator: number,
  { from, afterReturn = false }: { readonly from: number; readonly afterReturn?: boolean },
): Generator<CsvRecord> {
  let kept: Buffer = Buffer.alloc(0);
  let keptFrom = from;
  let state: 'cell-start' | 'cell' | 'quoted' | 'after-quote' = 'cell-start';
  // The line feed of a line end whose carriage return stands before `from` begins no row.
  let skipsLineFeed = afterReturn;
  for (const chunk of chunks) {
    const bytes: Buffer = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    let begin = 0;
    for (let at = kept.length; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (skipsLineFeed) {
        skipsLineFeed = false;
        if (byte === lineFeed) {
          begin = at + 1;
          continue;
        }
      }
      if (state === 'quoted') {
        if (byte === quote) state = 'after-quote';
        continue;
      }
      if (byte === lineFeed || byte === carriageReturn) {
        const record = bytes.subarray(begin, at);
        skipsLineFeed = byte === carriageReturn;
        yield { start: keptFrom + begin, next: keptFrom + at + 1, bytes: record, damage: null };
        begin = at + 1;
        state = 'cell-start';
      } else if (byte === separator) state = 'cell-start';
      else if (byte === quote && state !== 'cell') state = 'quoted';
      else if (state === 'after-quote' && byte !== space) {
        yield damaged(keptFrom + begin, bytes.subarray(begin, at), 'a quote inside a quoted cell');
        return;
      } else if (state === 'cell-start') state = 'cell';
    }
    kept = Buffer.from(bytes.subarray(begin));
    keptFrom += begin;
    if (kept.length > recordBytesMax) {
      yield damaged(keptFrom, kept, `a row of more than ${String(recordBytesMax)} bytes`);
      return;
    }
  }
  if (kept.length === 0) return;
  const damage = state === 'quoted' ? 'a quote that is not closed' : null;
  yield { start: keptFrom, next: keptFrom + kept.length, bytes: kept, damage };
}

function damaged(start: number, bytes: Buffer, damage: string): CsvRecord {
  return { start, next: start + bytes.length, bytes, damage };
}
