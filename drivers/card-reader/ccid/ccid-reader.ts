import { watchFrames, type FrameLog } from '../../transport/frame-log.ts';
import { ReopeningTransport } from '../../transport/reopening-transport.ts';
import { serialLine } from '../../transport/serial-line.ts';
import { ContactCardReader } from '../contact-card/contact-card-reader.ts';
import type { ReaderClock } from '../port.ts';
import { CcidSlot } from './ccid-slot.ts';

/** Sync, message head: what follows them is the card's. */
const frameHeadBytes = 12;

/** A reader of social-security cards on a serial line that speaks CCID. Not yet opened. */
export function ccidReader(options: {
  readonly url: string;
  readonly path: string;
  readonly baudRate: number;
  readonly clock: ReaderClock;
  readonly polls: boolean;
  readonly frames?: FrameLog;
}): ContactCardReader {
  const { url, path, baudRate, clock, polls, frames } = options;
  const line = new ReopeningTransport(serialLine({ path, baudRate }));
  const transport = watchFrames(line, frames, frameHeadBytes);
  return new ContactCardReader({ url, slot: new CcidSlot({ transport, polls }), clock, polls });
}
