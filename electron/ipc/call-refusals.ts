import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

/** What any call of a page can be refused with, and what only pages ask. */
export const callRefusal = declareRefusals({
  'unknown-call': ({ name }: { readonly name: string }) => ({
    message: {
      zh: '页面与程序的版本不一致，这一步没有执行。',
      en: `The page asked for something this program does not offer: ${name.slice(0, 60)}.`,
    },
    money: 'none',
    remedy: {
      zh: '请刷新页面；仍不行请联系信息科。',
      en: 'Reload the page; if it stays, call the IT clerk.',
    },
  }),
  'bad-input': ({ place, problem }: { readonly place: string; readonly problem: string }) => ({
    message: {
      zh: '页面送来的内容不完整或不正确，没有执行。',
      en: `What the page sent is not what was agreed: ${problem}.`,
    },
    money: 'none',
    place,
    remedy: { zh: '请刷新页面再试。', en: 'Reload the page and try again.' },
  }),
  'program-fault': ({ number }: { readonly number: string }) => ({
    message: {
      zh: `程序内部出错（编号 ${number}）。`,
      en: `The program failed (number ${number}).`,
    },
    money: 'see-patient',
    remedy: {
      zh: '请重新打开该患者核对；已结算的会直接显示结算单。请把编号告诉信息科。',
      en: 'Open the patient again: a settled visit shows its settlement. Tell the IT clerk the number.',
    },
  }),
  'device-unknown': {
    message: {
      zh: '这台读卡器不在本窗口的设置里，没有试读。',
      en: 'This reader is not among those of the desk; nothing was tried.',
    },
    money: 'none',
    remedy: { zh: '请重新打开“设备”页。', en: 'Open the page of devices again.' },
  },
});
