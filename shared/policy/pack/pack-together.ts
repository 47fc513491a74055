import { z } from 'zod';
import { grounds, key, name, words } from './pack-words.ts';

/** One ceiling that several steps use up together (合并限额): what one of them pays is gone for the others. */
export const sharedCeiling = z.strictObject({
  id: name,
  name: words,
  parameter: key,
  per: z.enum(['visit', 'year']),
  steps: z.array(name).min(1),
  ...grounds,
});
export type PackSharedCeiling = z.infer<typeof sharedCeiling>;

/**
 * Rules of which only the one that leaves the patient less counts (就高不就低); they stand side by side among the steps.
 * `step`: the one that leaves less there counts, whatever comes after. `person`: the whole settlement is reckoned by
 * each, and the one after which the person pays least counts. Of equals the one that stands first.
 */
export const either = z.strictObject({
  id: name,
  name: words,
  per: z.enum(['step', 'person']),
  ways: z.array(z.strictObject({ name: words, steps: z.array(name).min(1) })).min(1),
  ...grounds,
});
export type PackEither = z.infer<typeof either>;

/** Each way of each choice per person is a whole settlement reckoned: more come of no real pack. */
export const settlementsPerVisitMax = 16;
