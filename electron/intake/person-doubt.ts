import type { MadeAt } from '../../shared/domain/bill-order.ts';
import { otherFormOf } from '../../shared/domain/identity-number.ts';
import type { Person } from '../../shared/domain/person.ts';
import { isSameName } from '../../shared/domain/person-name.ts';
import { refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { BillHashes } from '../database/bill-identity.ts';
import type { NewPersonQuestion } from '../database/person-questions-repository.ts';
import type { PersonQuestionTable } from '../database/person-tables.ts';
import type { PersonTable } from '../database/schema.ts';
import type { Repositories } from '../database/store.ts';
import { maskAllButDifference, maskIdNumber } from '../security/mask.ts';
import { intakeRefusal } from './intake-refusals.ts';

/** What is another one than what is known under the number; `number`: the person is known under the other form of it. */
export type Difference = 'number' | 'name' | 'birth-date' | 'sex';

/** What a bill or a list says of a person; a list says no more than number and name. */
export type PersonSaid = Pick<Person, 'idNumber' | 'name'> &
  Partial<Pick<Person, 'birthDate' | 'sex'>>;

/** A person who is known under a number and of whom something else is said now. */
export type PersonDoubt = {
  readonly known: PersonTable;
  readonly said: PersonSaid;
  readonly differs: readonly Difference[];
  /** Somebody has looked and said that it is another person. */
  readonly isAnother: boolean;
};

type Reading = Pick<Repositories, 'persons' | 'personQuestions'>;

/**
 * Whether what is said of a person makes it doubtful that it is the one known under the number; null: it does not, or
 * somebody has said that it is. The number alone joins nobody: name, day of birth and sex are those that are known. What only
 * this visit's own bill has said before, a later one of it may correct.
 */
export async function doubtOfVisit(
  repositories: Reading,
  { visitId, person }: { readonly visitId: string; readonly person: Person },
): Promise<PersonDoubt | null> {
  // Somebody without a number is a person of that visit alone: there is nobody to be mistaken for.
  if (person.idNumber === '') return null;
  const known = await repositories.persons.findByIdNumber(person.idNumber);
  if (known === null) return doubtOfOtherForm(repositories, person);
  const differs = differencesOf(known, person);
  if (differs.length === 0) return null;
  if (!(await repositories.persons.isKnownBesides(known.id, visitId))) return null;
  return unlessAnswered(repositories, { known, said: person, differs });
}

/** An old number of fifteen digits and the one of eighteen may be of the same person: a person says so, or not. */
async function doubtOfOtherForm(
  repositories: Reading,
  person: Person,
): Promise<PersonDoubt | null> {
  const other = otherFormOf(person.idNumber);
  const known = other === null ? null : await repositories.persons.findByIdNumber(other);
  if (known === null) return null;
  const differs = ['number', ...differencesOf(known, person)] as const;
  return unlessAnswered(repositories, { known, said: person, differs });
}

/** What of a person is said otherwise than it is known. A register that brought somebody has stated no more than the name. */
export function differencesOf(known: PersonTable, said: PersonSaid): readonly Difference[] {
  const isStated = known.of_register === null;
  const { name, birthDate, sex } = said;
  return [
    ...(isSameName(known.name, name) ? [] : ['name' as const]),
    ...(isStated && birthDate !== undefined && birthDate !== known.birth_date
      ? ['birth-date' as const]
      : []),
    ...(isStated && sex !== undefined && sex !== known.sex ? ['sex' as const] : []),
  ];
}

/** The doubt, unless somebody has said of these two that they are one person. */
export async function unlessAnswered(
  { personQuestions }: Pick<Repositories, 'personQuestions'>,
  doubt: Omit<PersonDoubt, 'isAnother'>,
): Promise<PersonDoubt | null> {
  const asked = (await personQuestions.ofPerson(doubt.known.id)).filter((each) =>
    isAbout(each, doubt),
  );
  const answered = asked.findLast(({ state }) => state === 'same' || state === 'other');
  if (answered?.state === 'same') return null;
  return { ...doubt, isAnother: answered?.state === 'other' };
}

/** Whether a question was about these two, whichever of them was known first. */
function isAbout(
  question: PersonQuestionTable,
  { known, said }: Pick<PersonDoubt, 'known' | 'said'>,
): boolean {
  const { said_name: one, known_name: other } = question;
  const isOfNames =
    (isSameName(one, said.name) && isSameName(other, known.name)) ||
    (isSameName(one, known.name) && isSameName(other, said.name));
  const days = [question.said_birth_date, question.known_birth_date];
  const sexes = [question.said_sex, question.known_sex];
  const isOfFacts =
    (said.birthDate === undefined || days.includes(said.birthDate)) &&
    (said.sex === undefined || sexes.includes(said.sex));
  const isOfNumber =
    question.said_number === said.idNumber || question.said_number === known.id_number;
  return isOfNames && isOfFacts && isOfNumber;
}

/** Where a doubt came from. */
export type DoubtPlace = Pick<PersonQuestionTable, 'came_by' | 'visit_id' | 'source' | 'place'>;

/**
 * Keeps a doubt as a question that waits for a person, once; answers with its id. Asked again, the question that waits is
 * the one.
 */
export async function askAboutPerson(
  { personQuestions }: Pick<Repositories, 'personQuestions'>,
  { known, said, differs }: PersonDoubt,
  { newId, at, ...place }: DoubtPlace & { readonly newId: string; readonly at: string },
): Promise<string> {
  const before = (await personQuestions.ofPerson(known.id)).find(
    (each) =>
      each.state !== 'gone' &&
      each.came_by === place.came_by &&
      each.visit_id === place.visit_id &&
      (place.visit_id !== null || each.source === place.source) &&
      isAbout(each, { known, said }),
  );
  if (before !== undefined) return before.id;
  const isStated = known.of_register === null;
  const question: NewPersonQuestion = {
    ...place,
    id: newId,
    person_id: known.id,
    differs: differs.join(' '),
    said_number: said.idNumber,
    said_name: said.name,
    said_birth_date: said.birthDate ?? null,
    said_sex: said.sex ?? null,
    known_name: known.name,
    known_birth_date: isStated ? known.birth_date : null,
    known_sex: isStated ? known.sex : null,
    asked_at: at,
  };
  await personQuestions.ask(question);
  return newId;
}

type AskingDependencies = {
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
};

/** What of a bill is kept until somebody says whose it is. */
export type DoubtedBill = {
  readonly visitId: string;
  readonly source: string;
  readonly document: unknown;
  readonly hashes: BillHashes;
  readonly made: MadeAt | null;
};

/**
 * Sets a bill aside whose person is in doubt: the question is kept and the bill with it, so that it comes in by itself once it
 * is answered; the refusal shows both sides.
 */
export async function setAsideInDoubt(
  { clock, ids }: AskingDependencies,
  repositories: Repositories,
  doubt: PersonDoubt,
  bill: DoubtedBill,
): Promise<Result<never, 'person-differs'>> {
  const { visitId, source } = bill;
  const at = shanghaiInstant(clock.now());
  const place = { came_by: 'visit', visit_id: visitId, source, place: null } as const;
  const newId = ids.next();
  const questionId = await askAboutPerson(repositories, doubt, { ...place, newId, at });
  await repositories.personQuestions.keepBill({ ...bill, questionId, receivedAt: at });
  if (questionId === newId) {
    const detail = { question: questionId, differs: doubt.differs, source };
    await repositories.audit.append({
      ...{ at, who: 'intake', act: 'ask-about-person', about: visitId, detail },
    });
  }
  const { known, said, isAnother } = doubt;
  const [knownName, saidName] = maskAllButDifference(known.name, said.name);
  const isStated = known.of_register === null;
  return refused(
    intakeRefusal('person-differs', {
      ...{ questionId, isAnother, number: maskIdNumber(said.idNumber) },
      known: {
        name: knownName,
        ...(isStated ? { birthDate: known.birth_date, sex: known.sex } : {}),
        ...(doubt.differs.includes('number') ? { number: maskIdNumber(known.id_number) } : {}),
      },
      said: {
        name: saidName,
        ...(said.birthDate === undefined ? {} : { birthDate: said.birthDate }),
        ...(said.sex === undefined ? {} : { sex: said.sex }),
      },
    }),
  );
}

/** The bill of a visit is taken, or known: what was asked of it before is no question any more, and no other bill waits. */
export async function endQuestionsOfVisit(
  { personQuestions }: Pick<Repositories, 'personQuestions'>,
  visitId: string,
  at: string,
): Promise<void> {
  for (const { id } of await personQuestions.openOfVisit(visitId)) {
    const reason = 'the bill came without the difference';
    await personQuestions.answer(id, { state: 'gone', at, by: 'intake', reason });
  }
  await personQuestions.dropBillsOfVisit(visitId);
}
