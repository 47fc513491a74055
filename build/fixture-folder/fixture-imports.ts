/**
 * The files a fixture folder is filled from, each invented. They are checked in with the folder, so a later change
 * here only counts for folders made after it.
 */

const hospital = {
  code: 'H43062600001',
  name: '平江县第一人民医院',
  level: 'county',
  grade: 2,
  type: 'general',
  place: '430626',
};
const line = {
  line: 1,
  code: 'XA01',
  name: '注射用奥沙利铂',
  category: 'western-drug',
  catalogueClass: 'B',
  firstSelfPayRatio: '0.10',
  priceCeiling: null,
  unit: '支',
  quantity: '6',
  unitPrice: '620.00',
  amount: '3720.00',
  on: '2017-11-12',
};
const nursing = {
  line: 2,
  code: 'HL01',
  name: '二级护理',
  category: 'nursing',
  catalogueClass: 'A',
  firstSelfPayRatio: null,
  priceCeiling: '25.5',
  unit: '日',
  quantity: '10',
  unitPrice: '26',
  amount: '260',
  on: '2017-11-13',
};
const person = (name: string, idNumber: string) => ({
  name,
  idNumber,
  birthDate: `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`,
  sex: Number(idNumber.slice(16, 17)) % 2 === 1 ? 'male' : 'female',
  insurance: 'resident',
  categories: ['registered-poor'],
  insuredPlace: '430626',
});
const stay = (id: string) => ({
  id,
  kind: 'inpatient',
  admittedOn: '2017-11-10',
  dischargedOn: '2017-11-25',
  hospital,
  diagnoses: [{ code: 'C18.900', name: '结肠恶性肿瘤', principal: true }],
});

/** A number with a right check digit. */
function idNumberOf(first17: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(first17[index]), 0);
  return `${first17}${'10X98765432'[sum % 11] ?? ''}`;
}

const wholePerson = person('阿依古丽·买买提', idNumberOf('43062619630405122'));
const secondPerson = person('司马佩玉', idNumberOf('43062619720901144'));
const csvPerson = person('欧阳㛃', idNumberOf('43062619550315101'));

/** One visit with every optional field, one with none and numbers written loosely, one of totals only. */
export const hospitalVisits = [
  {
    visit: {
      ...stay('ZY20171110901'),
      procedures: [{ code: '45.7300', name: '右半结肠切除术', on: '2017-11-14' }],
      referral: {
        certificate: 'ZZ20171108001',
        issuedOn: '2017-11-08',
        fromHospitalLevel: 'township',
        previousVisitId: 'WY0001',
        deductiblePaid: '100.00',
      },
      charges: [
        {
          ...line,
          nationalCode: 'XA01XA03AAB001',
          orderedBy: { code: 'D1001', name: '周明' },
          department: { code: 'K02', name: '普外科' },
          at: '2017-11-12T09:30:00+08:00',
          restrictedUse: true,
        },
        nursing,
        { ...line, line: 3, quantity: '-1', amount: '-620.00', refundsLine: 1 },
      ],
      deposit: '1500.00',
      deposits: [
        { receipt: 'YJ0001', amount: '1000.00', on: '2017-11-10', tender: 'cash' },
        { receipt: 'YJ0002', amount: '500.00', on: '2017-11-15', tender: 'wechat' },
      ],
      admissionNumber: '20171100901',
      medicalRecordNumber: 'BA00901',
      department: { code: 'K02', name: '普外科' },
      bed: '12',
      attendingDoctor: { code: 'D1001', name: '周明' },
      dischargeWay: 'by-order',
      outcome: 'improved',
      injury: { cause: '无', thirdParty: 'none' },
      insurer: { personNumber: 'P430626000901', visitId: 'V901' },
      emergency: false,
      outOfArea: { filed: 'none' },
      chronicDisease: { code: 'M01600', certificateFrom: '2016-01-01', until: '2018-12-31' },
      approvals: [
        {
          step: 'last-guarantee',
          form: '政府兜底审批表',
          number: 'DD2017-0031',
          decision: 'approved',
          amount: '200.50',
          on: '2017-11-24',
        },
      ],
    },
    person: {
      ...wholePerson,
      categories: [
        'subsistence-allowance',
        { name: 'registered-poor', from: '2015-01-01', until: '2020-12-31' },
        { name: 'disabled', from: '2016-06-01' },
      ],
      employment: 'working',
      contractedDoctor: true,
      disabilityLevel: 2,
      phone: '13800000901',
      address: '平江县三阳乡大众村',
      contact: '买买提 13800000902',
    },
    yearToDate: {
      year: 2017,
      asOf: '2017-11-01',
      includesVisits: ['WY0001'],
      admissions: 1,
      deductiblePaid: '100.00',
      eligible: '2400.00',
      paid: { 'basic-medical-insurance': '1500.00' },
      byStep: { basic: '1500.00' },
      selfPay: '1000.00',
      eligibleSelfPay: '900.00',
      levels: ['township'],
    },
  },
  {
    visit: { ...stay('ZY20171110902'), charges: [{ ...line, amount: '3720' }, nursing] },
    person: {
      ...secondPerson,
      idNumber: ` ${secondPerson.idNumber.toLowerCase()} `,
      categories: [{ name: 'registered-poor' }],
    },
  },
  {
    visit: {
      ...stay('ZY20171110903'),
      referral: null,
      procedures: [],
      totals: {
        total: '5000.00',
        eligible: '4200.00',
        classBFirstSelfPay: '300.00',
        classC: '400.00',
        aboveCeiling: '100.00',
      },
      blockers: [{ code: 'orders-not-stopped', text: '长期医嘱未停' }],
    },
    person: wholePerson,
    yearToDate: null,
  },
  {
    visit: {
      ...stay('ZY20171110904'),
      charges: [line],
      deposits: [{ receipt: 'YJ0003', amount: '200', on: '2017-11-10', tender: 'cash' }],
      earlierParts: { parts: 1, deductiblePaid: '400.00' },
      payerFigures: {
        from: '外省医保局',
        receivedOn: '2017-11-26',
        shares: [{ payer: 'basic-medical-insurance', amount: '2500.00' }],
        patientPays: '1220.00',
      },
    },
    person: person('拓跋宏', idNumberOf('43062619820711133')),
  },
];

/** A visit as the hospital sent it with one more line than in `hospitalVisits`. */
const withOneMoreLine = (visitId: string) =>
  hospitalVisits
    .filter(({ visit }) => visit.id === visitId)
    .map((document) => ({
      ...document,
      visit: {
        ...document.visit,
        charges: [
          ...('charges' in document.visit ? document.visit.charges : []),
          { ...nursing, line: 9, quantity: '2', amount: '52.00', on: '2017-11-24' },
        ],
      },
    }));

/** Sent before `hospitalVisits`, which bring another bill of it. */
export const earlierVisits = withOneMoreLine('ZY20171110902');

/** Sent after its settlement, and another bill. */
export const changedVisits = withOneMoreLine('ZY20171110901');

/** What intake refuses: an amount that is a number, an unknown field, lines that do not agree. */
export const refusedVisits = [
  { visit: { ...stay('ZY20171110911'), charges: [{ ...line, amount: 3720 }] }, person: csvPerson },
  { visit: { ...stay('ZY20171110912'), charges: [line], colour: 'red' }, person: csvPerson },
  {
    visit: { ...stay('ZY20171110913'), charges: [{ ...line, amount: '3719.00' }] },
    person: csvPerson,
  },
];

const csvHeaders = [
  '就诊号,就诊类别,入院日期,出院日期,医院编码,医院名称,医院级别,住院号,床号,科室编码,科室名称',
  '主要诊断编码,主要诊断名称,其他诊断,姓名,身份证号,出生日期,性别,参保类型,参保地,人员类别,预交金',
  '累计年度,累计截至,累计住院次数,累计起付线,累计政策范围内费用,累计个人自付,累计政策范围内自付,累计各方支付',
  '费用序号,项目编码,项目名称,费用类别,目录类别,先行自付比例,单位,数量,单价,金额,费用日期',
].join(',');
const csvVisit = (id: string, bed: string) =>
  [
    `${id},inpatient,2017-11-15,2017-11-26,${hospital.code},${hospital.name},county,2017115${id.slice(-3)},${bed},K01,内科`,
    `I10.x00,高血压病,E11.900 2型糖尿病,${csvPerson.name},${csvPerson.idNumber},${csvPerson.birthDate},${csvPerson.sex}`,
    'resident,430626,registered-poor@2016-01-01~,500',
    '2017,2017-11-10,1,400,3000,1200,900,basic-medical-insurance=1800.00',
  ].join(',');
const csvLine = (number: number, amount: string) =>
  `${String(number)},XB0${String(number)},硝苯地平控释片,western-drug,A,,盒,1,${amount},${amount},2017-11-16`;

/** Two visits of one person, Chinese headers; written in GB18030. */
export const csvVisits = [
  csvHeaders,
  `${csvVisit('ZY20171115905', '21')},${csvLine(1, '1800.00')}`,
  `${csvVisit('ZY20171115905', '21')},${csvLine(2, '36.5')}`,
  `${csvVisit('ZY20171115906', '22')},${csvLine(1, '950.00')}`,
  '',
].join('\r\n');

/** Recognitions; the last one is dated back before a settlement of the demo. */
export const personRegister = (lateRecognised: { idNumber: string; name: string }): string =>
  [
    '身份证号,姓名,人员类别,认定日期,截止日期',
    `${csvPerson.idNumber},${csvPerson.name},extremely-poor,2016-01-01,`,
    `${lateRecognised.idNumber},${lateRecognised.name},registered-poor,2017-03-01,`,
    '',
  ].join('\n');

/** The number of the card in the register that bears another name than the visit. */
export const cardOfOtherName = 'YH1234567890';

export const cardRegister = [
  '卡类型,卡号,身份证号,姓名,状态',
  `preferential,${cardOfOtherName},${wholePerson.idNumber},阿依古丽,valid`,
  `social-security,A12345678,${csvPerson.idNumber},${csvPerson.name},lost`,
  '',
].join('\n');
