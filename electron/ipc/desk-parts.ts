import type { DecodeEVoucher } from '../identification/decode-e-voucher.ts';
import type { CardReading } from '../card-reading/card-reading.ts';
import type { Services } from '../app/services.ts';
import type { PrintDependencies } from '../documents/print-sheet.ts';
import type { PrintQueue } from '../documents/print-queue.ts';
import type { PrinterService } from '../documents/printer-service.ts';
import type { Caller } from './handle-call.ts';

/** What the calls of the page stand on: the services of the folder and the devices of this desk. */
export type DeskParts = {
  readonly services: Services;
  readonly operator: Caller;
  readonly cards: CardReading;
  /** Whose e-voucher was scanned. */
  readonly decodeEVoucher: DecodeEVoucher;
  readonly printer: PrinterService | null;
  readonly documents: PrintDependencies;
  readonly queue: PrintQueue;
  /** Takes in what the hospital's system has sent meanwhile; resolves when it is kept. */
  readonly takeInNow: () => Promise<void>;
  /** Files the watched folder refused and nobody has dealt with. */
  readonly countIntakeRefusals: () => Promise<number>;
  /** Something was settled: the sheets and the hospital's file wait. */
  readonly wakeAfterSettling: () => void;
  readonly monotonicMs: () => number;
};
