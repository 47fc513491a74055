import { z } from 'zod';

import { fenMax, type Fen } from '../money/fen.ts';

/** What a signed-in person may do (architecture: Roles). */
export const roles = [
  'cashier',
  'supervisor',
  'it-clerk',
  'policy-officer',
  'auditor',
  'administrator',
] as const;
export type Role = (typeof roles)[number];

/** One call between page and main process: its name, who may make it, what goes in, what comes out. */
export type Contract<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> = {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly input: Input;
  readonly output: Output;
};

/** States a contract; the name is `area:act` and equal to the file and function behind it. */
export function contract<Input extends z.ZodType, Output extends z.ZodType>(
  stated: Contract<Input, Output>,
): Contract<Input, Output> {
  return stated;
}

/** What every call answers: the contract's output, or a refusal in words. */
export type CallAnswer<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly refusal: z.infer<typeof refusalSchema> };

/** An amount in whole fen. */
export const fenSchema = z.custom<Fen>(
  (value) => typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) <= fenMax,
  'not an amount in whole fen',
);

export const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'not a day');
export const instantSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/, 'not an instant');
export const wordsSchema = z.strictObject({ zh: z.string(), en: z.string() });

export const refusalSchema = z.strictObject({
  code: z.string(),
  message: wordsSchema,
  place: z.string().exactOptional(),
  remedy: wordsSchema.exactOptional(),
  details: z.array(z.unknown()).exactOptional(),
});

export const warningSchema = z.strictObject({
  code: z.string(),
  text: wordsSchema,
  place: z.string().exactOptional(),
});

/** Ids in calls are short; anything longer is not one of ours. */
export const idSchema = z.string().min(1).max(100);
