import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { NotPlainFileError } from '../base/foreign-folder.ts';
import type { JournalRow } from '../database/journal-repository.ts';
import {
  basesAmong,
  headFile,
  headSchema,
  markerFile,
  markerOf,
  markerSchema,
  openSealed,
  ownerFile,
  ownerSchema,
  readRecords,
  segmentsAmong,
  type Base,
  type Marker,
  type OwnFile,
  type PlaceKeys,
} from './place-format.ts';
import type { PlaceDisk } from './place-disk.ts';
import type { PlaceGap } from './place-problem.ts';
import { restoreRefusal, type RestoreCode } from './restore-refusals.ts';

/** A piece of rows that follow one another, and the tables they are of. */
type PlaceRows = { readonly rows: readonly JournalRow[]; readonly schema: number };

/** A second place that can be taken over from. */
export type ReadablePlace = {
  readonly folder: { readonly id: string; readonly kind: Marker['kind'] };
  /** The newest copy that came out as it went in. */
  readonly base: Base;
  readonly files: readonly OwnFile[];
  /** Which machine held the place. */
  readonly term: number;
  /** The last row that ends a whole unit of work. */
  readonly lastUnit: { readonly sequence: number; readonly at: string | null };
  readonly gap: PlaceGap | null;
  /** Whole units of work after the copy, piece by piece; reads the place once more. */
  rows(): Generator<PlaceRows>;
};

/** What reading asks of the disk of a place. */
type ReadDisk = Pick<PlaceDisk, 'list' | 'read' | 'facts' | 'hash'>;

/** Where a link, a pipe or a device bears the name of a file of ours, that file is gone: what is left is read. */
function plainFilesOf(disk: ReadDisk): ReadDisk {
  const unlessOther = <T>(other: T, act: () => T): T => {
    try {
      return act();
    } catch (problem) {
      if (problem instanceof NotPlainFileError) return other;
      throw problem;
    }
  };
  return {
    list: () => disk.list(),
    facts: (name) => disk.facts(name),
    read: (name) => unlessOther(null, () => disk.read(name)),
    hash: (name) => unlessOther('', () => disk.hash(name)),
  };
}

/**
 * Looks through a whole second place, with nothing but the key: every copy by its hash, every record by its chain.
 * Refuses what is none, is another folder's or has no copy that can be used. Reads only.
 */
export function readPlace(
  place: string,
  readDisk: ReadDisk,
  keys: PlaceKeys,
): Result<ReadablePlace, RestoreCode> {
  const disk = plainFilesOf(readDisk);
  const there = listed(disk);
  const marker = markerIn(disk);
  if (marker === null) return refused(restoreRefusal('place-not-one', { place }));
  const folder = { id: marker.folder, kind: marker.kind };
  if (markerOf(folder, keys).check !== marker.check) {
    return refused(restoreRefusal('place-of-another-key', { place }));
  }
  const bases = basesAmong(there);
  for (const name of bases.toReversed()) {
    const series = segmentsAmong(there).filter(
      ({ term, after }) => term === name.term && after >= name.sequence,
    );
    const start = startOf(disk, keys, series[0]?.name, name.name);
    if (start === null || disk.facts(name.name)?.bytes !== start.base.bytes) continue;
    if (disk.hash(name.name) !== start.base.sha256) continue;
    const walk = { disk, keys, folder: folder.id, series: series.map((each) => each.name) };
    const reach = reachOf(walk, start.base.sequence);
    const head = sealedIn(disk, keys, headFile, headSchema);
    const lost = head !== null && head.sequence > reach.last ? head : null;
    // What a later holder wrote goes on from its own copy and from no other.
    const isOfLastHolder = name.term === bases.at(-1)?.term;
    const why = isOfLastHolder ? (reach.stopped ?? (lost === null ? null : 'cut')) : 'missing';
    // A record that the power cut off while it was being written was never reported as kept.
    const isOnlyTorn = why === 'cut' && lost === null;
    const upTo = { sequence: reach.unit, at: reach.at };
    return accepted({
      folder,
      base: start.base,
      files: start.files,
      term: sealedIn(disk, keys, ownerFile, ownerSchema)?.term ?? name.term,
      lastUnit: upTo,
      gap:
        why === null || isOnlyTorn
          ? null
          : { upTo, lost: lost === null ? null : { sequence: lost.sequence, at: lost.at }, why },
      rows: () => wholeUnits(walk, start.base.sequence, reach.unit),
    });
  }
  return refused(restoreRefusal('place-without-copy', { place, copies: bases.length }));
}

type Walk = {
  readonly disk: ReadDisk;
  readonly keys: PlaceKeys;
  readonly folder: string;
  readonly series: readonly string[];
};

type Step = PlaceRows | { readonly stopped: PlaceGap['why'] };

/** The rows of a run of segments in their order, and why they end where they end before the last of them. */
function* walked({ disk, keys, folder, series }: Walk, base: number): Generator<Step> {
  let last = base;
  let chain: string | null = null;
  for (const [index, name] of series.entries()) {
    const bytes = disk.read(name);
    const { records, problem } = readRecords(keys, name, bytes ?? Buffer.alloc(0));
    const start = records[0]?.record;
    if (start?.kind !== 'start' || start.folder !== folder) {
      yield { stopped: problem ?? 'changed' };
      return;
    }
    // A segment that goes on names the end of the one before it; the first after a copy names none.
    if (start.previous !== null && start.previous !== chain) {
      yield { stopped: 'missing' };
      return;
    }
    for (const { record } of records) {
      if (record.kind !== 'rows') continue;
      const rows = record.rows.filter(({ sequence }) => sequence > last);
      if (rows.length === 0) continue;
      if (rows.some(({ sequence }, place) => sequence !== last + 1 + place)) {
        yield { stopped: 'missing' };
        return;
      }
      last += rows.length;
      yield { rows, schema: record.schema };
    }
    chain = records.at(-1)?.chain ?? null;
    if (problem !== null) {
      yield { stopped: index < series.length - 1 && problem === 'cut' ? 'missing' : problem };
      return;
    }
  }
}

type Reach = {
  readonly last: number;
  /** The last row that ends a unit of work, and when that was kept. */
  readonly unit: number;
  readonly at: string | null;
  readonly stopped: PlaceGap['why'] | null;
};

function reachOf(walk: Walk, base: number): Reach {
  let reach: Reach = { last: base, unit: base, at: null, stopped: null };
  for (const step of walked(walk, base)) {
    if ('stopped' in step) return { ...reach, stopped: step.stopped };
    const end = step.rows.findLast(({ act }) => act === 'end');
    const last = step.rows.at(-1)?.sequence ?? reach.last;
    reach = { ...reach, last, ...(end === undefined ? {} : { unit: end.sequence, at: end.at }) };
  }
  return reach;
}

function* wholeUnits(walk: Walk, base: number, unit: number): Generator<PlaceRows> {
  for (const step of walked(walk, base)) {
    if ('stopped' in step) return;
    const rows = step.rows.filter(({ sequence }) => sequence <= unit);
    if (rows.length > 0) yield { rows, schema: step.schema };
  }
}

/** The first record of a copy's first segment, and the files that came with it. */
function startOf(disk: ReadDisk, keys: PlaceKeys, segment: string | undefined, base: string) {
  if (segment === undefined) return null;
  const { records } = readRecords(keys, segment, disk.read(segment) ?? Buffer.alloc(0));
  const [start, files] = [records[0]?.record, records[1]?.record];
  if (start?.kind !== 'start' || start.base.file !== base || files?.kind !== 'files') return null;
  return { base: start.base, files: files.files };
}

function sealedIn<Said>(
  disk: ReadDisk,
  keys: PlaceKeys,
  name: string,
  schema: Parameters<typeof openSealed<Said>>[3],
): Said | null {
  const bytes = disk.read(name);
  return bytes === null ? null : openSealed(keys, name, bytes, schema);
}

function listed(disk: ReadDisk): readonly string[] {
  try {
    return disk.list();
  } catch {
    return [];
  }
}

function markerIn(disk: ReadDisk): Marker | null {
  try {
    const said: unknown = JSON.parse(disk.read(markerFile)?.toString('utf8') ?? '');
    return markerSchema.parse(said);
  } catch {
    return null;
  }
}
