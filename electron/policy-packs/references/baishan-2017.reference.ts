import {
  billOf,
  borneOf,
  isOne,
  least,
  liesIn,
  noted,
  percent,
  yearsOld,
  yuan,
  type Paper,
  type PaperPerson,
  type Rules,
} from './paper.reference.ts';

/**
 * "定点医院原则上设在县级医院，对个别病种不具备诊疗条件的可以转往市级定点医院，市级定点医院设在市中心医院、通化矿业集团总医院；儿童
 * 急性白血病和儿童先心病患者应转诊到省级医院"; "纳入大病专项救治范围的病种，实行单病种付费管理"; "降低贫困人口大病保险起付线，
 * 提高报销比例". The children's heart quotas are those of 2011, of which the patient bears a tenth; the rest is assumed.
 */
export const settleBaishan2017: Rules = (paper, person, year) => {
  if (paper.discharged < '2017-06-01' || paper.discharged >= '2018-12-01') return null;
  const isMeant = isOne(
    person,
    paper.admitted,
    'registered-poor',
    'extremely-poor',
    'subsistence-allowance',
  );
  if (!isMeant || !isDesignated(paper, person)) return null;
  const bill = billOf(paper);
  const quota = heartQuota(paper.diagnosis, yearsOld(person, paper.admitted));
  const basic = quota === null ? percent(bill.inScope, 70) : percent(quota, 90);
  const own = quota === null ? bill.total - basic : percent(least(bill.total, quota), 10);
  const hospital = quota === null ? 0n : bill.total - own - basic;
  const left = quota === null ? bill.inScope - basic : least(own, bill.inScope);
  const borne = borneOf(left, yuan(5000), noted(year, 'borne'));
  const critical = percent(left - borne, 60);
  const assistance = percent(left - critical, 50);
  return {
    shares: { basic, 'critical-illness': critical, 'medical-assistance': assistance },
    patient: own - critical - assistance,
    hospital,
    notes: { borne, outside: own - left },
  };
};

function isDesignated(paper: Paper, person: PaperPerson): boolean {
  const { level, code } = paper.hospital;
  if (/^(C15|C16|C18|C20|N18\.0)/.test(paper.diagnosis)) {
    const isCityHospital = code === 'H22060000001' || code === 'H22060000002';
    return (level === 'county' && liesIn(paper, '2206')) || (level === 'city' && isCityHospital);
  }
  const isChild = yearsOld(person, paper.admitted) < 18;
  return isChild && level === 'province' && /^(C91\.0|C92\.4|Q21\.0|Q21\.1)/.test(paper.diagnosis);
}

/** "房缺22000；室缺 3岁以上22000、1—3岁28000、1岁以下38000". */
function heartQuota(diagnosis: string, age: number): bigint | null {
  if (diagnosis.startsWith('Q21.1')) return yuan(22_000);
  if (!diagnosis.startsWith('Q21.0')) return null;
  return yuan(age < 1 ? 38_000 : age < 4 ? 28_000 : 22_000);
}
