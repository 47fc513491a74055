import { z } from 'zod';
import { receivedInputShape } from '../domain/shapes/input-shape.ts';

export type { VisitJson } from '../domain/shapes/input-shape.ts';
export type { ChargeLineJson } from '../domain/shapes/visit-shape.ts';

/** The form of the Visit JSON as JSON Schema (draft 2020-12), for those who write such files; kept in `visit.schema.json`. */
export function visitJsonAsJsonSchema(): object {
  return {
    title: 'Visit JSON of Settlement Window 一站式结算窗口',
    ...z.toJSONSchema(receivedInputShape, { io: 'input' }),
  };
}
