import type { SettlementInput } from '../domain/person.ts';
import type { Warning } from '../domain/result.ts';

/** What the cashier should know about a calculation although nothing is refused. */
export function engineWarnings({ visit, yearToDate }: SettlementInput): readonly Warning[] {
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
