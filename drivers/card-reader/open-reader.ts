import { accepted, type Result } from '../../shared/domain/result.ts';
import { watchFrames, type FrameLog } from '../transport/frame-log.ts';
import { ReopeningTransport } from '../transport/reopening-transport.ts';
import { serialLine } from '../transport/serial-line.ts';
import type { CardRefusalCode } from './card.ts';
import { ccidReader } from './ccid/ccid-reader.ts';
import type { CodeSettings } from './codes/code-settings.ts';
import { parseDeviceUrl, type ReaderUrl } from './device-url.ts';
import { pcscReader } from './pcsc/pcsc-reader.ts';
import type { CardReader, ReaderClock } from './port.ts';
import { SamVReader } from './sam-v/sam-v-reader.ts';
import { hidReader } from './scanner/hid-reader.ts';
import { scannerReader } from './scanner/scanner-reader.ts';
import { simulatedReader, type SimulatedReader } from './simulated-reader.ts';

export type MadeReader = {
  readonly reader: CardReader;
  /** Puts simulated cards on the reader and takes them away; only for `sim://`. */
  readonly simulated: SimulatedReader | null;
};

export type ReaderOptions = {
  readonly clock: ReaderClock;
  /** Looks for cards by itself; off for a single read. */
  readonly polls: boolean;
  /** What scanned codes and stripes mean at this hospital. */
  readonly codes?: CodeSettings;
  /** Where what goes over the line is noted, if anyone wants to see it. */
  readonly frames?: FrameLog;
};

/** Preamble, length and status of a SAM-V frame: what follows them is somebody's. */
const samVHeadBytes = 10;

/** The reader behind a device URL, not yet opened. Refuses `no-reader` if the URL is unusable. */
export function makeCardReader(
  url: string,
  options: ReaderOptions,
): Result<MadeReader, CardRefusalCode> {
  const parsed = parseDeviceUrl(url);
  if (!parsed.ok) return parsed;
  if (parsed.value.kind === 'simulated') {
    const { clock, polls, frames } = options;
    const simulated = simulatedReader({
      ...{ url, clock, polls },
      ...(frames === undefined ? {} : { frames }),
    });
    return accepted({ reader: simulated.reader, simulated });
  }
  const made = readerOf(parsed.value, options);
  return made.ok ? accepted({ reader: made.value, simulated: null }) : made;
}

function readerOf(
  device: Exclude<ReaderUrl, { kind: 'simulated' }>,
  options: ReaderOptions,
): Result<CardReader, CardRefusalCode> {
  const { clock, codes, frames } = options;
  const shared = {
    clock,
    settings: codes === undefined ? {} : { codes },
    ...(frames === undefined ? {} : { frames }),
  };
  switch (device.kind) {
    case 'serial':
      return serialReader(device, options, shared);
    case 'hid':
      return accepted(hidReader({ ...device, ...shared }));
    case 'pcsc':
      return accepted(
        pcscReader({
          ...{ url: device.url, readerName: device.readerName, clock, polls: options.polls },
          ...(frames === undefined ? {} : { frames }),
        }),
      );
  }
}

function serialReader(
  device: Extract<ReaderUrl, { kind: 'serial' }>,
  { clock, polls, frames }: ReaderOptions,
  shared: {
    readonly clock: ReaderClock;
    readonly settings: { readonly codes?: CodeSettings };
    readonly frames?: FrameLog;
  },
): Result<CardReader, CardRefusalCode> {
  const { url, path, baudRate, protocol } = device;
  switch (protocol) {
    case 'sam-v': {
      const line = new ReopeningTransport(serialLine({ path, baudRate }));
      const transport = watchFrames(line, frames, samVHeadBytes);
      return accepted(new SamVReader({ url, transport, baudRate, clock, polls }));
    }
    case 'scanner':
      return accepted(scannerReader({ url, path, baudRate, ...shared }));
    case 'ccid':
      return accepted(
        ccidReader({
          ...{ url, path, baudRate, clock, polls },
          ...(frames === undefined ? {} : { frames }),
        }),
      );
  }
}
