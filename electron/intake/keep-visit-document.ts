import { settlementInputFromVisitJson, type ReadVisit } from '../../shared/contracts/visit-json.ts';
import { laterOrigin, type BillOrigin, type MadeAt } from '../../shared/domain/bill-order.ts';
import type { Person } from '../../shared/domain/person.ts';
import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { steersLine } from '../../shared/domain/written-text.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { crashPoint } from '../base/crash-points.ts';
import type { Ids } from '../base/ids.ts';
import type { Timer } from '../base/timer.ts';
import type { LockPlace } from '../database/lock-places.ts';
import type { Pace } from '../base/pace.ts';
import {
  billHashesOf,
  identityOfHashes,
  type BillHashes,
  type BillIdentity,
  type ReceivedVisit,
} from '../database/bill-identity.ts';
import type { Repositories, Store } from '../database/store.ts';
import { assertRoom } from '../database/reading-only.ts';
import { transactResult } from '../database/transact-result.ts';
import { meaningOf, type VisitRecord } from '../database/visit-record.ts';
import type { RecognisedBill, SavedBill } from '../database/visits-repository.ts';
import { billOrderRefusal } from './bill-order-refusals.ts';
import { intakeProblem } from './intake-problem.ts';
import { intakeRefusal } from './intake-refusals.ts';
import {
  endBillQuestions,
  isSentAhead,
  lateRefusal,
  orderOfArrival,
  orderUnknownRefusal,
  originOf,
  setAsideUnordered,
  type BillArrival,
  type OrderDoubt,
} from './order-of-arrival.ts';
import { namePinyin } from './name-pinyin.ts';
import {
  doubtOfVisit,
  endQuestionsOfVisit,
  setAsideInDoubt,
  type DoubtedBill,
  type PersonDoubt,
} from './person-doubt.ts';
import { unfitTextIn, unfitTextProblem } from './unfit-text.ts';

export type IntakeDependencies = {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  /** How long the data is held; absent: as long as the desk's keys can wait. */
  readonly pace?: Pace;
  /** The data folder, of whose intake there is one owner at a time (`intake-owner.ts`). */
  readonly folder?: LockPlace;
  /** How waiting for intake is timed. */
  readonly timer?: Timer;
  /** Who takes in, for the audit; absent: nobody does, it came into the hospital's folder. */
  readonly takenInBy?: string;
};

/** Who stands in the audit for what a person or an account had taken in, and for what came by itself. */
export const takerOf = ({ takenInBy }: Pick<IntakeDependencies, 'takenInBy'>): string =>
  takenInBy ?? 'intake';

/** A visit that is on disk now, and what became of its bill. `set-aside`: changed after settlement. */
export type KeptVisit = {
  readonly visitId: string;
  /** Charge lines; 0 where the visit brings only totals. */
  readonly lines: number;
  readonly outcome: SavedBill['kind'];
};

/** A visit with all that needs no data of ours to be known of it: worked out beside it, perhaps in another thread. */
export type PreparedVisit = {
  readonly document: unknown;
  readonly visitId: string | null;
  /** Null where it is nested deeper than any bill. */
  readonly hashes: BillHashes | null;
  /** What intake's checks make of it. */
  readonly reading: Result<ReadVisit>;
};

/** All that can be known of a visit before our data is asked. */
export function prepareVisit(received: ReceivedVisit): PreparedVisit {
  const { document } = received;
  const hashes = billHashesOf(received);
  return {
    document,
    visitId: visitIdOf(document),
    hashes,
    reading: hashes === null ? settlementInputFromVisitJson(document) : checkDocument(document),
  };
}

/**
 * Keeps one visit in one transaction: its person, its bill, and the year it brings. All of it is kept or
 * nothing. A bill that is known already is recognised by what was received, so a rule
 * that came later neither refuses it nor makes another of it. Refused with the
 * codec's codes and places, as `nul-in-text`, as `year-to-date-ambiguous`, or, where its person is known under the number
 * as somebody else, as `person-differs`: then it is set aside and a question waits for a person.
 */
export function keepVisitDocument(
  dependencies: IntakeDependencies,
  received: ReceivedVisit,
  source: string,
  made: MadeAt = { at: shanghaiInstant(dependencies.clock.now()), by: 'read' },
): Promise<Result<KeptVisit>> {
  return keepPreparedVisit(dependencies, prepareVisit(received), { source, made });
}

/** The same for a visit that was prepared before. `saidNewer`: somebody says now that it is newer than the one in force. */
export function keepPreparedVisit(
  dependencies: IntakeDependencies,
  prepared: PreparedVisit,
  arrival: BillArrival,
  saidNewer?: SaidNewer,
): Promise<Result<KeptVisit>> {
  return keepOrTry(dependencies, prepared, { arrival, isTrial: false, saidNewer });
}

/** What keeping it would come to: the same is done, and all of it is taken back. */
export function tryPreparedVisit(
  dependencies: IntakeDependencies,
  prepared: PreparedVisit,
  arrival: BillArrival,
): Promise<Result<KeptVisit>> {
  return keepOrTry(dependencies, prepared, { arrival, isTrial: true });
}

/** Kept in the same unit of work as the bill: who said it. */
type SaidNewer = (repositories: Repositories, at: string) => Promise<Result<null>>;

async function keepOrTry(
  dependencies: IntakeDependencies,
  prepared: PreparedVisit,
  {
    arrival,
    isTrial,
    saidNewer,
  }: {
    readonly arrival: BillArrival;
    readonly isTrial: boolean;
    readonly saidNewer?: SaidNewer | undefined;
  },
): Promise<Result<KeptVisit>> {
  const { store } = dependencies;
  const seen = await store.read((all) => refusedUnasked(all, prepared));
  if (seen !== null) return seen;
  assertRoom(store);
  const tried: Result<KeptVisit>[] = [];
  const doubts: DoubtedArrival[] = [];
  const kept = await transactResult(store, async (repositories) => {
    const done = await keepHere(dependencies, repositories, {
      ...{ prepared, ...arrival, saidNewer },
      doubt: (each) => doubts.push(each),
    });
    if (!isTrial) return done;
    tried.push(done);
    // A unit of work that is refused leaves nothing behind.
    return refused(intakeRefusal('trial-ended'));
  });
  const [trial] = tried;
  if (trial !== undefined) return trial;
  if (kept.ok) crashPoint('import:after-commit');
  const doubted = doubts.at(-1);
  return kept.ok || doubted === undefined
    ? kept
    : store.transact((all) => setAside(dependencies, all, doubted));
}

/**
 * The same for one of several visits in a unit of work: where it is refused it leaves nothing behind, unless its person is in doubt
 * or nobody knows whether it is the newer one.
 */
export async function keepInUnit(
  dependencies: IntakeDependencies,
  repositories: Repositories,
  prepared: PreparedVisit,
  arrival: BillArrival,
): Promise<Result<KeptVisit>> {
  const doubts: DoubtedArrival[] = [];
  const kept = await repositories.parts.keepUnlessRefused(() =>
    keepHere(dependencies, repositories, {
      ...{ prepared, ...arrival },
      doubt: (each) => doubts.push(each),
    }),
  );
  const doubted = doubts.at(-1);
  return kept.ok || doubted === undefined ? kept : setAside(dependencies, repositories, doubted);
}

/** What is refused whatever is known: a visit of intake's rules that nobody has taken before. Null: it is to be kept. */
export async function refusedUnasked(
  { visits }: Repositories,
  prepared: PreparedVisit,
): Promise<Result<never> | null> {
  const { reading } = prepared;
  if (reading.ok) return null;
  const asked = identified(prepared);
  if ('ok' in asked) return asked;
  return (await visits.recognise(asked.visitId, asked.identity)) === null ? reading : null;
}

type Identified = Pick<Arrival, 'visitId' | 'identity'> & { readonly hashes: BillHashes };

/** By what a visit is known, or why nothing of it can be. */
function identified({
  document,
  visitId,
  hashes,
  reading,
}: PreparedVisit): Identified | Result<never> {
  if (visitId !== null && unfitTextIn(visitId) === null && hashes !== null)
    return { visitId, identity: identityOfHashes(hashes, document), hashes };
  if (reading.ok)
    throw new Error('intake took a visit without a proper id, or deeper than any bill');
  return reading;
}

/** A bill whose person is in doubt, or of which nobody knows whether it is the newer one. */
type DoubtedArrival = { readonly bill: DoubtedBill } & (
  | { readonly about: 'person'; readonly doubt: PersonDoubt }
  | { readonly about: 'order'; readonly doubt: OrderDoubt }
);

/** What is asked is kept, and the bill with it. */
function setAside(
  dependencies: IntakeDependencies,
  repositories: Repositories,
  doubted: DoubtedArrival,
): Promise<Result<never>> {
  return doubted.about === 'person'
    ? setAsideInDoubt(dependencies, repositories, doubted.doubt, doubted.bill)
    : setAsideUnordered(dependencies, repositories, doubted.doubt, doubted.bill);
}

async function keepHere(
  dependencies: IntakeDependencies,
  repositories: Repositories,
  {
    prepared,
    source,
    made,
    saidNewer,
    doubt: tell,
  }: BillArrival & {
    readonly prepared: PreparedVisit;
    readonly saidNewer?: SaidNewer | undefined;
    readonly doubt: (doubted: DoubtedArrival) => void;
  },
): Promise<Result<KeptVisit>> {
  const { document, reading } = prepared;
  const asked = identified(prepared);
  if ('ok' in asked) return asked;
  const { visitId, identity, hashes } = asked;
  const origin = originOf(document, made);
  if (isSentAhead(origin, dependencies.clock.now()))
    return refused(billOrderRefusal('sent-in-future', { at: origin.made?.at ?? '' }));
  const known = await repositories.visits.recognise(visitId, identity);
  const bill = { visitId, source, document, hashes, made };
  const arrival = {
    ...{ document, visitId, identity, hashes, source, reading, origin, saidNewer },
    doubt: (doubt: PersonDoubt) => {
      tell({ about: 'person', doubt, bill });
    },
    orderDoubt: (doubt: OrderDoubt) => {
      tell({ about: 'order', doubt, bill });
    },
  };
  return known === null
    ? keepInside(dependencies, repositories, arrival)
    : keepKnown(dependencies, repositories, { ...arrival, known });
}

/** All that intake asks of a Visit JSON. */
export function checkDocument(document: unknown): Result<ReadVisit> {
  const unfit = unfitTextIn(document);
  if (unfit !== null) return refused(unfitTextProblem(unfit, { place: unfit.place }));
  // Other texts are kept as they came and shown without them; this one is asked for by everybody as it is seen.
  if (steersLine(visitIdOf(document) ?? ''))
    return refused(intakeProblem(intakeRefusal('signs-in-visit-number'), { place: '/visit/id' }));
  return settlementInputFromVisitJson(document);
}

/** The refusal that ends a unit of work over a doubt; `setAsideInDoubt` says it in full once the question is kept. */
function endedByDoubt({ doubt: tell, visitId }: Arrival, doubt: PersonDoubt): Result<never> {
  tell(doubt);
  return refused(intakeRefusal('visit-in-doubt', { visitId }));
}

type Arrival = {
  readonly document: unknown;
  readonly reading: Result<ReadVisit>;
  readonly visitId: string;
  readonly identity: BillIdentity;
  readonly hashes: BillHashes;
  readonly source: string;
  readonly origin: BillOrigin;
  readonly saidNewer: SaidNewer | undefined;
  /** Told where nobody knows whether the bill is newer than the one in force. */
  readonly orderDoubt: (doubt: OrderDoubt) => void;
  /** Told where the bill's person may be somebody else. */
  readonly doubt: (doubt: PersonDoubt) => void;
};

/** A new bill, or another one of a known visit. */
async function keepInside(
  dependencies: IntakeDependencies,
  repositories: Repositories,
  arrival: Arrival,
): Promise<Result<KeptVisit>> {
  const { reading, document, visitId, identity, source } = arrival;
  if (!reading.ok) return reading;
  const { visit, person } = reading.value.input;
  const { visits, audit } = repositories;
  const at = shanghaiInstant(dependencies.clock.now());
  const record = await visits.find(visitId);
  if (record !== null) {
    const ended = await endedByOrder(repositories, { ...arrival, record, at });
    if (ended !== null) return ended;
  }
  const doubt = await doubtOfVisit(repositories, { visitId, person });
  if (doubt !== null) return endedByDoubt(arrival, doubt);
  const personId = await keepPerson(dependencies, repositories, { person, visitId });
  crashPoint('import:inside-visit');
  const saved = await visits.saveBill({
    visit,
    person,
    document,
    identity,
    personId,
    personPinyin: namePinyin(person.name),
    receivedAt: at,
    source,
    warnings: reading.value.warnings,
    origin: arrival.origin,
    newSetAsideId: dependencies.ids.next(),
  });
  // What comes after settlement is looked at by a person first; its year must not move before that.
  if (!saved.isSettled) {
    const opened = await keepYear(repositories, { personId, read: reading.value, source });
    if (!opened.ok) return opened;
  }
  const lines = linesOf(document);
  await endQuestionsOfVisit(repositories, visitId, at);
  if (record !== null) await endBillQuestions(repositories, arrival, at);
  // A bill that means the same is written anew, too: nothing is without an entry that says by whom.
  const detail = { outcome: saved.kind, lines, billVersion: saved.billVersion };
  const who = takerOf(dependencies);
  await audit.append({ at, who, act: 'take-in-visit', about: visitId, detail });
  return accepted({ visitId, lines, outcome: saved.kind });
}

/** A bill that is known: it still stands, and perhaps another year came with it. */
async function keepKnown(
  dependencies: IntakeDependencies,
  repositories: Repositories,
  arrival: Arrival & {
    readonly known: RecognisedBill;
  },
): Promise<Result<KeptVisit>> {
  const { known, document, visitId, identity, source, reading } = arrival;
  const kept = { visitId, lines: linesOf(document), outcome: known.kind };
  if (known.kind === 'set-aside') return accepted(kept);
  const at = shanghaiInstant(dependencies.clock.now());
  const found = await orderOfArrival(repositories, arrival);
  // A bill from before it stood anew says nothing of now, nor of its year.
  if (found.order === 'earlier') return accepted(kept);
  const [before] = await repositories.visits.originsOf(visitId);
  const origin = before === undefined ? arrival.origin : laterOrigin(before, arrival.origin);
  const refreshed = { receivedAt: at, source, origin };
  // The bill that is known came last, so it is the one that stands.
  await endQuestionsOfVisit(repositories, visitId, at);
  await endBillQuestions(repositories, arrival, at);
  if (!bringsYear(known)) {
    await repositories.visits.refresh(visitId, refreshed);
    return accepted(kept);
  }
  if (!reading.ok) {
    // A year that is another one is checked like any other; what a later rule refuses besides is known already.
    if (known.year === 'other' && isAboutYear(reading.refusal)) return reading;
    await repositories.visits.refresh(visitId, refreshed);
    return accepted(kept);
  }
  const { person } = reading.value.input;
  const doubt = await doubtOfVisit(repositories, { visitId, person });
  if (doubt !== null) return endedByDoubt(arrival, doubt);
  // A bill that is known says nothing new of its person, who may have come with a later one since.
  const record = await repositories.visits.find(visitId);
  if (record === null) throw new Error(`the bill of ${visitId} is known, and its visit is not`);
  const { personId } = record;
  const opened = await keepYear(repositories, { personId, read: reading.value, source });
  if (!opened.ok) return opened;
  await repositories.visits.refresh(visitId, { ...refreshed, receivedHash: identity.received });
  return accepted(kept);
}

function keepPerson(
  { clock, ids }: IntakeDependencies,
  { persons }: Repositories,
  said: { readonly person: Person; readonly visitId: string },
): Promise<string> {
  const at = shanghaiInstant(clock.now());
  return persons.upsertFromVisit({ newId: ids.next(), ...said, at });
}

/**
 * Ends the unit of work of a bill that is not known to be the later one of its visit: refused where it is the older one, asked where
 * nobody knows. Null: it goes on. A visit that is settled is looked at by a person whatever comes, unless it is older.
 */
async function endedByOrder(
  repositories: Repositories,
  arrival: Arrival & { readonly record: VisitRecord; readonly at: string },
): Promise<Result<KeptVisit> | null> {
  const { reading, visitId, document, saidNewer, record, origin, at } = arrival;
  if (saidNewer !== undefined) {
    const said = await saidNewer(repositories, at);
    return said.ok ? null : said;
  }
  const found = await orderOfArrival(repositories, arrival);
  if (found.order === 'later' || !reading.ok) return null;
  const isSame = meaningOf(record) === meaningOf(reading.value.input);
  if (found.order === 'earlier') {
    if (isSame) return accepted({ visitId, lines: linesOf(document), outcome: 'same' });
    return refused(lateRefusal({ visitId, origin }, found));
  }
  const bringsYear = reading.value.input.yearToDate !== null;
  if (record.state === 'settled' || (isSame && !bringsYear)) return null;
  const doubt = { known: found.known, origin };
  arrival.orderDoubt(doubt);
  // Ends the unit of work; what is asked is kept behind it.
  return refused(orderUnknownRefusal(visitId, doubt, null));
}

async function keepYear(
  { counters }: Repositories,
  {
    personId,
    read: { input },
    source,
  }: { readonly personId: string; readonly read: ReadVisit; readonly source: string },
): Promise<Result<unknown>> {
  const { yearToDate } = input;
  return yearToDate === null ? accepted(null) : counters.openYear({ personId, yearToDate, source });
}

/** The visit id as it stands in a document of which nothing is checked yet. */
export function visitIdOf(document: unknown): string | null {
  const { id } = fieldsOf(fieldsOf(document)['visit']);
  return typeof id === 'string' ? id : null;
}

function linesOf(document: unknown): number {
  const { charges } = fieldsOf(fieldsOf(document)['visit']);
  return Array.isArray(charges) ? charges.length : 0;
}

/** Whether the year that came with a known bill has to be looked at. */
function bringsYear({ kind, state, year }: RecognisedBill): boolean {
  return kind === 'same' && state !== 'settled' && year !== 'same';
}

function isAboutYear({ place, details = [] }: Refusal): boolean {
  const places = [place, ...details.map((detail) => fieldsOf(detail)['place'])];
  return places.some((each) => typeof each === 'string' && each.startsWith('/yearToDate'));
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
