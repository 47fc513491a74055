import type { VisitJson } from '../../shared/contracts/visit-json-schema.ts';

/** One thing a desk does; the program that is killed does them one after the other. */
export type Act =
  | { readonly act: 'import'; readonly visit: Pick<VisitJson, 'visit' | 'person'> }
  | { readonly act: 'settle'; readonly visitId: string }
  /** Cancels the settlement that was acknowledged for the visit. */
  | { readonly act: 'cancel'; readonly visitId: string }
  /** Prints what waits. */
  | { readonly act: 'print' }
  /** Writes what waits for the hospital's system. */
  | { readonly act: 'hand-over' }
  /** The nightly run: sends what is due. */
  | { readonly act: 'upload' };

/** What the program is ordered to do. */
export type KillOrder = {
  readonly databaseFile: string;
  readonly folder: string;
  readonly keyText: string;
  /** Where the results for the hospital's system go. */
  readonly handOverFolder: string;
  readonly printerUrl: string;
  readonly payersUrl: string;
  readonly acts: readonly Act[];
  /** Where to go on after a kill: acts before this one were acknowledged. */
  readonly from: number;
  /** The settlements that were acknowledged, by visit. */
  readonly settled: Readonly<Record<string, string>>;
};

/** One printed line: an act that was done. Whoever read it may rely on it. */
export type Ack =
  | { readonly index: number; readonly act: 'import'; readonly visitId: string }
  | {
      readonly index: number;
      readonly act: 'settle';
      readonly visitId: string;
      readonly settlementId: string;
      readonly number: string;
      readonly already: boolean;
    }
  | {
      readonly index: number;
      readonly act: 'cancel';
      readonly visitId: string;
      readonly settlementId: string;
    }
  | { readonly index: number; readonly act: 'print' | 'hand-over' | 'upload' };

/** How an acknowledgement begins on standard output. */
export const ackMark = 'ack ';
