import type { ProxyView } from '../../shared/contracts/desk.ts';
import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import type { CardRead } from '../../drivers/card-reader/card.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { IdentityQuestion } from './identify-card.ts';
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
 * Keeps that the user `by` answered which question of identity. Refuses `question-unknown`: only what was asked is
 * answered.
 */
export async function confirmPerson(
  dependencies: IdentificationDependencies,
  asked: AskedQuestions | null,
  { visitId, code, by }: IdentityQuestion & { readonly by: string },
): Promise<Result<Record<string, never>>> {
  const isAsked = asked?.questions.some(
    (question) => question.visitId === visitId && question.code === code,
  );
  if (asked === null || isAsked !== true) return refused(questionUnknown);
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

/**
 * Notes for the user `by` who acts for the patient: the person of the card on the plate, or of the one put there now.
 * Only the masked name and number are kept. Refuses what reading refuses, `visit-unknown`, `proxy-is-patient`, `proxy-unnamed`.
 */
export async function noteProxy(
  dependencies: IdentificationDependencies & { readonly cards: ProxyCards },
  { visitId, by }: { readonly visitId: string; readonly by: string },
): Promise<Result<ProxyView>> {
  const { store, cards } = dependencies;
  const record = await store.read(({ visits }) => visits.find(visitId));
  if (record === null) return refused(visitUnknown);
  const patient = record.person.idNumber;
  const card = await proxyCard(cards, patient);
  if (!card.ok) return refused({ ...card.refusal, details: [] });
  const { idNumber = '', name = '' } = card.value;
  if (idNumber === patient) return refused(proxyIsPatient);
  if (idNumber === '' || name === '') return refused(proxyUnnamed);
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
async function proxyCard(cards: ProxyCards, patient: string): Promise<Result<CardRead>> {
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

const questionUnknown: Refusal = {
  code: 'question-unknown',
  message: {
    zh: '读卡器上的卡已经换了，刚才的确认没有采用，没有动钱。',
    en: 'Another card lies on the reader; the answer was not used and no money moved.',
  },
  remedy: { zh: '请把病人的卡放好，按 F2 重新读。', en: 'Lay the card down and press F2.' },
};

const visitUnknown: Refusal = {
  code: 'visit-unknown',
  message: { zh: '没有这次就诊，没有动钱。', en: 'There is no such visit; no money moved.' },
  remedy: { zh: '请重新查找患者。', en: 'Find the patient again.' },
};

const proxyIsPatient: Refusal = {
  code: 'proxy-is-patient',
  message: {
    zh: '读到的是病人本人的证件，没有登记代办人，没有动钱。',
    en: 'This is the card of the patient; no proxy was noted and no money moved.',
  },
  remedy: {
    zh: '请放代办人的身份证，再按 F11；病人本人来的不用登记。',
    en: 'Lay down the ID card of the proxy and press F11; none is needed where the patient came.',
  },
};

const proxyUnnamed: Refusal = {
  code: 'proxy-unnamed',
  message: {
    zh: '这张卡上没有姓名和证件号码，不能登记代办人，没有动钱。',
    en: 'This card bears no name and ID number, so it names no proxy; no money moved.',
  },
  remedy: {
    zh: '请放代办人的身份证或社保卡，再按 F11。',
    en: 'Lay down the ID card of the proxy and press F11.',
  },
};
