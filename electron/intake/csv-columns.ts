/** How the text of a cell becomes a value of the Visit JSON. */
export type CellKind =
  | 'text'
  /** A whole number; anything else stays text and is refused by the codec with its own words. */
  | 'whole'
  /** 是/否, true/false, 1/0. */
  | 'yes-no'
  /** Words separated by semicolons. */
  | 'words'
  /** `CODE NAME` separated by semicolons, of diagnoses, procedures or orders not done. */
  | 'diagnoses'
  | 'procedures'
  | 'blockers'
  /** `NAME`, or `NAME@FROM~UNTIL`, separated by semicolons. */
  | 'categories'
  /** `ID=AMOUNT` separated by semicolons. */
  | 'amounts';

export type CsvColumn = {
  /** The header as a path. */
  readonly path: string;
  /** The same header in Chinese. */
  readonly zh: string;
  readonly kind: CellKind;
};

const rows: readonly (readonly [path: string, zh: string, kind?: CellKind])[] = [
  ['visit.id', '就诊号'],
  ['visit.kind', '就诊类别'],
  ['visit.admittedOn', '入院日期'],
  ['visit.dischargedOn', '出院日期'],
  ['visit.hospital.code', '医院编码'],
  ['visit.hospital.name', '医院名称'],
  ['visit.hospital.level', '医院级别'],
  ['visit.hospital.grade', '医院等级', 'whole'],
  ['visit.hospital.type', '医院类型'],
  ['visit.hospital.place', '医院所在地'],
  ['visit.referral.certificate', '转诊证明号'],
  ['visit.referral.issuedOn', '转诊日期'],
  ['visit.referral.fromHospitalLevel', '转出医院级别'],
  ['visit.referral.previousVisitId', '转出就诊号'],
  ['visit.referral.deductiblePaid', '转诊前已付起付线'],
  ['visit.deposit', '预交金'],
  ['visit.admissionNumber', '住院号'],
  ['visit.medicalRecordNumber', '病案号'],
  ['visit.department.code', '科室编码'],
  ['visit.department.name', '科室名称'],
  ['visit.bed', '床号'],
  ['visit.attendingDoctor.code', '主治医生编码'],
  ['visit.attendingDoctor.name', '主治医生姓名'],
  ['visit.dischargeWay', '离院方式'],
  ['visit.outcome', '治疗结果'],
  ['visit.injury.cause', '外伤原因'],
  ['visit.injury.thirdParty', '第三方责任'],
  ['visit.insurer.personNumber', '医保人员编号'],
  ['visit.insurer.visitId', '医保就诊编号'],
  ['visit.emergency', '急诊', 'yes-no'],
  ['visit.outOfArea.filed', '异地备案'],
  ['visit.chronicDisease.code', '慢特病编码'],
  ['visit.chronicDisease.certificateFrom', '慢特病认定起'],
  ['visit.chronicDisease.until', '慢特病认定止'],
  ['visit.earlierParts.parts', '已中途结算次数', 'whole'],
  ['visit.earlierParts.deductiblePaid', '中途结算已付起付线'],
  ['visit.totals.total', '总费用'],
  ['visit.totals.eligible', '政策范围内费用'],
  ['visit.totals.classBFirstSelfPay', '乙类先行自付'],
  ['visit.totals.classC', '丙类费用'],
  ['visit.totals.aboveCeiling', '超限价费用'],
  ['visit.blockers', '未就绪原因', 'blockers'],
  ['visit.procedures', '手术操作', 'procedures'],
  ['diagnosis.code', '主要诊断编码'],
  ['diagnosis.name', '主要诊断名称'],
  ['diagnosis.others', '其他诊断', 'diagnoses'],
  ['person.name', '姓名'],
  ['person.idNumber', '身份证号'],
  ['person.birthDate', '出生日期'],
  ['person.sex', '性别'],
  ['person.insurance', '参保类型'],
  ['person.insuredPlace', '参保地'],
  ['person.categories', '人员类别', 'categories'],
  ['person.employment', '就业状态'],
  ['person.contractedDoctor', '签约医生', 'yes-no'],
  ['person.disabilityLevel', '残疾等级', 'whole'],
  ['person.phone', '电话'],
  ['person.address', '住址'],
  ['person.contact', '联系人'],
  ['yearToDate.year', '累计年度', 'whole'],
  ['yearToDate.asOf', '累计截至'],
  ['yearToDate.includesVisits', '累计已含就诊号', 'words'],
  ['yearToDate.admissions', '累计住院次数', 'whole'],
  ['yearToDate.deductiblePaid', '累计起付线'],
  ['yearToDate.eligible', '累计政策范围内费用'],
  ['yearToDate.paid', '累计各方支付', 'amounts'],
  ['yearToDate.byStep', '累计各步支付', 'amounts'],
  ['yearToDate.selfPay', '累计个人自付'],
  ['yearToDate.eligibleSelfPay', '累计政策范围内自付'],
  ['yearToDate.levels', '累计就诊级别', 'words'],
  ['charge.line', '费用序号', 'whole'],
  ['charge.code', '项目编码'],
  ['charge.name', '项目名称'],
  ['charge.category', '费用类别'],
  ['charge.catalogueClass', '目录类别'],
  ['charge.firstSelfPayRatio', '先行自付比例'],
  ['charge.priceCeiling', '限价'],
  ['charge.unit', '单位'],
  ['charge.quantity', '数量'],
  ['charge.unitPrice', '单价'],
  ['charge.amount', '金额'],
  ['charge.on', '费用日期'],
  ['charge.refundsLine', '冲销序号', 'whole'],
  ['charge.nationalCode', '国家编码'],
  ['charge.orderedBy.code', '开单医生编码'],
  ['charge.orderedBy.name', '开单医生姓名'],
  ['charge.department.code', '执行科室编码'],
  ['charge.department.name', '执行科室名称'],
  ['charge.at', '费用时间'],
  ['charge.restrictedUse', '限制用药', 'yes-no'],
];

/** Every column a CSV of visits may have; the README lists the same and is tested against it. */
export const csvColumns: readonly CsvColumn[] = rows.map(([path, zh, kind = 'text']) => ({
  path,
  zh,
  kind,
}));
