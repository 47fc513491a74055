import type { Words } from '../../shared/domain/result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import type { StepDifference } from './compare-person.ts';
import type { ShadowRun } from './replay.ts';
import { payerNamer } from '../../shared/pack-words/payer-namer.ts';

/** Ours, theirs, and ours less theirs. */
export type ComparedReport = {
  readonly oursFen: number;
  readonly theirsFen: number;
  readonly differenceFen: number;
};

/** What the draft pays against a payer's own results, for a page. */
export type ShadowReport = {
  readonly visits: number;
  readonly persons: number;
  /** Visits on which nothing differs. */
  readonly agreeing: number;
  readonly payers: readonly (ComparedReport & { readonly payer: string; readonly name: Words })[];
  readonly steps: readonly (ComparedReport & {
    readonly payer: string;
    readonly payerName: Words;
    /** null: all steps of the payer together. */
    readonly step: string | null;
    readonly stepName: Words;
    readonly visits: number;
    readonly differing: number;
  })[];
  /** Those that differ most first. */
  readonly differences: readonly (ComparedReport & {
    readonly visitId: string;
    readonly payerName: Words;
    readonly stepName: Words;
    /** Of the payer's file; null: it has none for this. */
    readonly row: number | null;
    /** The first line of our explanation that leads to it. */
    readonly line: Words | null;
    readonly source: Words | null;
  })[];
  readonly unknown: readonly {
    readonly row: number;
    readonly visitId: string;
    readonly theirsFen: number;
  }[];
  readonly onlyHere: readonly string[];
  readonly skipped: readonly { readonly visitId: string; readonly code: string }[];
};

/** The comparison with names, for whoever reads it on a page. */
export function reportShadow(
  { order, comparison, unknown }: ShadowRun,
  known: readonly CompiledPack[],
): ShadowReport {
  const packs = [...order.draft, ...known];
  const nameOf = payerNamer(packs);
  const stepName = (step: string | null): Words =>
    step === null
      ? { zh: '合计', en: 'together' }
      : (packs.flatMap(({ steps }) => steps).find(({ id }) => id === step)?.name ?? {
          zh: step,
          en: step,
        });
  const steps = Object.values(comparison.steps);
  const payers = [...new Set(steps.map(({ payer }) => payer))];
  const { visits, persons, differences, onlyHere, skipped } = comparison;
  return {
    visits: visits.length,
    persons,
    agreeing: visits.length - new Set(differences.map(({ visitId }) => visitId)).size,
    payers: payers.map((payer) => ({
      payer,
      name: nameOf(payer),
      ...sumOf(steps.filter((each) => each.payer === payer)),
    })),
    steps: steps.map(({ payer, step, visits: compared, differing, ...amounts }) => ({
      ...{ payer, payerName: nameOf(payer), step, stepName: stepName(step) },
      ...{ visits: compared, differing },
      ...compare(amounts),
    })),
    differences: differences
      .map(({ visitId, payer, step, line, row, ...amounts }) => ({
        ...{ visitId, payerName: nameOf(payer), stepName: stepName(step), row },
        ...compare(amounts),
        line: line?.text ?? null,
        source: sourceOf(line),
      }))
      .sort(
        (one, other) =>
          Math.abs(other.differenceFen) - Math.abs(one.differenceFen) ||
          (one.visitId < other.visitId ? -1 : 1),
      ),
    unknown: unknown.map(({ row, visitId, amountFen }) => ({ row, visitId, theirsFen: amountFen })),
    onlyHere,
    skipped,
  };
}

type Amounts = { readonly oursFen: number; readonly theirsFen: number };

const compare = ({ oursFen, theirsFen }: Amounts): ComparedReport => ({
  ...{ oursFen, theirsFen },
  differenceFen: oursFen - theirsFen,
});

function sumOf(of: readonly Amounts[]): ComparedReport {
  const oursFen = of.reduce((sum, each) => sum + each.oursFen, 0);
  const theirsFen = of.reduce((sum, each) => sum + each.theirsFen, 0);
  return compare({ oursFen, theirsFen });
}

function sourceOf(line: StepDifference['line']): Words | null {
  const source = line?.source ?? null;
  if (source === null) return null;
  return {
    zh: `${source.document} ${source.article}`,
    en: `${source.documentEn ?? source.document} ${source.articleEn ?? source.article}`,
  };
}
