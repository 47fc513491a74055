import { readIdentityNumber, writtenNumber } from '../../shared/domain/identity-number.ts';
import { problemOfNumber } from '../../shared/domain/number-words.ts';
import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { documentNumberOf } from '../database/kept-number.ts';
import type { PersonTable } from '../database/schema.ts';
import type { Repositories } from '../database/store.ts';
import type { OpeningAsStored } from '../database/stored-documents/moved-document.ts';
import { maskIdNumber } from '../security/mask.ts';
import { linkRefusal } from './link-refusals.ts';
import {
  reportOfLink,
  shownOrDone,
  sideOf,
  yearsOf,
  yearsStanding,
  type LinkDependencies,
  type LinkReport,
  type NumberAct,
} from './link-report.ts';

/** Why a number is not linked. */
export type LinkCode =
  | 'number-unreadable'
  | 'person-of-number-unknown'
  | 'number-is-own'
  | 'number-linked-already'
  | 'number-has-others'
  | 'two-years-stated'
  | 'link-reason-missing'
  | 'year-to-date-ambiguous';

export type LinkInput = NumberAct & {
  /** Any number of the person who is known. */
  readonly to: string;
  /** Whose statement of a year counts where both numbers have one. */
  readonly yearOf?: string;
};

/**
 * Somebody says that a number is one more of a person who is known: an old one, a corrected one, that of a renewed document.
 * Whoever had it is that person from now on: visits, settlements and year come together, and registers that go on naming the
 * old number speak of the same person. What that changes is answered; in a preview nothing is kept.
 */
export async function linkNumber(
  dependencies: LinkDependencies,
  input: LinkInput,
): Promise<Result<LinkReport, LinkCode>> {
  if (readReason(input.reason) === '' && !input.isPreview) {
    return refused(linkRefusal('link-reason-missing'));
  }
  return shownOrDone(dependencies, input.isPreview, (repositories) =>
    linkInside(dependencies, repositories, { ...input, act: 'link-number' }),
  );
}

/** The same inside a unit of work that does more. */
export async function linkInside(
  dependencies: LinkDependencies,
  repositories: Repositories,
  {
    number,
    to,
    reason: written,
    by,
    isPreview,
    yearOf,
    act,
  }: LinkInput & { readonly act: 'link-number' | 'join-visit' },
): Promise<Result<LinkReport, LinkCode>> {
  const reason = readReason(written);
  const idNumber = writtenNumber(number);
  const at = shanghaiInstant(dependencies.clock.now());
  const { persons, visits, personYears, audit } = repositories;
  const person = await persons.findByIdNumber(to);
  if (person === null) return refused(linkRefusal('person-of-number-unknown'));
  const other = await persons.findOwner(idNumber);
  const hindrance = await hindranceOf(repositories, { idNumber, person, other });
  if (hindrance !== null) return refused(hindrance);
  const sides = { known: sideOf(person), other: other === null ? null : sideOf(other) };
  const was = await yearsStanding(repositories, [person.id, other?.id]);
  const moving =
    other === null ? [] : (await visits.ofPerson(other.id)).map(({ visitId }) => visitId);
  const touched =
    other === null ? [] : await personYears.moveVisits(moving, { from: other.id, to: person.id });
  const wantsOther = yearOf === undefined ? null : writtenNumber(yearOf) === idNumber;
  const openings = await joinOpenings(repositories, { person, other, touched, wantsOther });
  if (!openings.ok) return openings;
  const moved = { personId: other?.id ?? null, visits: moving, openings: openings.value };
  await persons.linkNumber({ idNumber, personId: person.id, at, by, reason, moved });
  const years = yearsOf(was, touched, openings.value);
  const report = await reportOfLink(dependencies, repositories, {
    ...{ act: 'linked', isPreview, sides, was, years, visits: moving },
    persons: [person.id],
    yearsToStateAgain: [],
  });
  const linked = documentNumberOf(idNumber);
  await audit.append({
    ...{ at, who: by, act, about: act === 'join-visit' ? (moving[0] ?? person.id) : person.id },
    detail: { number: maskIdNumber(linked), person: person.id, visits: moving, years, reason },
  });
  return accepted(report);
}

async function hindranceOf(
  { persons }: Pick<Repositories, 'persons'>,
  {
    idNumber,
    person,
    other,
  }: {
    readonly idNumber: string;
    readonly person: PersonTable;
    readonly other: PersonTable | null;
  },
): Promise<Refusal<LinkCode> | null> {
  const known = { birthDate: person.birth_date, isFirstHand: true };
  const problem = problemOfNumber(idNumber, readIdentityNumber(idNumber, known));
  // Which document it is of is for its bills to say; here a person has it before the eyes.
  if (other === null && problem !== null && problem.code !== 'id-number-needs-document') {
    return linkRefusal('number-unreadable', problem);
  }
  if (person.id_number === idNumber) return linkRefusal('number-is-own');
  if ((await persons.linkOf(idNumber)) !== null) return linkRefusal('number-linked-already');
  const others = other === null ? [] : await persons.numbersOf(other.id);
  return others.length === 0 ? null : linkRefusal('number-has-others');
}

type JoinedOpening = {
  readonly year: number;
  readonly before: OpeningAsStored | null;
  readonly now: { readonly asOf: string; readonly source: string };
};

const nothingStated: ReadonlyMap<number, OpeningAsStored> = new Map();

/** One opening for each year: the one there is, or the one somebody chose of two that say different things. */
async function joinOpenings(
  { personYears }: Pick<Repositories, 'personYears'>,
  {
    person,
    other,
    touched,
    wantsOther,
  }: {
    readonly person: PersonTable;
    readonly other: PersonTable | null;
    readonly touched: readonly number[];
    readonly wantsOther: boolean | null;
  },
): Promise<Result<JoinedOpening[], LinkCode>> {
  const own = await personYears.openingsOf(person.id);
  const others = other === null ? nothingStated : await personYears.openingsOf(other.id);
  const joined: JoinedOpening[] = [];
  for (const year of [...new Set([...touched, ...others.keys()])].sort()) {
    const [before, brought] = [own.get(year) ?? null, others.get(year) ?? null];
    const differ = before !== null && brought !== null && before.text !== brought.text;
    if (differ && wantsOther === null) return refused(linkRefusal('two-years-stated', { year }));
    const stated = before === null || (differ && wantsOther === true) ? brought : before;
    if (stated === null) continue;
    const opened = await personYears.openYearAs({ personId: person.id, year }, stated);
    if (!opened.ok) return opened;
    const { asOf, source } = stated;
    joined.push({ year, before, now: { asOf, source } });
  }
  return accepted(joined);
}
