import { watchFrames, type FrameLog } from '../../transport/frame-log.ts';
import { ReopeningTransport } from '../../transport/reopening-transport.ts';
import { serialLine } from '../../transport/serial-line.ts';
import { defaultCodeSettings, type CodeSettings } from '../codes/code-settings.ts';
import type { ReaderClock } from '../port.ts';
import { ListeningReader, type CodeReader } from './listening-reader.ts';
import { remedyOfNoScan } from './no-scan.ts';
import { defaultSerialCodeSettings, SerialCodes, type SerialCodeSettings } from './serial-codes.ts';

export type ScannerSettings = Partial<SerialCodeSettings> & {
  /** What codes mean here. */
  readonly codes?: CodeSettings;
  readonly repeatWithinMs?: number;
};

/** The rate most scanners leave the factory with; those that are a USB port of their own do not mind. */
export const defaultScannerBaudRate = 9600;

/** A scanner on a serial line, or on USB as one. Not yet opened. */
export function scannerReader(options: {
  readonly url: string;
  readonly path: string;
  readonly baudRate?: number;
  readonly clock: ReaderClock;
  readonly settings?: ScannerSettings;
  readonly frames?: FrameLog;
}): CodeReader {
  const { url, path, baudRate = defaultScannerBaudRate, clock, settings = {}, frames } = options;
  const { codes = defaultCodeSettings, repeatWithinMs, ...serial } = settings;
  return new ListeningReader({
    url,
    // Of a code nothing is shown: all of it is somebody's.
    transport: watchFrames(new ReopeningTransport(serialLine({ path, baudRate })), frames, 0),
    lineKind: 'serial',
    clock,
    decoder: new SerialCodes({ ...defaultSerialCodeSettings, ...serial }),
    codes,
    remedyOfNoCard: remedyOfNoScan,
    ...(repeatWithinMs === undefined ? {} : { repeatWithinMs }),
  });
}
