import { accepted, refused, type Result, type Words } from '../../../shared/domain/result.ts';
import { watchFrames, type FrameLog } from '../../transport/frame-log.ts';
import { pcscLine } from '../../transport/pcsc/pcsc-line.ts';
import type { Pcsc, PcscFailureCode, PcscReaderState } from '../../transport/pcsc/pcsc-service.ts';
import type { LineFault, Transport } from '../../transport/port.ts';
import { ReopeningTransport } from '../../transport/reopening-transport.ts';
import { cardRefusal, type CardRefusal, type CardRefusalCode } from '../card.ts';
import type { ContactSlot, ContactSlotEvent, PoweredCard } from '../contact-card/port.ts';
import { muteCard } from '../contact-card/status-words.ts';
import { closedRefusal, ReaderCore } from '../core/reader-core.ts';
import { systemReaderClock, type CardReaderState } from '../port.ts';

export type PcscSlotSettings = {
  readonly pcsc: Pcsc;
  /** The name of the reader; null: whichever has a card. */
  readonly readerName: string | null;
  readonly lookEveryMs?: number;
  readonly frames?: FrameLog;
};

/** A card is noticed within this and what the service itself takes. */
const lookEveryMs = 200;
/** Looking for a service that is not there. */
const lookLaterMs = 500;
/** Status bytes are at the end of an answer, and what stands before them is somebody's. */
const answerShownBytes = 0;

/** The slot of a reader that the operating system's card service looks after (PC/SC). */
export class PcscSlot implements ContactSlot {
  readonly #pcsc: Pcsc;
  readonly #readerName: string | null;
  readonly #lookEveryMs: number;
  readonly #transport: Transport;
  #atr = new Uint8Array();
  readonly #core = new ReaderCore<ContactSlotEvent>(systemReaderClock);
  /** The reader with the card, and how much had happened in it when the card was seen first. */
  #card: { readonly reader: string; readonly changes: number } | null = null;
  #wasThere = false;

  constructor(settings: PcscSlotSettings) {
    this.#pcsc = settings.pcsc;
    this.#readerName = settings.readerName;
    this.#lookEveryMs = settings.lookEveryMs ?? lookEveryMs;
    const line = pcscLine({
      pcsc: settings.pcsc,
      reader: settings.readerName,
      onPowered: (atr) => {
        this.#atr = Uint8Array.from(atr);
      },
    });
    this.#transport = watchFrames(new ReopeningTransport(line), settings.frames, answerShownBytes);
  }

  get state(): CardReaderState {
    return this.#core.state;
  }

  get refusal(): CardRefusal | null {
    return this.#core.refusal;
  }

  get isCardIn(): boolean {
    return this.#card !== null;
  }

  on(listener: (event: ContactSlotEvent) => void): () => void {
    return this.#core.on(listener);
  }

  async open(): Promise<void> {
    if (!this.#core.begin()) return;
    await this.#look();
    this.#core.poll({
      look: () => this.#look(),
      pauseMs: () => (this.#core.state === 'ready' ? this.#lookEveryMs : lookLaterMs),
      looksAtOnce: false,
      keepsProgramAlive: false,
    });
  }

  async close(): Promise<void> {
    this.#core.end();
    await this.#transport.close();
    await this.#core.settled();
  }

  powerOn(): Promise<Result<PoweredCard, CardRefusalCode>> {
    return this.#core.inTurn(async () => {
      // Power anew: the card forgets every command before.
      await this.#transport.close();
      if (!this.#core.isWanted()) return refused(closedRefusal());
      const opened = await this.#transport.open();
      if (opened.ok) return accepted({ atr: this.#atr });
      await this.#transport.close();
      return refused(this.#refusalOfFault(opened.fault, false));
    });
  }

  transmit(command: Uint8Array, deadlineMs: number): Promise<Result<Uint8Array, CardRefusalCode>> {
    return this.#core.inTurn(async () => {
      const written = await this.#transport.write(command, deadlineMs);
      const answered = written.ok ? await this.#transport.read(deadlineMs) : written;
      if (answered.ok) return accepted(answered.value);
      // The session is over, whatever ended it; the next one begins with power.
      await this.#transport.close();
      return refused(this.#refusalOfFault(answered.fault, true));
    });
  }

  async powerOff(): Promise<void> {
    await this.#core.inTurn(() => this.#transport.close());
  }

  /** One look at the readers of the service. */
  async #look(): Promise<void> {
    const seen = await this.#pcsc.readers();
    if (!this.#core.isWanted()) return;
    if (!seen.ok) {
      this.#cardIs(null);
      const refusal = refusalOfService(seen.code, seen.detail, this.#wasThere);
      this.#core.enter(refusal.code === 'reader-failed' ? 'failed' : 'absent', refusal);
      return;
    }
    const readers = seen.value.filter(
      ({ name }) => this.#readerName === null || name === this.#readerName,
    );
    if (readers.length === 0) {
      this.#cardIs(null);
      this.#core.enter('absent', this.#noReader(seen.value));
      return;
    }
    this.#wasThere = true;
    this.#core.enter('ready', null);
    this.#cardIs(readers.find(({ hasCard }) => hasCard) ?? null);
  }

  #noReader(others: readonly PcscReaderState[]): CardRefusal {
    const names = others.map(({ name }) => name).join('; ');
    return cardRefusal(this.#wasThere ? 'reader-removed' : 'no-reader', {
      technical: names === '' ? 'the card service knows no reader' : `readers there: ${names}`,
    });
  }

  #cardIs(reader: PcscReaderState | null): void {
    const before = this.#card;
    const isSame = before?.reader === reader?.name && before?.changes === reader?.changes;
    if (isSame) return;
    this.#card = reader === null ? null : { reader: reader.name, changes: reader.changes };
    if (before !== null) this.#core.emit({ type: 'removed' });
    if (reader !== null) this.#core.emit({ type: 'inserted' });
  }

  #refusalOfFault(fault: LineFault, hadPower: boolean): CardRefusal {
    const { code, detail } = fault;
    const technical = `pcsc: ${code}: ${detail}`;
    if (code === 'timeout') return cardRefusal('timeout', { technical });
    if (code === 'busy') return busyCard(technical);
    if (code === 'unsupported') return refusalOfService('unsupported', detail, this.#wasThere);
    if (code === 'closed') return cardRefusal('reader-removed', { technical });
    if (/^mute/.test(detail)) {
      return hadPower ? cardRefusal('card-removed', { technical }) : muteCard(technical);
    }
    if (/no-service|no-reader|no reader/.test(detail)) {
      return cardRefusal(this.#wasThere ? 'reader-removed' : 'no-reader', { technical });
    }
    if (/^no card|no-card/.test(detail) && !hadPower) return cardRefusal('no-card', { technical });
    return cardRefusal('card-removed', { technical });
  }
}

function refusalOfService(code: PcscFailureCode, detail: string, wasThere: boolean): CardRefusal {
  const technical = `pcsc: ${code}: ${detail}`;
  if (code === 'unsupported') {
    return cardRefusal('reader-failed', { cause: partMissing, remedy: installPart, technical });
  }
  if (code === 'no-service' || code === 'no-reader') {
    return cardRefusal(wasThere ? 'reader-removed' : 'no-reader', {
      cause: serviceDown,
      remedy: startService,
      technical,
    });
  }
  return cardRefusal('reader-failed', { technical });
}

function busyCard(technical: string): CardRefusal {
  return cardRefusal('reader-failed', {
    cause: { zh: '另一个程序独占了这张卡。', en: 'Another program has the card for itself.' },
    remedy: {
      zh: '请关掉正在读卡的程序，再读一次。',
      en: 'Close the program that reads cards and read again.',
    },
    technical,
  });
}

const serviceDown: Words = {
  zh: '系统的智能卡服务没有运行。',
  en: 'The card service of the system is not running.',
};
const startService: Words = {
  zh: '请插好读卡器；仍然不行时请信息科启动智能卡服务（Linux：systemctl start pcscd；Windows：服务“Smart Card”）。服务恢复后这里会自动恢复。',
  en: 'Plug the reader in; if that does not help the IT clerk starts the card service (Linux: systemctl start pcscd; Windows: the service "Smart Card"). It recovers by itself.',
};
const partMissing: Words = {
  zh: '这台电脑缺少使用智能卡服务的组件。',
  en: 'This machine lacks the part that uses the card service.',
};
const installPart: Words = {
  zh: '请信息科安装 pcscd、libpcsclite-dev 和 g++，然后重新启动本程序；在此之前请读身份证或输入证件号码。',
  en: 'The IT clerk installs pcscd, libpcsclite-dev and g++ and starts the program again; until then read the ID card or type the number.',
};
