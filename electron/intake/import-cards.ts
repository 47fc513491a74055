import { writtenNumber } from '../../shared/domain/identity-number.ts';
import { accepted, type Result } from '../../shared/domain/result.ts';
import type { CardChange, RegisterCard, RegisteredCard } from '../database/cards-repository.ts';
import { cardKeyOf } from './card-rows.ts';
import type { RowSetAside } from './read-register-file.ts';
import { mayBeOfRowSetAside, rowsRefused, type RowsRefused } from './rows-set-aside.ts';
import type { IntakeCode } from './intake-refusals.ts';
import {
  importRegister,
  inGroups,
  readRegister,
  type RegisterDependencies,
  type RegisterImport,
  type RegisterImportCode,
} from './register-import.ts';

/** Cards counted. */
export type CardRegisterReport = {
  readonly cards: number;
  /** Of them those that count no more: lost, replaced or cancelled. */
  readonly notValid: number;
  /** Named by this register before. */
  readonly before: number;
  /** Of persons we have no record of; the card is known all the same. */
  readonly ofUnknownPersons: number;
  /** Rows that were set aside; the rest is taken. */
  readonly refused: RowsRefused;
  /** Cards named before that are known as they were, for one of those rows may be of them. */
  readonly kept: number;
};

/** How many cards are looked up and compared at a time. */
const cardsAtOnce = 500;

/**
 * Takes in a register of cards: what `source` said before is replaced, other registers stay; in parts and only what
 * differs, as a register of persons (`importRegister`). A bad row, or both rows of a card that is named twice, is set aside alone.
 */
export async function importCards(
  dependencies: RegisterDependencies,
  file: string,
  source: string,
): Promise<Result<CardRegisterReport, RegisterImportCode>> {
  const register = await readRegister(dependencies, (reader) => reader.cards(file));
  if (!register.ok) return register;
  const { rows, setAside } = register.value;
  const cards = new Map(
    rows.map(({ kind, number, idNumber, name, state }): [string, RegisteredCard] => {
      return [cardKeyOf({ kind, number }), { kind, number, idNumber, name, state }];
    }),
  );
  return importRegister(dependencies, {
    register: { kind: 'cards', source },
    act: 'take-in-cards',
    doing: `导入卡册 ${source} (importing the register of cards ${source})`,
    compareAndWrite: (under) => compareAndWrite(dependencies, under, { cards, setAside }),
    sweep: ({ cards: repository }, counts, most) => repository.sweep({ source, counts }, most),
  });
}

async function compareAndWrite(
  { store }: RegisterDependencies,
  under: RegisterImport,
  {
    cards,
    setAside,
  }: {
    readonly cards: ReadonlyMap<string, RegisteredCard>;
    readonly setAside: readonly RowSetAside[];
  },
): Promise<Result<{ readonly report: CardRegisterReport; readonly detail: unknown }, IntakeCode>> {
  const version = { source: under.source, counts: under.counts };
  const write = (changes: readonly CardChange[]) =>
    under.write(changes.filter(changesSomething), (all, some) => all.cards.write(version, some));
  const mayKeep = mayBeOfRowSetAside(setAside);
  let [before, kept] = [0, 0];
  const unknown = new Set<string>();
  for (const group of inGroups([...cards.values()], cardsAtOnce)) {
    const idNumbers = group.map(({ idNumber }) => idNumber);
    const numbers = group.map(({ number }) => writtenNumber(number));
    const [known, persons] = await store.read(async (all) => [
      Map.groupBy(await all.cards.ofNumbers(version, numbers), cardKeyOf),
      await all.registerPersons.known(idNumbers),
    ]);
    for (const idNumber of idNumbers) if (!persons.has(idNumber)) unknown.add(idNumber);
    const written = await write(
      group.map((card) => changeOf(known.get(cardKeyOf(card)) ?? [], card)),
    );
    if (!written.ok) return written;
  }
  for (let after = 0; ;) {
    const from = after;
    const page = await store.read((all) =>
      all.cards.named(version, { after: from, limit: cardsAtOnce }),
    );
    before += page.filter(({ standing }) => standing !== 'prepared').length;
    const changes: CardChange[] = [];
    for (const card of page) {
      const key = cardKeyOf(card);
      if (cards.has(key)) continue;
      const isKept = card.standing !== 'prepared' && mayKeep({ key, name: card.name });
      if (isKept) kept += 1;
      changes.push(changeOf([card], isKept ? card : null));
    }
    const written = await write(changes);
    if (!written.ok) return written;
    if (page.length < cardsAtOnce) break;
    after = page.at(-1)?.id ?? after;
  }
  const all = [...cards.values()];
  const report: CardRegisterReport = {
    cards: all.length,
    notValid: all.filter(({ state }) => state !== 'valid').length,
    before,
    ofUnknownPersons: unknown.size,
    refused: rowsRefused(setAside),
    kept,
  };
  return accepted({ report, detail: { ...report, refused: report.refused.length } });
}

/** What has to be written so that the register knows a card as it is wanted, or no more. */
function changeOf(known: readonly RegisterCard[], wanted: RegisteredCard | null): CardChange {
  const [remove, stay, drop]: [number[], number[], number[]] = [[], [], []];
  let add = wanted;
  for (const card of known) {
    const isWanted = wanted !== null && isSame(card, wanted);
    if (isWanted) add = null;
    if (card.standing === 'leaves' && isWanted) stay.push(card.id);
    if (card.standing === 'counts' && !isWanted) remove.push(card.id);
    if (card.standing === 'prepared' && !isWanted) drop.push(card.id);
  }
  return { add, remove, stay, drop };
}

function isSame(one: RegisteredCard, other: RegisteredCard): boolean {
  return one.idNumber === other.idNumber && one.name === other.name && one.state === other.state;
}

function changesSomething({ add, remove, stay, drop }: CardChange): boolean {
  return add !== null || [remove, stay, drop].some((each) => each.length > 0);
}
