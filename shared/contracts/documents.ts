import { z } from 'zod';

import { readReason } from '../domain/written-text.ts';
import { contract, idSchema, instantSchema, refusalSchema } from './contract.ts';

export const printDocuments = ['receipt', 'statement'] as const;

/** A sheet and how far it is: `unknown` may have been printed, and only a person can say. */
export const printJobSchema = z.strictObject({
  printJobId: idSchema,
  settlementId: idSchema,
  settlementNumber: z.string(),
  maskedName: z.string(),
  document: z.enum(printDocuments),
  copyNumber: z.int(),
  state: z.enum(['queued', 'sending', 'sent', 'confirmed', 'unknown', 'failed', 'withdrawn']),
  updatedAt: instantSchema,
  problem: refusalSchema.nullable(),
});
export type PrintJobView = z.infer<typeof printJobSchema>;

/** Prints once more: marked 补打 第N次, counted and kept in the audit. */
export const printAgain = contract({
  name: 'documents:print-again',
  roles: ['cashier', 'supervisor'],
  input: z.strictObject({
    settlementId: idSchema,
    document: z.enum(printDocuments),
    /** Something that can be read: somebody reads it later. */
    reason: z
      .string()
      .max(200)
      .refine((text) => readReason(text) !== ''),
  }),
  output: z.strictObject({ printJob: printJobSchema }),
  refusals: ['settlement-not-found'],
});

/** The cashier says whether an uncertain sheet came out; if not, it is printed again as the original. */
export const answerUnknownPrint = contract({
  name: 'documents:answer-unknown-print',
  roles: ['cashier', 'supervisor'],
  input: z.strictObject({ printJobId: idSchema, cameOut: z.boolean() }),
  output: z.strictObject({ printJob: printJobSchema }),
  refusals: ['print-job-not-unknown'],
});

/** The discharge statement as it was made from what is stored. */
export const openStatement = contract({
  name: 'documents:open-statement',
  roles: ['cashier', 'supervisor', 'auditor', 'it-clerk'],
  input: z.strictObject({ settlementId: idSchema }),
  output: z.strictObject({ fileName: z.string(), pdfBase64: z.string() }),
  refusals: ['settlement-not-found', 'document-does-not-foot'],
});
