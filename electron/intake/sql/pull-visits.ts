import type { MadeAt } from '../../../shared/domain/bill-order.ts';
import { accepted, refused, type Refusal, type Result } from '../../../shared/domain/result.ts';
import { shanghaiInstant } from '../../base/clock.ts';
import { crashPoint } from '../../base/crash-points.ts';
import type { LockPlace } from '../../database/lock-places.ts';
import { takeLock } from '../../database/named-lock.ts';
import { assertRoom } from '../../database/reading-only.ts';
import type { Repositories } from '../../database/store.ts';
import { startedNow } from '../../base/started-now.ts';
import type { FileVisit } from '../read-visits-file.ts';
import {
  addRefusals,
  rememberRefusals,
  takeInVisits,
  type AcceptedVisit,
  type ImportReport,
  type IntakeDependencies,
  type TakenIn,
} from '../import-files.ts';
import {
  intakeProblem,
  keptEntry,
  problemsListedMax,
  type IntakeProblem,
  type RefusedEntry,
} from '../intake-problem.ts';
import { asIntakeOwner, IntakeHeldError } from '../intake-owner.ts';
import { usualIntakeReader } from '../intake-reader.ts';
import { takerOf } from '../keep-visit-document.ts';
import {
  sourceOf,
  type HospitalSource,
  type SourceCode,
  type SqlSettings,
} from './connection-settings.ts';
import { openDatabaseApart } from './database-apart.ts';
import {
  HospitalDatabaseError,
  usualDeadlines,
  type HospitalDatabase,
  type MarkerPlace,
} from './hospital-database.ts';
import type { OpenDatabase } from './open-database.ts';
import {
  changeKey,
  keepPosition,
  readPosition,
  seenMax,
  type PullPosition,
} from './pull-position.ts';
import {
  openViews,
  placesOf,
  readVisits,
  viewText,
  viewWithAstrayRows,
  visitsWithoutMarker,
  type OpenViews,
  type ReadVisits,
  type ViewsCode,
} from './read-views.ts';
import { sqlRefusal } from './sql-refusals.ts';
import { sqlNameOf } from './view-columns.ts';

export type PullDependencies = IntakeDependencies & {
  readonly folder: LockPlace;
  readonly open?: OpenDatabase;
};

/** What is pulled: what changed since the last time, everything again, or one visit. */
export type PullWanted =
  | {
      readonly kind: 'changed';
      /** Visits without a marker that need not be told of again; those that are told of now are added. */
      readonly told?: Set<string>;
    }
  | { readonly kind: 'from-start' }
  | { readonly kind: 'visit'; readonly visitId: string };

/** What a pull came to. */
export type PullReport = ImportReport & {
  /** The database and its host, without the password. */
  readonly source: string;
  /** Up to which change marker everything was read; null where nothing was. */
  readonly upTo: string | null;
  /** More had changed than is taken at once: the next pull goes on there. */
  readonly more: boolean;
};

/** Why nothing was pulled. */
export type PullCode =
  | SourceCode
  | ViewsCode
  | 'busy'
  | 'sql-unreachable'
  | 'sql-login-refused'
  | 'sql-not-the-server'
  | 'sql-too-slow'
  | 'sql-user-may-write'
  | 'sql-no-encoding'
  | 'sql-failed'
  | 'sql-marker-went-back'
  | 'sql-key-missing'
  | 'sql-visit-unknown';

/** As many visits are read and kept before the position is: a pull that is killed reads at most these again. */
const visitsAtATime = 50;

/**
 * Takes in what changed in the hospital's database, as if it had come in files: the same readings, the same refusals.
 * One pull at a time. Where it ends, however it ends, the next one goes on: the position is kept behind the visits, and a
 * bill that comes twice is one. Refused without anything taken, or with what was taken before the database went away kept.
 */
export async function pullVisits(
  dependencies: PullDependencies,
  settings: SqlSettings,
  wanted: PullWanted = { kind: 'changed' },
): Promise<Result<PullReport, PullCode>> {
  const source =
    (await sourceOf(settings)) ?? refused(sqlRefusal('sql-not-set', { name: 'hospital-sql' }));
  if (!source.ok) return source;
  assertRoom(dependencies.store);
  const at = shanghaiInstant(dependencies.clock.now());
  const lock = await takeLock(dependencies.folder, 'pull', '从医院数据库取账单 (pull)', at);
  if (!lock.ok) return lock;
  try {
    return await pullFrom(dependencies, source.value, wanted);
  } finally {
    lock.value.release();
  }
}

async function pullFrom(
  dependencies: PullDependencies,
  source: HospitalSource,
  wanted: PullWanted,
): Promise<Result<PullReport, PullCode>> {
  let database: HospitalDatabase | null = null;
  const pulled: Pulled = { accepted: [], refused: [] };
  try {
    database = await (dependencies.open ?? openDatabaseApart)(source.access);
    const views = await lookAtViews(database, source);
    if (!views.ok) return views;
    const pull = { dependencies, source, database, views: views.value, pulled };
    const done =
      wanted.kind === 'visit'
        ? await pullOne(pull, wanted.visitId)
        : await pullChanged(pull, wanted);
    if (!done.ok) return done;
    return accepted({ source: sourceText(source), ...pulled, ...done.value });
  } catch (problem) {
    if (problem instanceof IntakeHeldError) return refused(problem.refusal);
    if (!(problem instanceof HospitalDatabaseError)) throw problem;
    return refused(refusalOfDatabase(problem, source));
  } finally {
    await database?.close();
  }
}

type Pulled = { readonly accepted: AcceptedVisit[]; readonly refused: RefusedEntry[] };

type Pull = {
  readonly dependencies: PullDependencies;
  readonly source: HospitalSource;
  readonly database: HospitalDatabase;
  readonly views: OpenViews;
  readonly pulled: Pulled;
};

type Reached = Pick<PullReport, 'upTo' | 'more'>;

async function lookAtViews(
  database: HospitalDatabase,
  { access, views }: HospitalSource,
): Promise<Result<OpenViews, PullCode>> {
  const opened = await openViews(database, views);
  if (!opened.ok) return opened;
  return (await database.mayWrite([views.visits, views.charges, views.blockers]))
    ? refused(sqlRefusal('sql-user-may-write', { user: access.user }))
    : opened;
}

async function pullOne(pull: Pull, visitId: string): Promise<Result<Reached, PullCode>> {
  const made = readNow(pull);
  const found = await readVisits(pull.database, pull.views, [visitId]);
  if (found.every(({ gone }) => gone.length > 0))
    return refused(sqlRefusal('sql-visit-unknown', { visitId }));
  await takeInAsOwner(pull, { made, visits: await asFile(pull, found), reached: null });
  return accepted({ upTo: null, more: false });
}

async function pullChanged(
  pull: Pull,
  wanted: Exclude<PullWanted, { readonly kind: 'visit' }>,
): Promise<Result<Reached, PullCode>> {
  const { dependencies, source, database, views } = pull;
  const { kind } = wanted;
  const { store } = dependencies;
  const astray = await viewWithAstrayRows(database, views);
  if (astray !== null) return refused(sqlRefusal('sql-key-missing', { view: astray.name }));
  await tellUnmarked(pull, wanted.kind === 'changed' ? wanted.told : undefined);
  const kept = await store.read((all) => readPosition(all, source));
  const begin = kind === 'from-start' ? null : kept;
  if (begin !== null) {
    const reaching = { kind: 'reaching', marker: begin.marker } as const;
    if ((await placesOf(database, views, reaching, 1)).length === 0)
      return refused(sqlRefusal('sql-marker-went-back', { marker: begin.marker }));
  }
  if (kind === 'from-start') await noteStart(dependencies);
  const late = begin === null ? [] : await latePlaces(pull, begin);
  const most = source.visitsAtOnce;
  const found = await placesOf(
    database,
    views,
    begin === null ? { kind: 'all' } : { kind: 'after', place: begin },
    most + 1,
  );
  const next = found.slice(0, most).map(placeOf);
  const pieces = [...inPieces([...late, ...next], visitsAtATime)];
  // The next ones are read while these are kept.
  const read = (piece: readonly MarkerPlace[] = []) =>
    startedNow(() => readAsFile(pull, [...new Set(piece.map(({ visitId }) => visitId))]));
  let position = begin;
  let coming = read(pieces[0]);
  for (const [at, places] of pieces.entries()) {
    const { made, visits } = await coming;
    coming = read(pieces[at + 1]);
    const reached = furtherOn(position, places, new Set(late));
    await takeInAsOwner(pull, { made, visits, reached });
    position = reached;
  }
  await coming;
  return accepted({ upTo: position?.marker ?? null, more: found.length > most });
}

/** Behind the last of the places, all of which are known now. A late one moves nothing. */
function furtherOn(
  before: PullPosition | null,
  places: readonly MarkerPlace[],
  late: ReadonlySet<MarkerPlace>,
): PullPosition | null {
  const last = places.findLast((place) => !late.has(place)) ?? before;
  if (last === null) return null;
  const { marker, visitId } = last;
  return { marker, visitId, seen: [...(before?.seen ?? []), ...places.map(changeKey)] };
}

/** Changes with a marker before the position that were not there when it was reached: their transaction ended late. */
async function latePlaces({ database, views }: Pull, begin: PullPosition): Promise<MarkerPlace[]> {
  const rows = { kind: 'shortly-before', place: begin } as const;
  const near = (await placesOf(database, views, rows, seenMax)).map(placeOf);
  const seen = new Set(begin.seen);
  return near.filter((place) => !seen.has(changeKey(place))).reverse();
}

/** Rows without an id or a marker were told before and are not among those that have an order. */
function placeOf({
  visitId,
  marker,
}: {
  readonly visitId: string | null;
  readonly marker: string | null;
}): MarkerPlace {
  if (visitId === null || marker === null) throw new Error('a place without its visit or marker');
  return { visitId, marker };
}

function* inPieces<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

async function tellUnmarked(
  { dependencies, database, views, pulled }: Pull,
  told: Set<string> | undefined,
): Promise<void> {
  const unmarked: RefusedEntry[] = [];
  for (const visitId of await visitsWithoutMarker(database, views, problemsListedMax)) {
    if (told?.has(visitId) === true) continue;
    told?.add(visitId);
    const problem = intakeProblem(sqlRefusal('sql-marker-missing', { visitId }));
    unmarked.push(keptEntry({ file: views.visits.name, place: placeText(visitId), ...problem }));
  }
  await rememberRefusals(dependencies, unmarked);
  pulled.refused.push(...unmarked);
}

async function noteStart(dependencies: PullDependencies): Promise<void> {
  const at = shanghaiInstant(dependencies.clock.now());
  await dependencies.store.transact(({ audit }) =>
    audit.append({
      ...{ at, who: takerOf(dependencies), act: 'pull-from-start', about: 'hospital-sql' },
      detail: {},
    }),
  );
}

/** A visit as it would have come in a file, and its number. */
type PulledVisit = { readonly visitId: string; readonly visit: FileVisit };

async function readAsFile(
  pull: Pull,
  visitIds: readonly string[],
): Promise<Omit<ReadPiece, 'reached'>> {
  const made = readNow(pull);
  if (visitIds.length === 0) return { made, visits: [] };
  const found = await readVisits(pull.database, pull.views, visitIds);
  return { made, visits: await asFile(pull, found) };
}

/** The views show a bill as it is when they are asked; it was made no later than that. */
function readNow({ dependencies: { clock } }: Pull): MadeAt {
  return { at: shanghaiInstant(clock.now()), by: 'read' };
}

/** Visits that were read together: when, and how far the changes are known with them; null: they move nothing. */
type ReadPiece = {
  readonly made: MadeAt;
  readonly visits: readonly PulledVisit[];
  readonly reached: PullPosition | null;
};

/** What was read may wait for another door: by when it was read it is known which bill is the later one. */
function takeInAsOwner(pull: Pull, piece: ReadPiece): Promise<void> {
  const doing = '从医院数据库接收账单 (taking in from the hospital database)';
  return asIntakeOwner(pull.dependencies, doing, () => takeIn(pull, piece));
}

async function asFile(
  { dependencies: { reader = usualIntakeReader() } }: Pull,
  found: readonly ReadVisits[],
): Promise<readonly PulledVisit[]> {
  const visits: PulledVisit[] = [];
  for (const { rows } of found) {
    for (const [at, visit] of (await reader.visitsOfRows(rows)).entries())
      visits.push({ visitId: rows.visits[at]?.visitId ?? '', visit });
  }
  return visits;
}

/**
 * Takes in visits; what is wrong names the view, the visit, the row and the column. What was refused is kept with those that came
 * with it, and with the last of them how far was read: a pull that is killed loses neither.
 */
async function takeIn(
  { dependencies, source, views, pulled }: Pull,
  { made, visits, reached }: ReadPiece,
): Promise<void> {
  const chargeHeaders = new Set(views.charges.columns.map(({ found: { name } }) => name));
  const keepReached = async (all: Repositories): Promise<void> => {
    crashPoint('pull:before-position');
    if (reached !== null) await keepPosition(all, source, reached);
  };
  if (visits.length === 0) {
    if (reached !== null) await dependencies.store.transact(keepReached);
    return;
  }
  const files = visits.map(({ visit }) => visit);
  const taken = await takeInVisits(
    dependencies,
    files,
    { source: sourceText(source), made },
    async (all, done, { from, isLast }) => {
      const problems = done.flatMap((each, at) => refusedOf(each, from + at));
      await addRefusals(dependencies, all, problems);
      if (isLast) await keepReached(all);
    },
  );
  for (const [at, each] of taken.entries()) {
    if (each.ok) pulled.accepted.push(each.value);
    else pulled.refused.push(...refusedOf(each, at));
  }

  function refusedOf(each: TakenIn, at: number): readonly RefusedEntry[] {
    if (each.ok) return [];
    const place = placeText(visits[at]?.visitId ?? '');
    return each.problems.slice(0, problemsListedMax).map((problem) => placed(problem, place));
  }
  function placed(problem: IntakeProblem, place: string): RefusedEntry {
    const named = problem.column ?? '';
    const isOfCharge = chargeHeaders.has(named) || named.startsWith('charge.');
    const { name } = isOfCharge ? views.charges : views.visits;
    // A column that the view does not have is named as it would be.
    const column = problem.column === undefined ? {} : { column: sqlNameOf(problem.column) };
    return keptEntry({ file: name, ...problem, ...column, place });
  }
}

const placeText = (visitId: string): string => `visit_id = ${visitId}`;

const sourceText = ({ access: { protocol, host, port, database } }: HospitalSource): string =>
  `${protocol}://${host}:${String(port)}/${database}`;

function refusalOfDatabase(
  { fault, said }: HospitalDatabaseError,
  { access: { host }, views }: HospitalSource,
): Refusal<PullCode> {
  switch (fault) {
    case 'unreachable':
      return sqlRefusal('sql-unreachable', { host, said });
    case 'login-refused':
      return sqlRefusal('sql-login-refused', { host, said });
    case 'not-the-server':
      return sqlRefusal('sql-not-the-server', { host, said });
    case 'too-slow':
      return sqlRefusal('sql-too-slow', { seconds: usualDeadlines.statementMs / 1000 });
    case 'view-missing':
      return sqlRefusal('sql-view-missing', {
        view: Object.values(views).map(viewText).join('、'),
      });
    case 'no-encoding':
      return sqlRefusal('sql-no-encoding');
    case 'failed':
      return sqlRefusal('sql-failed', { said });
  }
}
