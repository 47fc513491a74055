/**
 * What the desk and the thread that speaks to the PC/SC library say to each other. The library blocks in places
 * (joining the service, letting go of a card), so it lives in a thread of its own, which can be given up.
 */
export type PcscTask =
  | { readonly do: 'readers' }
  | { readonly do: 'connect'; readonly reader: string }
  | { readonly do: 'transmit'; readonly session: number; readonly command: Uint8Array }
  | { readonly do: 'disconnect'; readonly session: number };

/** One reader as the service sees it. */
export type PcscReaderState = {
  readonly name: string;
  readonly hasCard: boolean;
  /** The card in it gives no answer: upside down, or no chip. */
  readonly isMute: boolean;
  /** Counts what happened in the slot: a card changed between two looks shows here. */
  readonly changes: number;
};

/**
 * `unsupported`: the library or the operating system's part is missing; `no-service`: nobody serves readers now;
 * `busy`: another program has the card for itself.
 */
export type PcscFailureCode =
  | 'unsupported'
  | 'no-service'
  | 'no-reader'
  | 'no-card'
  | 'removed'
  | 'mute'
  | 'busy'
  | 'reset'
  | 'timeout'
  | 'failed';

export type PcscValue =
  | { readonly readers: readonly PcscReaderState[] }
  | { readonly session: number; readonly atr: Uint8Array }
  | { readonly answer: Uint8Array }
  | { readonly done: true };

export type PcscOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: PcscFailureCode; readonly detail: string };
