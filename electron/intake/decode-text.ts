import iconv from 'iconv-lite';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { intakeRefusal } from './intake-refusals.ts';

const utf8Mark = [0xef, 0xbb, 0xbf];
const replacement = '\uFFFD';

/**
 * The text of a file in UTF-8 (with or without a byte order mark) or GB18030. Refused
 * with the line if bytes belong to neither: a guessed character in a name or an amount is worse than none.
 */
export function decodeText(bytes: Uint8Array): Result<string, 'undecodable-bytes'> {
  if (bytes.includes(0)) return undecodable(1 + countLines(bytes, bytes.indexOf(0)));
  const hasMark = utf8Mark.every((byte, index) => bytes[index] === byte);
  // The decoder drops the mark by itself.
  const loose = new TextDecoder('utf-8').decode(bytes);
  const bad = count(loose, replacement);
  if (bad === 0) return accepted(loose);
  if (hasMark || isDamagedUtf8(loose, bad)) return undecodable(lineOf(loose));
  const text = iconv.decode(Buffer.from(bytes), 'gb18030');
  return text.includes(replacement) ? undecodable(lineOf(text)) : accepted(text);
}

/** In GB18030 read as UTF-8 nearly every Chinese character fails; in damaged UTF-8 nearly none does. */
function isDamagedUtf8(loose: string, bad: number): boolean {
  const good = [...loose].filter((character) => character > '\u07FF' && character !== replacement);
  return good.length > bad;
}

function undecodable(line: number): Result<string, 'undecodable-bytes'> {
  return refused(intakeRefusal('undecodable-bytes', { line }));
}

function lineOf(text: string): number {
  return 1 + count(text.slice(0, text.indexOf(replacement)), '\n');
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function countLines(bytes: Uint8Array, end: number): number {
  return bytes.subarray(0, end).filter((byte) => byte === 0x0a).length;
}
