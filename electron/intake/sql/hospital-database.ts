/**
 * The hospital's database as intake sees it: views with columns, rows of texts, nothing written. One part per protocol
 * stands behind it (`postgres-database.ts`, `mysql-database.ts`), and one contract test tries both.
 */

/** What a column holds, as far as intake tells it apart. `unreadable`: bytes and what has no text of its own. */
export type ColumnKind =
  'text' | 'whole' | 'decimal' | 'floating' | 'day' | 'instant' | 'yes-no' | 'unreadable';

/** A column as its view names it. */
export type ViewColumn = { readonly name: string; readonly kind: ColumnKind };

/** The name of a view in its parts: schema and view, or the view alone. */
export type ViewName = readonly string[];

/** A place in the order of changes: the marker, and the visit where several have the same. */
export type MarkerPlace = { readonly marker: string; readonly visitId: string };

/** Which rows of a view, by two of its columns. */
export type RowsWanted = {
  readonly view: ViewName;
  readonly columns: readonly string[];
  /** Only rows whose column is one of these texts. */
  readonly among?: { readonly column: string; readonly texts: readonly string[] };
  /** Only rows that have nothing in this column. */
  readonly without?: string;
  readonly order?: ChangeOrder;
  /** By which columns the rows are sorted where they have no order of changes. */
  readonly sortedBy?: readonly string[];
  /** At most so many rows. */
  readonly most: number;
};

/** The order of changes: by a marker, then by the visit. */
export type ChangeOrder = {
  readonly marker: ViewColumn;
  readonly visitId: string;
  readonly rows:
    | { readonly kind: 'all' }
    /** Behind a place, in order. */
    | { readonly kind: 'after'; readonly place: MarkerPlace }
    /** Up to a place and not long before it, the last first. */
    | { readonly kind: 'shortly-before'; readonly place: MarkerPlace }
    /** With the marker of a place, or a later one. */
    | { readonly kind: 'reaching'; readonly marker: string };
};

/** A cell as text in the session's writing: days as `2017-11-27`, times in Chinese time; null is none. */
export type Cell = string | null;
export type Row = readonly Cell[];

export type HospitalDatabase = {
  /** The columns of a view; no row is read. */
  columnsOf(view: ViewName): Promise<readonly ViewColumn[]>;
  rows(wanted: RowsWanted): Promise<readonly Row[]>;
  /** Several questions that see the data as of one moment. */
  atOneMoment<Value>(ask: () => Promise<Value>): Promise<Value>;
  /** Whether this user may change what the views show, or anything else. */
  mayWrite(views: readonly ViewName[]): Promise<boolean>;
  /** Never rejects. */
  close(): Promise<void>;
};

/**
 * The routines that lock an account of the hospital and free it, on a line of their own: what reads may change nothing, what
 * calls these reads nothing.
 */
export type AccountRoutines = {
  /** Calls a routine with texts; answers with the one text that it gives, or null where it gives none. */
  call(routine: ViewName, texts: readonly string[]): Promise<Cell>;
  /** Never rejects. */
  close(): Promise<void>;
};

/** How a database is reached. */
export type DatabaseAddress = {
  readonly protocol: 'postgresql' | 'mysql';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** `verified`: TLS to the server that is named, by the authority; `plain`: as it is on this machine. */
  readonly line: 'verified' | 'plain';
};

export type DatabaseAccess = DatabaseAddress & {
  readonly password: string;
  /** The certificate of whoever vouches for the server, as PEM; null: those the system knows. */
  readonly authority: string | null;
};

/** How long is waited; tests hand in their own. */
export type Deadlines = { readonly connectMs: number; readonly statementMs: number };

export const usualDeadlines: Deadlines = { connectMs: 3000, statementMs: 15_000 };

/** Why a database gives nothing. The words are `sql-refusals.ts`. */
export type DatabaseFault =
  | 'unreachable'
  | 'login-refused'
  | 'not-the-server'
  | 'too-slow'
  | 'view-missing'
  | 'no-encoding'
  | 'failed';

/** The database did not do what it was asked. `said`: its code, never its text, which may quote a patient's data. */
export class HospitalDatabaseError extends Error {
  override readonly name = 'HospitalDatabaseError';
  readonly fault: DatabaseFault;
  readonly said: string;

  constructor(fault: DatabaseFault, said: string) {
    super(`the hospital's database: ${fault} (${said})`);
    this.fault = fault;
    this.said = said;
  }
}

/** How far back from the last marker is looked for changes that were committed late. */
export const lateSeconds = 600;
export const lateNumbers = 1000;

/** What OpenSSL and Node say of a certificate that is not the one. */
export const isOfCertificate = (code: string): boolean =>
  /CERT|^ERR_(?:TLS|SSL)|^UNABLE_TO_|SELF_SIGNED|^HANDSHAKE_(?:SSL|NO_SSL)/.test(code);
