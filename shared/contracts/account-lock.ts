import { z } from 'zod';

import { contract, idSchema, refusalSchema } from './contract.ts';
import { comparedLineSchema } from './intake.ts';

const deskRoles = ['cashier', 'supervisor'] as const;

/** How the hospital's account of a visit is, and what of its bill is no longer as it was on the screen. */
export const accountLockSchema = z.strictObject({
  isLocked: z.boolean(),
  /** Why it is not locked, or the bill may not be what was locked; null: what is kept is what was locked. */
  refusal: refusalSchema.nullable(),
  /** Lines that came, went or changed between what the page showed and what was locked; null: none. */
  changes: z
    .strictObject({
      /** In the order of the later bill: the first of them. */
      lines: z.array(comparedLineSchema),
      count: z.int().nonnegative(),
    })
    .nullable(),
});
export type AccountLockView = z.infer<typeof accountLockSchema>;

/**
 * Locks the hospital's account of a visit for this page while it is checked and settled, or lets the lock last on; the newest bill
 * is fetched behind it. Asked again each minute; a page that asks no more loses the lock by itself.
 */
export const lockAccount = contract({
  name: 'visits:lock-account',
  roles: deskRoles,
  input: z.strictObject({ visitId: idSchema }),
  output: accountLockSchema,
  refusals: [],
});

/** The page does without: the hospital may book again. `visitId` null: whatever this page holds. */
export const freeAccount = contract({
  name: 'visits:free-account',
  roles: deskRoles,
  input: z.strictObject({ visitId: idSchema.nullable() }),
  output: z.strictObject({}),
  refusals: [],
});
