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

const pneumonia: readonly StayItem[] = [
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
const stroke: readonly StayItem[] = [
  ['YX0013', 2],
  ['XY0186', 12],
  ['XY0183', 2],
  ['XY0184', 2],
  ['ZY0102', 18],
  ['ZL0022', 9],
  ['ZL0032', 9],
  ['CS0002', 1],
];
const chemotherapy: readonly StayItem[] = [
  ['XY0101', 3],
  ['XY0102', 6],
  ['XY0103', 12],
  ['XY0120', 8],
  ['CS0001', 1],
  ['QT0110', 2],
];
const orthopaedicSurgery: readonly StayItem[] = [
  ['YX0002', 3],
  ['MZ0003', 1],
  ['MZ0010', 3],
  ['HC0113', 1],
  ['HC0102', 3],
  ['XY0110', 18],
  ['XY0160', 7],
  ['ZL0016', 5],
];
const belly: readonly StayItem[] = [
  ['CS0001', 1],
  ['MZ0001', 1],
  ['MZ0010', 2],
  ['HC0113', 1],
  ['HC0102', 2],
  ['XY0110', 15],
  ['ZL0016', 3],
];

/** The stays beside the published one, newest discharge last. */
export const demoStays: readonly DemoStay[] = [
  {
    id: 'ZY20171103002', who: 'peng', admittedOn: '2017-11-16', dischargedOn: '2017-11-26', ward: 'breath', bed: '07',
    diagnoses: [['J18.900', '肺炎'], ['J44.900', '慢性阻塞性肺疾病']], items: pneumonia,
  },
  {
    id: 'ZY20171018003', who: 'tongLiqing', admittedOn: '2017-10-18', dischargedOn: '2017-11-27', ward: 'nerves', bed: '21',
    diagnoses: [['I63.900', '脑梗死'], ['I10.x00', '原发性高血压'], ['J18.900', '肺炎']], items: stroke, linesByDay: 600,
    deposits: [['2000.00', '2017-10-18']],
  },
  {
    id: 'ZY20171112004', who: 'fangCui', admittedOn: '2017-11-12', dischargedOn: '2017-11-24', ward: 'cancer', bed: '03',
    diagnoses: [['C16.900', '胃恶性肿瘤']], items: chemotherapy, procedures: [],
  },
  {
    id: 'ZY20171115005', who: 'yuTu', admittedOn: '2017-11-15', dischargedOn: '2017-11-25', ward: 'bones', bed: '15',
    diagnoses: [['S72.000', '股骨颈骨折']], procedures: [{ code: '81.5200', name: '人工股骨头置换术', on: '2017-11-17' }],
    items: [...orthopaedicSurgery, ['SS0301', 1], ['HC0130', 1]], more: { injury: { cause: '在家中跌倒', thirdParty: 'none' } },
  },
  {
    id: 'ZY20171117006', who: 'luoYue', admittedOn: '2017-11-17', dischargedOn: '2017-11-25', ward: 'general', bed: '09',
    diagnoses: [['K80.100', '胆囊结石伴慢性胆囊炎']], procedures: [{ code: '51.2300', name: '腹腔镜下胆囊切除术', on: '2017-11-19' }],
    items: [...belly, ['SS0201', 1], ['HC0133', 4]], deposits: [['500.00', '2017-11-17']],
  },
  {
    id: 'ZY20171120007', who: 'heJin', admittedOn: '2017-11-20', dischargedOn: '2017-11-26', ward: 'general', bed: '18',
    diagnoses: [['K35.900', '急性阑尾炎']], procedures: [{ code: '47.0900', name: '阑尾切除术', on: '2017-11-20' }],
    items: [...belly, ['SS0202', 1]], deposits: [['3000.00', '2017-11-20']], yearToDate: 'unknown', more: { emergency: true },
  },
  {
    id: 'ZY20171119008', who: 'suYa', admittedOn: '2017-11-19', dischargedOn: '2017-11-26', ward: 'sugar', bed: '11',
    diagnoses: [['E11.900', '2型糖尿病']], items: [['XY0180', 2], ['XY0181', 2], ['JY0023', 1], ['CS0002', 1]],
    deposits: [['2000.00', '2017-11-19']], yearToDate: 'unknown',
  },
  {
    id: 'ZY20171116009', who: 'maQi', admittedOn: '2017-11-16', dischargedOn: '2017-11-25', ward: 'heart', bed: '05',
    diagnoses: [['I20.000', '不稳定性心绞痛']], items: [['JY0022', 3], ['JC0002', 1], ['XY0183', 2], ['XY0184', 2], ['XY0160', 8], ['CS0002', 1]],
    deposits: [['1500.00', '2017-11-16']], yearToDate: 'unknown', more: { outOfArea: { filed: 'referral' } },
  },
  {
    id: 'ZY20171102010', who: 'zouMei', admittedOn: '2017-11-02', dischargedOn: '2017-11-10', ward: 'cancer', bed: '06',
    diagnoses: [['C20.x00', '直肠恶性肿瘤']], items: chemotherapy,
  },
  {
    id: 'ZY20171118011', who: 'zouMei', admittedOn: '2017-11-18', dischargedOn: '2017-11-27', ward: 'cancer', bed: '06',
    diagnoses: [['C20.x00', '直肠恶性肿瘤']], items: [...chemotherapy, ['XY0130', 2]],
  },
  {
    id: 'ZY20171118012', who: 'liaoQing', admittedOn: '2017-11-18', dischargedOn: '2017-11-27', ward: 'heart', bed: '14',
    diagnoses: [['I50.900', '心力衰竭'], ['I10.x00', '原发性高血压']], items: [['JY0022', 2], ['JC0002', 1], ['XY0182', 2], ['ZL0011', 60], ['CS0002', 1]],
    blockers: [{ code: 'orders-not-stopped', text: '长期医嘱未停：Ⅱ级护理、苯磺酸氨氯地平片' }],
  },
  {
    id: 'ZY20171121013', who: 'huiZhen', admittedOn: '2017-11-21', dischargedOn: '2017-11-27', ward: 'tcm', bed: '02',
    diagnoses: [['M51.202', '腰椎间盘突出症']], items: [['YX0020', 1], ['ZL0022', 12], ['ZL0023', 6], ['ZC0202', 5], ['ZY0103', 1]],
    blockers: [{ code: 'items-not-executed', text: '有 1 项检查未执行：腰椎磁共振平扫' }],
  },
  {
    id: 'ZY20171119014', who: 'tanFu', admittedOn: '2017-11-19', dischargedOn: '2017-11-27', ward: 'breath', bed: '16',
    diagnoses: [], items: pneumonia, blockers: [{ code: 'no-discharge-diagnosis', text: '没有出院诊断，请病区补录' }],
  },
  {
    id: 'ZY20171113015', who: 'xiongLan', admittedOn: '2017-11-13', dischargedOn: '2017-11-24', ward: 'general', bed: '20',
    diagnoses: [['C16.900', '胃恶性肿瘤']], procedures: [{ code: '43.7x00', name: '胃大部切除术', on: '2017-11-15' }],
    items: [...belly, ['SS0601', 1], ['XY0130', 3], ['XY0152', 20]], refunds: [['XY0110', 3], ['XY0130', 1]],
  },
  {
    id: 'ZY20171122016', who: 'dengShan', admittedOn: '2017-11-22', dischargedOn: '2017-11-26', ward: 'eyes', bed: '01',
    diagnoses: [['H25.900', '老年性白内障']], procedures: [{ code: '13.4100', name: '白内障超声乳化抽吸术', on: '2017-11-23' }],
    items: [['JC0040', 3], ['MZ0004', 1], ['SS0401', 1], ['HC0132', 1]], deposits: [['2000.00', '2017-11-22'], ['1000.00', '2017-11-23']],
  },
  {
    id: 'ZY20171021017', who: 'qinYou', admittedOn: '2017-10-21', dischargedOn: '2017-11-25', ward: 'intensive', bed: 'ICU-4',
    diagnoses: [['I61.900', '脑内出血'], ['J96.000', '急性呼吸衰竭'], ['N17.900', '急性肾衰竭']],
    procedures: [{ code: '01.3900', name: '脑内血肿清除术', on: '2017-10-21' }, { code: '31.1x00', name: '气管切开术', on: '2017-10-25' }],
    items: [['SS0801', 1], ['MZ0001', 1], ['SS0701', 1], ['CW0301', 24], ['HL0001', 480], ['HL0306', 20], ['ZL0025', 420], ['ZL0011', 560], ['ZL0026', 168], ['HC0121', 7],
      ['XY0130', 36], ['XY0114', 112], ['JY0018', 40], ['JY0031', 10], ['YX0013', 5], ['ZL0033', 260], ['JH0001', 1]],
    deposits: [['5000.00', '2017-10-21'], ['3000.00', '2017-11-01']], more: { emergency: true },
  },
  {
    id: 'ZY20171114018', who: 'wanXiu', admittedOn: '2017-11-14', dischargedOn: '2017-11-26', ward: 'nerves', bed: '13',
    diagnoses: [['I63.900', '脑梗死']], items: stroke,
    yearToDate: { year: 2017, asOf: '2017-10-31', includesVisits: ['ZY20170306088', 'ZY20170811152'], admissions: 2, deductiblePaid: '1500.00', eligible: '15900.00',
      paid: { 'basic-medical-insurance': '12384.00', 'medical-assistance': '1758.00' }, byStep: { basic: '12384.00', 'medical-assistance': '1758.00' },
      selfPay: '2204.00', eligibleSelfPay: '1758.00', levels: ['county'] },
  },
  {
    id: 'ZY20171114019', who: 'baby', admittedOn: '2017-11-14', dischargedOn: '2017-11-23', ward: 'children', bed: 'NB-02',
    diagnoses: [['P59.900', '新生儿黄疸']], items: [['CW0401', 9], ['HL0220', 9], ['ZL0024', 72], ['JY0024', 9], ['QT0120', 2]],
  },
  {
    id: 'ZY20171113020', who: 'mother', admittedOn: '2017-11-13', dischargedOn: '2017-11-20', ward: 'women', bed: '08',
    diagnoses: [['O34.201', '既往剖宫产术后妊娠']], procedures: [{ code: '74.1x01', name: '子宫下段剖宫产术', on: '2017-11-14' }],
    items: [['CS0003', 1], ['SS0501', 1], ['MZ0003', 1], ['XY0187', 6], ['XY0112', 6], ['HC0113', 1], ['HC0102', 2]], deposits: [['1000.00', '2017-11-13']],
  },
  {
    id: 'MZ20171127021', who: 'aoTang', kind: 'outpatient', admittedOn: '2017-11-27', dischargedOn: '2017-11-27', ward: 'eyes', bed: '',
    diagnoses: [['H10.900', '结膜炎']], items: [['GH0001', 1], ['ZC0001', 1], ['JC0040', 1], ['XY0113', 1]], yearToDate: 'unknown',
  },
  {
    id: 'ZY20171101022', who: 'shiLin', admittedOn: '2017-11-01', dischargedOn: '2017-11-22', ward: 'kidneys', bed: '10',
    diagnoses: [['N18.000', '终末期肾病']], procedures: [{ code: '39.9500', name: '血液透析', on: '2017-11-02' }],
    items: [['ZL0027', 9], ['HC0120', 9], ['XY0188', 18], ['XY0160', 9], ['CS0001', 1]],
  },
  {
    id: 'ZY20171116023', who: 'yiChun', admittedOn: '2017-11-16', dischargedOn: '2017-11-23', ward: 'sugar', bed: '04',
    diagnoses: [['E11.900', '2型糖尿病']], items: [['XY0180', 1], ['XY0181', 2], ['JY0023', 1], ['XY0182', 1]],
  },
  {
    id: 'ZY20171118024', who: 'weiMing', admittedOn: '2017-11-18', dischargedOn: '2017-11-24', ward: 'children', bed: '19',
    diagnoses: [['J18.000', '支气管肺炎']], items: [['YX0001', 1], ['XY0112', 10], ['XY0185', 8], ['ZL0021', 12], ['ZY0104', 1]],
  },
  {
    id: 'ZY20171115025', who: 'gongShu', admittedOn: '2017-11-15', dischargedOn: '2017-11-25', ward: 'bones', bed: '17',
    diagnoses: [['S52.500', '桡骨下端骨折']], procedures: [{ code: '79.3200', name: '桡骨骨折切开复位内固定术', on: '2017-11-17' }],
    items: [...orthopaedicSurgery, ['SS0302', 1], ['HC0131', 1]], more: { injury: { cause: '田埂滑倒', thirdParty: 'none' } },
  },
  {
    id: 'ZY20171119026', who: 'ouYang', admittedOn: '2017-11-19', dischargedOn: '2017-11-27', ward: 'breath', bed: '12',
    diagnoses: [['J44.100', '慢性阻塞性肺疾病伴有急性加重']], items: [...pneumonia, ['JC0030', 1]],
  },
  {
    id: 'ZY20171122027', who: 'keDai', admittedOn: '2017-11-22', dischargedOn: '2017-11-27', ward: 'tcm', bed: '06',
    diagnoses: [['M51.202', '腰椎间盘突出症']], items: [['ZL0022', 8], ['ZL0023', 5], ['ZC0202', 4]],
  },
];
