import type { ConnectionOptions, SqlAnswer, SqlParameter } from './sqlite-connection.ts';

/** What the store asks of the thread that owns the connection: `open` first, `close` last. */
export type WorkerRequest =
  | { readonly kind: 'open'; readonly options: ConnectionOptions }
  | {
      readonly kind: 'execute';
      readonly sql: string;
      readonly parameters: readonly SqlParameter[];
    }
  | { readonly kind: 'close' };

/** What a query gives; null for `open` and `close`. */
export type WorkerAnswer = SqlAnswer | null;
