import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

/** Why the tray of a demo does not do what was asked. */
export const demoRefusal = declareRefusals({
  'not-a-demo': {
    message: {
      zh: '这是正式数据，没有演示用的卡和设备。什么也没有做。',
      en: 'These are live data: there are no cards or devices for showing. Nothing was done.',
    },
    money: 'none',
    remedy: {
      zh: '要试用，请另开一个演示文件夹。',
      en: 'To try things out open a demo folder of its own.',
    },
  },
  'demo-reader-other': {
    message: {
      zh: '设置里填的是别的读卡器，演示台的卡放不上去。',
      en: 'Another reader is set, so no card of the tray can be laid on it.',
    },
    money: 'none',
    remedy: {
      zh: '请在那台读卡器上放真卡；要用演示台，请把读卡器地址改回 sim://demo。',
      en: 'Lay a real card on that reader; for the tray set the address of the reader back to sim://demo.',
    },
  },
  'demo-no-card': {
    message: {
      zh: '演示台没有这位患者的卡。',
      en: 'The tray has no card of this patient.',
    },
    money: 'none',
    remedy: {
      zh: '请在左边点选患者，或输入姓名、证件号查找。',
      en: 'Choose the patient on the left, or find them by name or number.',
    },
  },
  'demo-no-slip': {
    message: {
      zh: '还没有结算过，没有结算凭条可以扫。',
      en: 'Nothing has been settled yet, so there is no slip to scan.',
    },
    money: 'none',
    remedy: { zh: '请先结算一位患者。', en: 'Settle a patient first.' },
  },
  'demo-printer-other': {
    message: {
      zh: '设置里填的是别的打印机，演示台不能给它换纸。',
      en: 'Another printer is set; the tray cannot change its paper.',
    },
    money: 'none',
    remedy: {
      zh: '请在打印机上换纸；要用演示台，请把打印机地址改回 sim://printer。',
      en: 'Change the paper at the printer; for the tray set its address back to sim://printer.',
    },
  },
  'demo-payers-away': ({ url }: { readonly url: string }) => ({
    message: {
      zh: `模拟的支付方（${url}）没有启动，没有改动它的态度。`,
      en: `The simulated payers (${url}) are not running; their mood was not changed.`,
    },
    money: 'none',
    remedy: {
      zh: '请信息科用 payers-simulator 启动它，再试一次。不启动也可以结算，申报会排队等着。',
      en: 'The IT clerk starts them with payers-simulator; then try again. Settling works without them, the claims wait.',
    },
  }),
});
