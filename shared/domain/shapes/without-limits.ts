import { z } from 'zod';

/**
 * The same declaration without the limits of intake: lengths, patterns, ranges and counts. What we stored
 * ourselves is read and written by this one, so that a limit drawn tighter later never shuts an old document
 * out. Names of fields, kinds of values, closed lists and the writing of figures stay: changing one of those
 * is a new version of the document.
 */
export function withoutLimits<Shape extends z.ZodType>(shape: Shape): Shape {
  return free(shape) as Shape;
}

/** A declaration is used in several places; each is made free once. */
const made = new WeakMap<z.core.$ZodType, z.core.$ZodType>();

function free(schema: z.core.$ZodType): z.core.$ZodType {
  const known = made.get(schema);
  if (known !== undefined) return known;
  const without = makeFree(schema);
  made.set(schema, without);
  return without;
}

function makeFree(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodObject) {
    const declared: z.core.$ZodShape = schema.shape;
    const shape = Object.entries(declared).map(([name, field]) => [name, free(field)] as const);
    return z.strictObject(Object.fromEntries(shape));
  }
  if (schema instanceof z.ZodArray) return z.array(free(schema.element));
  if (schema instanceof z.ZodRecord) return z.record(z.string(), free(schema.valueType));
  if (schema instanceof z.ZodUnion) return z.union(schema.options.map(free));
  if (schema instanceof z.ZodNullable) return z.nullable(free(schema.unwrap()));
  if (schema instanceof z.ZodExactOptional) return z.exactOptional(free(schema.unwrap()));
  if (schema instanceof z.ZodOptional) return z.optional(free(schema.unwrap()));
  if (schema instanceof z.ZodDefault) {
    return z._default(free(schema.unwrap()), schema.def.defaultValue);
  }
  if (schema instanceof z.ZodCodec) return freeCodec(schema);
  if (schema instanceof z.ZodNumber) return z.number();
  if (schema instanceof z.ZodString || schema instanceof z.ZodISODate) return z.string();
  return schema;
}

/** A codec of a text is how a figure is written, which is no limit; the others hold records. */
function freeCodec(codec: z.ZodCodec): z.core.$ZodType {
  const from = codec.def.in;
  if (isText(from)) return codec;
  return codec.clone({ ...codec.def, in: free(from) });
}

function isText(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    return isText(schema.unwrap());
  }
  return schema instanceof z.ZodString;
}
