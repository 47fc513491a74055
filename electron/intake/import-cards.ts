import { z } from 'zod';

import { accepted, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import {
  registeredCardKinds,
  registeredCardStates,
  type RegisteredCard,
} from '../database/cards-repository.ts';
import type { Repositories } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import type { IntakeProblem } from './intake-problem.ts';
import type { IntakeDependencies } from './keep-visit-document.ts';
import { readRegisterFile, rowProblem, type Numbered } from './read-register-file.ts';
import type { IntakeCode } from './intake-refusals.ts';
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

/** Cards counted. */
export type CardRegisterReport = {
  readonly cards: number;
  /** Of them those that count no more: lost, replaced or cancelled. */
  readonly notValid: number;
  /** Named by this register before. */
  readonly before: number;
  /** Of persons we have no record of; the card is known all the same. */
  readonly ofUnknownPersons: number;
};

/**
 * Takes in a register of cards in one transaction: what `source` said before is replaced, other registers stay.
 * One bad row, or a card with two owners, refuses the whole file.
 */
export async function importCards(
  { store, clock }: IntakeDependencies,
  file: string,
  source: string,
): Promise<Result<CardRegisterReport, IntakeCode>> {
  const register = await readRegisterFile(file, {
    columns: cardColumns,
    row: cardRowSchema,
    check: cardsNamedTwice,
  });
  if (!register.ok) return register;
  const cards = register.value.map(({ kind, number, idNumber, name, state }): RegisteredCard => {
    return { kind, number, idNumber, name, state };
  });
  return transactResult(store, async (repositories) => {
    const before = await repositories.cards.replaceRegister(source, cards);
    const report: CardRegisterReport = {
      cards: cards.length,
      notValid: cards.filter(({ state }) => state !== 'valid').length,
      before,
      ofUnknownPersons: await countUnknown(repositories, cards),
    };
    const at = shanghaiInstant(clock.now());
    await repositories.audit.append({
      at,
      who: 'intake',
      act: 'take-in-cards',
      about: source,
      detail: report,
    });
    return accepted(report);
  });
}

function cardsNamedTwice(
  rows: readonly Numbered<z.infer<typeof cardRowSchema>>[],
): readonly IntakeProblem<IntakeCode>[] {
  const first = new Map<string, number>();
  const problems: IntakeProblem<IntakeCode>[] = [];
  for (const { kind, number, row } of rows) {
    const card = `${kind} ${number.toUpperCase()}`;
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

async function countUnknown(
  { persons }: Repositories,
  cards: readonly RegisteredCard[],
): Promise<number> {
  let unknown = 0;
  for (const idNumber of new Set(cards.map((card) => card.idNumber))) {
    if ((await persons.findByIdNumber(idNumber)) === null) unknown += 1;
  }
  return unknown;
}
