/**
 * Why a line could not be used. `absent`: nothing is there. `busy`: another program holds it.
 * `forbidden`: the operating system refuses it. `unsupported`: this machine lacks the part that opens it.
 * `lost`: it was open and has gone. `closed`: nobody asked for it to be open. `timeout`: a deadline passed.
 */
export type LineFaultCode =
  'absent' | 'busy' | 'forbidden' | 'unsupported' | 'lost' | 'closed' | 'timeout';

/** `detail` is the operating system's own wording, for the log; it never holds what was read. */
export type LineFault = { readonly code: LineFaultCode; readonly detail: string };

export type LineOutcome<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: LineFault };

/**
 * `closed`: not wanted. `opening`: an attempt is under way. `open`: bytes can go both ways.
 * `waiting`: wanted, not there; the next attempt is scheduled.
 */
export type TransportState = 'closed' | 'opening' | 'open' | 'waiting';

export type TransportStateChange = {
  readonly state: TransportState;
  /** Why the line is not open; null when it is open or was closed on purpose. */
  readonly fault: LineFault | null;
};

/**
 * A line to a device that carries bytes both ways, whatever it is made of. It reopens by itself until
 * `close`, never hangs (every wait ends at its deadline) and never throws for what a device does.
 * This does not know what the bytes mean.
 */
export interface Transport {
  /** What the line is called in messages, e.g. `/dev/ttyUSB0`. */
  readonly name: string;
  readonly state: TransportState;
  /** Why the line is not open; null while it is open or closed on purpose. */
  readonly fault: LineFault | null;

  /**
   * Asks for the line to be open, and answers how the attempt made now went. After a failure further
   * attempts follow by themselves, with growing pauses, until `close`. Asking again tries at once.
   */
  open(): Promise<LineOutcome<null>>;

  /** Sends all bytes or says why not. A write that misses its deadline leaves the line to be reopened. */
  write(bytes: Uint8Array, deadlineMs: number): Promise<LineOutcome<null>>;

  /**
   * The next bytes that came in, at least one, in whatever pieces the line delivers. A missed deadline is
   * the fault `timeout` and leaves the line as it is. Only one read waits at a time; a second one throws.
   */
  read(deadlineMs: number): Promise<LineOutcome<Uint8Array>>;

  /** Forgets bytes that came in and were not read; answers how many. */
  discardInput(): number;

  /**
   * Gives the present connection up, whatever it says of itself, and opens a new one. Needed after a missed
   * deadline, because a vanished port can go on looking open.
   */
  reopen(reason: string): Promise<LineOutcome<null>>;

  /** Ends it. A waiting read ends with `closed`. Afterwards the line can be opened by anyone. */
  close(): Promise<void>;

  /** Calls `listener` at every change of state; the answer stops that. */
  onStateChange(listener: (change: TransportStateChange) => void): () => void;
}

/** One connection that is open. Its promises may never settle: whoever calls them sets the deadline. */
export type OpenLine = {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
};

export type LineEvents = {
  /** Bytes came in. */
  readonly data: (bytes: Uint8Array) => void;
  /** The connection has gone. May be reported several times. */
  readonly gone: (detail: string) => void;
};

/** What one kind of line must be able to do; everything else is common to all kinds. */
export type LineOpener = {
  readonly name: string;
  /** One attempt. Rejects with `LineOpenError`; may never settle. */
  open(events: LineEvents): Promise<OpenLine>;
};

export class LineOpenError extends Error {
  readonly fault: LineFault;

  constructor(fault: LineFault) {
    super(`${fault.code}: ${fault.detail}`);
    this.name = 'LineOpenError';
    this.fault = fault;
  }
}
