import { z } from 'zod';

import { contract, idSchema, instantSchema } from './contract.ts';

const givenUpResultSchema = z.strictObject({
  resultId: idSchema,
  kind: z.enum(['settled', 'cancelled']),
  visitId: z.string(),
  settlementNumber: z.string(),
  createdAt: instantSchema,
  attempts: z.int().nonnegative(),
  lastAt: instantSchema,
  /** What came of the last call: `http-500`. */
  problem: z.string(),
});
export type GivenUpResultRow = z.infer<typeof givenUpResultSchema>;

/** Results that the hospital's system would not take and that are called back no more by themselves, the oldest first. */
export const listGivenUpResults = contract({
  name: 'intake:results',
  roles: ['it-clerk', 'supervisor', 'auditor'],
  input: z.strictObject({ after: idSchema.exactOptional() }),
  output: z.strictObject({ results: z.array(givenUpResultSchema), hasMore: z.boolean() }),
  refusals: [],
});

/** Has one of them called back again. */
export const retryResult = contract({
  name: 'intake:retry-result',
  roles: ['it-clerk'],
  input: z.strictObject({ resultId: idSchema }),
  output: z.strictObject({}),
  refusals: ['result-gone'],
});
