import type { Refusal } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { IntakeSource } from '../intake/intake-source.ts';
import type { IntakeDependencies } from '../intake/import-files.ts';
import { pushDescription } from './openapi.ts';
import { pushRefusal } from './push-refusals.ts';
import { tokenHashOf } from './push-senders.ts';
import { pushAddressOf, type PushSettings } from './push-settings.ts';
import { receiveVisits } from './receive-visits.ts';
import { servePush, type PushServer, type PushServerOptions } from './serve-push.ts';

/** The address for bills at an open desk. */
export type HospitalPush = {
  readonly source: () => IntakeSource;
  /** Ends every connection; what is being taken in comes to its end. */
  readonly close: () => Promise<void>;
};

export type HospitalPushOptions = {
  readonly dependencies: IntakeDependencies;
  readonly settings: PushSettings;
  readonly onTaken: () => void;
  readonly onFault: (problem: unknown) => void;
  readonly inWords: (problem: unknown) => Refusal;
  readonly monotonicMs?: () => number;
  readonly limits?: Pick<PushServerOptions, 'limits' | 'connectionLimits'>;
};

/** The use of a token is written down so often: a stop loses no more of it. */
const noteUseEveryMs = 60_000;
/** Who guesses fills no audit: one entry in so long says how often it was. */
const noteWrongEveryMs = 60_000;

/** Opens the address where one is set; what keeps it from opening is said as the state of the source. */
export async function startHospitalPush(options: HospitalPushOptions): Promise<HospitalPush> {
  const { dependencies, settings, onTaken, onFault, inWords } = options;
  const { store, clock } = dependencies;
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const now = (): string => shanghaiInstant(clock.now());
  const where = settings['hospital-push'];
  const notedUse = new Map<string, number>();
  const wrong = new Map<string, { times: number; notedMs: number | null }>();
  let last: IntakeSource['last'] = null;
  let problem: IntakeSource['problem'] = null;
  const writing = new Set<Promise<unknown>>();
  const inTheBackground = (work: Promise<unknown>): void => {
    const written = work.catch(onFault).finally(() => writing.delete(written));
    writing.add(written);
  };
  const noteUse = (senderId: string): void => {
    const before = notedUse.get(senderId);
    if (before !== undefined && monotonicMs() - before < noteUseEveryMs) return;
    notedUse.set(senderId, monotonicMs());
    inTheBackground(store.transact(({ pushSenders }) => pushSenders.notePush(senderId, now())));
  };
  const noteWrong: PushServerOptions['onTurnedAway'] = (what, from) => {
    const counted = wrong.get(what) ?? { times: 0, notedMs: null };
    counted.times += 1;
    wrong.set(what, counted);
    if (counted.notedMs !== null && monotonicMs() - counted.notedMs < noteWrongEveryMs) return;
    const detail = { what, from, times: counted.times };
    Object.assign(counted, { times: 0, notedMs: monotonicMs() });
    const entry = { at: now(), who: '', act: 'turn-away-push', about: what, detail };
    inTheBackground(store.transact(({ audit }) => audit.append(entry)));
  };
  const open = async (): Promise<PushServer | null> => {
    const address = await pushAddressOf(settings);
    if (address === null) return null;
    if (!address.ok) {
      problem = inSource(address.refusal);
      return null;
    }
    try {
      return await servePush({
        ...options.limits,
        ...{ address: address.value, monotonicMs, inWords, onTurnedAway: noteWrong },
        find: (token) =>
          store.read(({ pushSenders }) => pushSenders.findByToken(tokenHashOf(token))),
        receive: async (bytes, { id, name }) => {
          noteUse(id);
          const answer = await receiveVisits(dependencies, { bytes, sender: name });
          const taken = answer.visits.filter(({ outcome }) => outcome === 'taken').length;
          const refused = answer.visits.filter(
            ({ outcome }) => outcome === 'refused' || outcome === 'question',
          ).length;
          const unread = answer.problem === undefined ? 0 : 1;
          last = { at: now(), what: name, taken, refused: refused + unread };
          onTaken();
          return answer;
        },
        hindrance: () => (store.noRoom() === null ? null : pushRefusal('push-not-now')),
        description: () => JSON.stringify(pushDescription()),
      });
    } catch (fault) {
      const why = fault instanceof Error && 'code' in fault ? String(fault.code) : 'unknown';
      problem = inSource(pushRefusal('push-port-taken', { where: where ?? '', why }));
      onFault(fault);
      return null;
    }
  };
  const server = await open();
  return {
    source: () => ({
      ...{ id: 'pushed', kind: 'pushed', where: where === null ? null : `https://${where}` },
      state: where === null ? 'not-set' : problem === null ? 'working' : 'trouble',
      ...{ problem, askedAt: null, last },
    }),
    async close() {
      await server?.close();
      await Promise.all(writing);
    },
  };
}

function inSource({ code, message, remedy }: Refusal): IntakeSource['problem'] {
  return { code, words: message, remedy };
}
