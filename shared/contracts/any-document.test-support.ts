import fc from 'fast-check';
import { z } from 'zod';

/**
 * Documents of any content a declaration allows, as JSON writes them: every field that may be absent now is there
 * and now is not. A field declared tomorrow is generated without a line here.
 */
export function anyDocumentOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodCodec) return anyDocumentOf(schema.def.in);
  if (schema instanceof z.ZodObject) return anyRecordOf(schema.shape);
  if (schema instanceof z.ZodRecord) {
    const names = fc.stringMatching(/^[a-z]{1,8}$/);
    return fc.dictionary(names, anyDocumentOf(schema.valueType), { maxKeys: 3 });
  }
  if (schema instanceof z.ZodUnion) return fc.oneof(...schema.options.map(anyDocumentOf));
  if (schema instanceof z.ZodNullable) return fc.option(anyDocumentOf(schema.unwrap()));
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodOptional) {
    return anyDocumentOf(schema.unwrap());
  }
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  return withinLimits(schema);
}

function anyRecordOf(declared: z.core.$ZodShape): fc.Arbitrary<unknown> {
  const fields = Object.entries(declared).map(
    ([name, field]) => [name, anyDocumentOf(field)] as const,
  );
  const always = Object.keys(declared).filter((name) => declared[name]?._zod.optin === undefined);
  return fc.record(Object.fromEntries(fields), { requiredKeys: always });
}

/** Lists, numbers and texts within the limits that stand beside them. */
function withinLimits(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const limits = z.toJSONSchema(schema, { io: 'input' });
  if (schema instanceof z.ZodArray) {
    const minLength = limits.minItems ?? 0;
    return fc.array(anyDocumentOf(schema.element), { minLength, maxLength: minLength + 2 });
  }
  if (schema instanceof z.ZodNumber) {
    const min = Math.max(0, limits.minimum ?? 0);
    return fc.integer({ min, max: Math.min(limits.maximum ?? min + 99, min + 99) });
  }
  if (limits.type !== 'string') throw new Error(`no documents are made of ${schema._zod.def.type}`);
  if (limits.pattern !== undefined) return fc.stringMatching(new RegExp(limits.pattern));
  return fc.string({ minLength: limits.minLength ?? 0, maxLength: 12 });
}
