import { declareRefusals } from '../../../shared/domain/declare-refusals.ts';

/** What the page itself has to say where nothing was asked of the program. */
export const deskRefusal = declareRefusals({
  'nothing-on-reader': {
    message: {
      zh: '读卡器上没有读到证件。',
      en: 'There is no card on the reader.',
    },
    money: 'none',
    remedy: {
      zh: '请把证件平放在读卡器上，再按 F2；没有带证件时按 F3 用姓名或证件号查找。',
      en: 'Lay the card flat on the reader and press F2; without a card press F3 and type the name or number.',
    },
  },
  'no-visit': {
    message: {
      zh: '这个人在本院没有待结算的住院或门诊记录。',
      en: 'This person has no visit to settle here.',
    },
    money: 'none',
    remedy: {
      zh: '请核对证件；如果刚办出院，请病区把费用传过来，再按 F2 重新读卡。',
      en: 'Check the card; if just discharged, let the ward send the bill and press F2.',
    },
  },
});
