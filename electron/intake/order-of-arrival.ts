import {
  orderOfBills,
  type BillOrder,
  type BillOrigin,
  type MadeAt,
} from '../../shared/domain/bill-order.ts';
import { refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { instantOfMoment } from '../../shared/domain/shanghai-time.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { BillHashes } from '../database/bill-identity.ts';
import type { KnownBill } from '../database/bill-origin.ts';
import type { Repositories } from '../database/store.ts';
import type { DoubtedBill } from './person-doubt.ts';
import { billOrderRefusal } from './bill-order-refusals.ts';

/** Where a bill comes from, and when it was made by other signs than its sender's word; null: nobody knows. */
export type BillArrival = { readonly source: string; readonly made: MadeAt | null };

/** A time so far ahead of ours is no time a bill was made at. */
const aheadMaxMs = 24 * 60 * 60 * 1000;
/** Disks without a clock date their files to 1970 or 1980. */
const firstYear = 2000;

/** The time of a file as the time its bills were made; null where it can be none. */
export function madeOfFile(changedMs: number): MadeAt | null {
  const changed = new Date(changedMs);
  return changed.getUTCFullYear() >= firstYear
    ? { at: shanghaiInstant(changed), by: 'file' }
    : null;
}

/** What is known of when a bill was made: what its sender says of it before all else. */
export function originOf(document: unknown, made: MadeAt | null): BillOrigin {
  const { version, at } = fieldsOf(fieldsOf(document)['sent']);
  const sentAt = typeof at === 'string' ? instantOfMoment(at) : null;
  return {
    sentVersion: typeof version === 'number' && Number.isSafeInteger(version) ? version : null,
    made: sentAt === null ? made : { at: sentAt, by: 'sender' },
  };
}

/** Whether the sender says a time that has not come: later bills would all seem to be older ones. */
export function isSentAhead({ made }: BillOrigin, now: Date): boolean {
  return made?.by === 'sender' && Date.parse(made.at) > now.getTime() + aheadMaxMs;
}

/** A bill that came, as far as its order goes. */
type Arrived = {
  readonly visitId: string;
  readonly hashes: BillHashes;
  readonly origin: BillOrigin;
};

/** Which of a visit's bills one that came is later than. `known`: the one it is not. */
export type FoundOrder =
  | { readonly order: 'later' }
  | {
      readonly order: Exclude<BillOrder, 'later'>;
      readonly known: KnownBill;
      readonly said: boolean;
    };

/**
 * Whether a bill that came is later than the one in force, and than those that were set aside after a settlement. What a person
 * has said of these two bills counts where nothing else tells; `said` is that.
 */
export async function orderOfArrival(
  { visits, billQuestions }: Pick<Repositories, 'visits' | 'billQuestions'>,
  { visitId, hashes, origin }: Arrived,
): Promise<FoundOrder> {
  const known = (await visits.originsOf(visitId)).map((bill) => ({
    bill,
    // The same bill again is as late as its later word.
    order: bill.billHash === hashes.bill ? orderOfSame(bill, origin) : orderOfBills(bill, origin),
  }));
  const earlier = known.find(({ order }) => order === 'earlier');
  if (earlier !== undefined) return { order: 'earlier', known: earlier.bill, said: false };
  const [inForce] = known;
  if (inForce?.order !== 'unknown') return { order: 'later' };
  const asked = await billQuestions.ofVisit(visitId);
  const answered = asked.findLast(
    ({ bill, knownHash, state }) =>
      bill.billHash === hashes.bill &&
      knownHash === inForce.bill.billHash &&
      (state === 'newer' || state === 'older'),
  );
  if (answered?.state === 'newer') return { order: 'later' };
  const said = answered?.state === 'older';
  return { order: said ? 'earlier' : 'unknown', known: inForce.bill, said };
}

/** The same bill once more: only a word that is older tells that it says nothing of now. */
function orderOfSame(known: KnownBill, come: BillOrigin): BillOrder {
  return orderOfBills(known, come) === 'earlier' ? 'earlier' : 'later';
}

/** Why a bill that is older than the one in force is not taken. */
export function lateRefusal(
  { visitId, origin }: Pick<Arrived, 'visitId' | 'origin'>,
  { known, said }: { readonly known: KnownBill; readonly said: boolean },
): Refusal<'bill-late'> {
  return billOrderRefusal('bill-late', { visitId, known, come: origin, said });
}

/** Nobody can tell whether a bill that came is newer than the one in force. */
export type OrderDoubt = { readonly known: KnownBill; readonly origin: BillOrigin };

/** Why a bill is not taken that nobody knows to be newer; `questionId` null: it was only tried. */
export function orderUnknownRefusal(
  visitId: string,
  { known, origin }: OrderDoubt,
  questionId: string | null,
): Refusal<'bill-order-unknown'> {
  return billOrderRefusal('bill-order-unknown', { visitId, known, come: origin, questionId });
}

/** Sets a bill aside of which nobody can tell whether it is newer: the question is kept, once, and the bill with it. */
export async function setAsideUnordered(
  { clock, ids }: { readonly clock: Pick<Clock, 'now'>; readonly ids: Ids },
  { billQuestions, audit }: Pick<Repositories, 'billQuestions' | 'audit'>,
  doubt: OrderDoubt,
  { visitId, source, document, hashes }: Omit<DoubtedBill, 'made'>,
): Promise<Result<never, 'bill-order-unknown'>> {
  const at = shanghaiInstant(clock.now());
  const open = (await billQuestions.ofVisit(visitId)).find(
    ({ state, bill: asked }) => state === 'open' && asked.billHash === hashes.bill,
  );
  if (open !== undefined) return refused(orderUnknownRefusal(visitId, doubt, open.id));
  const id = ids.next();
  await billQuestions.ask({
    ...{ id, visitId, source, document, hashes, origin: doubt.origin },
    ...{ knownHash: doubt.known.billHash, receivedAt: at },
  });
  const detail = { question: id, source };
  await audit.append({ at, who: 'intake', act: 'ask-about-bill', about: visitId, detail });
  return refused(orderUnknownRefusal(visitId, doubt, id));
}

/** A bill was taken, or still stands: what was asked of earlier ones of the visit is no question any more. */
export async function endBillQuestions(
  { billQuestions }: Pick<Repositories, 'billQuestions'>,
  { visitId, hashes, origin }: Arrived,
  at: string,
): Promise<void> {
  for (const { id, state, bill } of await billQuestions.ofVisit(visitId)) {
    const isPast = bill.billHash === hashes.bill || orderOfBills(bill, origin) === 'later';
    if (state !== 'open' || !isPast) continue;
    const reason = 'a later bill of the visit came';
    await billQuestions.answer(id, { state: 'gone', at, by: 'intake', reason });
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
