import { accepted, refused, type Result, type Words } from '../../shared/domain/result.ts';
import { birthDayIn, hasRightCheckDigit } from '../../shared/domain/citizen-number.ts';
import { isSameName } from '../../shared/domain/person-name.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { Day } from '../../shared/domain/visit.ts';
import type { CardRead } from '../../drivers/card-reader/card.ts';
import type { RegisteredCardKind } from '../database/cards-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import type { VisitSummary } from '../database/visits-repository.ts';
import type { LeavingNumber } from '../security/show-number.ts';
import type { AskVoucherOwner, EVoucherCode } from './decode-e-voucher.ts';
import { identityRefusal } from './identity-refusals.ts';

/**
 * What the cashier must answer before a visit opens by this card. `name-differs`: the same number, another name.
 * `birth-date-differs`, `sex-differs`: the same number and name, another day of birth or sex.
 * `number-differs`: the same name and day of birth, another number. `newborn-on-card`: the visit is a newborn's,
 * kept under the number of the mother, whose card this is.
 */
export const identityQuestionCodes = [
  'name-differs',
  'birth-date-differs',
  'sex-differs',
  'number-differs',
  'newborn-on-card',
] as const;
export type IdentityQuestionCode = (typeof identityQuestionCodes)[number];

export type IdentityQuestion = {
  readonly visitId: string;
  readonly code: IdentityQuestionCode;
  /** What besides the name or number is another: on the card, and on the visit. */
  readonly facts?: FactsThatDiffer;
};

type Two<Fact> = { readonly onCard: Fact; readonly onVisit: Fact };
export type FactsThatDiffer = {
  readonly birthDate?: Two<Day>;
  readonly sex?: Two<'male' | 'female'>;
};

/** Who a card belongs to. */
export type IdentifiedPerson = {
  readonly idNumber: string;
  /** As the card or the service says; as our record says where neither does. */
  readonly name: string;
  readonly visits: readonly VisitSummary[];
  readonly questions: readonly IdentityQuestion[];
};

type CardOwner = {
  readonly idNumber: string;
  readonly name: string | null;
  /** As the card says, or as the number does; null where neither tells. */
  readonly birthDate: Day | null;
  /** As the card says; null where it does not. */
  readonly sex: 'male' | 'female' | null;
};

/** Why a register of cards does not name one owner. */
type RegisterCode =
  'card-lost' | 'card-replaced' | 'card-cancelled' | 'card-of-two-persons' | 'card-unknown';

/** Why it is not known whose a card is. */
export type IdentifyCode = EVoucherCode | RegisterCode;

/** The person of a card and their visits. */
export async function identifyCard(
  { store, askVoucherOwner }: { readonly store: Store; readonly askVoucherOwner: AskVoucherOwner },
  card: CardRead,
): Promise<Result<IdentifiedPerson, IdentifyCode>> {
  const said = await ownerOnCard(card, askVoucherOwner);
  if (!said.ok) return said;
  return store.read(async (repositories) => {
    const owner = await ownerByRegister(repositories, card, said.value);
    return owner.ok ? accepted(await personOf(repositories, owner.value)) : owner;
  });
}

/** What the card itself, or the service behind an e-voucher, says of its owner; null: nothing. */
async function ownerOnCard(
  { card, code, idNumber, name, birthDate, sex }: CardRead,
  askVoucherOwner: AskVoucherOwner,
): Promise<Result<CardOwner | null, EVoucherCode>> {
  if (card === 'e-voucher' && code !== undefined) {
    const decoded = await askVoucherOwner(code);
    if (!decoded.ok) return decoded;
    return accepted({
      ...decoded.value,
      birthDate: birthDayOf(decoded.value.idNumber),
      sex: sex ?? null,
    });
  }
  if (idNumber === undefined) return accepted(null);
  const born = birthDate ?? birthDayOf(idNumber);
  return accepted({ idNumber, name: name ?? null, birthDate: born, sex: sex ?? null });
}

/** Numbers of older permits and of passports do not tell it. */
function birthDayOf(idNumber: string): Day | null {
  return hasRightCheckDigit(idNumber) ? birthDayIn(idNumber) : null;
}

async function ownerByRegister(
  { cards }: Repositories,
  card: CardRead,
  said: CardOwner | null,
): Promise<Result<CardOwner, RegisterCode>> {
  const kind = registeredKind(card);
  const known =
    kind === null || card.cardNumber === undefined ? [] : await cards.find(kind, card.cardNumber);
  for (const { state } of known) {
    if (state === 'lost') return refused(identityRefusal('card-lost'));
    if (state === 'replaced') return refused(identityRefusal('card-replaced'));
    if (state === 'cancelled') return refused(identityRefusal('card-cancelled'));
  }
  const owners = new Set(known.map(({ idNumber }) => idNumber));
  if (said !== null) owners.add(said.idNumber);
  if (owners.size > 1) return refused(identityRefusal('card-of-two-persons'));
  const [registered] = known;
  if (said !== null) return accepted({ ...said, name: said.name ?? registered?.name ?? null });
  return registered === undefined
    ? refused(identityRefusal('card-unknown'))
    : accepted({
        idNumber: registered.idNumber,
        name: registered.name,
        birthDate: birthDayOf(registered.idNumber),
        sex: card.sex ?? null,
      });
}

function registeredKind({ card }: CardRead): RegisteredCardKind | null {
  return card === 'social-security' || card === 'preferential' ? card : null;
}

async function personOf(repositories: Repositories, owner: CardOwner): Promise<IdentifiedPerson> {
  const { idNumber, name, birthDate } = owner;
  const person = await repositories.persons.findByIdNumber(idNumber);
  const visits = person === null ? [] : await repositories.visits.ofPerson(person.id);
  if (visits.length > 0) {
    const questions = await questionsOf(repositories, visits, owner);
    return { idNumber, name: name ?? person?.name ?? '', visits, questions };
  }
  const others =
    name === null || birthDate === null
      ? []
      : await visitsUnderAnotherNumber(repositories, { ...owner, name });
  return {
    idNumber,
    name: name ?? person?.name ?? '',
    visits: others,
    questions: others.map(({ visitId }) => ({ visitId, code: 'number-differs' })),
  };
}

async function questionsOf(
  { visits: repository }: Repositories,
  visits: readonly VisitSummary[],
  owner: CardOwner,
): Promise<readonly IdentityQuestion[]> {
  const questions: IdentityQuestion[] = [];
  for (const { visitId, name, state } of visits) {
    const isNamedOtherwise = !isSameName(name, owner.name ?? name);
    // What is settled is only looked at; its bill is not read for that.
    if (!isNamedOtherwise && state === 'settled') continue;
    const record = await repository.find(visitId);
    if (record === null) continue;
    const { person, visit } = record;
    if (isNewbornOn(visit.admittedOn, person)) {
      // The number is the mother's, and so is the day of birth in it.
      if (isNamedOtherwise) questions.push({ visitId, code: 'newborn-on-card' });
      continue;
    }
    const facts = factsThatDiffer(owner, person);
    const code = isNamedOtherwise ? 'name-differs' : codeOf(facts);
    if (code === null) continue;
    questions.push({ visitId, code, ...(codeOf(facts) === null ? {} : { facts }) });
  }
  return questions;
}

function codeOf({ birthDate, sex }: FactsThatDiffer): IdentityQuestionCode | null {
  if (birthDate !== undefined) return 'birth-date-differs';
  return sex === undefined ? null : 'sex-differs';
}

function factsThatDiffer(
  onCard: Pick<CardOwner, 'birthDate' | 'sex'>,
  onVisit: Pick<Person, 'birthDate' | 'sex'>,
): FactsThatDiffer {
  const [born, sex] = [onCard.birthDate, onCard.sex];
  return {
    ...(born === null || born === onVisit.birthDate
      ? {}
      : { birthDate: { onCard: born, onVisit: onVisit.birthDate } }),
    ...(sex === null || sex === onVisit.sex ? {} : { sex: { onCard: sex, onVisit: onVisit.sex } }),
  };
}

/** Younger than a year, and born on another day than the number says: it is not the child's own number. */
export function isNewbornOn(
  admittedOn: string,
  { birthDate, idNumber }: { readonly birthDate: string; readonly idNumber: string },
): boolean {
  const aYearBefore = `${String(Number(admittedOn.slice(0, 4)) - 1)}${admittedOn.slice(4)}`;
  return birthDate > aYearBefore && birthDate !== birthDayIn(idNumber);
}

/** How many persons of one name are looked at; nobody picks from more at a counter. */
const namesakesMax = 20;

/** The ward may have written the number wrong: visits of the same name, born on the same day. */
async function visitsUnderAnotherNumber(
  { persons, visits }: Repositories,
  { idNumber, name, birthDate: bornOn }: CardOwner & { readonly name: string },
): Promise<readonly VisitSummary[]> {
  const namesakes = await persons.findByName(name, namesakesMax);
  const found: VisitSummary[] = [];
  for (const { id, birth_date: birthDate, id_number: other } of namesakes) {
    if (birthDate !== bornOn || other === idNumber) continue;
    const unsettled = (await visits.ofPerson(id)).filter(({ state }) => state === 'unsettled');
    found.push(...unsettled);
  }
  return found;
}

/** The two of a question as they are shown: names masked by the caller, numbers in full only with an entry in the audit. */
export type Compared<Code extends IdentityQuestionCode> = Code extends 'number-differs'
  ? { readonly onCard: LeavingNumber; readonly onVisit: LeavingNumber }
  : { readonly onCard: string; readonly onVisit: string };

/** The question in words. */
export function questionWords<Code extends IdentityQuestionCode>(
  code: Code,
  { onCard, onVisit }: Compared<Code>,
  facts: FactsThatDiffer = {},
): Words {
  const others = factWords(facts);
  switch (code) {
    case 'name-differs':
      return {
        zh: `证件号码相同，姓名不同：卡上是“${onCard}”，病区登记的是“${onVisit}”。${others === null ? '' : `${others.zh}。`}请看人、看证件，是同一个人吗？`,
        en: `The same ID number, another name: "${onCard}" on the card, "${onVisit}" at the ward. ${others === null ? '' : `${others.en}. `}Look at the person and the document: is it the same person?`,
      };
    case 'birth-date-differs':
    case 'sex-differs':
      return {
        zh: `证件号码、姓名相同（“${onCard}”），但${others?.zh ?? ''}。请看人、看证件，是同一个人吗？病区登记错的，请病区改正后重新发出账单。`,
        en: `The same ID number and name ("${onCard}"), but: ${others?.en ?? ''}. Look at the person and the document: is it the same person? Where the ward is wrong, have it correct the bill and send it again.`,
      };
    case 'number-differs':
      return {
        zh: `姓名、出生日期相同，证件号码不同：卡上是 ${onCard}，病区登记的是 ${onVisit}。请核对证件，是同一个人吗？`,
        en: `The same name and day of birth, another ID number: ${onCard} on the card, ${onVisit} at the ward. Check the document: is it the same person?`,
      };
    case 'newborn-on-card':
      return {
        zh: `就诊人是新生儿“${onVisit}”，登记在母亲“${onCard}”的证件号码下。确认按母亲的卡为孩子结算吗？`,
        en: `The visit is of the newborn "${onVisit}", kept under the number of the mother "${onCard}". Settle it by the mother's card?`,
      };
  }
}

/** What else is another, in a sentence without its end; null where nothing is. */
function factWords({ birthDate, sex }: FactsThatDiffer): Words | null {
  const sexIs = { male: { zh: '男', en: 'male' }, female: { zh: '女', en: 'female' } } as const;
  const said: Words[] = [];
  if (birthDate !== undefined) {
    const { onCard, onVisit } = birthDate;
    said.push({
      zh: `出生日期不同：卡上是 ${onCard}，病区登记的是 ${onVisit}`,
      en: `another day of birth: ${onCard} on the card, ${onVisit} at the ward`,
    });
  }
  if (sex !== undefined) {
    const [card, ward] = [sexIs[sex.onCard], sexIs[sex.onVisit]];
    said.push({
      zh: `性别不同：卡上是${card.zh}，病区登记的是${ward.zh}`,
      en: `another sex: ${card.en} on the card, ${ward.en} at the ward`,
    });
  }
  if (said.length === 0) return null;
  return {
    zh: said.map(({ zh }) => zh).join('；'),
    en: said.map(({ en }) => en).join('; '),
  };
}
