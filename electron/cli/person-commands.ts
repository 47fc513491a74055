import type { PersonQuestionTable } from '../database/person-tables.ts';
import { answerAboutPerson } from '../intake/answer-about-person.ts';
import { openPersonQuestions } from '../identification/person-questions.ts';
import { joinVisit } from '../settlement/join-visit.ts';
import { linkNumber } from '../settlement/link-number.ts';
import type { LinkReport } from '../settlement/link-report.ts';
import { reportSupplements } from '../settlement/supplements-report.ts';
import { unlinkNumber } from '../settlement/unlink-number.ts';
import { identityDocuments } from '../../shared/domain/closed-values.ts';
import { supplementsJson } from './supplements-command.ts';
import { maskAllButDifference, maskIdNumber } from '../security/mask.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import { encodeYearToDate } from '../../shared/contracts/stored-visit.ts';
import { callerIn, done, refusedWith, textOption, wrongUsage, type Command } from './command.ts';

/** What waits for somebody to say whether a bill or a list speaks of the person who is known. */
export const personQuestionsCommand: Command = {
  name: 'person-questions',
  usage: '',
  words: [0, 0],
  roles: ['supervisor', 'it-clerk', 'policy-officer', 'auditor'],
  folder: 'opened',
  run: async (_call, services) => done((await openPersonQuestions(services)).map(questionJson)),
};

/** Somebody who has looked at the documents says it. */
export const answerPersonQuestionCommand: Command = {
  name: 'answer-person-question',
  usage: 'QUESTION-ID --same|--other --reason TEXT [--as USER]',
  options: {
    same: { type: 'boolean' },
    other: { type: 'boolean' },
    reason: { type: 'string' },
  },
  words: [1, 1],
  roles: ['supervisor'],
  usual: 'supervisor1',
  folder: 'opened',
  run: async (call, services, callers) => {
    const { same, other } = call.options;
    if ((same === true) === (other === true)) {
      return wrongUsage(
        '请写 --same（是同一个人）或 --other（不是）中的一个。',
        'Say either --same or --other.',
      );
    }
    const [questionId = ''] = call.words;
    const reason = textOption(call, 'reason') ?? '';
    const by = callerIn(callers).userId;
    const isSame = same === true;
    const answered = await answerAboutPerson(services, { questionId, isSame, reason, by });
    if (!answered.ok) return refusedWith(answered.refusal);
    const { state, bills } = answered.value;
    return done(
      {
        ...{ questionId, state },
        accepted: bills.flatMap(({ visitId, refusal }) => (refusal === null ? [visitId] : [])),
        refused: bills.flatMap(({ visitId, refusal }) =>
          refusal === null ? [] : [{ visitId, ...refusal }],
        ),
      },
      bills.every(({ refusal }) => refusal === null),
    );
  },
};

/** A number is one more of a person who is known; with `--preview` only what that would change is told. */
export const linkNumberCommand: Command = {
  name: 'link-number',
  usage: 'NUMBER --to NUMBER --reason TEXT [--year-of NUMBER] [--preview] [--as USER]',
  options: {
    to: { type: 'string' },
    reason: { type: 'string' },
    'year-of': { type: 'string' },
    preview: { type: 'boolean' },
  },
  words: [1, 1],
  roles: ['supervisor'],
  usual: 'supervisor1',
  folder: 'opened',
  run: async (call, services, callers) => {
    const to = textOption(call, 'to');
    if (to === undefined) {
      return wrongUsage(
        '请用 --to 写明这个人已登记的号码。',
        'Name the number the person is known by with --to.',
      );
    }
    const yearOf = textOption(call, 'year-of');
    const linked = await linkNumber(services, {
      ...{ number: call.words[0] ?? '', to, reason: textOption(call, 'reason') ?? '' },
      ...{ by: callerIn(callers).userId, isPreview: call.options['preview'] === true },
      ...(yearOf === undefined ? {} : { yearOf }),
    });
    return linked.ok ? done(linkJson(linked.value)) : refusedWith(linked.refusal);
  },
};

/** A number is not one of that person after all. */
export const unlinkNumberCommand: Command = {
  name: 'unlink-number',
  usage: 'NUMBER --reason TEXT [--preview] [--as USER]',
  options: { reason: { type: 'string' }, preview: { type: 'boolean' } },
  words: [1, 1],
  roles: ['supervisor'],
  usual: 'supervisor1',
  folder: 'opened',
  run: async (call, services, callers) => {
    const unlinked = await unlinkNumber(services, {
      ...{ number: call.words[0] ?? '', reason: textOption(call, 'reason') ?? '' },
      ...{ by: callerIn(callers).userId, isPreview: call.options['preview'] === true },
    });
    return unlinked.ok ? done(linkJson(unlinked.value)) : refusedWith(unlinked.refusal);
  },
};

/** The number of somebody who had none has come: the visit is that person's, and what is owed because of it is told. */
export const joinVisitCommand: Command = {
  name: 'join-visit',
  usage: 'VISIT-ID --number NUMBER --reason TEXT [--document KIND] [--preview] [--as USER]',
  options: {
    number: { type: 'string' },
    document: { type: 'string' },
    reason: { type: 'string' },
    preview: { type: 'boolean' },
  },
  words: [1, 1],
  roles: ['supervisor'],
  usual: 'supervisor1',
  folder: 'opened',
  run: async (call, services, callers) => {
    const [number, named] = [textOption(call, 'number'), textOption(call, 'document')];
    const document = identityDocuments.find((known) => known === named);
    if (number === undefined || (named !== undefined && document === undefined)) {
      return wrongUsage(
        `请用 --number 写明证件号码；--document 是 ${identityDocuments.join('、')} 之一。`,
        `Name the number with --number; --document is one of ${identityDocuments.join(', ')}.`,
      );
    }
    const [visitId = ''] = call.words;
    const isPreview = call.options['preview'] === true;
    const joined = await joinVisit(services, {
      ...{ visitId, number, reason: textOption(call, 'reason') ?? '', isPreview },
      by: callerIn(callers).userId,
      ...(document === undefined ? {} : { document }),
    });
    if (!joined.ok) return refusedWith(joined.refusal);
    if (isPreview) return done(linkJson(joined.value));
    const person = await services.store.read(({ persons }) => persons.findByIdNumber(number));
    const owed = await reportSupplements(services, {
      personIds: person === null ? [] : [person.id],
    });
    return done({ ...linkJson(joined.value), supplements: supplementsJson(owed) });
  },
};

/** What linking changes, in the contract's amounts. */
function linkJson({ years, settledOtherwise, ...report }: LinkReport): object {
  return {
    ...report,
    years: years.map(({ year, of }) => ({
      year,
      of: of.map(({ personId, was, now }) => ({
        personId,
        was: was === null ? null : encodeYearToDate(was),
        now: now === null ? null : encodeYearToDate(now),
      })),
    })),
    settledOtherwise: settledOtherwise.map(({ patientPaysFen: { was, now }, ...settlement }) => ({
      ...settlement,
      patientPays: {
        was: yuanTextFromFen(was),
        now: now === null ? null : yuanTextFromFen(now),
      },
    })),
  };
}

/** Both sides, masked but for what differs. */
function questionJson(row: PersonQuestionTable): object {
  const [knownName, saidName] = maskAllButDifference(row.known_name, row.said_name);
  return {
    ...{ questionId: row.id, cameBy: row.came_by, visitId: row.visit_id, source: row.source },
    ...{
      place: row.place,
      differs: row.differs.split(' '),
      idNumber: maskIdNumber(row.said_number),
    },
    known: { name: knownName, birthDate: row.known_birth_date, sex: row.known_sex },
    said: { name: saidName, birthDate: row.said_birth_date, sex: row.said_sex },
    askedAt: row.asked_at,
  };
}
