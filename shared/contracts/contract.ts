import { z } from 'zod';

import type { Result } from '../domain/result.ts';
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

/**
 * One call between page and main process: its name, who may make it, what goes in, what comes out, and the codes
 * it can be refused with besides those any call can (`callCodes`).
 */
export type Contract<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Code extends string = string,
  TakesNobody extends boolean = boolean,
> = {
  readonly name: string;
  readonly roles: readonly Role[];
  /** May be called where nobody sits at the page: it is about sitting down. */
  readonly takesNobody?: TakesNobody;
  readonly input: Input;
  readonly output: Output;
  readonly refusals: readonly Code[];
};

/** What any call can be refused with: by the one place that lets calls through, and by the database. */
export const callCodes = [
  'unknown-call',
  'not-signed-in',
  'not-allowed',
  'bad-input',
  'program-fault',
  'database-busy',
  'disk-full',
  'database-damaged',
  'database-foreign',
  'key-wrong',
  'data-is-newer',
  'document-unreadable',
  'document-newer',
  'database-lost',
  'disk-read-only',
  'disk-no-room',
  // Another program takes in bills.
  'busy',
  'program-too-old',
] as const;
export type CallCode = (typeof callCodes)[number];

/** States a contract; the name is `area:act` and equal to the file and function behind it. */
export function contract<
  Input extends z.ZodType,
  Output extends z.ZodType,
  const Code extends string,
  const TakesNobody extends boolean = false,
>(stated: Contract<Input, Output, Code, TakesNobody>): Contract<Input, Output, Code, TakesNobody> {
  return stated;
}

/** Whether what was kept is in the second place too. `none`: the folder has no such place. */
export const copiedStates = ['none', 'copied', 'not-yet'] as const;
export type CopiedState = (typeof copiedStates)[number];

/**
 * What every call answers: the contract's output, or a refusal in words. `secondPlace` where the call kept anything:
 * `not-yet` is said to the cashier, and nothing is called done then.
 */
export type CallAnswer<Output, Code extends string = string> = Result<Output, Code> & {
  readonly secondPlace?: CopiedState;
};

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
  remedy: wordsSchema,
  details: z.array(z.unknown()).exactOptional(),
});

export const warningSchema = z.strictObject({
  code: z.string(),
  text: wordsSchema,
  place: z.string().exactOptional(),
});

/** An ID number as lists and screens show it: what is not masked does not leave. None is empty. */
export const maskedNumberSchema = z
  .string()
  .refine((text) => text === '' || text.includes('*'), 'not a masked ID number');

/** Why somebody does not come in. */
export const signInCodes = [
  'sign-in-refused',
  'sign-in-busy',
  'certificate-asked',
  'certificate-missing',
  'certificate-expired',
] as const;

/** Ids in calls are short; anything longer is not one of ours. */
export const idSchema = z.string().min(1).max(100);
