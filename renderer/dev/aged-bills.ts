import type { AgedBillRow, AgeingCounts } from '../../shared/contracts/intake-lists.ts';
import { fen } from '../../shared/money/fen.ts';

const agedBill: AgedBillRow = {
  ...{ visitId: 'ZY20171021003', since: '2017-10-21', maskedName: '罗*', source: 'his-1021.csv' },
  ...{ dischargedOn: '2017-10-21', firstReceivedAt: '2017-10-22T07:31:00.000+08:00' },
  ...{ daysSinceDischarge: 37, daysSinceArrival: 36, totalFen: fen(872_310), bed: '12' },
  ...{ department: '骨科二病区', admissionNumber: '2017021003', waitsFor: 'blocked' },
  hindrances: [
    {
      zh: '未退药：头孢呋辛 2 支（请找病区护士站和药房）',
      en: 'drugs not returned: cefuroxime (call the ward and the pharmacy)',
    },
    {
      zh: '医保办未审核（请找医保办）',
      en: 'not reviewed by the insurance office (call the insurance office)',
    },
  ],
};
/** Bills that wait, one of each kind. */
export const aged: readonly AgedBillRow[] = [
  agedBill,
  {
    ...agedBill,
    ...{ visitId: 'ZY20171122007', since: '2017-11-22', dischargedOn: '2017-11-22' },
    ...{ daysSinceDischarge: 5, daysSinceArrival: 4, maskedName: '张*山', waitsFor: 'question' },
    ...{ department: null, bed: null, admissionNumber: null, totalFen: null, hindrances: [] },
  },
  {
    ...agedBill,
    ...{ visitId: 'ZY20171124019', since: '2017-11-24', dischargedOn: '2017-11-24', bed: '加3' },
    ...{ daysSinceDischarge: 3, daysSinceArrival: 3, maskedName: '欧*娜', hindrances: [] },
    ...{ department: '呼吸与危重症医学科', admissionNumber: '2017024019' },
    waitsFor: 'nobody-came',
  },
];
export const agedCounts: AgeingCounts = [
  { waitsFor: 'blocked', all: 14, atLeast: [12, 6, 3, 1] },
  { waitsFor: 'question', all: 2, atLeast: [2, 1, 0, 0] },
  { waitsFor: 'nobody-came', all: 31, atLeast: [19, 8, 2, 0] },
];
