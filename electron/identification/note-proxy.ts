import type { ProxyView } from '../../shared/contracts/desk.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { CardRead, CardRefusalCode } from '../../drivers/card-reader/card.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import { openQuestionOf } from './identity-questions.ts';
import { identityRefusal } from './identity-refusals.ts';
import { maskIdNumber, maskName } from '../security/mask.ts';
import type { CardReading } from '../card-reading/card-reading.ts';
import type { Clock } from '../base/clock.ts';
import type { Store } from '../database/store.ts';

export type IdentificationDependencies = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
};

type ProxyCards = Pick<CardReading, 'latestCard' | 'readCard' | 'forgetCard'>;

/** The proxy is asked for their card and has to find it: a little longer than for the patient's own. */
const proxyTimeoutSeconds = 10;

/** Why no proxy was noted. */
export type ProxyCode =
  | CardRefusalCode
  | 'visit-unknown'
  | 'visit-settled'
  | 'identity-question-open'
  | 'proxy-is-patient'
  | 'proxy-unnamed';

/**
 * Notes for the user `by` who acts for the patient: the person of the card on the plate, or of the one put there now.
 * Only the masked name and number are kept. Refuses what reading refuses, too.
 */
export async function noteProxy(
  dependencies: IdentificationDependencies & { readonly cards: ProxyCards },
  { visitId, by }: { readonly visitId: string; readonly by: string },
): Promise<Result<ProxyView, ProxyCode>> {
  const { store, cards } = dependencies;
  const [record, open] = await store.read(
    async (repositories) =>
      [
        await repositories.visits.find(visitId),
        await openQuestionOf(repositories, visitId),
      ] as const,
  );
  if (record === null) return refused(databaseRefusal('visit-unknown', { visitId }));
  if (record.state === 'settled') return refused(identityRefusal('visit-settled'));
  if (open !== null) return refused(open);
  const patient = record.person.idNumber;
  const card = await proxyCard(cards, patient);
  if (!card.ok) return refused({ ...card.refusal, details: [] });
  const { idNumber = '', name = '' } = card.value;
  if (idNumber === patient) return refused(identityRefusal('proxy-is-patient'));
  if (idNumber === '' || name === '') return refused(identityRefusal('proxy-unnamed'));
  const proxy = { maskedName: maskName(name), maskedIdNumber: maskIdNumber(idNumber) };
  await audit(dependencies, {
    who: by,
    act: 'note-proxy',
    about: visitId,
    detail: { ...proxy, card: card.value.card },
  });
  // The proxy is not the next patient.
  cards.forgetCard();
  return accepted(proxy);
}

/** The card lying there, unless it is the patient's own: then the next one. */
async function proxyCard(
  cards: ProxyCards,
  patient: string,
): Promise<Result<CardRead, CardRefusalCode>> {
  const latest = cards.latestCard();
  if (latest.kind === 'card' && latest.onPlate && latest.card.idNumber !== patient) {
    return accepted(latest.card);
  }
  return cards.readCard({ timeoutSeconds: proxyTimeoutSeconds });
}

async function audit(
  { store, clock }: IdentificationDependencies,
  entry: {
    readonly who: string;
    readonly act: string;
    readonly about: string;
    readonly detail: object;
  },
): Promise<void> {
  const at = shanghaiInstant(clock.now());
  await store.transact((repositories) => repositories.audit.append({ at, ...entry }));
}
