import type { FileBytes } from './file-bytes.ts';

/** A file in memory, handed over in pieces of some bytes. */
export function fileOf(content: string | Uint8Array, piece = 1024 * 1024): FileBytes {
  const bytes = Buffer.from(content as Uint8Array);
  return {
    size: bytes.length,
    read: (from, until) => bytes.subarray(from, until),
    *chunks(from = 0) {
      for (let at = from; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
    close: () => undefined,
  };
}
