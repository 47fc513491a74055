/** What the desk says of the lock of the hospital's account, in Chinese. */
export const zhAccountLock = {
  'key.lookAgain': '账没有封住，再看一次',
  'key.settleUnlocked': '看过了，照样结算',
  accountLocking: '正在请医院系统封账，并取最新账单…',
  accountSecondLook: '账没有封住。仍要结算，请再按一次 Enter；按 Esc 离开，重新打开会再封一次。',
  accountChanged: '封账时账单有变化（{{count}} 行），下面的金额已是最新：',
  accountMore: '另有 {{count}} 行，按 F6 看明细。',
  'accountLine.added': '新增',
  'accountLine.removed': '删除',
  'accountLine.changed': '改动',
} as const;
