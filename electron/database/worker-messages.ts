import type { SqlAnswer, SqlParameter } from './sqlite-connection.ts';

/** What the store asks of the thread that owns the connection. */
export type WorkerRequest =
  | {
      readonly kind: 'execute';
      readonly id: number;
      readonly sql: string;
      readonly parameters: readonly SqlParameter[];
    }
  | { readonly kind: 'close'; readonly id: number };

/** The answer to the request of the same id; id 0 says whether the connection could be opened. */
export type WorkerReply =
  | { readonly id: number; readonly ok: true; readonly answer: SqlAnswer | null }
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string };
