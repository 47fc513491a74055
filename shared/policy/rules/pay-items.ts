import { fen, zeroFen } from '../../money/fen.ts';
import { shareOf } from '../../money/share-of.ts';
import { beyondCeiling, ceilingFor } from './ceiling-for.ts';
import { figureFor } from '../compile/compile-figure.ts';
import type { CompiledRule, CompiledStep } from '../compile/compiled-pack.ts';
import type { Residual } from './residual.ts';
import type { BillSplit } from './split-bill.ts';
import type { CeilingUse, Payment, ZeroReason } from './step-outcome.ts';
import { beforeStay, partOfStep, type StepBefore } from '../facts/steps-before.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

type ItemsRule = Extract<CompiledRule, { kind: 'items' }>;

/** What the listed charge lines come to, in the three parts of the bill, in fen. */
export type ItemParts = {
  readonly eligible: number;
  readonly firstSelfPay: number;
  readonly outside: number;
  readonly lines: readonly number[];
};

/**
 * The parts of the listed lines, refunds netted. A line is lowered by the first step that names it only.
 * A bill known by its totals has no lines.
 */
export function itemParts(
  { isListed }: ItemsRule,
  { input: { visit } }: VisitFacts,
  { cuts }: BillSplit,
  waivedLines: Set<number>,
): ItemParts {
  if (visit.bill.kind === 'totals') return { eligible: 0, firstSelfPay: 0, outside: 0, lines: [] };
  const nets = new Map<number, number>();
  const listed = visit.bill.charges.filter(
    (line) => line.refundsLine === undefined && !waivedLines.has(line.line) && isListed(line),
  );
  for (const { line, amountFen } of listed) nets.set(line, amountFen);
  for (const { refundsLine, amountFen } of visit.bill.charges) {
    const net = refundsLine === undefined ? undefined : nets.get(refundsLine);
    if (refundsLine !== undefined && net !== undefined) nets.set(refundsLine, net + amountFen);
  }
  const cutOfLine = new Map(cuts.map((cut) => [cut.line.line, cut]));
  let eligible = 0;
  let firstSelfPay = 0;
  let outside = 0;
  for (const { line, catalogueClass } of listed) {
    waivedLines.add(line);
    const net = nets.get(line) ?? 0;
    const cut = cutOfLine.get(line);
    const above = cut?.aboveCeilingFen ?? 0;
    const first = cut?.firstSelfPayFen ?? 0;
    if (catalogueClass === 'C') outside += net;
    else {
      eligible += net - above - first;
      firstSelfPay += first;
      outside += above;
    }
  }
  // Refunds that were rounded one by one may leave a fen less than nothing.
  return {
    eligible: Math.max(0, eligible),
    firstSelfPay,
    outside: Math.max(0, outside),
    lines: listed.map(({ line }) => line).sort((a, b) => a - b),
  };
}

/** A reduction of charge items before insurance: waived fees, subsidised examinations, free operations. */
export function payItems(
  step: CompiledStep,
  rule: ItemsRule,
  facts: VisitFacts,
  parts: ItemParts,
  residual: Residual,
  before: StepBefore,
  shared: CeilingUse | null,
): Payment {
  const here = parts.eligible + parts.firstSelfPay + parts.outside;
  const part = partOfStep(facts, step.id);
  const total = here + part.baseFen;
  const bound =
    Math.min(parts.eligible, residual.eligible) +
    Math.min(parts.firstSelfPay, residual.firstSelfPay) +
    Math.min(parts.outside, residual.outside);
  const { value, grounds } = figureFor(rule.rate, facts);
  if (value === null || total === 0) {
    return nothing(total, value === null ? 'hospital-level-not-covered' : 'no-such-items');
  }
  const entitled = shareOf(fen(total), value, rule.rounding);
  const beforeLimitFen = fen(Math.max(0, entitled - part.paidFen));
  const ceiling = ceilingFor(rule, facts, beforeStay(before, facts, step.id), part, shared);
  const share = Math.min(beforeLimitFen, bound, ceiling?.leftFen ?? beforeLimitFen);
  const zeroReason: ZeroReason | null =
    share > 0
      ? null
      : value.numerator === 0
        ? 'rate-is-zero'
        : ceiling?.leftFen === 0
          ? 'ceiling-used-up'
          : here === 0
            ? 'no-such-items'
            : 'rounded-to-nothing';
  return {
    baseFen: fen(total),
    boundFen: fen(bound),
    beforeLimitFen,
    ceiling,
    shareFen: fen(share),
    zeroReason,
    zeroWords: null,
    course: {
      kind: 'items',
      rate: { name: rule.rate.name, value, grounds },
      lines: parts.lines,
      paidBeforeFen: part.paidFen,
    },
    counted: { baseFen: fen(here), deductibleFen: zeroFen },
    overpaidFen: beyondCeiling(ceiling, part.paidFen),
  };
}

function nothing(total: number, zeroReason: ZeroReason): Payment {
  return {
    baseFen: fen(total),
    boundFen: fen(total),
    beforeLimitFen: zeroFen,
    ceiling: null,
    shareFen: zeroFen,
    zeroReason,
    zeroWords: null,
    course: null,
    counted: null,
    overpaidFen: zeroFen,
  };
}
