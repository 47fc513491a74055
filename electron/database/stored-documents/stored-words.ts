import { z } from 'zod';

/** A sentence in both languages, as stored documents hold it. */
export const storedWords = z.object({ zh: z.string(), en: z.string() });
