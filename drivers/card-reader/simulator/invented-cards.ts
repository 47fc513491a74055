/** People who do not exist, for simulated readers. The check digits are right; nothing else is anyone's. */
import type { SimulatedCard } from './sam-v-module.ts';

/** 17 digits and the check character that belongs to them (ISO 7064 MOD 11-2, in the recursive form). */
export function withCheckCharacter(first17: string): string {
  let product = 0;
  for (const digit of first17) product = ((product + Number(digit)) * 2) % 11;
  const check = (12 - product) % 11;
  return `${first17}${check === 10 ? 'X' : String(check)}`;
}

export const residentCard: SimulatedCard = {
  name: '张三',
  sex: 'male',
  ethnicity: '01',
  birthDate: '1950-01-01',
  address: '湖南省岳阳市平江县汉昌镇北街12号',
  idNumber: '430626195001010016',
  issuer: '平江县公安局',
  validFrom: '2015-03-20',
  validUntil: '长期',
};

/** Check character X, an end of validity, a minority. */
export const cardEndingInX: SimulatedCard = {
  name: '李秀英',
  sex: 'female',
  ethnicity: '03',
  birthDate: '1992-01-01',
  address: '贵州省遵义市凤冈县龙泉镇河滨路3号附2号',
  idNumber: withCheckCharacter('52032719920101116'),
  issuer: '凤冈县公安局',
  validFrom: '2020-10-19',
  validUntil: '2040-10-19',
};

/** A name with a character beyond the first plane, which takes two places of the fifteen. */
export const rareNameCard: SimulatedCard = {
  ...residentCard,
  name: '王𠮷',
  sex: 'male',
  birthDate: '1968-07-23',
  idNumber: withCheckCharacter('43062619680723103'),
};

export const expiredCard: SimulatedCard = {
  ...cardEndingInX,
  validFrom: '2006-05-01',
  validUntil: '2016-05-01',
};

export const hkMacaoTaiwanCard: SimulatedCard = {
  layout: 'hk-macao-taiwan',
  name: '陈大文',
  sex: 'male',
  birthDate: '1981-11-30',
  address: '广东省深圳市福田区福中路1号',
  idNumber: withCheckCharacter('81000019811130001'),
  issuer: '深圳市公安局',
  validFrom: '2019-06-01',
  validUntil: '2034-05-31',
};

export const foreignCard2017: SimulatedCard = {
  layout: 'foreign-2017',
  name: '唐明',
  englishName: 'TANG, MING ALEXANDER',
  sex: 'male',
  birthDate: '1975-02-28',
  idNumber: 'CAN110175022801',
  validFrom: '2018-01-15',
  validUntil: '2038-01-14',
};

export const foreignCard2023: SimulatedCard = {
  layout: 'foreign-2023',
  name: '',
  englishName: 'MUELLER, ANNA LENA',
  sex: 'female',
  birthDate: '1988-12-09',
  idNumber: withCheckCharacter('91112419881209004'),
  validFrom: '2024-02-01',
  validUntil: '2034-01-31',
};

export const inventedCards = {
  residentCard,
  cardEndingInX,
  rareNameCard,
  hkMacaoTaiwanCard,
  foreignCard2017,
  foreignCard2023,
} as const;
