import type { PersonCategoryName } from './person.ts';
import type { Words } from './result.ts';
import type { ChargeCategory, HospitalLevel } from './visit.ts';

/** What the closed values of visits and persons are called, one word per thing (glossary). */
export const hospitalLevelNames: Readonly<Record<HospitalLevel, Words>> = {
  village: { zh: '村级', en: 'village' },
  township: { zh: '乡镇级', en: 'township' },
  county: { zh: '县级', en: 'county' },
  city: { zh: '市级', en: 'city' },
  province: { zh: '省级', en: 'province' },
  'outside-province': { zh: '省外', en: 'outside the province' },
};

export const personCategoryNames: Readonly<Record<PersonCategoryName, Words>> = {
  'registered-poor': { zh: '建档立卡', en: 'registered poor' },
  'extremely-poor': { zh: '特困人员', en: 'extremely poor' },
  'subsistence-allowance': { zh: '低保对象', en: 'subsistence allowance' },
  'low-income-edge': { zh: '低保边缘', en: 'edge of the allowance' },
  orphan: { zh: '孤儿', en: 'orphan' },
  'unattended-child': { zh: '事实无人抚养儿童', en: 'unattended child' },
  disabled: { zh: '重度残疾', en: 'severely disabled' },
  'returned-to-poverty': { zh: '返贫致贫', en: 'back in poverty' },
  'unstable-lifted': { zh: '脱贫不稳定', en: 'lifted, not stable' },
  'edge-vulnerable': { zh: '边缘易致贫', en: 'at the edge of poverty' },
  'sudden-hardship': { zh: '突发严重困难', en: 'sudden hardship' },
  'just-lifted': { zh: '稳定脱贫', en: 'lifted, stable' },
  'illness-expense': { zh: '因病致贫重病患者', en: 'poor by illness' },
};

export const chargeCategoryNames: Readonly<Record<ChargeCategory, Words>> = {
  'western-drug': { zh: '西药费', en: 'Western drugs' },
  'chinese-patent-drug': { zh: '中成药费', en: 'patent drugs' },
  herbal: { zh: '中药饮片费', en: 'herbal drugs' },
  examination: { zh: '检查费', en: 'examination' },
  laboratory: { zh: '化验费', en: 'laboratory' },
  imaging: { zh: '放射费', en: 'imaging' },
  ultrasound: { zh: '超声费', en: 'ultrasound' },
  treatment: { zh: '治疗费', en: 'treatment' },
  surgery: { zh: '手术费', en: 'surgery' },
  anaesthesia: { zh: '麻醉费', en: 'anaesthesia' },
  bed: { zh: '床位费', en: 'bed' },
  nursing: { zh: '护理费', en: 'nursing' },
  consumable: { zh: '卫生材料费', en: 'consumables' },
  'consultation-general': { zh: '一般诊疗费', en: 'general consultation' },
  'consultation-inpatient': { zh: '诊察费', en: 'ward consultation' },
  registration: { zh: '挂号费', en: 'registration' },
  ambulance: { zh: '救护车费', en: 'ambulance' },
  other: { zh: '其他费', en: 'other' },
};

/** Payers every pack knows, as paper and page call them. */
export const payerNames: Readonly<Record<string, Words>> = {
  'basic-medical-insurance': { zh: '基本医疗保险', en: 'Basic medical insurance' },
  'critical-illness-insurance': { zh: '大病保险', en: 'Critical illness insurance' },
  'supplementary-insurance': { zh: '补充医疗保险', en: 'Supplementary insurance' },
  'medical-assistance': { zh: '医疗救助', en: 'Medical assistance' },
  'hospital-reduction': { zh: '医院减免', en: 'Hospital reduction' },
  'government-guarantee': { zh: '政府兜底', en: 'Government guarantee' },
  'commercial-insurance': { zh: '商业保险', en: 'Commercial insurance' },
  'public-health-subsidy': { zh: '公共卫生补助', en: 'Public health subsidy' },
  charity: { zh: '慈善救助', en: 'Charity' },
};
