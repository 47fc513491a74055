import { randomBytes } from 'node:crypto';

/** Makes ids; an argument of every service, so that tests know them beforehand. */
export type Ids = { next(): string };

/**
 * UUID version 7: 48 bits of milliseconds, then a random part, so that rows sort in the order they were made.
 * Within one millisecond a counter in the 12 bits after the version keeps the order of one process.
 */
export function timeOrderedIds(now: () => number = Date.now): Ids {
  let lastMs = 0;
  let counter = 0;
  return {
    next() {
      const ms = Math.max(now(), lastMs);
      counter = ms === lastMs ? counter + 1 : 0;
      // A full counter borrows the next millisecond; a clock set back never repeats one.
      const stamp = counter > 0xfff ? ms + 1 : ms;
      if (counter > 0xfff) counter = 0;
      lastMs = stamp;
      const bytes = randomBytes(16);
      bytes.writeUIntBE(stamp, 0, 6);
      bytes.writeUInt16BE(0x7000 | counter, 6);
      bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
      const hex = bytes.toString('hex');
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        hex.slice(12, 16),
        hex.slice(16, 20),
        hex.slice(20),
      ].join('-');
    },
  };
}
