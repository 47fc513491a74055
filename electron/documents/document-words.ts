import type { Insurance } from '../../shared/domain/person.ts';
import type { TenderKind } from '../../shared/domain/visit.ts';

/** Words of the paper. They are Chinese only: paper goes to patients, offices and auditors. */

export const insuranceWords: Readonly<Record<Insurance, string>> = {
  resident: '城乡居民医保',
  employee: '职工医保',
  none: '未参保',
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
