import { z } from 'zod';

/** How the text of a cell becomes a value of the Visit JSON. */
export type CellKind =
  | 'text'
  /** A whole number; anything else stays text and is refused by the codec with its own words. */
  | 'whole'
  /** 是/否, true/false, 1/0. */
  | 'yes-no'
  /** Words separated by semicolons. */
  | 'words'
  /** `CODE NAME` separated by semicolons, of diagnoses, procedures or orders not done. */
  | 'diagnoses'
  | 'procedures'
  | 'blockers'
  /** `NAME`, or `NAME@FROM~UNTIL`, separated by semicolons. */
  | 'categories'
  /** `ID=AMOUNT` separated by semicolons. */
  | 'amounts'
  /** `STEP=PAID`, or `STEP=PAID/BASE/DEDUCTIBLE/SELFPAY`, separated by semicolons. */
  | 'steps';

/** A field's column in a table of visits: its Chinese name, and how its cells are written. */
export type Column = { readonly zh: string; readonly kind: CellKind };

const columns = z.registry<Column>();

/**
 * The same field with a column of its own in CSV and XLSX. `kind` is needed only for lists of records, whose
 * cells have a form of their own. A field without a column comes in JSON only.
 */
export function column<Schema extends z.ZodType>(
  zh: string,
  schema: Schema,
  kind: CellKind = kindOf(schema),
): Schema {
  const own = schema.clone();
  columns.add(own, { zh, kind });
  return own;
}

/** The column of a declared field; undefined where it has none. */
export function columnOf(schema: z.core.$ZodType): Column | undefined {
  return columns.get(schema);
}

function kindOf(schema: z.core.$ZodType): CellKind {
  if (schema instanceof z.ZodExactOptional) return kindOf(schema.def.innerType);
  if (schema instanceof z.ZodNumber) return 'whole';
  if (schema instanceof z.ZodLiteral) return 'whole';
  if (schema instanceof z.ZodBoolean) return 'yes-no';
  if (schema instanceof z.ZodArray) return 'words';
  if (schema instanceof z.ZodRecord) return 'amounts';
  return 'text';
}
