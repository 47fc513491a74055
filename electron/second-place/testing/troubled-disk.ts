import { placeDisk, type PlaceDisk } from '../place-disk.ts';

/** A real disk that a test makes full, read-only or absent, at once or after so many bytes. */
export type TroubledDisk = PlaceDisk & {
  /** The system's code that every writing is refused with; null: none is. */
  refuse: string | null;
  /** Bytes that still find room. */
  room: number;
};

export function troubledDisk(folder: string): TroubledDisk {
  const real = placeDisk(folder);
  const failing = (code: string): never => {
    throw Object.assign(new Error(`${code}: a test's disk`), { code });
  };
  const write = (bytes: Buffer, act: (part: Buffer) => void): void => {
    if (disk.refuse !== null) failing(disk.refuse);
    if (bytes.length > disk.room) {
      // As a full disk does: what finds room is written before the rest is refused.
      act(bytes.subarray(0, disk.room));
      disk.room = 0;
      failing('ENOSPC');
    }
    disk.room -= bytes.length;
    act(bytes);
  };
  const disk: TroubledDisk = {
    ...real,
    refuse: null,
    room: Number.MAX_SAFE_INTEGER,
    append(name, bytes) {
      write(bytes, (part) => {
        real.append(name, part);
      });
    },
    writeWhole(name, bytes) {
      if (bytes.length > disk.room) failing('ENOSPC');
      write(bytes, (part) => {
        real.writeWhole(name, part);
      });
    },
    overwrite(name, bytes) {
      write(bytes, (part) => {
        real.overwrite(name, part);
      });
    },
  };
  return disk;
}
