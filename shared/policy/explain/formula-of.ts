import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import { percentTextFromRate } from '../../money/rate.ts';
import { formatFen } from '../../money/yuan-text.ts';
import type {
  GuaranteeCourse,
  QuotaCourse,
  RateCourse,
  StepOutcome,
} from '../rules/step-outcome.ts';

/** The calculation in figures, e.g. `(13,450.00 − 750.00) × 86%`; null where nothing was calculated. */
export function formulaOf({ course, baseFen, zeroReason }: StepOutcome): string | null {
  switch (course?.kind) {
    case 'rate':
      return ofRate(course, baseFen, zeroReason === 'below-deductible');
    case 'items':
      return `${formatFen(baseFen)} × ${percentTextFromRate(course.rate.value)}`;
    case 'quota':
      return ofQuota(course);
    case 'guarantee':
      return ofGuarantee(course, baseFen);
    case 'approved-amount':
    case undefined:
      return null;
  }
}

function ofRate(course: RateCourse, baseFen: Fen, isBelow: boolean): string {
  const { deductible, rate, bands, yearBeforeFen, paidBeforeFen } = course;
  const whole =
    yearBeforeFen === null || yearBeforeFen === 0
      ? formatFen(baseFen)
      : `${formatFen(yearBeforeFen)} + ${formatFen(fen(baseFen - yearBeforeFen))}`;
  if (isBelow) return `${whole} ≤ ${formatFen(deductible?.leftFen ?? baseFen)}`;
  const before = paidBeforeFen === 0 ? '' : ` − ${formatFen(paidBeforeFen)}`;
  if (rate !== null) {
    const borne = deductible?.borneFen ?? zeroFen;
    const base =
      borne === 0
        ? yearBeforeFen === null || yearBeforeFen === 0
          ? whole
          : `(${whole})`
        : `(${whole} − ${formatFen(borne)})`;
    const factors = course.modifiers
      .map(({ value }) => ` × ${percentTextFromRate(value)}`)
      .join('');
    return `${base} × ${percentTextFromRate(rate.value)}${factors}${before}`;
  }
  const sum = (bands?.value ?? [])
    .map(({ partFen, rate: each }) => `${formatFen(partFen)} × ${percentTextFromRate(each)}`)
    .join(' + ');
  return `${sum}${before}`;
}

function ofQuota({ quotaFen, rate }: QuotaCourse): string {
  return `${formatFen(quotaFen)} × ${percentTextFromRate(rate.value)}`;
}

/** The target that decided, e.g. `14,904.00 × 90% − 12,186.00`. */
function ofGuarantee({ needs, yearBeforeFen }: GuaranteeCourse, baseFen: Fen): string {
  return needs
    .map(({ target, figure, needFen }) => {
      const need = formatFen(needFen);
      switch (target.kind) {
        case 'reach':
          return `${figure === null || typeof figure.value === 'number' ? '' : percentTextFromRate(figure.value)} → ${need}`;
        case 'year-self-pay':
          return `${formatFen(yearBeforeFen)} + ${formatFen(baseFen)} − ${limitText(figure)} → ${need}`;
        case 'visit-self-pay':
          return `${formatFen(baseFen)} − ${limitText(figure)} → ${need}`;
        case 'nothing-left':
          return need;
      }
    })
    .join('；');
}

function limitText(figure: GuaranteeCourse['needs'][number]['figure']): string {
  return typeof figure?.value === 'number' ? formatFen(figure.value) : '';
}
