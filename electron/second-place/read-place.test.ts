import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { placeDisk } from './place-disk.ts';
import { placeKeys } from './place-format.ts';
import { readPlace, type ReadablePlace } from './read-place.ts';
import { placeUnderTest, removeTemplate, type PlaceUnderTest } from './testing/place-under-test.ts';

let under: PlaceUnderTest;
let scratch: string;
/** How long the segment was, and how many words it held, after each unit of work. */
const marks: { bytes: number; words: number }[] = [];
let segment: string;

beforeAll(async () => {
  under = await placeUnderTest();
  scratch = await mkdtemp(join(tmpdir(), 'settlement-read-place-'));
  await under.second.setUp(under.place);
  for (const [index, word] of ['one', 'two', 'three', 'four'].entries()) {
    await under.keep(word);
    await under.second.copied();
    segment =
      under
        .disk()
        .list()
        .findLast((name) => name.startsWith('rows-')) ?? '';
    marks.push({ bytes: under.disk().read(segment)?.length ?? 0, words: index + 1 });
  }
});
afterAll(async () => {
  await under.remove();
  await removeTemplate();
  await rm(scratch, { recursive: true, force: true });
});

let made = 0;
/** A copy of the place that the test does something to. */
async function placeWith(change: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(scratch, String((made += 1)));
  await rm(folder, { recursive: true, force: true });
  const { cp } = await import('node:fs/promises');
  await cp(under.place, folder, { recursive: true });
  await change(folder);
  return folder;
}
const reading = (folder: string, key: Uint8Array = under.store.key) =>
  readPlace(folder, placeDisk(folder), placeKeys(key));
/** The place as it is, but for its last segment; nothing of the rest is read twice. */
function readWith(last: () => Buffer | null): ReturnType<typeof reading> {
  const known = new Map<string, Buffer | null>();
  const hashes = new Map<string, string>();
  const real = placeDisk(under.place);
  const disk = {
    ...real,
    read(name: string) {
      if (name === segment) return last();
      if (!known.has(name)) known.set(name, real.read(name));
      return known.get(name) ?? null;
    },
    hash(name: string) {
      if (!hashes.has(name)) hashes.set(name, baseHash ?? real.hash(name));
      baseHash = hashes.get(name) ?? null;
      return baseHash ?? '';
    },
  };
  return readPlace(under.place, disk, placeKeys(under.store.key));
}
let baseHash: string | null = null;

function valueOf(read: ReturnType<typeof reading>): ReadablePlace {
  if (!read.ok) throw new Error(read.refusal.code);
  return read.value;
}
const wordsOf = (place: ReadablePlace): number =>
  [...place.rows()]
    .flatMap(({ rows }) => rows)
    .filter(({ table_name }) => table_name === 'folder_facts').length;

describe('reading a second place', () => {
  it('finds everything with nothing but the key', () => {
    const place = valueOf(reading(under.place));
    expect(place).toMatchObject({ folder: { id: 'the-folder', kind: 'live' }, gap: null, term: 1 });
    expect(wordsOf(place)).toBe(4);
  });

  it('cut at every byte of the last two records never gives a part of a unit, and says what is missing', () => {
    const { sequence } = valueOf(reading(under.place)).lastUnit;
    const [from = 0, whole] = [marks[1]?.bytes, under.disk().read(segment)];
    for (let left = from; left < (whole?.length ?? 0); left += 1) {
      const place = valueOf(readWith(() => whole?.subarray(0, left) ?? null));
      const words = marks.findLast(({ bytes }) => bytes <= left)?.words;
      expect(wordsOf(place), `cut at ${String(left)}`).toBe(words);
      expect(place.gap).toMatchObject({ why: 'cut', lost: { sequence } });
      expect(place.gap?.upTo.sequence).toBeLessThan(sequence);
    }
  });

  it('takes a last record that the power cut off for what was never reported as kept', async () => {
    const whole = await readFile(join(under.place, segment));
    const folder = await placeWith(async (copy) => {
      const torn = Buffer.concat([whole, whole.subarray(0, 50)]);
      torn.writeUInt32BE(5000, whole.length);
      await writeFile(join(copy, segment), torn);
    });
    expect(valueOf(reading(folder))).toMatchObject({ gap: null });
  });

  it('finds every changed byte of the last record', () => {
    const whole = under.disk().read(segment) ?? Buffer.alloc(0);
    for (let at = marks[2]?.bytes ?? 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed.writeUInt8((changed[at] ?? 0) ^ 1, at);
      const place = valueOf(readWith(() => changed));
      expect(place.gap, `at ${String(at)}`).not.toBeNull();
      expect(wordsOf(place)).toBe(3);
    }
  });

  it('finds an exchanged segment: that of another time or of another name', async () => {
    await under.store.emptyLog();
    const later = await placeUnderTest(under.store, 'the-folder');
    try {
      await later.second.setUp(later.place);
      const other =
        later
          .disk()
          .list()
          .findLast((name) => name.startsWith('rows-')) ?? '';
      const folder = await placeWith((copy) =>
        copyFile(join(later.place, other), join(copy, segment)),
      );
      const read = reading(folder);
      expect(read.ok ? read.value.gap : read.refusal.code).toBe('place-without-copy');
    } finally {
      await later.remove();
    }
  });

  it('refuses a damaged copy, another key and a folder that is none, and changes nothing', async () => {
    const damaged = await placeWith(async (copy) => {
      const base = (await readdir(copy)).find((name) => name.startsWith('base-')) ?? '';
      const bytes = await readFile(join(copy, base));
      bytes.writeUInt8((bytes[5000] ?? 0) ^ 1, 5000);
      await writeFile(join(copy, base), bytes);
    });
    const codes = [
      reading(damaged),
      reading(under.place, Buffer.alloc(32, 1)),
      reading(scratch),
    ].map((read) => (read.ok ? null : read.refusal.code));
    expect(codes).toEqual(['place-without-copy', 'place-of-another-key', 'place-not-one']);
  });

  it('goes on from the copy before where the newest is damaged, and says that it ends there', async () => {
    const clock = new Date('2017-11-29T00:00:00.000Z');
    const own = await placeUnderTest();
    try {
      await own.second.setUp(own.place);
      await own.keep('one');
      await own.second.copied();
      own.clock = clock;
      await own.second.setUp(own.place);
      await own.keep('two');
      await own.second.copied();
      const bases = own
        .disk()
        .list()
        .filter((name) => name.startsWith('base-'));
      expect(bases).toHaveLength(2);
      await writeFile(join(own.place, bases[1] ?? ''), 'damaged');
      const read = own.read();
      if (!read.ok) throw new Error(read.refusal.code);
      // The place was named again in between: a setting that stays as it was is no change.
      expect(wordsOf(read.value)).toBe(2);
      expect(read.value.gap).toBeNull();
    } finally {
      await own.remove();
    }
  });
});

describe('a place in which somebody else put things', () => {
  const instead = async (name: string, put: (file: string) => Promise<void>) => {
    const folder = await placeWith(async (of) => {
      await rm(join(of, name));
      await put(join(of, name));
    });
    const read = reading(folder);
    return read.ok ? (read.value.gap?.why ?? 'whole') : read.refusal.code;
  };
  const link = (file: string) => symlink('/etc/passwd', file);
  const folderThere = (file: string) => mkdir(file);
  /** Nearly nothing on the disk, and as long as one likes. */
  const endless = async (file: string) => {
    await writeFile(file, '');
    await truncate(file, 2 ** 42);
  };
  const copyOf = () =>
    under
      .disk()
      .list()
      .findLast((name) => name.startsWith('base-')) ?? '';

  it.each([
    ['link', link],
    ['folder', folderThere],
    ['file without end', endless],
  ])(
    'a %s for its rows, its copy, its head or its mark: said, and nothing else happens',
    async (_, put) => {
      expect(await instead(segment, put)).toBe('place-without-copy');
      expect(await instead(copyOf(), put)).toBe('place-without-copy');
      expect(await instead('head', put)).toBe('whole');
      expect(await instead('settlement-second-place.json', put)).toBe('place-not-one');
    },
  );
});
