import type { DeviceState } from '../../shared/contracts/desk.ts';
import type { Result } from '../../shared/domain/result.ts';
import type { CardRefusal } from '../../drivers/card-reader/card.ts';
import type { MadeReader } from '../../drivers/card-reader/open-reader.ts';

/** The desk's reader as the state bar shows it; null stands for none configured. */
export function deviceStateOf(made: Result<MadeReader, CardRefusal> | null): DeviceState {
  if (made === null) {
    return {
      state: 'not-configured',
      code: 'no-reader',
      words: { zh: '没有设置读卡器', en: 'No reader is set' },
      remedy: {
        zh: '可以直接输入证件号码查找病人；要用读卡器，请信息科在设置中填写它的地址。',
        en: 'Find the patient by typing the ID number; to use a reader the IT clerk enters its address in the settings.',
      },
    };
  }
  if (!made.ok) return troubled('not-configured', made.refusal);
  const { state, refusal } = made.value.reader;
  if (state === 'ready') {
    return {
      state: 'ready',
      code: 'ready',
      words: { zh: '读卡器就绪', en: 'The reader is ready' },
      remedy: null,
    };
  }
  if (refusal === null) throw new Error('a reader that is not ready says why');
  return troubled(state === 'absent' ? 'gone' : 'warning', refusal);
}

/** Silent at start and silent at a read are two things to a cashier: the bar says it of the reader. */
function troubled(state: DeviceState['state'], refusal: CardRefusal): DeviceState {
  return { state, code: refusal.code, words: refusal.message, remedy: refusal.remedy ?? null };
}
