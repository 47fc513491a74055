import { z } from 'zod';

/** A text in both languages. */
export const words = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

/** What every object answers to is no name of a pack: looking it up would find what nobody wrote. */
const isFree = (text: string): boolean => !(text in {});

/** A value or an id of a pack: kebab-case. */
export const name = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: 'not-a-name' })
  .refine(isFree, { error: 'not-a-name' });

/** A key of a pack: camelCase. */
export const key = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]*$/, { error: 'not-a-key' })
  .refine(isFree, { error: 'not-a-key' });

export const day = z.iso.date({ error: 'not-a-date' });

/** A division: two, four or six digits; a shorter one stands for all that begin with it. */
export const place = z.string().regex(/^\d{2}(\d{2}){0,2}$/, { error: 'not-a-place' });

/** An age in full years, or in days or months where the rules speak of small children. */
export const age = z.union([
  z.number().int().min(0).max(150),
  z.strictObject({ days: z.number().int().min(0).max(1000) }),
  z.strictObject({ months: z.number().int().min(0).max(240) }),
]);

export const yuan = z
  .string({ error: 'not-text-amount' })
  .regex(/^(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?$/, { error: 'not-text-amount' });

export const percent = z
  .string({ error: 'not-text-percent' })
  .regex(/^(?:100(?:\.0{1,4})?|[1-9]?\d(?:\.\d{1,4})?)$/, { error: 'not-text-percent' });

export const sourceReference = z.strictObject({
  document: name,
  article: z.string().min(1),
  articleEn: z.string().min(1).optional(),
});
export type SourceReference = z.infer<typeof sourceReference>;

/** Where a source gives no figure, the pack says so and why this one stands. */
export const grounds = {
  source: sourceReference.optional(),
  assumed: z.literal(true).optional(),
  reason: words.optional(),
};
