import { LineOpenError, type LineFault, type LineOpener } from '../port.ts';
import type { Pcsc, PcscFailureCode, PcscOutcome, PcscReaderState } from './pcsc-service.ts';

export type PcscLineSettings = {
  readonly pcsc: Pcsc;
  /** The reader's name as the service says it; null: the first with a card. */
  readonly reader: string | null;
  /** Called with the card's answer to reset, every time the line opens. */
  readonly onPowered?: (atr: Uint8Array) => void;
  /** How often it is asked whether the card is still there. */
  readonly lookEveryMs?: number;
};

const lookEveryMs = 200;
const connectDeadlineMs = 1900;
/** A card that takes longer for one command does not answer any more (waiting time extensions included). */
const answerDeadlineMs = 10_000;

/**
 * A card with a chip in a reader of the operating system, as a line: it is open while the card has power. A
 * write is one command, and the card's answer to it is one piece of what comes in. The card being taken away
 * is the line being lost.
 */
export function pcscLine(settings: PcscLineSettings): LineOpener {
  const { pcsc } = settings;
  return {
    name: settings.reader ?? 'PC/SC',
    async open(events) {
      const reader = choose(need(await pcsc.readers()), settings.reader);
      const { session, atr } = need(await pcsc.connect(reader.name, connectDeadlineMs));
      settings.onPowered?.(atr);
      const pulse = setInterval(() => {
        void look();
      }, settings.lookEveryMs ?? lookEveryMs);
      pulse.unref();
      const look = async (): Promise<void> => {
        const seen = await pcsc.readers();
        if (!seen.ok) {
          events.gone(seen.detail);
          return;
        }
        const now = seen.value.find(({ name }) => name === reader.name);
        if (now?.hasCard !== true) events.gone('the card was taken away');
      };
      return {
        async write(command) {
          const answer = await pcsc.transmit(session, command, answerDeadlineMs);
          if (answer.ok) {
            events.data(answer.value);
            return;
          }
          throw new Error(`${answer.code}: ${answer.detail}`);
        },
        async close() {
          clearInterval(pulse);
          await pcsc.disconnect(session);
        },
      };
    },
  };
}

/** Which reader an address means. Throws `LineOpenError` where there is none, or no card in any. */
function choose(readers: readonly PcscReaderState[], wanted: string | null): PcscReaderState {
  const chosen =
    wanted === null
      ? readers.find(({ hasCard }) => hasCard)
      : readers.find(({ name }) => name === wanted);
  if (chosen?.hasCard === true) return chosen;
  const isThere = wanted === null ? readers.length > 0 : chosen !== undefined;
  throw new LineOpenError({ code: 'absent', detail: isThere ? 'no card' : 'no reader' });
}

function need<Value>(outcome: PcscOutcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw new LineOpenError(pcscFault(outcome.code, outcome.detail));
}

/** A failure of PC/SC as the fault of a line. */
export function pcscFault(code: PcscFailureCode, detail: string): LineFault {
  if (code === 'unsupported' || code === 'busy' || code === 'timeout') return { code, detail };
  return { code: 'absent', detail: `${code}: ${detail}` };
}
