import type { Warning } from '../domain/result.ts';
import { settlementYearOf, type VisitFacts } from './visit-facts.ts';

/** What the cashier should know about a calculation although nothing is refused. */
export function engineWarnings(
  pack: { readonly year: 'admission' | 'discharge' },
  { input }: VisitFacts,
): readonly Warning[] {
  const { visit, yearToDate } = input;
  if (yearToDate === null) {
    return [
      {
        code: 'year-to-date-unknown',
        text: {
          zh: '没有本年度累计数据，按年度首次计算；起付标准和封顶线可能因此不同',
          en: 'The year to date is not known and was taken as a fresh year; deductibles and ceilings may differ',
        },
        place: '/yearToDate',
      },
    ];
  }
  const year = settlementYearOf(pack, input);
  if (yearToDate.year !== year) {
    const given = String(yearToDate.year);
    return [
      {
        code: 'year-to-date-of-other-year',
        text: {
          zh: `年度累计是 ${given} 年的，本次就诊按 ${String(year)} 年计算；没有使用这些累计，按年度首次计算`,
          en: `The year to date is that of ${given}, this visit counts in ${String(year)}: the figures were not used, the year was taken as fresh`,
        },
        place: '/yearToDate/year',
      },
    ];
  }
  if (!yearToDate.includesVisits.includes(visit.id)) return [];
  return [
    {
      code: 'visit-already-in-year-to-date',
      text: {
        zh: '年度累计已包含本次就诊，累计类的结果可能重复计算；请先核对累计数据',
        en: 'The year to date already includes this visit, so yearly figures may count it twice; check them first',
      },
      place: '/yearToDate/includesVisits',
    },
  ];
}
