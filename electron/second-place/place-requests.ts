import type { JournalRow } from '../database/journal-repository.ts';
import type { Base, OwnFile } from './place-format.ts';
import type { PlaceFolder, PlaceTail } from './place-writer.ts';

/** Which place is meant and whose it is; goes with every request. */
export type PlaceOf = {
  readonly place: string;
  readonly home: string;
  readonly folder: PlaceFolder;
  readonly key: Uint8Array;
  readonly term: number;
};

/** What is asked of the thread that writes to a second place. */
export type PlaceRequest = PlaceOf &
  (
    | { readonly kind: 'prepare' }
    | { readonly kind: 'look' }
    /** Where the place does not end with the row before them any more, it is answered and nothing is appended. */
    | { readonly kind: 'append'; readonly rows: readonly JournalRow[]; readonly schema: number }
    | { readonly kind: 'begin-base' }
    /** `from`: the place in the local copy that the piece begins at. */
    | { readonly kind: 'add-to-base'; readonly file: string; readonly from: number }
    | {
        readonly kind: 'end-base';
        readonly facts: Pick<Base, 'sequence' | 'schema'>;
        readonly file: string;
        readonly files: readonly OwnFile[];
      }
  );

/** What it answers. */
export type PlaceAnswer =
  | { readonly kind: 'prepared'; readonly sameDisk: boolean }
  /** `sameDisk`: it is on the disk of the data itself. */
  | { readonly kind: 'tail'; readonly tail: PlaceTail; readonly sameDisk: boolean }
  /** `to`: how far the local copy has gone over; `whole`: all of it. */
  | { readonly kind: 'piece'; readonly to: number; readonly whole: boolean };

/** Asks the thread; the answer may never come where a share does not answer. Rejects with a `PlaceProblem`. */
export type PlaceThread = {
  ask(request: PlaceRequest): Promise<PlaceAnswer>;
  close(): Promise<void>;
};
