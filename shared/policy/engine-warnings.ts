import type { Warning } from '../domain/result.ts';
import type { CompiledPack } from './compile/compiled-pack.ts';
import { isReckonedWithoutSteps } from './facts/steps-before.ts';
import { settlementYearOf, type VisitFacts } from './facts/visit-facts.ts';

/** What is warned of here. */
type EngineWarningCode =
  | 'earlier-parts-unknown'
  | 'hospital-place-unknown'
  | 'payer-figures-unused'
  | 'third-party-liable'
  | 'third-party-undetermined'
  | 'visit-already-in-year-to-date'
  | 'year-steps-reckoned'
  | 'year-to-date-of-other-year'
  | 'year-to-date-unknown';

/** What the cashier should know about a calculation although nothing is refused. */
export function engineWarnings(
  pack: Pick<CompiledPack, 'year'> & Partial<Pick<CompiledPack, 'accounts' | 'asksForPlace'>>,
  facts: VisitFacts,
): readonly Warning<EngineWarningCode>[] {
  const { injury, payerFigures } = facts.input.visit;
  const warnings: Warning<EngineWarningCode>[] = [];
  const ofYear = warningOfYear(pack, facts);
  if (ofYear !== null) warnings.push(ofYear);
  addWarningsOfPack(warnings, pack, facts);
  if (injury !== undefined && injury.thirdParty !== 'none') {
    warnings.push(injury.thirdParty === 'liable' ? othersLiable : liabilityOpen);
  }
  if (payerFigures !== undefined) warnings.push(payerFiguresUnused);
  return warnings;
}

function addWarningsOfPack(
  warnings: Warning<EngineWarningCode>[],
  { accounts = [], asksForPlace = false }: Partial<Pick<CompiledPack, 'accounts' | 'asksForPlace'>>,
  { input: { visit }, year, parts }: VisitFacts,
): void {
  const { place, level } = visit.hospital;
  if (asksForPlace && place === undefined && level !== 'outside-province') {
    warnings.push(placeUnknown);
  }
  if (isReckonedWithoutSteps(accounts, year)) warnings.push(stepsReckoned);
  if (visit.earlierParts !== undefined && parts === null) warnings.push(partsUnknown);
}

const placeUnknown: Warning<EngineWarningCode> = {
  code: 'hospital-place-unknown',
  text: {
    zh: '没有医院所在地，按参保地医院计算；异地就医时待遇可能不同',
    en: 'The place of the hospital is not given and was taken as the own area; elsewhere the benefits may differ',
  },
  place: '/visit/hospital/place',
};

const stepsReckoned: Warning<EngineWarningCode> = {
  code: 'year-steps-reckoned',
  text: {
    zh: '年度累计没有按支付环节给出，起付标准、分段和封顶线按合计推算，结果为暂估',
    en: 'The year to date names no step; deductibles, bands and ceilings were reckoned from its sums, so the result is provisional',
  },
  place: '/yearToDate/byStep',
};

const partsUnknown: Warning<EngineWarningCode> = {
  code: 'earlier-parts-unknown',
  text: {
    zh: '前几次中途结算只给出起付线，限额、定额和兜底不能与前几次合并计算',
    en: 'Of the earlier parts of the stay only the deductible is given; limits, quotas and guarantees cannot be settled together with them',
  },
  place: '/visit/earlierParts',
};

/** What another person has to bear is no insurance's to pay (Social Insurance Law, article 30). */
const othersLiable: Warning<EngineWarningCode> = {
  code: 'third-party-liable',
  text: {
    zh: '外伤由第三方负责：应由第三方负担的费用不属于医保支付范围，结算前请先核实',
    en: 'A third party is liable for the injury: what it has to bear is not for the insurance to pay; check before settling',
  },
  place: '/visit/injury/thirdParty',
};

const liabilityOpen: Warning<EngineWarningCode> = {
  code: 'third-party-undetermined',
  text: {
    zh: '外伤的第三方责任尚未认定；认定由第三方负责的，应由其负担的费用不属于医保支付范围',
    en: 'It is not settled yet whether a third party is liable for the injury; what it has to bear is not for the insurance to pay',
  },
  place: '/visit/injury/thirdParty',
};

const payerFiguresUnused: Warning<EngineWarningCode> = {
  code: 'payer-figures-unused',
  text: {
    zh: '有待遇政策适用，按政策计算；录入的支付方金额没有使用，请与支付方核对',
    en: 'A pack applies and decides; the figures entered as stated by a payer were not used, compare them',
  },
  place: '/visit/payerFigures',
};

function warningOfYear(
  pack: { readonly year: 'admission' | 'discharge' },
  { input }: VisitFacts,
): Warning<EngineWarningCode> | null {
  const { visit, yearToDate } = input;
  if (yearToDate === null) return yearUnknown;
  const year = settlementYearOf(pack, input);
  if (yearToDate.year !== year) {
    const given = String(yearToDate.year);
    return {
      code: 'year-to-date-of-other-year',
      text: {
        zh: `年度累计是 ${given} 年的，本次就诊按 ${String(year)} 年计算；没有使用这些累计，按年度首次计算`,
        en: `The year to date is that of ${given}, this visit counts in ${String(year)}: the figures were not used, the year was taken as fresh`,
      },
      place: '/yearToDate/year',
    };
  }
  return yearToDate.includesVisits.includes(visit.id) ? visitInYear : null;
}

const yearUnknown: Warning<EngineWarningCode> = {
  code: 'year-to-date-unknown',
  text: {
    zh: '没有本年度累计数据，按年度首次计算；起付标准和封顶线可能因此不同',
    en: 'The year to date is not known and was taken as a fresh year; deductibles and ceilings may differ',
  },
  place: '/yearToDate',
};

const visitInYear: Warning<EngineWarningCode> = {
  code: 'visit-already-in-year-to-date',
  text: {
    zh: '年度累计已包含本次就诊，累计类的结果可能重复计算；请先核对累计数据',
    en: 'The year to date already includes this visit, so yearly figures may count it twice; check them first',
  },
  place: '/yearToDate/includesVisits',
};
