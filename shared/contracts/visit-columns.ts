import { z } from 'zod';
import { columnOf, type Column } from '../domain/shapes/column.ts';
import { receivedInputShape } from '../domain/shapes/input-shape.ts';

export type { CellKind } from '../domain/shapes/column.ts';

/** A column of a table of visits: its header as a path, its header in Chinese, and how its cells are written. */
export type VisitColumn = Column & {
  readonly path: string;
  /** The closed list its cells are of; absent: none. */
  readonly values?: readonly string[];
};

/** The columns of a table of visits as they are declared. One row is one charge line, so its paths begin with `charge`. */
export const visitColumns: readonly VisitColumn[] = columnsBelow(receivedInputShape, '').map(
  ({ path, ...column }) => ({ path: path.replace(/^visit\.charges\./, 'charge.'), ...column }),
);

function columnsBelow(schema: z.core.$ZodType, path: string): VisitColumn[] {
  const column = columnOf(schema);
  if (column !== undefined) {
    const values = valuesOf(schema);
    return [{ path, ...column, ...(values === null ? {} : { values }) }];
  }
  if (schema instanceof z.ZodObject) {
    const declared: z.core.$ZodShape = schema.shape;
    return Object.entries(declared).flatMap(([name, field]) =>
      columnsBelow(field, path === '' ? name : `${path}.${name}`),
    );
  }
  if (schema instanceof z.ZodCodec) return columnsBelow(schema.def.in, path);
  if (schema instanceof z.ZodArray) return columnsBelow(schema.element, path);
  const mayBeAbsent =
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable;
  return mayBeAbsent ? columnsBelow(schema.unwrap(), path) : [];
}

/** The words of a field that is of a closed list; null: it is not. */
export function valuesOf(schema: z.core.$ZodType): readonly string[] | null {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodDefault) return valuesOf(schema.unwrap());
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodOptional) {
    return valuesOf(schema.unwrap());
  }
  return null;
}
