import type { Insurance, PersonCategoryName } from '../../shared/domain/person.ts';
import type { ChargeCategory, HospitalLevel, TenderKind } from '../../shared/domain/visit.ts';

/** Words of the paper. They are Chinese only: paper goes to patients, offices and auditors. */

export const chargeCategoryWords: Readonly<Record<ChargeCategory, string>> = {
  'western-drug': '西药费',
  'chinese-patent-drug': '中成药费',
  herbal: '中草药费',
  examination: '检查费',
  laboratory: '化验费',
  imaging: '放射费',
  ultrasound: '超声费',
  treatment: '治疗费',
  surgery: '手术费',
  anaesthesia: '麻醉费',
  bed: '床位费',
  nursing: '护理费',
  consumable: '卫生材料费',
  'consultation-general': '一般诊疗费',
  'consultation-inpatient': '诊察费',
  registration: '挂号费',
  ambulance: '救护车费',
  other: '其他费',
};

export const personCategoryWords: Readonly<Record<PersonCategoryName, string>> = {
  'registered-poor': '建档立卡',
  'extremely-poor': '特困人员',
  'subsistence-allowance': '低保对象',
  'low-income-edge': '低保边缘',
  orphan: '孤儿',
  'unattended-child': '事实无人抚养儿童',
  disabled: '重度残疾',
  'returned-to-poverty': '返贫致贫',
  'unstable-lifted': '脱贫不稳定',
  'edge-vulnerable': '边缘易致贫',
  'sudden-hardship': '突发严重困难',
  'just-lifted': '稳定脱贫',
  'illness-expense': '因病致贫重病患者',
};

export const insuranceWords: Readonly<Record<Insurance, string>> = {
  resident: '城乡居民医保',
  employee: '职工医保',
  none: '未参保',
};

export const hospitalLevelWords: Readonly<Record<HospitalLevel, string>> = {
  village: '村级',
  township: '乡镇级',
  county: '县级',
  city: '市级',
  province: '省级',
  'outside-province': '省外',
};

export const tenderWords: Readonly<Record<TenderKind, string>> = {
  cash: '现金',
  card: '银行卡',
  wechat: '微信',
  alipay: '支付宝',
  'personal-account': '个人账户',
  'family-account': '家庭共济账户',
};

export const sexWords = { male: '男', female: '女' } as const;
