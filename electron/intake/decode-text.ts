import iconv from 'iconv-lite';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { intakeRefusal } from './intake-refusals.ts';

/** How the characters of a file are written. */
export type Encoding = 'utf-8' | 'gb18030';

/**
 * How a file is written: UTF-8 (with or without a byte order mark) or GB18030. Refused with the line if bytes belong to
 * neither: a guessed character in a name or an amount is worse than none. `chunks` gives the bytes from the beginning
 * each time it is called.
 */
export function encodingOf(
  chunks: () => Iterable<Uint8Array>,
): Result<Encoding, 'undecodable-bytes'> {
  const utf8 = readAs(chunks(), utf8Decoder());
  if (utf8.nulLine !== null) return undecodable(utf8.nulLine);
  if (utf8.bad === 0) return accepted('utf-8');
  // In GB18030 read as UTF-8 nearly every Chinese character fails; in damaged UTF-8 nearly none does.
  if (utf8.hasMark || utf8.good > utf8.bad) return undecodable(utf8.badLine);
  const gb18030 = readAs(chunks(), iconv.getDecoder('gb18030'));
  return gb18030.bad === 0 ? accepted('gb18030') : undecodable(gb18030.badLine);
}

/** The text of some bytes, all of a file or whole rows of it. */
export function textOf(bytes: Uint8Array, encoding: Encoding): string {
  // The decoder drops the mark by itself.
  if (encoding === 'utf-8') return new TextDecoder('utf-8').decode(bytes);
  return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 'gb18030');
}

/** The text of a whole file. */
export function decodeText(bytes: Uint8Array): Result<string, 'undecodable-bytes'> {
  const encoding = encodingOf(() => [bytes]);
  return encoding.ok ? accepted(textOf(bytes, encoding.value)) : encoding;
}

type Decoder = { write(bytes: Buffer): string; end(): string | undefined };

function utf8Decoder(): Decoder {
  const decoder = new TextDecoder('utf-8');
  return {
    write: (bytes) => decoder.decode(bytes, { stream: true }),
    end: () => decoder.decode(),
  };
}

type Reading = {
  hasMark: boolean;
  /** Characters that could not be read, and those beyond the Latin ones that could. */
  bad: number;
  good: number;
  /** The line of the first one that could not be read. */
  badLine: number;
  nulLine: number | null;
};

function readAs(chunks: Iterable<Uint8Array>, decoder: Decoder): Reading {
  const found: Reading = { hasMark: false, bad: 0, good: 0, badLine: 1, nulLine: null };
  let line = 1;
  let isFirst = true;
  const take = (text: string): void => {
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 0x0a) line += 1;
      else if (code === 0) found.nulLine ??= line;
      else if (code === 0xfffd) {
        if (found.bad === 0) found.badLine = line;
        found.bad += 1;
      } else if (code > 0x7ff) found.good += 1;
    }
  };
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (isFirst) found.hasMark = hasUtf8Mark(bytes);
    isFirst = false;
    take(decoder.write(bytes));
    if (found.nulLine !== null) return found;
  }
  take(decoder.end() ?? '');
  return found;
}

/** Whether bytes begin with the mark of UTF-8. */
export function hasUtf8Mark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function undecodable(line: number): Result<never, 'undecodable-bytes'> {
  return refused(intakeRefusal('undecodable-bytes', { line }));
}
