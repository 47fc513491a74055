/** The largest amount the program handles, in fen, either way (shared/money: `fenMax`). */
const amountMax = 100_000_000_000;

/** An amount in fen, of either sign. */
export const amount = (column: string): string =>
  `${column} integer not null check (${column} between -${String(amountMax)} and ${String(amountMax)})`;

/** An amount in fen that is never below zero. */
export const amountNotNegative = (column: string): string =>
  `${column} integer not null check (${column} between 0 and ${String(amountMax)})`;

/** An amount in fen that may be unknown. */
export const amountOrNull = (column: string): string =>
  `${column} integer check (${column} between -${String(amountMax)} and ${String(amountMax)})`;

const dayPattern = '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]';

/** A calendar day, `YYYY-MM-DD`. */
export const day = (column: string): string =>
  `${column} text not null check (${column} glob '${dayPattern}')`;

export const dayOrNull = (column: string): string =>
  `${column} text check (${column} glob '${dayPattern}')`;

/** JSON text. */
export const json = (column: string): string =>
  `${column} text not null check (json_valid(${column}))`;

export const jsonOrNull = (column: string): string =>
  `${column} text check (json_valid(${column}))`;

/** One of a few words. */
export const oneOf = (column: string, words: readonly string[]): string =>
  `${column} text not null check (${column} in (${words.map((word) => `'${word}'`).join(', ')}))`;

/** A count, never below zero. */
export const count = (column: string): string =>
  `${column} integer not null check (${column} >= 0)`;
