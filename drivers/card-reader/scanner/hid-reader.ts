import { hidLine, type HidLibrary } from '../../transport/hid-line.ts';
import { watchFrames, type FrameLog } from '../../transport/frame-log.ts';
import { ReopeningTransport } from '../../transport/reopening-transport.ts';
import { defaultCodeSettings, type CodeSettings } from '../codes/code-settings.ts';
import { StripeReports, stripeUsagePages, type TrackData } from './stripe-reports.ts';
import type { ReaderClock } from '../port.ts';
import type { CodeEncoding } from './code-text.ts';
import { ListeningReader, type CodeReader } from './listening-reader.ts';
import { remedyOfNoScan, remedyOfNoSwipe } from './no-scan.ts';
import { defaultPosReportSettings, PosReports, scannerUsagePage } from './pos-reports.ts';

export const hidReaderProtocols = ['pos-scanner', 'magnetic-stripe'] as const;
export type HidReaderProtocol = (typeof hidReaderProtocols)[number];

export type HidReaderSettings = {
  /** What codes and stripes mean here. */
  readonly codes?: CodeSettings;
  readonly repeatWithinMs?: number;
  /** Of a scanner. */
  readonly encoding?: CodeEncoding;
  /** Of a stripe reader: most send text. */
  readonly trackData?: TrackData;
};

/** A scanner or stripe reader on USB that is not a keyboard. Not yet opened. */
export function hidReader(options: {
  readonly url: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly protocol: HidReaderProtocol;
  readonly clock: ReaderClock;
  readonly settings?: HidReaderSettings;
  /** Where the devices are; the library on this machine unless another is given. */
  readonly library?: () => Promise<HidLibrary>;
  readonly frames?: FrameLog;
}): CodeReader {
  const { url, vendorId, productId, protocol, clock, settings = {}, library, frames } = options;
  const { codes = defaultCodeSettings, repeatWithinMs, encoding, trackData = 'text' } = settings;
  const isScanner = protocol === 'pos-scanner';
  const usagePages = isScanner ? [scannerUsagePage] : stripeUsagePages;
  const pos = { ...defaultPosReportSettings, ...(encoding === undefined ? {} : { encoding }) };
  const line = new ReopeningTransport(hidLine({ vendorId, productId, usagePages }, library));
  return new ListeningReader({
    url,
    transport: watchFrames(line, frames, 0),
    lineKind: 'hid',
    clock,
    decoder: isScanner ? new PosReports(pos) : new StripeReports(trackData),
    codes,
    remedyOfNoCard: isScanner ? remedyOfNoScan : remedyOfNoSwipe,
    ...(repeatWithinMs === undefined ? {} : { repeatWithinMs }),
  });
}
