import type { LinkReportView } from '../../shared/contracts/intake.ts';
import type { YearToDate } from '../../shared/domain/person.ts';
import { accepted, type Result } from '../../shared/domain/result.ts';
import { openPersonQuestions } from '../identification/person-questions.ts';
import { answerAboutPerson } from '../intake/answer-about-person.ts';
import { personQuestionRow } from '../intake-lists/masked-rows.ts';
import { joinVisit } from '../settlement/join-visit.ts';
import { linkNumber } from '../settlement/link-number.ts';
import type { LinkReport, Side } from '../settlement/link-report.ts';
import { unlinkNumber } from '../settlement/unlink-number.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';

/** Questions listed at once. */
const questionsPageMax = 100;

type PeopleOfIntake =
  | 'intake:person-questions'
  | 'intake:answer-person'
  | 'intake:link-number'
  | 'intake:unlink-number'
  | 'intake:join-visit';

/** Who bills and lists speak of: the questions that wait, and numbers that are one person's or are not. */
export function intakePeopleCalls({
  services,
  tellPages,
}: Pick<DeskParts, 'services' | 'tellPages'>) {
  const linked = async <Code extends string>(
    isPreview: boolean,
    act: Promise<Result<LinkReport, Code>>,
  ): Promise<Result<LinkReportView, Code>> => {
    const done = await act;
    if (!done.ok) return done;
    if (!isPreview) tellPages('visits');
    return accepted(reportView(done.value));
  };
  return {
    'intake:person-questions': async (page) => {
      const rows = await openPersonQuestions(services, { ...page, limit: questionsPageMax + 1 });
      return accepted({
        questions: rows.slice(0, questionsPageMax).map(personQuestionRow),
        hasMore: rows.length > questionsPageMax,
      });
    },
    'intake:answer-person': async ({ questionId, isSame, reason }, { userId: by }) => {
      const answered = await answerAboutPerson(services, { questionId, isSame, reason, by });
      if (!answered.ok) return answered;
      const { bills } = answered.value;
      tellPages('visits');
      return accepted({
        taken: bills.flatMap(({ visitId, refusal }) => (refusal === null ? [visitId] : [])),
        refused: bills.flatMap(({ visitId, refusal }) => {
          if (refusal === null) return [];
          const { code, message, remedy } = refusal;
          return [{ visitId, refusal: { code, message, remedy } }];
        }),
      });
    },
    'intake:link-number': (act, { userId: by }) =>
      linked(act.isPreview, linkNumber(services, { ...act, by })),
    'intake:unlink-number': (act, { userId: by }) =>
      linked(act.isPreview, unlinkNumber(services, { ...act, by })),
    'intake:join-visit': (act, { userId: by }) =>
      linked(act.isPreview, joinVisit(services, { ...act, by })),
  } satisfies Pick<CallHandlers, PeopleOfIntake>;
}

function reportView(report: LinkReport): LinkReportView {
  const { known, other, visits, years, settledOtherwise, yearsToStateAgain } = report;
  return {
    ...{ known: sideView(known), other: other === null ? null : sideView(other) },
    ...{ visits: [...visits], yearsToStateAgain: [...yearsToStateAgain] },
    years: years.map(({ year, of }) => ({
      year,
      of: of.map(({ was, now }) => ({ was: figuresOf(was), now: figuresOf(now) })),
    })),
    settledOtherwise: settledOtherwise.map(({ number, patientPaysFen: { was, now }, refusal }) => ({
      ...{ number, wasFen: was, nowFen: now, because: refusal?.message ?? null },
    })),
  };
}

const sideView = ({ name, idNumber, birthDate, sex }: Side) => ({
  ...{ maskedName: name, maskedNumber: idNumber, birthDate, sex },
});

function figuresOf(year: YearToDate | null) {
  if (year === null) return null;
  const { admissions, eligibleFen, deductiblePaidFen, selfPayFen } = year;
  return { admissions, eligibleFen, deductiblePaidFen, selfPayFen };
}
