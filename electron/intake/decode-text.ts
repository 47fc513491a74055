import iconv from 'iconv-lite';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { intakeRefusal } from './intake-refusals.ts';

/** How the characters of a file are written. Files in UTF-16 are made UTF-8 before (`text-of-utf16.ts`). */
export type Encoding = 'utf-8' | 'gb18030';

/** Why it cannot be told how a file is written. */
export type EncodingCode = 'undecodable-bytes' | 'encoding-uncertain';

/**
 * How a file is written: UTF-8 (with or without a byte order mark) or GB18030. Refused with the line if bytes belong to
 * neither, and where they could be of both: a guessed character in a name or an amount is worse than none. `chunks` gives
 * the bytes from the beginning each time it is called.
 */
export function encodingOf(
  chunks: () => Iterable<Uint8Array>,
  { isJson = false }: { readonly isJson?: boolean } = {},
): Result<Encoding, EncodingCode> {
  const utf8 = readAs(chunks(), utf8Decoder());
  if (utf8.nulLine !== null) return undecodable(utf8.nulLine);
  if (utf8.bad === 0) {
    // Two bytes of GB18030 may be a letter of Greek, Cyrillic or Latin in UTF-8. Chinese in UTF-8 has three.
    const isOneOrOther = !isJson && !utf8.hasMark && utf8.twoByte > 0;
    return isOneOrOther ? oneOfTwo(chunks, utf8) : accepted('utf-8');
  }
  // In GB18030 read as UTF-8 nearly every Chinese character fails; in damaged UTF-8 nearly none does.
  if (utf8.hasMark || utf8.good > utf8.bad) return undecodable(utf8.badLine);
  const gb18030 = readAs(chunks(), iconv.getDecoder('gb18030'));
  return gb18030.bad === 0 ? accepted('gb18030') : undecodable(gb18030.badLine);
}

/**
 * A text that is right in UTF-8 and has letters there that are not Chinese: where it is right in GB18030 as well, and
 * Chinese in it, only the rest of the file tells. Chinese of three bytes says UTF-8; without any, letters of other scripts
 * alone are what names in GB18030 look like, and where both could be, somebody must say.
 */
function oneOfTwo(
  chunks: () => Iterable<Uint8Array>,
  utf8: Reading,
): Result<Encoding, EncodingCode> {
  if (utf8.good > 0) return accepted('utf-8');
  const gb18030 = readAs(chunks(), iconv.getDecoder('gb18030'));
  if (gb18030.bad > 0 || gb18030.good === 0) return accepted('utf-8');
  return utf8.latin > 0
    ? refused(intakeRefusal('encoding-uncertain', { line: utf8.twoByteLine }))
    : accepted('gb18030');
}

/** The text of some bytes, all of a file or whole rows of it. */
export function textOf(bytes: Uint8Array, encoding: Encoding): string {
  // The decoder drops the mark by itself.
  if (encoding === 'utf-8') return new TextDecoder('utf-8').decode(bytes);
  return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 'gb18030');
}

/** The text of a whole JSON file: that is UTF-8 wherever it can be, as JSON is everywhere. */
export function decodeText(bytes: Uint8Array): Result<string, EncodingCode> {
  const encoding = encodingOf(() => [bytes], { isJson: true });
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
  /** Characters that UTF-8 writes with two bytes, those of them that are Latin letters, and the line of the first. */
  twoByte: number;
  latin: number;
  twoByteLine: number;
  /** The line of the first one that could not be read. */
  badLine: number;
  nulLine: number | null;
};

function readAs(chunks: Iterable<Uint8Array>, decoder: Decoder): Reading {
  const found: Reading = {
    ...{ hasMark: false, bad: 0, good: 0, badLine: 1, nulLine: null },
    ...{ twoByte: 0, latin: 0, twoByteLine: 1 },
  };
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
      else if (code > 0x7f) {
        if (found.twoByte === 0) found.twoByteLine = line;
        found.twoByte += 1;
        if (code < 0x250) found.latin += 1;
      }
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
