import { z } from 'zod';

import { contract, idSchema, instantSchema, roles } from './contract.ts';

/** Why a page may ask no more. */
export const pageEndReasons = [
  'idle',
  'too-old',
  'stopped',
  'signed-out',
  'by-administrator',
  'account-ended',
] as const;

/** A page that was let in at this desk. */
export const pageSessionSchema = z.strictObject({
  sessionId: idSchema,
  /** In a browser, or the window of the program itself. */
  page: z.enum(['browser', 'window']),
  /** Who sits there; null: nobody has signed in. */
  user: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  openedAt: instantSchema,
  lastUsedAt: instantSchema,
  /** null: it may ask. */
  end: z.strictObject({ at: instantSchema, reason: z.enum(pageEndReasons) }).nullable(),
  /** The page that asks. */
  isOwn: z.boolean(),
});

/** The pages that may ask, then those that have ended: everybody's for whoever looks after the desk, else one's own. */
export const listSessions = contract({
  name: 'sessions:list',
  roles,
  input: z.strictObject({}),
  output: z.strictObject({ sessions: z.array(pageSessionSchema) }),
  refusals: [],
});

/** Ends a page: what it asks from then on is refused. Whoever does not look after the desk ends the own ones. */
export const endSession = contract({
  name: 'sessions:end',
  roles,
  input: z.strictObject({ sessionId: idSchema }),
  output: z.strictObject({}),
  refusals: ['session-unknown'],
});
