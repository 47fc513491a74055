import type { ProxyView } from '../../shared/contracts/desk.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { CardRead, CardRefusalCode } from '../../drivers/card-reader/card.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import type { IdentityQuestion } from './identify-card.ts';
import { identityRefusal } from './identity-refusals.ts';
import { maskIdNumber, maskName } from '../security/mask.ts';
import type { CardReading } from '../card-reading/card-reading.ts';
import type { Clock } from '../base/clock.ts';
import type { Store } from '../database/store.ts';

/** The questions the card on the plate raises; only what was asked can be answered. */
export type AskedQuestions = {
  readonly card: CardRead['card'];
  readonly questions: readonly IdentityQuestion[];
};

export type IdentificationDependencies = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
};

/**
 * Keeps that the user `by` answered which question of identity; only what was asked is answered.
 */
export async function confirmPerson(
  dependencies: IdentificationDependencies,
  asked: AskedQuestions | null,
  { visitId, code, by }: IdentityQuestion & { readonly by: string },
): Promise<Result<Record<string, never>, 'question-unknown'>> {
  const isAsked = asked?.questions.some(
    (question) => question.visitId === visitId && question.code === code,
  );
  if (asked === null || isAsked !== true) return refused(identityRefusal('question-unknown'));
  await audit(dependencies, {
    who: by,
    act: 'confirm-person',
    about: visitId,
    detail: { code, card: asked.card },
  });
  return accepted({});
}

type ProxyCards = Pick<CardReading, 'latestCard' | 'readCard' | 'forgetCard'>;

/** The proxy is asked for their card and has to find it: a little longer than for the patient's own. */
const proxyTimeoutSeconds = 10;

/** Why no proxy was noted. */
export type ProxyCode = CardRefusalCode | 'visit-unknown' | 'proxy-is-patient' | 'proxy-unnamed';

/**
 * Notes for the user `by` who acts for the patient: the person of the card on the plate, or of the one put there now.
 * Only the masked name and number are kept. Refuses what reading refuses, too.
 */
export async function noteProxy(
  dependencies: IdentificationDependencies & { readonly cards: ProxyCards },
  { visitId, by }: { readonly visitId: string; readonly by: string },
): Promise<Result<ProxyView, ProxyCode>> {
  const { store, cards } = dependencies;
  const record = await store.read(({ visits }) => visits.find(visitId));
  if (record === null) return refused(databaseRefusal('visit-unknown', { visitId }));
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
