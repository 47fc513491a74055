import { accepted, type Result } from '../../shared/domain/result.ts';
import { ReopeningTransport } from '../transport/reopening-transport.ts';
import { serialLine } from '../transport/serial-line.ts';
import type { CardRefusal } from './card.ts';
import { parseDeviceUrl } from './device-url.ts';
import type { CardReader, ReaderClock } from './port.ts';
import { SamVReader } from './sam-v/sam-v-reader.ts';
import { simulatedReader, type SimulatedReader } from './simulated-reader.ts';

export type MadeReader = {
  readonly reader: CardReader;
  /** The hand that lays cards on the plate; only for `sim://`. */
  readonly simulated: SimulatedReader | null;
};

export type ReaderOptions = {
  readonly clock: ReaderClock;
  /** Looks for cards by itself; off for a single read. */
  readonly polls: boolean;
};

/** The reader behind a device URL, not yet opened. Refuses `no-reader` if the URL is unusable. */
export function makeCardReader(
  url: string,
  options: ReaderOptions,
): Result<MadeReader, CardRefusal> {
  const parsed = parseDeviceUrl(url);
  if (!parsed.ok) return parsed;
  if (parsed.value.kind === 'simulated') {
    const simulated = simulatedReader({ url, ...options });
    return accepted({ reader: simulated.reader, simulated });
  }
  const { path, baudRate } = parsed.value;
  const transport = new ReopeningTransport(serialLine({ path, baudRate }));
  return accepted({
    reader: new SamVReader({ url, transport, baudRate, ...options }),
    simulated: null,
  });
}
