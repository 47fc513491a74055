import { accepted, type Result } from '../../shared/domain/result.ts';
import { ReopeningTransport } from '../transport/reopening-transport.ts';
import { serialLine } from '../transport/serial-line.ts';
import { cardRefusal, type CardRefusal } from './card.ts';
import { ccidReader } from './ccid/ccid-reader.ts';
import type { CodeSettings } from './codes/code-settings.ts';
import { parseDeviceUrl, type ReaderUrl } from './device-url.ts';
import type { CardReader, ReaderClock } from './port.ts';
import { SamVReader } from './sam-v/sam-v-reader.ts';
import { hidReader } from './scanner/hid-reader.ts';
import { scannerReader } from './scanner/scanner-reader.ts';
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
  /** What scanned codes and stripes mean at this hospital. */
  readonly codes?: CodeSettings;
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
  const made = readerOf(parsed.value, options);
  return made.ok ? accepted({ reader: made.value, simulated: null }) : made;
}

function readerOf(
  device: Exclude<ReaderUrl, { kind: 'simulated' }>,
  { codes, ...options }: ReaderOptions,
): Result<CardReader, CardRefusal> {
  const settings = codes === undefined ? {} : { codes };
  switch (device.kind) {
    case 'serial':
      return serialReader(device, options, settings);
    case 'hid':
      return accepted(hidReader({ ...device, clock: options.clock, settings }));
    case 'pcsc':
      return { ok: false, refusal: cardRefusal('no-reader', { technical: 'not in this build' }) };
  }
}

function serialReader(
  device: Extract<ReaderUrl, { kind: 'serial' }>,
  options: Omit<ReaderOptions, 'codes'>,
  settings: { readonly codes?: CodeSettings },
): Result<CardReader, CardRefusal> {
  const { url, path, baudRate, protocol } = device;
  switch (protocol) {
    case 'sam-v': {
      const transport = new ReopeningTransport(serialLine({ path, baudRate }));
      return accepted(new SamVReader({ url, transport, baudRate, ...options }));
    }
    case 'scanner':
      return accepted(scannerReader({ url, path, baudRate, clock: options.clock, settings }));
    case 'ccid':
      return accepted(ccidReader({ url, path, baudRate, ...options }));
  }
}
