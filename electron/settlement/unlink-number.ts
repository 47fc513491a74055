import { writtenNumber } from '../../shared/domain/identity-number.ts';
import type { Person } from '../../shared/domain/person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { keptNumberOf } from '../database/kept-number.ts';
import type { LinkedNumber } from '../database/persons-repository.ts';
import type { Repositories } from '../database/store.ts';
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

/** Why a number is not taken from a person. */
export type UnlinkCode = 'number-not-linked' | 'link-reason-missing' | 'year-to-date-ambiguous';

/**
 * Somebody says that a number is not one of that person after all. Visits go with the number that their bills bear, their
 * settlements and the year with them; years that opened as the other number's statement open as before, unless they were
 * stated anew since: those are named, for nobody but the insurer knows how they stand. In a preview nothing is kept.
 */
export async function unlinkNumber(
  dependencies: LinkDependencies,
  { number, reason: written, by, isPreview }: NumberAct,
): Promise<Result<LinkReport, UnlinkCode>> {
  const reason = readReason(written);
  if (reason === '' && !isPreview) return refused(linkRefusal('link-reason-missing'));
  const idNumber = writtenNumber(number);
  const at = shanghaiInstant(dependencies.clock.now());
  return shownOrDone(dependencies, isPreview, async (repositories) => {
    const { persons, personYears, audit } = repositories;
    const link = await persons.linkOf(idNumber);
    const person = link === null ? null : await persons.find(link.personId);
    if (link === null || person === null) return refused(linkRefusal('number-not-linked'));
    const bills = await billsOf(repositories, person.id);
    const going = bills.filter(({ bears }) => bears === idNumber);
    await persons.unlinkNumber(idNumber);
    const newest = going[0];
    const otherId =
      newest === undefined
        ? ((await persons.findOwner(idNumber))?.id ?? null)
        : await persons.upsertFromVisit({
            ...{ newId: dependencies.ids.next(), person: newest.person },
            ...{ visitId: newest.visitId, at },
          });
    const was = await yearsStanding(repositories, [person.id, otherId ?? undefined]);
    const moving = going.map(({ visitId }) => visitId);
    const touched =
      otherId === null
        ? []
        : await personYears.moveVisits(moving, { from: person.id, to: otherId });
    // What was kept of the person may be what the other number's bill has said.
    const staying = bills.find(({ bears }) => bears !== idNumber);
    if (going.length > 0 && staying !== undefined) {
      await persons.upsertFromVisit({
        ...{ newId: person.id, person: staying.person, visitId: staying.visitId, at },
      });
    }
    const openings = await openAsBefore(repositories, person.id, link);
    if (!openings.ok) return openings;
    const years = yearsOf(was, touched, link.moved.openings);
    const other = otherId === null ? null : await persons.find(otherId);
    const report = await reportOfLink(dependencies, repositories, {
      ...{ act: 'unlinked', isPreview, was, years, visits: moving },
      sides: { known: sideOf(person), other: other === null ? null : sideOf(other) },
      persons: [person.id, ...(otherId === null ? [] : [otherId])],
      yearsToStateAgain: openings.value,
    });
    await audit.append({
      ...{ at, who: by, act: 'unlink-number', about: person.id },
      detail: { number: maskIdNumber(idNumber), visits: moving, years, reason },
    });
    return accepted(report);
  });
}

type BillOfPerson = {
  readonly visitId: string;
  readonly person: Person;
  /** The number the bill bears, as it is kept. */
  readonly bears: string;
};

/** The bills of a person, unsettled ones and the newest first. */
async function billsOf(
  { visits }: Pick<Repositories, 'visits'>,
  personId: string,
): Promise<readonly BillOfPerson[]> {
  const bills: BillOfPerson[] = [];
  for (const { visitId } of await visits.ofPerson(personId)) {
    const record = await visits.find(visitId);
    if (record === null) continue;
    const { person } = record;
    bills.push({ visitId, person, bears: keptNumberOf(person, visitId) });
  }
  return bills;
}

/** Has the years open as they did before the link; answers with those that were stated anew since and stay as they are. */
async function openAsBefore(
  { personYears }: Pick<Repositories, 'personYears'>,
  personId: string,
  { moved }: Pick<LinkedNumber, 'moved'>,
): Promise<Result<readonly number[], UnlinkCode>> {
  const standing = await personYears.openingsOf(personId);
  const statedAnew: number[] = [];
  for (const { year, before, now } of moved.openings) {
    const opening = standing.get(year);
    if (opening?.asOf !== now.asOf || opening.source !== now.source) {
      statedAnew.push(year);
      continue;
    }
    const opened = await personYears.openYearAs({ personId, year }, before);
    if (!opened.ok) return opened;
  }
  return accepted(statedAnew);
}
