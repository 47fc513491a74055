import { z } from 'zod';

/**
 * What every payer's profile says, whatever its protocol: its own name, and the destinations of claims it is
 * for. `all-others` is the profile of every destination that no profile names.
 */
export const profileFields = {
  profile: z.string().regex(/^[a-z][a-z0-9-]*$/, 'not a name in small letters, digits and hyphens'),
  /** Where this payer is; absent: where the folder has its payers (`payers-url`). */
  address: z
    .url()
    .transform((text) => new URL(text))
    .exactOptional(),
  destinations: z.union([z.array(z.string().min(1)).min(1), z.literal('all-others')]),
  /**
   * The payers of `destinations` sit behind one platform: a settlement makes one claim on it, under this name, whose items
   * are what each of them owes. It is taken as a whole or not at all, and undone as a whole. Absent: each has its own claim.
   */
  sharedDestination: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'not a name in small letters, digits and hyphens')
    .exactOptional(),
};
