import type { FrameLog } from '../../transport/frame-log.ts';
import { pcsc } from '../../transport/pcsc/pcsc-service.ts';
import { ContactCardReader } from '../contact-card/contact-card-reader.ts';
import type { ReaderClock } from '../port.ts';
import { PcscSlot } from './pcsc-slot.ts';

/** A reader of social-security cards behind the operating system's card service. Not yet opened. */
export function pcscReader(options: {
  readonly url: string;
  readonly readerName: string | null;
  readonly clock: ReaderClock;
  readonly polls: boolean;
  readonly frames?: FrameLog;
}): ContactCardReader {
  const { url, readerName, clock, polls, frames } = options;
  const slot = new PcscSlot({ pcsc, readerName, ...(frames === undefined ? {} : { frames }) });
  return new ContactCardReader({ url, slot, clock, polls });
}
