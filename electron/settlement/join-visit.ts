import {
  documentOfNumber,
  readIdentityNumber,
  writtenNumber,
} from '../../shared/domain/identity-number.ts';
import type { IdentityDocument } from '../../shared/domain/closed-values.ts';
import { problemOfNumber } from '../../shared/domain/number-words.ts';
import { claimGaps } from '../../shared/domain/claim-gaps.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import { documentNumberOf, keptNumberOf } from '../database/kept-number.ts';
import { linkInside, type LinkCode } from './link-number.ts';
import { linkRefusal } from './link-refusals.ts';
import { shownOrDone, type LinkDependencies, type LinkReport } from './link-report.ts';
import { personOfVisit } from './person-of-visit.ts';

/** Why a visit is not joined to a person. */
export type JoinCode = LinkCode | 'visit-unknown' | 'visit-has-number';

export type JoinInput = {
  readonly visitId: string;
  /** The number that has come. */
  readonly number: string;
  /** What bears it, where the number does not tell. */
  readonly document?: IdentityDocument;
  readonly reason: string;
  readonly by: string;
  readonly isPreview: boolean;
};

/**
 * The number of somebody who had none has come: the newborn has one now, it is known who the unknown patient is. The visit is
 * that person's from now on, with the settlement and the year; the bill stays as it was received. Whoever is not known yet is
 * known from then on by what the bill says. `unlink-number` takes it back.
 */
export async function joinVisit(
  dependencies: LinkDependencies,
  { visitId, number, document, ...act }: JoinInput,
): Promise<Result<LinkReport, JoinCode>> {
  if (readReason(act.reason) === '' && !act.isPreview) {
    return refused(linkRefusal('link-reason-missing'));
  }
  const idNumber = writtenNumber(number);
  return shownOrDone<JoinCode>(dependencies, act.isPreview, async (repositories) => {
    const { visits, persons } = repositories;
    const record = await visits.find(visitId);
    if (record === null) return refused(databaseRefusal('visit-unknown', { visitId }));
    const { person, visit, personId } = record;
    const of = await persons.find(personId);
    if (of === null || documentNumberOf(of.id_number) !== '') {
      return refused(linkRefusal('visit-has-number'));
    }
    if ((await persons.findByIdNumber(idNumber)) === null) {
      const { birthDate } = person;
      const known = { birthDate, document, bornBy: visit.dischargedOn, isFirstHand: true };
      const problem = problemOfNumber(idNumber, readIdentityNumber(idNumber, known));
      if (problem !== null) return refused(linkRefusal('number-unreadable', problem));
      const bears = documentOfNumber(idNumber, document, birthDate) ?? 'citizen';
      await persons.upsertFromVisit({
        ...{
          newId: dependencies.ids.next(),
          visitId,
          at: shanghaiInstant(dependencies.clock.now()),
        },
        person: { ...person, idNumber, document: bears },
      });
    }
    const linked = await linkInside(dependencies, repositories, {
      ...act,
      ...{ number: keptNumberOf({ idNumber: '' }, visitId), to: idNumber, act: 'join-visit' },
    });
    if (!linked.ok) return linked;
    const now = await visits.find(visitId);
    if (now !== null) {
      const known = await personOfVisit(repositories, now);
      const missing = known.insurance === 'none' ? [] : claimGaps({ visit, person: known });
      await visits.setBlockerCount(visitId, visit.blockers.length + missing.length);
    }
    return accepted(linked.value);
  });
}
