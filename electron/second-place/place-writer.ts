import type { JournalRow } from '../database/journal-repository.ts';
import {
  baseFile,
  basesAmong,
  chainStart,
  filesHash,
  headFile,
  markerFile,
  markerOf,
  markerSchema,
  openSealed,
  ownerFile,
  ownerSchema,
  readRecords,
  rowsHash,
  sealHead,
  sealRecord,
  segmentFile,
  segmentsAmong,
  type Base,
  type OwnFile,
  type PlaceKeys,
  type PlaceRecord,
  type StartRecord,
} from './place-format.ts';
import type { PlaceDisk } from './place-disk.ts';
import { onDisk, PlaceProblem } from './place-problem.ts';

/** Whose place it is. */
export type PlaceFolder = { readonly id: string; readonly kind: 'demo' | 'live' };

/** Where a place stands. */
export type PlaceTail = {
  /** The last row that is there; 0 where nothing is. */
  readonly to: number;
  /**
   * The last rows that came in one piece, as they were read: the same as ours, or another history. Null right behind a
   * base, and where this program wrote them itself.
   */
  readonly last: { readonly from: number; readonly to: number; readonly hash: string } | null;
  /** The copy they go on from; null: there is none that can be used, and one is to be made. */
  readonly base: Base | null;
  readonly filesHash: string | null;
  /** Bytes of rows since the base. */
  readonly bytes: number;
  /** It was read from the place, not remembered: it may be another than before. */
  readonly isReadAnew: boolean;
};

/** The segment that is written to. */
type Segment = {
  readonly name: string;
  readonly identity: string;
  readonly bytes: number;
  readonly chain: string;
  readonly start: StartRecord;
};

/** A segment is closed beyond this: what is read at every start is no more. */
const segmentBytesMax = 8 * 1024 * 1024;

const nothing: PlaceTail = {
  to: 0,
  last: null,
  base: null,
  filesHash: null,
  bytes: 0,
  isReadAnew: true,
};

/**
 * Writes a folder's rows to its second place. Every call is at once and may take for ever: it is made in a thread of
 * its own. Throws a `PlaceProblem`; after one nothing is taken for known and the place is read again.
 */
export class PlaceWriter {
  readonly #disk: PlaceDisk;
  readonly #keys: PlaceKeys;
  readonly #folder: PlaceFolder;
  readonly #term: number;
  readonly #now: () => Date;
  #segment: Segment | null = null;
  #tail: PlaceTail | null = null;
  #marker: string | null = null;

  constructor(
    disk: PlaceDisk,
    keys: PlaceKeys,
    about: { readonly folder: PlaceFolder; readonly term: number; readonly now: () => Date },
  ) {
    this.#disk = disk;
    this.#keys = keys;
    this.#folder = about.folder;
    this.#term = about.term;
    this.#now = about.now;
  }

  /** Makes an empty folder the place of this data, or finds that it is already; throws `foreign` for any other. */
  prepare(): void {
    onDisk(() => {
      const there = this.#disk.list();
      if (!there.includes(markerFile)) {
        if (there.length > 0) throw new PlaceProblem('foreign', 'the folder holds other files');
        const marker = markerOf(this.#folder, this.#keys);
        this.#disk.writeWhole(markerFile, Buffer.from(`${JSON.stringify(marker)}\n`));
      }
      this.#assertOurs();
      this.#writeOwner();
    });
  }

  /** Where the place stands: as it was left, or read anew where anything of it is not. */
  look(): PlaceTail {
    return onDisk(() => {
      if (this.#tail !== null && this.#isAsLeft()) return this.#tail;
      return this.#readAnew();
    });
  }

  /**
   * Writes rows that follow the last one there; on the disk when it answers. Where the place is not as it was left, or does
   * not end with the row before them, nothing is written: what it answers does not end with the last of them.
   */
  append(rows: readonly JournalRow[], schema: number): PlaceTail {
    return onDisk(() => {
      const [first, last] = [rows[0], rows.at(-1)];
      const tail = this.#tail;
      const left = this.#segment;
      if (tail === null || left === null || !this.#isAsLeft()) return this.#readAnew();
      if (last === undefined || tail.base === null || first?.sequence !== tail.to + 1) return tail;
      const segment = this.#segmentWithRoom(left);
      const record: PlaceRecord = { kind: 'rows', schema, term: this.#term, rows: [...rows] };
      const { bytes, chain } = sealRecord(this.#keys, segment.chain, record);
      this.#forget();
      try {
        this.#disk.append(segment.name, bytes);
      } catch (problem) {
        this.#takeBack(segment);
        throw problem;
      }
      const written = { ...segment, bytes: segment.bytes + bytes.length, chain };
      this.#writeHead(written, last.sequence);
      const since = tail.bytes + bytes.length;
      return this.#know(written, { ...tail, to: last.sequence, last: null, bytes: since });
    });
  }

  /** Begins to take in a copy of the whole database. */
  beginBase(): void {
    onDisk(() => {
      this.#assertOurs();
      this.#removeParts();
      this.#disk.writeWhole(basePart, Buffer.alloc(0));
    });
  }

  /** The next piece of that copy. */
  addToBase(piece: Buffer): void {
    onDisk(() => {
      try {
        this.#disk.append(basePart, piece);
      } catch (problem) {
        // What finds no room must not take the room of the rows.
        this.#discard(basePart);
        throw problem;
      }
    });
  }

  /**
   * The copy is whole: it counts once it has been read back from the place and a segment names it. The copy before it
   * and its rows stay; older ones go.
   */
  endBase(facts: Omit<Base, 'madeAt' | 'file'>, files: readonly OwnFile[]): PlaceTail {
    return onDisk(() => {
      this.#assertOurs();
      if (this.#disk.hash(basePart) !== facts.sha256) {
        throw new PlaceProblem('damaged', 'the copy did not come out of the place as it went in');
      }
      const file = baseFile(this.#term, facts.sequence);
      const base: Base = { ...facts, file, madeAt: this.#now().toISOString() };
      const before = this.#segments().at(-1);
      this.#disk.rename(basePart, base.file);
      const start: StartRecord = {
        kind: 'start',
        folder: this.#folder.id,
        base,
        previous: null,
        filesHash: filesHash(files),
      };
      const isAgain = before?.term === this.#term && before.after === base.sequence;
      const part = isAgain ? before.part + 1 : 1;
      const segment = this.#newSegment(segmentFile(this.#term, base.sequence, part), [
        start,
        { kind: 'files', files: [...files] },
      ]);
      this.#writeOwner();
      this.#writeHead(segment, base.sequence);
      this.#removeOlder();
      const { filesHash: hash } = start;
      return this.#know(segment, {
        ...{ to: base.sequence, last: null, base, filesHash: hash, bytes: 0 },
        isReadAnew: false,
      });
    });
  }

  #know(segment: Segment, tail: PlaceTail): PlaceTail {
    this.#segment = segment;
    this.#tail = tail;
    this.#marker = this.#disk.facts(markerFile)?.identity ?? null;
    return tail;
  }

  #forget(): void {
    this.#segment = null;
    this.#tail = null;
  }

  /** The same files, as long as we left them: nobody else wrote, nothing was exchanged. */
  #isAsLeft(): boolean {
    const segment = this.#segment;
    if (segment === null) return false;
    const facts = this.#disk.facts(segment.name);
    const marker = this.#disk.facts(markerFile);
    return (
      facts?.identity === segment.identity &&
      facts.bytes === segment.bytes &&
      marker !== null &&
      marker.identity === this.#marker &&
      !this.#isTakenOver()
    );
  }

  #readAnew(): PlaceTail {
    this.#forget();
    this.#assertOurs();
    const last = this.#segments().at(-1);
    // What an earlier holder wrote is not gone on with: this one begins with a copy of everything.
    if (last?.term !== this.#term) return nothing;
    const bytes = this.#disk.read(last.name);
    const facts = this.#disk.facts(last.name);
    if (bytes === null || facts === null) return nothing;
    const { records, problem } = readRecords(this.#keys, last.name, bytes);
    const [first, end] = [records[0], records.at(-1)];
    if (first?.record.kind !== 'start' || end === undefined) return nothing;
    const { base, filesHash: hash } = first.record;
    // What is damaged is not mended: a new copy of everything takes its place.
    if (problem === 'changed') return nothing;
    if (this.#disk.facts(base.file)?.bytes !== base.bytes) return nothing;
    if (problem === 'cut') this.#disk.cut(last.name, end.end);
    const rows = records.flatMap(({ record }) => (record.kind === 'rows' ? [record.rows] : []));
    const piece = rows.at(-1);
    const [from, to] = [piece?.[0]?.sequence, piece?.at(-1)?.sequence];
    const ofBase = this.#segments().filter(
      ({ term, after }) => term === this.#term && after >= base.sequence,
    );
    const since = ofBase.reduce((sum, { name }) => sum + (this.#disk.facts(name)?.bytes ?? 0), 0);
    const tail: PlaceTail = {
      to: to ?? last.after,
      last:
        piece === undefined || from === undefined || to === undefined
          ? null
          : { from, to, hash: rowsHash(piece) },
      base,
      filesHash: hash,
      bytes: since,
      isReadAnew: true,
    };
    const segment: Segment = {
      name: last.name,
      identity: facts.identity,
      bytes: end.end,
      chain: end.chain,
      start: first.record,
    };
    this.#know(segment, { ...tail, isReadAnew: false });
    return tail;
  }

  #segments(): ReturnType<typeof segmentsAmong> {
    return segmentsAmong(this.#disk.list());
  }

  #segmentWithRoom(segment: Segment): Segment {
    if (segment.bytes < segmentBytesMax) return segment;
    const to = this.#tail?.to ?? 0;
    const start: StartRecord = { ...segment.start, previous: segment.chain };
    return this.#newSegment(segmentFile(this.#term, to, 1), [start]);
  }

  #newSegment(name: string, records: readonly [StartRecord, ...PlaceRecord[]]): Segment {
    let chain = chainStart(name);
    const sealed: Buffer[] = [];
    for (const record of records) {
      const one = sealRecord(this.#keys, chain, record);
      sealed.push(one.bytes);
      chain = one.chain;
    }
    const bytes = Buffer.concat(sealed);
    this.#disk.writeWhole(name, bytes);
    const identity = this.#disk.facts(name)?.identity ?? '';
    return { name, identity, bytes: bytes.length, chain, start: records[0] };
  }

  /** A piece of a record that found no room is taken back; where that fails it is cut at the next reading. */
  #takeBack(segment: Segment): void {
    try {
      this.#disk.cut(segment.name, segment.bytes);
    } catch {
      // The place is not there at all.
    }
  }

  #discard(name: string): void {
    try {
      this.#disk.remove(name);
    } catch {
      // The place is not there at all.
    }
  }

  #writeHead({ name, bytes, chain }: Segment, sequence: number): void {
    const at = this.#now().toISOString();
    this.#disk.overwrite(
      headFile,
      sealHead(this.#keys, { sequence, segment: name, bytes, chain, at }),
    );
  }

  #assertOurs(): void {
    const there = this.#disk.list();
    if (!there.includes(markerFile)) throw new PlaceProblem('missing', 'there is no second place');
    const marker = markerSchema.safeParse(asJson(this.#disk.read(markerFile)));
    const { check } = markerOf(this.#folder, this.#keys);
    if (!marker.success || marker.data.folder !== this.#folder.id || marker.data.check !== check) {
      throw new PlaceProblem('foreign', 'it is the second place of another data folder');
    }
    if (this.#isTakenOver()) {
      throw new PlaceProblem('taken-over', 'another machine has taken over from this place');
    }
  }

  #isTakenOver(): boolean {
    const bytes = this.#disk.read(ownerFile);
    if (bytes === null) return false;
    const owner = openSealed(this.#keys, ownerFile, bytes, ownerSchema);
    return owner !== null && owner.term > this.#term;
  }

  #writeOwner(): void {
    const owner = { term: this.#term, since: this.#now().toISOString() };
    const { bytes } = sealRecord(this.#keys, chainStart(ownerFile), owner);
    this.#disk.writeWhole(ownerFile, bytes);
  }

  #removeParts(): void {
    for (const name of this.#disk.list()) if (name.endsWith('.part')) this.#disk.remove(name);
  }

  /** Removes copies before the last but one, and the rows that only they need. */
  #removeOlder(): void {
    const bases = basesAmong(this.#disk.list());
    const oldest = bases.at(-2);
    if (oldest === undefined) return;
    for (const { name } of bases.slice(0, -2)) this.#disk.remove(name);
    for (const { name, term, after } of this.#segments()) {
      const isOlder = term < oldest.term || (term === oldest.term && after < oldest.sequence);
      if (isOlder) this.#disk.remove(name);
    }
  }
}

const basePart = 'base.part';

function asJson(bytes: Buffer | null): unknown {
  try {
    return JSON.parse(bytes?.toString('utf8') ?? '');
  } catch {
    return null;
  }
}
