import type { Refusal, Result } from '../../../shared/domain/result.ts';
import { systemTimer, type Timer } from '../../base/timer.ts';
import { within } from '../../base/within.ts';
import type { IntakeSource } from '../intake-source.ts';
import type { FetchedBill } from './account-locks.ts';
import type { PullCode, PullReport, PullWanted } from './pull-visits.ts';

export type HospitalPullsOptions = {
  /** The database as it is set, without anything secret; null: none is. */
  readonly where: string | null;
  readonly pull: (wanted: PullWanted) => Promise<Result<PullReport, PullCode>>;
  /** The instant for what is shown. */
  readonly now: () => string;
  /** Bills came, or something of a visit was refused. */
  readonly onTaken: () => void;
  /** How the database is has changed. */
  readonly onLooked: () => void;
  readonly onFault: (problem: unknown) => void;
  readonly timer?: Timer;
};

/** The hospital's database at an open desk: asked by the clock and with each card. */
export type HospitalPulls = {
  /** Takes in what has changed meanwhile; `late` where that is not done soon. It goes on all the same. */
  readonly takeInNow: () => Promise<'taken' | 'late'>;
  /** Takes in one visit as it stands now, behind the pull under way. */
  readonly takeVisit: (visitId: string) => Promise<FetchedBill>;
  readonly source: () => IntakeSource;
  /** Waits a moment for the pull under way; where it is cut off, the next one goes on from what was kept. */
  readonly close: () => Promise<void>;
};

/** Between two pulls, in milliseconds. */
export const betweenPullsMs = 60_000;
/** How long a card waits for its bill (a reading that takes longer shows the age of the bill instead). */
const cardWaitMs = 300;
const closeWaitMs = 2000;

/**
 * Pulls by itself where a database is set: one pull at a time, the next a minute after the last has ended, whether it
 * succeeded or not. What a pull asked for while another is under way would find, that one may have passed already; so one
 * more follows it. A refusal is shown as the state of the source and not written anywhere; of a visit without its marker
 * each desk tells once.
 */
export function startHospitalPulls(options: HospitalPullsOptions): HospitalPulls {
  const { where, pull, now, onTaken, onLooked, onFault, timer = systemTimer } = options;
  const told = new Set<string>();
  // What is asked for by a card, a clock and a visit is asked for by one program: the second waits, and is not refused.
  let underWay: Promise<unknown> | null = null;
  const pullInTurn = async (wanted: PullWanted): ReturnType<typeof pull> => {
    while (underWay !== null) await underWay;
    const pulling = pull(wanted);
    underWay = pulling
      .catch(() => undefined)
      .finally(() => {
        underWay = null;
      });
    return pulling;
  };
  let running: Promise<'taken' | 'late'> | null = null;
  let following: Promise<'taken' | 'late'> | null = null;
  let stopWaiting: () => void = () => undefined;
  let closed = false;
  let problem: IntakeSource['problem'] = null;
  let askedAt: string | null = null;
  let last: IntakeSource['last'] = null;

  async function pullOnce(): Promise<'taken' | 'late'> {
    stopWaiting();
    const before = problem?.code;
    let outcome: 'taken' | 'late' = 'late';
    try {
      const pulled = await pullInTurn({ kind: 'changed', told });
      // Somebody pulls by hand: what comes is seen with the next one.
      if (pulled.ok || pulled.refusal.code !== 'busy') {
        askedAt = now();
        problem = pulled.ok ? null : inWords(pulled.refusal);
      }
      if (pulled.ok) {
        outcome = 'taken';
        note(pulled.value);
      }
    } catch (fault) {
      // Behind the end of the desk the books are closed: what was cut off goes on with the next pull.
      if (!closed) onFault(fault);
    }
    if (problem?.code !== before) onLooked();
    return outcome;
  }

  function note({ accepted, refused }: PullReport): void {
    if (accepted.length === 0 && refused.length === 0) return;
    const counts = { taken: accepted.length, refused: refused.length };
    last = { at: now(), what: where ?? '', ...counts };
    onTaken();
  }

  function begin(): Promise<'taken' | 'late'> {
    running = pullOnce().finally(() => {
      running = null;
      if (!closed && following === null) stopWaiting = timer(betweenPullsMs, () => void begin());
    });
    return running;
  }

  async function pullSoon(): Promise<'taken' | 'late'> {
    if (closed) return 'late';
    if (running === null) return begin();
    following ??= running.then(() => {
      following = null;
      return closed ? 'late' : begin();
    });
    return following;
  }

  if (where !== null) void begin();
  return {
    takeInNow: async () => {
      if (where === null) return 'taken';
      return (await within(cardWaitMs, pullSoon(), timer)) ?? 'late';
    },
    async takeVisit(visitId) {
      if (closed || where === null) return null;
      const pulled = await pullInTurn({ kind: 'visit', visitId });
      if (!pulled.ok) return pulled.refusal;
      note(pulled.value);
      return pulled.value.refused[0] ?? 'taken';
    },
    source: () => ({
      ...{ id: 'database', kind: 'database', where },
      state: where === null ? 'not-set' : problem === null ? 'working' : 'trouble',
      ...{ problem, askedAt, last },
    }),
    async close() {
      closed = true;
      stopWaiting();
      if (running !== null) await within(closeWaitMs, running, timer);
    },
  };
}

function inWords({ code, message, remedy }: Refusal): IntakeSource['problem'] {
  return { code, words: message, remedy };
}
