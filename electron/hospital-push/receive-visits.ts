import type { Warning } from '../../shared/domain/result.ts';
import type { Blocker } from '../../shared/domain/visit.ts';
import { crashPoint } from '../base/crash-points.ts';
import {
  addRefusals,
  rememberRefusals,
  takeInVisits,
  type IntakeDependencies,
  type TakenIn,
} from '../intake/import-files.ts';
import { asIntakeOwner } from '../intake/intake-owner.ts';
import { intakeProblem, problemsListedMax, type IntakeProblem } from '../intake/intake-problem.ts';
import { refusalOfReading, usualIntakeReader } from '../intake/intake-reader.ts';
import type { FileVisit } from '../intake/read-visits-file.ts';

/** What became of one visit of a push. `question`: it is set aside until a person has answered. */
export type PushedVisit = {
  readonly visitId: string | null;
  readonly outcome: 'taken' | 'equal' | 'question' | 'refused';
  readonly lines?: number;
  readonly warnings?: readonly Warning[];
  readonly blockers?: readonly Blocker[];
  readonly problems?: readonly IntakeProblem[];
};

export type PushAnswer = {
  /** Whether every visit is taken, or was there already. */
  readonly ok: boolean;
  readonly visits: readonly PushedVisit[];
  /** Why nothing of it could be read; then there are no visits. */
  readonly problem?: IntakeProblem;
};

/** What waits for a person and is kept for it; whatever else is wrong is the sender's to correct. */
const questions: readonly string[] = ['person-differs', 'bill-order-unknown'];

/**
 * Takes in what was pushed, by the same way as a file: the same readings, one unit of work for each visit, the same refusals, which
 * are kept. What is sent again is `equal`, so a sender that had no answer sends the same once more. A push says nothing of when its
 * bills were made but what stands in them (`sent`).
 */
export async function receiveVisits(
  dependencies: IntakeDependencies,
  { bytes, sender }: { readonly bytes: Uint8Array; readonly sender: string },
): Promise<PushAnswer> {
  const source = `接口推送 ${sender}`;
  const doing = `接收 ${sender} 推送的账单 (taking in what was pushed)`;
  return asIntakeOwner(dependencies, doing, async () => {
    const { visits, problem } = await takeInPushed(dependencies, { bytes, source });
    if (problem !== null) await rememberRefusals(dependencies, [{ file: source, ...problem }]);
    crashPoint('push:before-answer');
    const ok =
      problem === null && visits.every(({ outcome }) => outcome === 'taken' || outcome === 'equal');
    return { ok, visits, ...(problem === null ? {} : { problem }) };
  });
}

async function takeInPushed(
  dependencies: IntakeDependencies,
  { bytes, source }: { readonly bytes: Uint8Array; readonly source: string },
): Promise<{ readonly visits: readonly PushedVisit[]; readonly problem: IntakeProblem | null }> {
  const reader = dependencies.reader ?? usualIntakeReader();
  const visits: PushedVisit[] = [];
  try {
    const opened = await reader.openJson(bytes);
    if ('problem' in opened) return { visits, problem: opened.problem };
    for (;;) {
      const next = await reader.next(opened.id);
      if (next.length === 0) return { visits, problem: null };
      const arrival = { source, made: null };
      const taken = await takeInVisits(dependencies, next, arrival, (all, done) =>
        addRefusals(
          dependencies,
          all,
          done.flatMap((each) => problemsOf(each).map((of) => ({ file: source, ...of }))),
        ),
      );
      visits.push(...taken.map((each, at) => pushedVisit(each, next[at])));
    }
  } catch (fault) {
    const refusal = refusalOfReading(fault);
    if (refusal === null) throw fault;
    return { visits, problem: intakeProblem(refusal) };
  }
}

const problemsOf = (taken: TakenIn): readonly IntakeProblem[] =>
  taken.ok ? [] : taken.problems.slice(0, problemsListedMax);

function pushedVisit(taken: TakenIn, visit: FileVisit | undefined): PushedVisit {
  const visitId = visit?.prepared.visitId ?? null;
  if (!taken.ok) {
    const isQuestion = taken.problems.some(({ code }) => questions.includes(code));
    return {
      ...{ visitId, outcome: isQuestion ? 'question' : 'refused' },
      problems: problemsOf(taken),
    };
  }
  const { lines, warnings, blockers } = taken.value;
  return {
    ...{ visitId, outcome: taken.outcome === 'same' ? 'equal' : 'taken', lines, warnings },
    ...(blockers === undefined ? {} : { blockers }),
  };
}
