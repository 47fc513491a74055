import type { VisitJson } from '../../shared/contracts/visit-json-schema.ts';
import type { DemoPersonName } from './demo-people.ts';

/** An item of a stay: its code and how often in all. */
export type StayItem = readonly [code: string, quantity: number];

/** An invented stay; what every stay of its length has is added when the bill is written. */
export type DemoStay = {
  readonly id: string;
  readonly who: DemoPersonName;
  readonly kind?: VisitJson['visit']['kind'];
  readonly admittedOn: string;
  readonly dischargedOn: string;
  readonly ward: keyof typeof wards;
  readonly bed: string;
  readonly diagnoses: readonly (readonly [code: string, name: string])[];
  readonly procedures?: VisitJson['visit']['procedures'];
  readonly items: readonly StayItem[];
  /** Taken back on the day of discharge: item and quantity. */
  readonly refunds?: readonly StayItem[];
  readonly deposits?: readonly (readonly [amount: string, on: string])[];
  readonly blockers?: VisitJson['visit']['blockers'];
  /** A bill written day by day, of exactly so many lines. */
  readonly linesByDay?: number;
  /** Absent: a fresh year; `unknown`: the hospital's system says nothing of the year. */
  readonly yearToDate?: NonNullable<VisitJson['yearToDate']> | 'unknown';
  readonly more?: Partial<VisitJson['visit']>;
};

/** Departments with the doctor in charge. */
export const wards = {
  general: { code: '0402', name: '普通外科', doctor: { code: 'D0156', name: '周明远' } },
  bones: { code: '0405', name: '骨科', doctor: { code: 'D0161', name: '汤劲松' } },
  breath: { code: '0301', name: '呼吸内科', doctor: { code: 'D0112', name: '杜若溪' } },
  heart: { code: '0302', name: '心血管内科', doctor: { code: 'D0118', name: '涂维舟' } },
  nerves: { code: '0303', name: '神经内科', doctor: { code: 'D0123', name: '江映川' } },
  kidneys: { code: '0305', name: '肾内科', doctor: { code: 'D0129', name: '简宁' } },
  sugar: { code: '0306', name: '内分泌科', doctor: { code: 'D0133', name: '白芷青' } },
  children: { code: '0700', name: '儿科', doctor: { code: 'D0210', name: '温晴' } },
  women: { code: '0502', name: '产科', doctor: { code: 'D0190', name: '裴静好' } },
  eyes: { code: '1000', name: '眼科', doctor: { code: 'D0240', name: '莫知秋' } },
  tcm: { code: '5000', name: '中医科', doctor: { code: 'D0301', name: '柏青山' } },
  intensive: { code: '2800', name: '重症医学科', doctor: { code: 'D0281', name: '程守一' } },
  cancer: { code: '1900', name: '肿瘤科', doctor: { code: 'D0260', name: '顾长宁' } },
} as const;

// What stays of a kind have in common.
export const pneumonia: readonly StayItem[] = [
  ['YX0012', 1],
  ['JY0041', 1],
  ['JY0031', 1],
  ['XY0112', 16],
  ['XY0170', 14],
  ['XY0185', 12],
  ['ZL0021', 16],
  ['ZL0010', 30],
  ['ZY0104', 2],
];
export const stroke: readonly StayItem[] = [
  ['YX0013', 2],
  ['XY0186', 12],
  ['XY0183', 2],
  ['XY0184', 2],
  ['ZY0102', 18],
  ['ZL0022', 9],
  ['ZL0032', 9],
  ['CS0002', 1],
];
export const chemotherapy: readonly StayItem[] = [
  ['XY0101', 3],
  ['XY0102', 6],
  ['XY0103', 12],
  ['XY0120', 8],
  ['CS0001', 1],
  ['QT0110', 2],
];
export const orthopaedicSurgery: readonly StayItem[] = [
  ['YX0002', 3],
  ['MZ0003', 1],
  ['MZ0010', 3],
  ['HC0113', 1],
  ['HC0102', 3],
  ['XY0110', 18],
  ['XY0160', 7],
  ['ZL0016', 5],
];
export const belly: readonly StayItem[] = [
  ['CS0001', 1],
  ['MZ0001', 1],
  ['MZ0010', 2],
  ['HC0113', 1],
  ['HC0102', 2],
  ['XY0110', 15],
  ['ZL0016', 3],
];
