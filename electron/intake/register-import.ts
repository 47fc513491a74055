import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { DatabaseBusyError } from '../database/database-errors.ts';
import type { LockPlace } from '../database/lock-places.ts';
import { takeLock } from '../database/named-lock.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { RegisterName } from '../database/registers-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { systemPace, type Pace } from '../base/pace.ts';
import { refusalOfReading, usualIntakeReader, type IntakeReader } from './intake-reader.ts';
import { takerOf, type IntakeDependencies } from './keep-visit-document.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';

export type RegisterDependencies = IntakeDependencies & {
  readonly folder: LockPlace;
  /** The thread that reads files; absent: the program's own. */
  readonly reader?: IntakeReader;
  readonly pace?: Pace;
  /** Aborted when the user has had enough: the next part is not written. */
  readonly cancelled?: AbortSignal;
};

/** Why a register is not taken in. */
export type RegisterImportCode = IntakeCode | 'busy';

/** A part is not begun after so long; with the statement under way it stays well below 50 ms. */
const partMs = 20;
/** How many rows the first statement of an import writes, and any at most. */
const rowsAtFirst = 8;
const rowsMost = 200;
/** How often a part is tried while settling leaves it no moment; each try waits as long as the database does. */
const triesMost = 12;
/** The least time between two parts: another program looks for its turn only every so often. */
const restLeastMs = 10;

/** The rows of a register's file, read in the reading thread; a file that ends it is refused. */
export async function readRegister<Rows>(
  { reader = usualIntakeReader() }: Pick<RegisterDependencies, 'reader'>,
  read: (reader: IntakeReader) => Promise<Result<Rows, IntakeCode>>,
): Promise<Result<Rows, IntakeCode>> {
  try {
    return await read(reader);
  } catch (problem) {
    const refusal = refusalOfReading(problem);
    if (refusal === null) throw problem;
    return refused(refusal);
  }
}

/** One import under way: what it may write, in parts of which none holds the data for long. */
export type RegisterImport = {
  readonly source: string;
  /** The version that counts while the import goes on. */
  readonly counts: number;
  /** Writes rows, each exactly once, in as many units of work as that takes. */
  write<Row>(
    rows: readonly Row[],
    writeRows: (repositories: Repositories, rows: readonly Row[]) => Promise<void>,
  ): Promise<Result<null, IntakeCode>>;
};

/** What an import does between its beginning and the moment from which its register counts. */
export type RegisterWork<Report> = {
  readonly register: RegisterName;
  /** As the audit chain names it. */
  readonly act: string;
  readonly doing: string;
  readonly compareAndWrite: (
    under: RegisterImport,
  ) => Promise<Result<{ readonly report: Report; readonly detail: unknown }, IntakeCode>>;
  /** Removes some rows that count no more; answers how many. */
  readonly sweep: (repositories: Repositories, counts: number, most: number) => Promise<number>;
};

/**
 * Takes in a register in parts. What is written counts from the last part on, all of it at once: who reads before
 * sees the earlier version whole, and an import that did not end leaves nothing but rows that count for nobody and
 * that the next import of the same register takes up or removes. One import at a time: another one is refused
 * `busy`; where the lock could not tell, the one that began first is refused `register-taken-over`.
 */
export async function importRegister<Report>(
  dependencies: RegisterDependencies,
  work: RegisterWork<Report>,
): Promise<Result<Report, RegisterImportCode>> {
  const { store, clock, ids, folder } = dependencies;
  assertRoom(store);
  const at = shanghaiInstant(clock.now());
  const lock = await takeLock(folder, 'register', work.doing, at);
  if (!lock.ok) return lock;
  try {
    const importId = ids.next();
    const { register } = work;
    await orWait(dependencies, () =>
      store.transact(({ registers }) => registers.begin(register, importId)),
    );
    const counts = await store.read(({ registers }) => registers.version(register));
    const parts = partsOf(dependencies, (all) => all.registers.isBuiltBy(register, importId));
    const sweepAll = async (upTo: number): Promise<Result<null, IntakeCode>> => {
      for (;;) {
        const swept = await parts.one((all) => work.sweep(all, upTo, rowsMost));
        if (!swept.ok) return swept;
        if (swept.value < rowsMost) return accepted(null);
      }
    };
    // What an earlier import could not remove any more.
    const cleared = await sweepAll(counts);
    if (!cleared.ok) return cleared;
    const write: RegisterImport['write'] = (rows, writeRows) => parts.write(rows, writeRows);
    const done = await work.compareAndWrite({ source: register.source, counts, write });
    if (!done.ok) return done;
    const { report, detail } = done.value;
    const finished = await parts.one(async ({ registers, audit }) => {
      await registers.finish(register);
      const about = register.source;
      await audit.append({ at, who: takerOf(dependencies), act: work.act, about, detail });
      return null;
    });
    if (!finished.ok) return finished;
    // It counts by now. What is not swept here the next import sweeps.
    await sweepFinished(dependencies, work, counts + 1);
    return accepted(report);
  } finally {
    lock.value.release();
  }
}

async function sweepFinished(
  { store, pace = systemPace }: RegisterDependencies,
  work: Pick<RegisterWork<unknown>, 'sweep'>,
  counts: number,
): Promise<void> {
  for (;;) {
    const start = pace.now();
    const swept = await orWait({ pace }, () =>
      store.transact((all) => work.sweep(all, counts, rowsMost)),
    );
    if (swept < rowsMost) return;
    await pace.rest(restAfter(pace.now() - start));
  }
}

/** As long as the part took, so that at least every other moment is free for settling. */
const restAfter = (partTook: number): number => Math.max(restLeastMs, partTook);

function partsOf(
  { store, pace = systemPace, cancelled }: RegisterDependencies,
  isStillOurs: (repositories: Repositories) => Promise<boolean>,
) {
  let rowsAtOnce = rowsAtFirst;
  let statementBefore: Statement | null = null;
  let isFirst = true;
  /** One unit of work of an import that is neither cancelled nor taken over. */
  const one = <Value>(
    work: (repositories: Repositories) => Promise<Value>,
  ): Promise<Result<Value, IntakeCode>> => {
    if (cancelled?.aborted === true)
      return Promise.resolve(refused(intakeRefusal('import-cancelled')));
    return orWait({ pace }, () => unitOf(store, isStillOurs, work));
  };
  const write: RegisterImport['write'] = async (rows, writeRows) => {
    for (let done = 0; done < rows.length;) {
      const before = done;
      if (!isFirst) await pace.rest(restAfter(lastTook));
      isFirst = false;
      const began = pace.now();
      const part = await one(async (repositories) => {
        // A unit of work may be run again: it starts from the same row.
        let next = before;
        const start = pace.now();
        do {
          const statementStart = pace.now();
          await writeRows(repositories, rows.slice(next, next + rowsAtOnce));
          next += rowsAtOnce;
          const statement = { rows: rowsAtOnce, tookMs: pace.now() - statementStart };
          rowsAtOnce = rowsNext(statement, statementBefore);
          statementBefore = statement;
        } while (next < rows.length && pace.now() - start < partMs);
        return next;
      });
      if (!part.ok) return part;
      lastTook = pace.now() - began;
      done = part.value;
    }
    return accepted(null);
  };
  let lastTook = 0;
  return { one, write };
}

/** Does a unit of work again while the database is busy with others: an import is never as urgent as settling. */
async function orWait<Value>(
  { pace = systemPace }: Pick<RegisterDependencies, 'pace'>,
  unit: () => Promise<Value>,
): Promise<Value> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await unit();
    } catch (problem) {
      if (!(problem instanceof DatabaseBusyError) || tried === triesMost) throw problem;
      await pace.rest(restLeastMs);
    }
  }
}

type Statement = { readonly rows: number; readonly tookMs: number };

/**
 * Fewer rows at once where they took long, more where they did not: a slow disk must not make parts long. Where two
 * statements show that it is not the rows that take long but the way to the database, as on a machine with much else to
 * do, fewer of them would only make more statements, in the end one for each row.
 */
function rowsNext({ rows, tookMs }: Statement, before: Statement | null): number {
  if (tookMs <= partMs / 2) return tookMs < partMs / 4 ? Math.min(rowsMost, rows * 2) : rows;
  const fewest = Math.max(1, Math.floor(rows / 2));
  if (before === null || before.rows === rows) return fewest;
  const msOfRow = Math.max(0, (tookMs - before.tookMs) / (rows - before.rows));
  const fitting = msOfRow === 0 ? rowsMost : Math.floor(partMs / 2 / msOfRow);
  return Math.min(rowsMost, rows * 2, Math.max(fewest, fitting));
}

function unitOf<Value>(
  store: Store,
  isStillOurs: (repositories: Repositories) => Promise<boolean>,
  work: (repositories: Repositories) => Promise<Value>,
): Promise<Result<Value, IntakeCode>> {
  return transactResult(store, async (repositories) =>
    (await isStillOurs(repositories))
      ? accepted(await work(repositories))
      : refused(intakeRefusal('register-taken-over')),
  );
}

/** A list in groups of some size, the last one smaller. */
export function* inGroups<Each>(all: readonly Each[], size: number): Generator<readonly Each[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
