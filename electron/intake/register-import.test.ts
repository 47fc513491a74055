import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { hasRightCheckDigit } from '../../shared/domain/citizen-number.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { DatabaseBusyError } from '../database/database-errors.ts';
import type { Repositories, Store } from '../database/store.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import { importCards } from './import-cards.ts';
import { importPersons } from './import-persons.ts';
import type { Pace } from '../base/pace.ts';
import type { RegisterDependencies } from './register-import.ts';

let store: TestStore;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'register-import-'));
  store = await createTestStore();
});
afterAll(async () => {
  await store.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Every test has a register and persons of its own. */
let run = 0;
beforeEach(() => {
  run += 1;
});
const checkCharacters = ['X', ...Array.from({ length: 10 }, (_, digit) => String(digit))];
const source = () => `民政局 ${String(run)}`;
const numberOf = (person: number): string => {
  const body = `43062619500101${String(run * 80 + person).padStart(3, '0')}`;
  const last = checkCharacters.find((digit) => hasRightCheckDigit(`${body}${digit}`));
  return `${body}${last ?? ''}`;
};

type Listed = { readonly name?: string; readonly category?: string };

/** A list of that many persons. */
const listOf = (persons: number, { name = '张', category = 'disabled' }: Listed = {}) =>
  Array.from({ length: persons }, (_, person) => ({
    idNumber: numberOf(person),
    name: `${name}${String(person)}`,
    category,
  }));

/** Never waits; `between` is called between two parts. */
const unhurried = (between: () => void | Promise<void> = () => undefined): Pace => ({
  now: () => 0,
  rest: async () => {
    await between();
  },
});

/** Time goes on with the rows that are written, and a part ends as soon as it may. */
function dependencies(more: Partial<RegisterDependencies> = {}): RegisterDependencies {
  return {
    store,
    clock: testClock,
    ids: timeOrderedIds(),
    folder: { home: store.folder, databaseFile: store.file },
    pace: unhurried(),
    ...more,
  };
}

async function take(rows: readonly unknown[], more: Partial<RegisterDependencies> = {}) {
  const file = join(folder, `${String(run)}-${String(rows.length)}.json`);
  await writeFile(file, JSON.stringify(rows));
  return importPersons(dependencies(more), file, source());
}

/** A pace whose parts hold few rows: each row takes a while of its own time, or each statement does. */
function slowRows(
  of: Store,
  msOfRow: number,
  between: () => void | Promise<void> = () => undefined,
  msOfStatement = 0,
): { readonly store: Store; readonly pace: Pace; readonly held: number[] } {
  let time = 0;
  const held: number[] = [];
  return {
    held,
    pace: { now: () => time, rest: async () => between() },
    store: {
      ...of,
      transact: async (work, scope) => {
        const before = time;
        const done = await of.transact((all) => work(slow(all)), scope);
        held.push(time - before);
        return done;
      },
    },
  };
  function slow(all: Repositories): Repositories {
    const registerPersons: Repositories['registerPersons'] = {
      ...all.registerPersons,
      write: (version, changes, at) => {
        time += msOfStatement + msOfRow * changes.length;
        return all.registerPersons.write(version, changes, at);
      },
    };
    const cards: Repositories['cards'] = {
      ...all.cards,
      write: (version, changes) => {
        time += msOfStatement + msOfRow * changes.length;
        return all.cards.write(version, changes);
      },
    };
    return { ...all, registerPersons, cards };
  }
}

/** What the register's first persons are by now; null where nobody knows them. */
const standing = (persons = 3) =>
  store.read(async ({ persons: all }) => {
    const found = [];
    for (let person = 0; person < persons; person += 1) {
      const row = await all.findByIdNumber(numberOf(person));
      const categories = row === null ? null : await all.categoriesOf(row.id);
      found.push(
        row === null ? null : `${row.name} ${(categories ?? []).map(({ name }) => name).join()}`,
      );
    }
    return found;
  });

describe('a register taken in in parts', () => {
  it('holds the data for at most 50 ms at a time, though a row takes 2 ms', async () => {
    const slow = slowRows(store, 2);
    valueOf(await take(listOf(79), slow));
    expect(Math.max(...slow.held)).toBeLessThanOrEqual(50);
    expect(slow.held.length).toBeGreaterThan(5);
    expect(await standing()).toEqual(['张0 disabled', '张1 disabled', '张2 disabled']);
  });

  it('is not written row by row where it is the way to the database that takes long', async () => {
    const busy = slowRows(store, 0, undefined, 30);
    valueOf(await take(listOf(79), busy));
    expect(busy.held.filter((ms) => ms > 0).length).toBeLessThanOrEqual(10);
    expect(await standing()).toEqual(['张0 disabled', '张1 disabled', '张2 disabled']);
  });

  it('counts whole or not at all, at every moment of the import', async () => {
    valueOf(await take(listOf(60, { category: 'orphan' })));
    const seen = new Set<string>();
    const look = async () => {
      seen.add(String(await standing(60)));
    };
    const list = listOf(70).slice(1);
    valueOf(await take(list, slowRows(store, 2, look)));
    await look();
    expect(seen.size).toBe(2);
    expect(await standing(2)).toEqual(['张0 ', '张1 disabled']);
  });

  it('leaves the earlier one when it is cancelled or the program dies, and nobody new', async () => {
    valueOf(await take(listOf(3, { category: 'orphan' })));
    const before = await standing(40);
    const cancelling = new AbortController();
    const cancelled = slowRows(store, 2, () => {
      cancelling.abort();
    });
    const stopped = await take(listOf(40, { name: '错' }), {
      ...cancelled,
      cancelled: cancelling.signal,
    });
    expect(refusalOf(stopped)).toBe('import-cancelled');
    const dying = slowRows(store, 2, () => Promise.reject(new Error('the plug was pulled')));
    await expect(take(listOf(41, { name: '错' }), dying)).rejects.toThrow('the plug was pulled');
    expect(await standing(40)).toEqual(before);
    // Names that only an import without an end has said stand in nobody's way.
    const right = valueOf(await take(listOf(40)));
    expect(right.report).toMatchObject({ matched: 3, new: 37, onlyThere: 37, conflicting: [] });
    expect((await standing(41)).slice(39)).toEqual(['张39 disabled', null]);
  });

  it('goes on after a break and says everything once', async () => {
    const broken = slowRows(store, 2, () => Promise.reject(new Error('killed')));
    await expect(take(listOf(50), broken)).rejects.toThrow('killed');
    valueOf(await take(listOf(50)));
    expect(await standing(50)).toEqual(listOf(50).map(({ name }) => `${name} disabled`));
  });

  it('forgets whom an import without an end brought and the next one does not name', async () => {
    const broken = slowRows(store, 2, () => Promise.reject(new Error('killed')));
    await expect(take(listOf(50), broken)).rejects.toThrow('killed');
    valueOf(await take(listOf(50).slice(40)));
    expect(await standing(2)).toEqual([null, null]);
    valueOf(await take(listOf(2, { name: '李' })));
    expect(await standing(2)).toEqual(['李0 disabled', '李1 disabled']);
  });

  it('writes nothing where nothing differs', async () => {
    valueOf(await take(listOf(30)));
    let written = 0;
    const counting: Store = {
      ...store,
      transact: (work, scope) =>
        store.transact(
          (all) =>
            work({
              ...all,
              registerPersons: {
                ...all.registerPersons,
                write: (version, changes, at) => {
                  written += changes.length;
                  return all.registerPersons.write(version, changes, at);
                },
              },
            }),
          scope,
        ),
    };
    const again = valueOf(await take(listOf(30), { store: counting }));
    expect(again.report).toMatchObject({ matched: 30, new: 0, onlyHere: 0, onlyThere: 0 });
    expect(written).toBe(0);
  });

  it('is refused while another one is under way, and stops where a later one took over', async () => {
    const second: unknown[] = [];
    const beside = slowRows(store, 2, async () => {
      if (second.length > 0) return;
      second.push(refusalOf(await take(listOf(5))));
    });
    valueOf(await take(listOf(40), beside));
    expect(second).toEqual(['busy']);
    let tookOver = false;
    const first = slowRows(store, 2, async () => {
      if (tookOver) return;
      tookOver = true;
      const elsewhere = { folder: { home: folder, databaseFile: join(folder, 'none.db') } };
      valueOf(await take(listOf(7, { category: 'orphan' }), elsewhere));
    });
    expect(refusalOf(await take(listOf(41, { category: 'orphan' }), first))).toBe(
      'register-taken-over',
    );
    expect(await standing(2)).toEqual(['张0 orphan', '张1 orphan']);
    expect((await standing(8))[7]).toBe('张7 ');
  });

  it('waits where settling leaves it no moment, and is not lost', async () => {
    let refusals = 3;
    const crowded: Store = {
      ...store,
      transact: (work, scope) =>
        refusals > 0 && --refusals >= 0
          ? Promise.reject(new DatabaseBusyError('SQLITE_BUSY', 'busy'))
          : store.transact(work, scope),
    };
    expect(valueOf(await take(listOf(9), { store: crowded })).report.new).toBe(9);
    refusals = 1000;
    await expect(take(listOf(10), { store: crowded })).rejects.toThrow('busy');
  });

  it('lets a person of it be settled meanwhile, on what counted before', async () => {
    const colon = await colonCancer();
    const idNumber = numberOf(0);
    const person = { ...colon.person, idNumber, name: '张0', categories: [] };
    const visit = (id: string) => ({
      ...colon,
      visit: { ...colon.visit, id },
      person,
      yearToDate: null,
    });
    const settling = dependenciesOn(store, await ownPacks());
    const settle = async (visitId: string) =>
      valueOf(await settleVisit(settling, { visitId, by: 'cashier1' })).settlement;
    const settled: unknown[] = [];
    const beside = slowRows(store, 2, async () => {
      if (settled.length > 0) return;
      await keepVisit(store, visit(`B${String(run)}`));
      settled.push((await settle(`B${String(run)}`)).result.pack);
    });
    valueOf(await take(listOf(40, { category: 'registered-poor' }), beside));
    await keepVisit(store, visit(`C${String(run)}`));
    settled.push((await settle(`C${String(run)}`)).result.pack);
    expect(settled).toEqual(['self-pay', 'pingjiang-2017']);
    expect((await verifyFolder({ store })).checks.filter(({ ok }) => !ok)).toEqual([]);
  });
});

describe('a register of cards taken in in parts', () => {
  const cards = (count: number, state = 'valid') =>
    Array.from({ length: count }, (_, card) => ({
      kind: 'social-security',
      number: `C${String(run)}${String(card).padStart(6, '0')}`,
      idNumber: numberOf(0),
      name: '张0',
      state,
    }));
  const takeCards = async (rows: readonly unknown[], more: Partial<RegisterDependencies> = {}) => {
    const file = join(folder, `cards-${String(run)}.json`);
    await writeFile(file, JSON.stringify(rows));
    return importCards(dependencies(more), file, source());
  };
  const states = (count: number) =>
    store.read(async ({ cards: all }) => {
      const found = [];
      for (const { number } of cards(count)) {
        found.push((await all.find('social-security', number)).map(({ state }) => state).join());
      }
      return found;
    });

  it('counts whole or not at all, and goes on after a break', async () => {
    valueOf(await takeCards(cards(30)));
    const seen = new Set<string>();
    const look = async () => {
      seen.add(String(await states(31)));
    };
    const broken = slowRows(store, 2, async () => {
      await look();
      if (seen.size > 0) throw new Error('killed');
    });
    const lost = cards(31, 'lost').slice(1);
    await expect(takeCards(lost, broken)).rejects.toThrow('killed');
    const whole = slowRows(store, 2, look);
    expect(valueOf(await takeCards(lost, whole))).toMatchObject({ cards: 30, before: 30 });
    expect(Math.max(...whole.held)).toBeLessThanOrEqual(50);
    expect(seen.size).toBe(1);
    expect(await states(31)).toEqual(['', ...Array<string>(30).fill('lost')]);
    expect(valueOf(await takeCards(cards(31)))).toMatchObject({ before: 30 });
    expect(await states(31)).toEqual(Array<string>(31).fill('valid'));
  });
});
