import type { VisitJson } from '../../shared/contracts/visit-json-schema.ts';

/** An invented person; the ID number is made from division, birth date and serial, odd for men. */
export type DemoPerson = {
  readonly name: string;
  readonly birthDate: string;
  readonly serial: number;
  readonly village: string;
  readonly division?: string;
  readonly insurance?: VisitJson['person']['insurance'];
  readonly insuredPlace?: string;
  readonly categories?: VisitJson['person']['categories'];
  readonly more?: Partial<VisitJson['person']>;
};

const poor: VisitJson['person']['categories'] = ['registered-poor'];
const extremelyPoor: VisitJson['person']['categories'] = ['extremely-poor'];
const subsistence: VisitJson['person']['categories'] = ['subsistence-allowance'];

/** Nobody of this list exists; the villages' names are invented as well. */
export const demoPeople = {
  peng: {
    name: '彭𠮷安',
    birthDate: '1961-07-09',
    serial: 113,
    village: '青石村',
    categories: poor,
  },
  tongLiqing: {
    name: '童立青',
    birthDate: '1949-02-27',
    serial: 571,
    village: '柘木村',
    categories: poor,
  },
  fangCui: {
    name: '方翠莲',
    birthDate: '1957-09-12',
    serial: 228,
    village: '云渡村',
    categories: poor,
  },
  yuTu: {
    name: '余土根',
    birthDate: '1944-12-03',
    serial: 335,
    village: '石塘村',
    categories: extremelyPoor,
  },
  luoYue: {
    name: '罗月容',
    birthDate: '1968-05-21',
    serial: 446,
    village: '梅岭村',
    categories: subsistence,
  },
  heJin: {
    name: '何锦川',
    birthDate: '1972-03-16',
    serial: 157,
    village: '青石村',
    insurance: 'none',
  },
  suYa: {
    name: '苏雅茹',
    birthDate: '1980-10-08',
    serial: 264,
    village: '城关社区',
    insurance: 'employee',
    more: { employment: 'working' },
  },
  maQi: {
    name: '马启田',
    birthDate: '1959-01-30',
    serial: 319,
    village: '外县',
    division: '430621',
    insuredPlace: '430621',
    categories: poor,
  },
  zouMei: {
    name: '邹梅芝',
    birthDate: '1951-06-14',
    serial: 482,
    village: '石塘村',
    categories: poor,
  },
  liaoQing: {
    name: '廖庆余',
    birthDate: '1963-11-02',
    serial: 595,
    village: '柘木村',
    categories: poor,
  },
  huiZhen: {
    name: '卢慧贞',
    birthDate: '1975-04-25',
    serial: 626,
    village: '云渡村',
    categories: subsistence,
  },
  tanFu: {
    name: '谭福生',
    birthDate: '1947-08-19',
    serial: 731,
    village: '梅岭村',
    categories: poor,
  },
  xiongLan: {
    name: '熊兰英',
    birthDate: '1970-12-28',
    serial: 844,
    village: '大坪村',
    categories: poor,
  },
  dengShan: {
    name: '邓山木',
    birthDate: '1955-03-07',
    serial: 953,
    village: '大坪村',
    categories: poor,
  },
  qinYou: {
    name: '秦有粮',
    birthDate: '1966-10-31',
    serial: 175,
    village: '石塘村',
    categories: poor,
  },
  wanXiu: {
    name: '万秀禾',
    birthDate: '1942-05-05',
    serial: 288,
    village: '青石村',
    categories: extremelyPoor,
  },
  baby: {
    name: '钟小满',
    birthDate: '2017-11-14',
    serial: 31,
    village: '云渡村',
    categories: poor,
    more: { contact: '母亲 钟雨晴' },
  },
  mother: {
    name: '钟雨晴',
    birthDate: '1991-08-23',
    serial: 342,
    village: '云渡村',
    categories: poor,
  },
  aoTang: { name: '敖棠', birthDate: '1978-02-11', serial: 457, village: '城关社区' },
  shiLin: {
    name: '石林昌',
    birthDate: '1953-07-18',
    serial: 511,
    village: '柘木村',
    categories: poor,
  },
  yiChun: {
    name: '易春娥',
    birthDate: '1960-09-29',
    serial: 664,
    village: '大坪村',
    categories: subsistence,
  },
  weiMing: {
    name: '韦明朗',
    birthDate: '2006-06-01',
    serial: 779,
    village: '梅岭村',
    categories: poor,
  },
  gongShu: {
    name: '龚淑云',
    birthDate: '1948-11-11',
    serial: 882,
    village: '石塘村',
    categories: poor,
  },
  ouYang: {
    name: '欧阳松柏',
    birthDate: '1964-01-20',
    serial: 917,
    village: '青石村',
    categories: poor,
  },
  keDai: { name: '柯黛', birthDate: '1986-03-03', serial: 726, village: '城关社区' },
} as const satisfies Record<string, DemoPerson>;

export type DemoPersonName = keyof typeof demoPeople;

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The 18-digit number with its check digit (GB 11643, MOD 11-2). */
export function idNumberOf({ division = '430626', birthDate, serial }: DemoPerson): string {
  const body = `${division}${birthDate.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
  const sum = weights.reduce((added, weight, index) => added + weight * Number(body[index]), 0);
  return `${body}${'10X98765432'.charAt(sum % 11)}`;
}
