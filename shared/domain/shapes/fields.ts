import { z } from 'zod';
import type { amountsByName } from './leaves.ts';
import { amount, decoded } from './leaves.ts';

/** Whether a declared field is an amount, or amounts by name, or may be one. */
type HoldsAmounts<Schema> = Schema extends typeof amount | typeof amountsByName
  ? true
  : Schema extends z.ZodExactOptional<infer Inner>
    ? HoldsAmounts<Inner>
    : false;

type InMemory<Name, Schema> =
  HoldsAmounts<Schema> extends true ? `${Extract<Name, string>}Fen` : Name;

/** Lists and tables of a record are only read. */
type ReadOnly<Value> = Value extends readonly (infer Item)[]
  ? readonly Item[]
  : Value extends Record<string, infer Item>
    ? string extends keyof Value
      ? Readonly<Record<string, Item>>
      : Value
    : Value;

type Decoded<Declared extends z.core.$ZodShape, Plain = z.output<z.ZodObject<Declared>>> = {
  readonly [
    Name in keyof Plain as Name extends keyof Declared ? InMemory<Name, Declared[Name]> : Name
  ]: ReadOnly<Plain[Name]>;
};

/** The declaration of a record: what it is in memory (`z.output`) and in JSON (`z.input`). */
export type Shape<Declared extends z.core.$ZodShape> = z.ZodType<
  Decoded<Declared>,
  z.input<z.ZodObject<Declared>>
>;

/**
 * Declares a record by its fields as JSON writes them, and with them what the program has in memory. An amount
 * is yuan text in JSON under its plain name and fen in memory under the same name with `Fen`: `deposit` is
 * `depositFen`. Every other field keeps its name. A field that is not declared is refused.
 */
export function fields<const Declared extends z.core.$ZodShape>(
  declared: Declared,
): Shape<Declared> {
  const object: z.ZodType = z.strictObject(declared);
  const amounts = Object.keys(declared).filter((name) => isAmount(declared[name]));
  const codec =
    amounts.length === 0
      ? object
      : z.codec(object, decoded(), {
          decode: underNames(amounts.map((name) => [name, `${name}Fen`])),
          encode: underNames(amounts.map((name) => [`${name}Fen`, name])),
        });
  return codec as Shape<Declared>;
}

function isAmount(schema: z.core.$ZodType | undefined): boolean {
  if (schema instanceof z.ZodExactOptional) return isAmount(schema.def.innerType);
  if (schema instanceof z.ZodRecord) return isAmount(schema.def.valueType);
  return schema instanceof z.ZodCodec && schema.def.out === amount.def.out;
}

type Names = Readonly<Record<string, string | undefined>>;

/** The same record with some of its fields under other names. */
function underNames(names: readonly (readonly [from: string, to: string])[]) {
  // Without a prototype, for a field may be called like a method of objects. Every charge line goes through
  // here twice: this loop takes a sixth of the time of one over `Object.entries`.
  const renamed = Object.assign(Object.create(null), Object.fromEntries(names)) as Names;
  return (record: unknown): Record<string, unknown> => {
    const under: Record<string, unknown> = {};
    const before = record as Readonly<Record<string, unknown>>;
    for (const name in before) under[renamed[name] ?? name] = before[name];
    return under;
  };
}
