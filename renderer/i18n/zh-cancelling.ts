/** 取消一次结算。 */
export const zhCancelling = {
  cancelSettlement: '取消结算',
  cancelOf: '结算单号',
  cancelGiveBack: '要退给患者',
  cancelTakeBack: '要向患者收回',
  cancelNothing: '没有收付过现款',
  cancelHint:
    '取消后各方的申报一并撤回，年度累计恢复原样，这次就诊回到未结算。请收回已打印的结算单和凭条。',
  cancelReason: '取消原因',
  'cancelReason.bill': '费用有误',
  'cancelReason.person': '人员或待遇有误',
  'cancelReason.tender': '支付方式有误',
  cancelYes: '取消这次结算',
  cancelApproved: '{{name}} 已批准，按 Enter 取消结算。',
  cancelDone: '已取消结算，退款交接后继续',
  cancelAlready: '这次结算以前就取消了，现在没有再动钱。',
  cancelClaims: '撤回申报 {{count}} 笔',
  cancelNewerBill: '结算后来过新的账单，现在以新账单为准。',
  cancelLater: '同一人今年后来的结算，按现在的累计会不一样（没有改动，请主管决定是否取消重结）：',
  cancelLaterOne: '{{number}}：个人负担',
  cancelLaterUnknown: '算不出来',
  cancelGoOn: '已处理，继续',
} as const;
