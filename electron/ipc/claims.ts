import type { ClaimRow, UploadView } from '../../shared/contracts/claims.ts';
import { accepted, type Words } from '../../shared/domain/result.ts';
import { payerNamer } from '../../shared/pack-words/payer-namer.ts';
import { claimWorklist, worklistPageMax, type WorklistRow } from '../claims/claim-worklist.ts';
import { claimsOverview } from '../claims/claims-overview.ts';
import { askAgain, claimAnew, keepNotBooked } from '../claims/decide-claim.ts';
import { undoClaim } from '../claims/undo-claim.ts';
import type { PayerUpload } from '../claims/upload-claims.ts';
import type { UploadState } from '../claims/upload-runs.ts';
import type { UploadRunRecord } from '../database/uploads-repository.ts';
import { maskName } from '../security/mask.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';
import { actorOf, consentOf } from './second-person.ts';

/** The queue of claims as the clerk works on it: what waits where and how long, sending it, and deciding of one. */
export function claimCalls(
  parts: Pick<DeskParts, 'services' | 'hasher' | 'uploads' | 'claimSettings' | 'tellPages'>,
) {
  const { services, uploads, claimSettings, tellPages } = parts;
  /** Every page that shows the queue asks again. */
  const told = async <Answer extends { readonly ok: boolean }>(
    acts: Promise<Answer>,
  ): Promise<Answer> => {
    const answer = await acts;
    if (answer.ok) tellPages('claims');
    return answer;
  };
  return {
    'claims:overview': async () => {
      const nameOf = payerNamer(services.packs);
      const [{ payersUrl, uploadAt }, overview, last] = await Promise.all([
        claimSettings(),
        claimsOverview(services),
        services.store.read((all) => all.uploads.last()),
      ]);
      return accepted({
        ...{ businessDate: services.clock.businessDate(), payersUrl, uploadAt },
        payers: overview.payers.map((payer) => ({
          ...structuredClone(payer),
          name: nameOf(payer.destination),
        })),
        all: structuredClone(overview.all),
        upload: uploadView(uploads.state(), last, nameOf),
      });
    },
    'claims:list': async (page) => {
      const rows = await claimWorklist(services, page);
      const nameOf = payerNamer(services.packs);
      return accepted({
        claims: rows.map((row) => rowView(row, nameOf)),
        hasMore: rows.length === worklistPageMax,
      });
    },
    'claims:upload': async ({ destination }, { userId }) => {
      const of = destination === undefined ? {} : { payer: destination };
      const begun = await uploads.start({ ...of, who: userId });
      return begun.ok ? accepted({}) : begun;
    },
    'claims:stop-upload': () => {
      uploads.stop();
      return Promise.resolve(accepted({}));
    },
    'claims:ask-again': async (decision, caller) => {
      const done = await told(askAgain(services, decision, actorOf(caller)));
      return done.ok ? accepted(decidedView(done.value)) : done;
    },
    'claims:anew': async (decision, caller) => {
      const done = await told(claimAnew(services, decision, actorOf(caller)));
      return done.ok ? accepted(decidedView(done.value)) : done;
    },
    'claims:not-booked': async ({ consent: given, ...decision }, caller) => {
      const consent = await consentOf(parts, given, caller);
      if (!consent.ok) return consent;
      const done = await told(keepNotBooked(services, decision, actorOf(caller), consent.value));
      return done.ok ? accepted(decidedView(done.value)) : done;
    },
    'claims:undo': async ({ consent: given, ...decision }, caller) => {
      const consent = await consentOf(parts, given, caller);
      if (!consent.ok) return consent;
      const undoParts = { ...services, channels: services.claimChannels };
      const done = await told(undoClaim(undoParts, decision, actorOf(caller), consent.value));
      if (!done.ok) return done;
      const { state, outcome, words } = done.value;
      return accepted({ state, outcome, words });
    },
  } satisfies Pick<CallHandlers, Extract<keyof CallHandlers, `claims:${string}`>>;
}

/** What a payer is called, by the packs here. */
type NameOf = (payer: string) => Words;

const decidedView = ({
  state,
  newClaimId,
}: {
  readonly state: string;
  readonly newClaimId: string | null;
}) => ({ state, newClaimId });

/** The run of this desk; where it has none, or a later one was made elsewhere, what the books say of the last. */
function uploadView(state: UploadState, last: UploadRunRecord | null, nameOf: NameOf): UploadView {
  switch (state.kind) {
    case 'under-way':
      return {
        ...{ kind: 'under-way', startedAt: state.startedAt, who: state.who },
        ...{ isStopping: state.isStopping, secondsLeft: state.secondsLeft },
        ...{
          payers: state.payers.map((payer) => countsView(payer, nameOf)),
          lines: [...state.lines],
        },
      };
    case 'broke-off':
      return {
        ...{ kind: 'broke-off', startedAt: state.startedAt },
        refusal: structuredClone(state.refusal) as Extract<
          UploadView,
          { kind: 'broke-off' }
        >['refusal'],
      };
    case 'ended':
      if (last !== null && last.id !== state.runId) return viewOfRecord(last, nameOf);
      return {
        ...{ kind: 'ended', startedAt: state.startedAt, endedAt: state.endedAt, who: state.who },
        ...{ isStopped: state.isStopped, lines: [...state.lines] },
        payers: state.payers.map((payer) => countsView(payer, nameOf)),
        datedLater: state.datedLater.map(({ payer, ...later }) => ({
          ...later,
          name: nameOf(payer),
        })),
      };
    case 'none':
      return last === null ? { kind: 'none' } : viewOfRecord(last, nameOf);
  }
}

function viewOfRecord(
  { startedAt, finishedAt, startedBy, payers }: UploadRunRecord,
  nameOf: NameOf,
): UploadView {
  const run = {
    ...{ startedAt, who: startedBy },
    payers: payers.map(({ destination, ...counts }) => ({
      ...counts,
      ...{ payer: destination, name: nameOf(destination) },
    })),
  };
  return finishedAt === null
    ? { kind: 'not-ended', ...run }
    : { kind: 'ended', ...run, endedAt: finishedAt, isStopped: false, datedLater: [], lines: [] };
}

function countsView(
  { payer, claims, accepted: taken, rejected, unknown, waiting, acknowledged }: PayerUpload,
  nameOf: NameOf,
) {
  return {
    ...{ payer, name: nameOf(payer), claims, accepted: taken },
    ...{ rejected, unknown, waiting, acknowledged },
  };
}

function rowView(
  { claim, settlementNumber, personName, ...row }: WorklistRow,
  nameOf: NameOf,
): ClaimRow {
  const { id, destination, state, claimedFen, approvedFen, businessDate, createdAt } = claim;
  const { attempts, lastAttemptAt, messageId, payerReference } = claim;
  return {
    ...{ claimId: id, settlementNumber, maskedName: maskName(personName) },
    ...{ destination, name: nameOf(destination), state },
    ...{ claimedFen, approvedFen, businessDate, createdAt },
    ...{ attempts, lastAttemptAt, messageId, payerReference },
    ...{ problem: row.problem, advice: row.advice, acts: { ...row.acts } },
  };
}
