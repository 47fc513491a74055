import { ReopeningTransport } from '../../transport/reopening-transport.ts';
import { serialLine } from '../../transport/serial-line.ts';
import { ContactCardReader } from '../contact-card/contact-card-reader.ts';
import type { ReaderClock } from '../port.ts';
import { CcidSlot } from './ccid-slot.ts';

/** A reader of social-security cards on a serial line that speaks CCID. Not yet opened. */
export function ccidReader(options: {
  readonly url: string;
  readonly path: string;
  readonly baudRate: number;
  readonly clock: ReaderClock;
  readonly polls: boolean;
}): ContactCardReader {
  const { url, path, baudRate, clock, polls } = options;
  const transport = new ReopeningTransport(serialLine({ path, baudRate }));
  return new ContactCardReader({ url, slot: new CcidSlot({ transport, polls }), clock, polls });
}
