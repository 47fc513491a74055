import { memoryLine } from '../transport/memory-line.ts';
import { watchFrames, type FrameLog } from '../transport/frame-log.ts';
import { ReopeningTransport } from '../transport/reopening-transport.ts';
import type { CardReader, ReaderClock } from './port.ts';
import { SamVReader } from './sam-v/sam-v-reader.ts';
import { SamVModule, type Misbehaviour, type SimulatedCard } from './simulator/sam-v-module.ts';

export type SimulatedReader = {
  readonly reader: CardReader;
  placeCard(card: SimulatedCard): void;
  liftCard(): void;
  misbehave(how: Misbehaviour): void;
  unplug(): void;
  plug(): void;
};

export type SimulatedReaderSettings = {
  readonly url: string;
  readonly clock: ReaderClock;
  readonly polls: boolean;
  readonly pollIntervalMs?: number;
  readonly frames?: FrameLog;
};

/** Preamble, length and status of a SAM-V frame: what follows them is somebody's. */
const headBytes = 10;

/**
 * The built-in reader of the demo folder (`sim://NAME`). Only the wire and the device are simulated: the very
 * driver that serves a real reader talks to it, byte by byte.
 */
export function simulatedReader(settings: SimulatedReaderSettings): SimulatedReader {
  const module = new SamVModule((bytes) => {
    line.send(bytes);
  });
  const line = memoryLine(settings.url, {
    receive: (bytes) => {
      // As on a wire, the answer never comes before the writing is done.
      setImmediate(() => {
        module.receive(bytes);
      });
    },
  });
  const transport = watchFrames(new ReopeningTransport(line), settings.frames, headBytes);
  return {
    reader: new SamVReader({ ...settings, transport, baudRate: 115200 }),
    placeCard: (card) => {
      module.place(card);
    },
    liftCard: () => {
      module.lift();
    },
    misbehave: (how) => {
      module.misbehave(how);
    },
    unplug: () => {
      line.unplug();
    },
    plug: () => {
      module.restart();
      line.plug();
    },
  };
}
