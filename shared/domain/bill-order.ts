/** When a bill was made by other signs than its sender's word: the time of its file, or of our reading where it stands. */
export type MadeAt = { readonly at: string; readonly by: 'file' | 'read' };

/** What is known of when a bill was made. */
export type BillOrigin = {
  /** The sender's own count of the bills of the visit; null: it does not count. */
  readonly sentVersion: number | null;
  /** When it was made, and by whose word; null: nobody knows. */
  readonly made: { readonly at: string; readonly by: 'sender' | 'file' | 'read' } | null;
};

export const originUnknown: BillOrigin = { sentVersion: null, made: null };

/** The same of a bill that is kept. */
export type KnownOrigin = BillOrigin & { readonly receivedAt: string };

/** Whether a bill that comes is later or earlier than the one that is known; `unknown`: nothing tells, so a person has to. */
export type BillOrder = 'later' | 'earlier' | 'unknown';

/** The clocks of two machines of a hospital may differ by so much; what differs less tells nothing. */
const clocksDifferMs = 600_000;

/** A file whose time is so far ahead of when it came tells of a clock, not of a bill. */
const aheadMaxMs = 24 * 60 * 60 * 1000;

/** When the known bill was made, unless its file's time cannot be it. */
function madeOfKnown({ made, receivedAt }: KnownOrigin): BillOrigin['made'] {
  if (made?.by !== 'file') return made;
  return msOf(made.at) > msOf(receivedAt) + aheadMaxMs ? null : made;
}

/**
 * Which of two different bills of a visit is the later one. The sender's version and time speak first; where they contradict each
 * other, or are the same for two bills that are not, nothing is known. Else the times both were made tell, of one clock to the
 * instant, of two clocks beyond what these may differ. A bill that is read where it stands, after the other had come, is the later
 * one.
 */
export function orderOfBills(known: KnownOrigin, come: BillOrigin): BillOrder {
  const knownMade = madeOfKnown(known);
  const byVersion =
    known.sentVersion === null || come.sentVersion === null
      ? null
      : Math.sign(come.sentVersion - known.sentVersion);
  const isOfSender = knownMade?.by === 'sender' && come.made?.by === 'sender';
  const apartMs =
    knownMade === null || come.made === null ? null : msOf(come.made.at) - msOf(knownMade.at);
  const byTime = isOfSender && apartMs !== null ? Math.sign(apartMs) : null;
  if (byVersion !== null || byTime !== null) {
    if ((byVersion ?? 0) * (byTime ?? 0) < 0) return 'unknown';
    return orderOf(byVersion === null || byVersion === 0 ? (byTime ?? 0) : byVersion);
  }
  if (come.made === null) return 'unknown';
  const sinceReceivedMs = msOf(come.made.at) - msOf(known.receivedAt);
  // Where the bill stands says what counts now: what had come before by whatever door is the earlier one, by our own clock alone.
  if (come.made.by === 'read' && sinceReceivedMs >= 0) return 'later';
  if (apartMs === null) return sinceReceivedMs > clocksDifferMs ? 'later' : 'unknown';
  if (knownMade?.by === come.made.by) return orderOf(Math.sign(apartMs));
  return Math.abs(apartMs) > clocksDifferMs ? orderOf(Math.sign(apartMs)) : 'unknown';
}

function orderOf(sign: number): BillOrder {
  if (sign === 0) return 'unknown';
  return sign > 0 ? 'later' : 'earlier';
}

const msOf = (instant: string): number => Date.parse(instant);

/** What is known of two bills that say the same together: the later word of each kind. */
export function laterOrigin(known: BillOrigin, come: BillOrigin): BillOrigin {
  return { sentVersion: come.sentVersion ?? known.sentVersion, made: come.made ?? known.made };
}
