import type { DeviceState } from '../../shared/contracts/desk.ts';
import type { Result } from '../../shared/domain/result.ts';
import type { CardRefusal, CardRefusalCode } from '../../drivers/card-reader/card.ts';
import type { MadeReader } from '../../drivers/card-reader/open-reader.ts';

type Made = Result<MadeReader, CardRefusalCode>;

/**
 * The desk's readers as the state bar shows them: the state of the one there is, or of all together with how many
 * of them work. No address is set: not configured.
 */
export function stateOfReaders(readers: readonly Made[]): DeviceState {
  const [first] = readers;
  if (first === undefined) return notConfigured;
  const states = readers.map(stateOf);
  const [only] = states;
  if (states.length === 1 && only !== undefined) return only;
  const troubled = states.find(({ state }) => state !== 'ready');
  if (troubled === undefined) {
    return {
      state: 'ready',
      code: 'ready',
      words: {
        zh: `${String(states.length)} 台读卡器就绪`,
        en: `${String(states.length)} readers are ready`,
      },
      remedy: null,
    };
  }
  const ready = states.filter(({ state }) => state === 'ready').length;
  const counted = {
    zh: `${String(states.length)} 台读卡器中 ${String(ready)} 台就绪。`,
    en: `${String(ready)} of ${String(states.length)} readers are ready.`,
  };
  return {
    // One that works lets the cashier go on.
    state: ready > 0 ? 'warning' : troubled.state,
    code: troubled.code,
    words: {
      zh: `${counted.zh}${troubled.words.zh}`,
      en: `${counted.en} ${troubled.words.en}`,
    },
    remedy: troubled.remedy,
  };
}

const notConfigured: DeviceState = {
  state: 'not-configured',
  code: 'no-reader',
  words: { zh: '没有设置读卡器', en: 'No reader is set' },
  remedy: {
    zh: '可以直接输入证件号码查找患者；要用读卡器，请信息科在设置中填写它的地址。',
    en: 'Find the patient by typing the ID number; to use a reader the IT clerk enters its address in the settings.',
  },
};

function stateOf(made: Made): DeviceState {
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
  return { state, code: refusal.code, words: refusal.message, remedy: refusal.remedy };
}
