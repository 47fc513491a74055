import { z } from 'zod';

import type { Result } from '../../shared/domain/result.ts';
import {
  registeredCardKinds,
  registeredCardStates,
  type RegisteredCard,
} from '../database/cards-repository.ts';
import type { IntakeProblem } from './intake-problem.ts';
import type { IntakeCode } from './intake-refusals.ts';
import { readRegisterFile, rowProblem, type Numbered } from './read-register-file.ts';
import { idNumberOfRegister } from './register-rows.ts';

/** The columns of a register of cards. */
export const cardColumns = [
  { path: 'kind', zh: '卡类型' },
  { path: 'number', zh: '卡号' },
  { path: 'idNumber', zh: '身份证号' },
  { path: 'name', zh: '姓名' },
  { path: 'state', zh: '状态' },
] as const;

const cardRowSchema = z.strictObject({
  kind: z.enum(registeredCardKinds),
  number: z.string().regex(/^[0-9A-Za-z]{4,40}$/),
  idNumber: idNumberOfRegister,
  name: z.string().min(1).max(100),
  state: z.enum(registeredCardStates).default('valid'),
});

/** One card as a register writes it. */
export type CardRow = Numbered<z.infer<typeof cardRowSchema>>;

/** The rows of a register of cards; one bad row, or a card named twice, refuses the whole file. */
export function cardsOfFile(file: string): Result<readonly CardRow[], IntakeCode> {
  return readRegisterFile(file, {
    columns: cardColumns,
    row: cardRowSchema,
    check: cardsNamedTwice,
  });
}

/** By what a card is the same: letters of its number are the same in either case. */
export const cardKeyOf = ({ kind, number }: Pick<RegisteredCard, 'kind' | 'number'>): string =>
  `${kind} ${number.toUpperCase()}`;

function cardsNamedTwice(
  rows: readonly Numbered<z.infer<typeof cardRowSchema>>[],
): readonly IntakeProblem<IntakeCode>[] {
  const first = new Map<string, number>();
  const problems: IntakeProblem<IntakeCode>[] = [];
  for (const { kind, number, row } of rows) {
    const card = cardKeyOf({ kind, number });
    const before = first.get(card);
    if (before === undefined) first.set(card, row);
    else {
      const at = String(before);
      const zh = `与第 ${at} 行是同一张卡`;
      problems.push(rowProblem(row, zh, `the card of row ${at} again`, 'number'));
    }
  }
  return problems;
}
