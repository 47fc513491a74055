import {
  above,
  billOf,
  isOne,
  least,
  noted,
  percent,
  yearsOld,
  yuan,
  type Rules,
} from './paper.reference.ts';

/**
 * "居民 一级100元、二级400元、三级600元，90%、80%、60%，年度10万元；职工 200、500、800元，95%、90%、85%；70周岁以上和6周岁以下，
 * 一年内第4次住院起不设起付线；大病起付17000元、60%、30万元，困难对象8500元、65%、不封顶；职工大额10万元以上部分90%，最高50万元；
 * 公务员 政策范围内个人负担的96%；跨省转诊备案先自付10%、未备案20%、长期备案不先自付".
 */
export const settleNanchang2025: Rules = (paper, person, year) => {
  if (paper.discharged < '2025-01-01' || paper.discharged >= '2026-01-01') return null;
  const bill = billOf(paper);
  const isOutside = paper.hospital.level === 'outside-province';
  const share = paper.filed === 'long-term' ? 0 : paper.filed === 'referral' ? 10 : 20;
  const paidFirst = isOutside ? percent(bill.inScope, share) : 0n;
  const inScope = bill.inScope - paidFirst;

  const isResident = person.insurance === 'resident';
  const grade = paper.hospital.grade ?? 3;
  const age = yearsOld(person, paper.admitted);
  const isSpared = year.length + 1 >= 4 && (age >= 70 || age <= 6);
  const deductibles = isResident ? [100, 400, 600] : [200, 500, 800];
  const rates = isResident ? [90, 80, 60] : [95, 90, 85];
  const deductible = isSpared ? 0n : yuan(deductibles[grade - 1] ?? 0);
  let basic = percent(above(inScope, deductible), rates[grade - 1] ?? 0);
  if (isResident) basic = least(basic, above(yuan(100_000), noted(year, 'basic')));
  let left = inScope - basic;
  const afterBasic = left;

  const isPoor = isOne(
    person,
    paper.admitted,
    'extremely-poor',
    'orphan',
    'subsistence-allowance',
    'returned-to-poverty',
  );
  const shares: Record<string, bigint> = {
    [isResident ? 'basic-resident' : 'basic-employee']: basic,
  };
  const start = yuan(!isResident ? 100_000 : isPoor ? 8500 : 17_000);
  const open = above(start, noted(year, 'borne'));
  const rate = !isResident ? 90 : isPoor ? 65 : 60;
  let more = percent(above(left, open), rate);
  const ceiling = !isResident ? yuan(500_000) : isPoor ? null : yuan(300_000);
  if (ceiling !== null) more = least(more, above(ceiling, noted(year, 'more')));
  shares[isResident ? 'critical-illness' : 'large-amount'] = more;
  left -= more;
  if (!isResident && person.employment === 'civil-servant') {
    shares['civil-servant'] = percent(left, 96);
    left -= shares['civil-servant'];
  }
  if (isPoor) shares['medical-assistance'] = 0n;
  return {
    shares,
    patient: left + paidFirst + bill.firstPaid + bill.outside,
    hospital: 0n,
    notes: { basic, more, borne: least(afterBasic, open) },
  };
};
