import type { PrinterState, PrinterStatus } from '../../drivers/receipt-printer/port.ts';
import type { DeviceState } from '../../shared/contracts/desk.ts';
import type { Words } from '../../shared/domain/result.ts';

type Spoken = { readonly words: Words; readonly remedy: Words | null };

const spoken: Readonly<Record<PrinterState, Spoken>> = {
  ready: { words: { zh: '打印机就绪', en: 'Printer ready' }, remedy: null },
  unknown: {
    words: { zh: '打印机已连接（不回报状态）', en: 'Printer connected (reports no state)' },
    remedy: null,
  },
  'paper-out': {
    words: { zh: '打印机缺纸', en: 'Printer out of paper' },
    remedy: {
      zh: '请装入新纸卷并合上盖子，凭条会自动继续打印。',
      en: 'Put in a new roll and close the cover; slips go on by themselves.',
    },
  },
  'cover-open': {
    words: { zh: '打印机盖子没有合上', en: 'Printer cover open' },
    remedy: {
      zh: '请合上打印机盖子，凭条会自动继续打印。',
      en: 'Close the cover; slips go on by themselves.',
    },
  },
  failed: {
    words: { zh: '打印机故障（切刀或过热）', en: 'Printer fault (cutter or heat)' },
    remedy: {
      zh: '请关闭打印机电源，取出卡纸后重新打开。',
      en: 'Switch the printer off, take out jammed paper, switch it on again.',
    },
  },
  gone: {
    words: { zh: '打印机连接不上', en: 'Printer cannot be reached' },
    remedy: {
      zh: '请检查打印机电源和网线；结算不受影响，凭条会在恢复后自动打印。',
      en: 'Check power and cable; settling is not affected, slips are printed once it is back.',
    },
  },
};

export function printerWords(state: PrinterState): Spoken {
  return spoken[state];
}

/** The printer as the state bar shows it. */
export function printerDeviceState(status: PrinterStatus | null, working: boolean): DeviceState {
  if (status === null) {
    return {
      state: 'not-configured',
      code: 'not-configured',
      words: { zh: '没有设置打印机', en: 'No printer is set up' },
      remedy: {
        zh: '请信息科在设置中填写打印机地址。',
        en: 'The IT clerk enters the address of the printer in the settings.',
      },
    };
  }
  const { words, remedy } = spoken[status.state];
  if (working) {
    const printing = { zh: '正在打印', en: 'Printing' };
    return { state: 'working', code: 'printing', words: printing, remedy: null };
  }
  if (status.state === 'ready' && status.paperLow) {
    return {
      state: 'warning',
      code: 'paper-low',
      words: { zh: '打印机就绪，纸快用完', en: 'Printer ready, paper low' },
      remedy: { zh: '请准备一卷新纸。', en: 'Have a new roll at hand.' },
    };
  }
  const states = {
    ready: 'ready',
    unknown: 'ready',
    'paper-out': 'warning',
    'cover-open': 'warning',
    failed: 'warning',
    gone: 'gone',
  } as const;
  return { state: states[status.state], code: status.state, words, remedy };
}
