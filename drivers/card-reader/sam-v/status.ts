import type { Words } from '../../../shared/domain/result.ts';
import { cardRefusal, type CardRefusal, type CardRefusalCode } from '../card.ts';
import type { SamVAnswer } from './frame.ts';

/** Status bytes that are not failures. */
export const samVStatus = { ok: 0x90, found: 0x9f, notFound: 0x80, itemEmpty: 0x91 } as const;

type Meaning = { readonly code: CardRefusalCode; readonly cause: Words };

/** What the third status byte of a failed answer means (GA/T 467). */
const meanings: Readonly<Record<number, Meaning>> = {
  0x10: {
    code: 'checksum',
    cause: { zh: '读卡器收到的命令有差错。', en: 'The reader got a damaged command.' },
  },
  0x11: {
    code: 'checksum',
    cause: { zh: '读卡器收到的命令长度不对。', en: 'The reader got a command of wrong length.' },
  },
  0x21: {
    code: 'reader-failed',
    cause: { zh: '读卡器不认识这条命令。', en: 'The reader does not know the command.' },
  },
  0x23: {
    code: 'reader-failed',
    cause: { zh: '读卡器不允许这项操作。', en: 'The reader does not allow this operation.' },
  },
  0x24: {
    code: 'reader-failed',
    cause: { zh: '读卡器报告未知错误。', en: 'The reader reports an unknown error.' },
  },
  0x31: {
    code: 'card-not-recognised',
    cause: {
      zh: '卡与读卡器的安全模块互相认证没有通过。',
      en: 'The card did not accept the security module.',
    },
  },
  0x32: {
    code: 'card-not-recognised',
    cause: {
      zh: '安全模块认证这张卡没有通过，请当心证件真伪。',
      en: 'The security module did not accept the card; check whether it is genuine.',
    },
  },
  0x33: {
    code: 'card-not-recognised',
    cause: {
      zh: '卡内信息没有通过验证，请当心证件真伪。',
      en: 'The information on the card failed its verification; check whether it is genuine.',
    },
  },
  0x40: {
    code: 'card-not-recognised',
    cause: { zh: '放上的不是居民身份证。', en: 'This is not a resident ID card.' },
  },
  0x41: { code: 'card-removed', cause: { zh: '', en: '' } },
  0x47: { code: 'card-removed', cause: { zh: '', en: '' } },
  0x60: {
    code: 'reader-failed',
    cause: { zh: '读卡器自检没有通过。', en: 'The self-test of the reader failed.' },
  },
  0x66: {
    code: 'reader-failed',
    cause: {
      zh: '读卡器的安全模块没有授权。',
      en: 'The security module of the reader is not authorised.',
    },
  },
  0x80: { code: 'no-card', cause: { zh: '', en: '' } },
  0x81: {
    code: 'card-not-recognised',
    cause: {
      zh: '选不中卡，请确认读卡区只有一张证件。',
      en: 'The card could not be selected; leave only one card on the plate.',
    },
  },
  0x91: {
    code: 'card-not-recognised',
    cause: { zh: '卡里没有这项内容。', en: 'The card lacks this item.' },
  },
};

/** The refusal for an answer that is not the success its command hopes for. */
export function refusalOfAnswer(answer: SamVAnswer): CardRefusal {
  const technical = `sam-v status ${hex(answer.cardStatus, 4)} ${hex(answer.status, 2)}`;
  const meaning = meanings[answer.status];
  if (meaning === undefined) {
    return cardRefusal('reader-failed', {
      cause: {
        zh: `读卡器返回了不认识的状态 ${hex(answer.status, 2)}。`,
        en: `The reader gave the unknown status ${hex(answer.status, 2)}.`,
      },
      technical,
    });
  }
  const { code, cause } = meaning;
  return cause.zh === ''
    ? cardRefusal(code, { technical })
    : cardRefusal(code, { cause, technical });
}

/** Whether the status speaks of the module itself and not of a card or a command. */
export function moduleIsUnfit(status: number): boolean {
  return status === 0x60 || status === 0x66;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
