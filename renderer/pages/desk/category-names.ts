import type { ChargeCategory } from '../../../shared/domain/visit.ts';

const names: Readonly<Record<ChargeCategory, { readonly zh: string; readonly en: string }>> = {
  'western-drug': { zh: '西药费', en: 'Western drugs' },
  'chinese-patent-drug': { zh: '中成药费', en: 'Patent drugs' },
  herbal: { zh: '中药饮片费', en: 'Herbal' },
  examination: { zh: '检查费', en: 'Examination' },
  laboratory: { zh: '化验费', en: 'Laboratory' },
  imaging: { zh: '放射费', en: 'Imaging' },
  ultrasound: { zh: '超声费', en: 'Ultrasound' },
  treatment: { zh: '治疗费', en: 'Treatment' },
  surgery: { zh: '手术费', en: 'Surgery' },
  anaesthesia: { zh: '麻醉费', en: 'Anaesthesia' },
  bed: { zh: '床位费', en: 'Bed' },
  nursing: { zh: '护理费', en: 'Nursing' },
  consumable: { zh: '卫生材料费', en: 'Consumables' },
  'consultation-general': { zh: '一般诊疗费', en: 'General consultation' },
  'consultation-inpatient': { zh: '诊察费', en: 'Ward consultation' },
  registration: { zh: '挂号费', en: 'Registration' },
  ambulance: { zh: '救护车费', en: 'Ambulance' },
  other: { zh: '其他费', en: 'Other' },
};

/** What a charge category is called; the category itself where a newer program sends one we do not know. */
export function categoryName(category: string, language: 'zh' | 'en'): string {
  return category in names ? names[category as ChargeCategory][language] : category;
}
