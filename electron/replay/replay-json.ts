import type { Fen } from '../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import type { AmountsReport, GroupReport, PayerReport, ReplayReport } from './replay-report.ts';
import type { ShadowRun } from './replay.ts';

/** The report as the command prints it: amounts are texts in yuan. */
export function replayJson(report: ReplayReport): object {
  const { totalFen, payers, patient, hospital, gainers, losers, counts, skipped } = report;
  const { byCategory, byLevel, byDisease, sample, ...head } = report;
  const personJson = ({
    beforeFen,
    afterFen,
    differenceFen,
    ...who
  }: (typeof gainers)[number]) => ({
    ...who,
    before: yuan(beforeFen),
    after: yuan(afterFen),
    difference: yuan(differenceFen),
  });
  return {
    pack: head.pack,
    packVersion: head.packVersion,
    from: head.from,
    until: head.until,
    ...(sample === null ? {} : { sample }),
    visits: head.visits,
    persons: head.persons,
    total: yuan(totalFen),
    counts,
    payers: payers.map(payerJson),
    patient: amountsJson(patient),
    hospital: amountsJson(hospital),
    gainers: gainers.map(personJson),
    losers: losers.map(personJson),
    byCategory: byCategory.map(groupJson('category')),
    byLevel: byLevel.map(groupJson('level')),
    byDisease: byDisease.map(groupJson('disease')),
    skipped,
  };
}

const groupJson =
  (by: string) =>
  ({ key, name, payers, patient, visits, changed }: GroupReport): object => ({
    [by]: key,
    name: name.zh,
    visits,
    changed,
    patient: amountsJson(patient),
    payers: payers.map(payerJson),
  });

const payerJson = (report: PayerReport) => ({ payer: report.payer, ...amountsJson(report) });

const amountsJson = ({ settledFen, beforeFen, afterFen, differenceFen }: AmountsReport) => ({
  before: yuan(beforeFen),
  after: yuan(afterFen),
  difference: yuan(differenceFen),
  settled: yuan(settledFen),
});

/** The comparison as the command prints it. */
export function shadowJson({ order, comparison, unknown }: ShadowRun): object {
  const { visits, persons, differences, onlyHere, skipped } = comparison;
  const steps = Object.values(comparison.steps);
  const payers = [...new Set(steps.map(({ payer }) => payer))];
  const sums = (of: readonly { oursFen: number; theirsFen: number }[]) => {
    const oursFen = of.reduce((sum, each) => sum + each.oursFen, 0);
    const theirsFen = of.reduce((sum, each) => sum + each.theirsFen, 0);
    return comparedJson({ oursFen, theirsFen });
  };
  return {
    pack: [...new Set(order.draft.map(({ id }) => id))].join('+'),
    packVersion: [...new Set(order.draft.map(({ version }) => version))].join('+'),
    ...order.period,
    visits: visits.length,
    persons,
    agreeing: visits.length - new Set(differences.map(({ visitId }) => visitId)).size,
    payers: payers.map((payer) => ({
      payer,
      ...sums(steps.filter((each) => each.payer === payer)),
    })),
    steps: steps.map(({ payer, step, visits: compared, differing, ...amounts }) => ({
      ...{ payer, step, visits: compared, differing },
      ...comparedJson(amounts),
    })),
    differences: differences.map(({ visitId, payer, step, line, row, ...amounts }) => ({
      ...{ visitId, payer, step, row },
      ...comparedJson(amounts),
      line,
    })),
    unknown: unknown.map(({ row, visitId, payer, step, amountFen }) => ({
      ...{ row, visitId, payer, step },
      theirs: yuan(amountFen),
    })),
    onlyHere,
    skipped,
  };
}

const comparedJson = ({ oursFen, theirsFen }: { oursFen: number; theirsFen: number }) => ({
  ours: yuan(oursFen),
  theirs: yuan(theirsFen),
  difference: yuan(oursFen - theirsFen),
});

/** A sum of many bills may pass what one may be; it is a whole number of fen all the same. */
const yuan = (sum: number): string => yuanTextFromFen((sum === 0 ? 0 : sum) as Fen);
