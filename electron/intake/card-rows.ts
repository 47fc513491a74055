import { z } from 'zod';

import { identityDocuments } from '../../shared/domain/closed-values.ts';
import { writtenNumber } from '../../shared/domain/identity-number.ts';
import type { Result } from '../../shared/domain/result.ts';
import {
  registeredCardKinds,
  registeredCardStates,
  type RegisteredCard,
} from '../database/cards-repository.ts';
import type { IntakeCode } from './intake-refusals.ts';
import {
  numberOfRow,
  readRegisterFile,
  rowProblem,
  type Cells,
  type Numbered,
  type RegisterRows,
  type RowProblem,
} from './read-register-file.ts';
import { nameOfRegister } from './register-rows.ts';

/** The columns of a register of cards. */
export const cardColumns = [
  { path: 'kind', zh: '卡类型' },
  { path: 'number', zh: '卡号' },
  { path: 'idNumber', zh: '身份证号' },
  { path: 'name', zh: '姓名' },
  { path: 'state', zh: '状态' },
  { path: 'document', zh: '证件类型' },
] as const;

const cardNumber = /^[0-9A-Z]{4,40}$/;

/** One row of it. */
export const cardRowSchema = z.strictObject({
  kind: z.enum(registeredCardKinds),
  number: z.string().overwrite(writtenNumber).regex(cardNumber),
  idNumber: z.string(),
  name: nameOfRegister,
  document: z.enum(identityDocuments).optional(),
  state: z.enum(registeredCardStates).default('valid'),
});

/** One card as a register writes it. */
export type CardRow = Numbered<z.infer<typeof cardRowSchema>>;

export type CardRows = RegisterRows<z.infer<typeof cardRowSchema>>;

/** The rows of a register of cards; of a card that is named twice neither row is taken. */
export function cardsOfFile(file: string): Result<CardRows, IntakeCode> {
  return readRegisterFile(file, {
    columns: cardColumns,
    row: cardRowSchema,
    numberOf: numberOfRow,
    keyOf: keyOfCells,
    check: cardsNamedTwice,
  });
}

/** Which card a row is of, as far as its cells can be read. */
function keyOfCells({ kind, number: cell }: Cells): string | null {
  const known = registeredCardKinds.find((each) => each === kind);
  const number = typeof cell === 'string' ? writtenNumber(cell) : '';
  return known === undefined || !cardNumber.test(number)
    ? null
    : cardKeyOf({ kind: known, number });
}

/** By what a card is the same: letters of its number are the same in either case. */
export const cardKeyOf = ({ kind, number }: Pick<RegisteredCard, 'kind' | 'number'>): string =>
  `${kind} ${writtenNumber(number)}`;

function cardsNamedTwice(rows: CardRows['rows']): readonly RowProblem[] {
  const first = new Map<string, number>();
  const problems: RowProblem[] = [];
  for (const { kind, number, row } of rows) {
    const card = cardKeyOf({ kind, number });
    const before = first.get(card);
    if (before === undefined) {
      first.set(card, row);
      continue;
    }
    const said = (at: number, other: number): RowProblem => {
      const line = String(other);
      return rowProblem(at, `与第 ${line} 行是同一张卡`, `the card of row ${line} again`, 'number');
    };
    problems.push(said(before, row), said(row, before));
  }
  return problems;
}
