import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import { freshYear } from '../../shared/policy/rules/advance-year.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { OutsideScopeError, type Scope } from './held-keys.ts';
import type { Repositories, Store } from './store.ts';
import { createTestStore, type TestStore } from './test-store.ts';

const packs = await ownPacks();
const input = await colonCancer();
const at = '2017-11-27T10:15:00.000+08:00';

let prepared: TestStore;
let store: TestStore;
/** The settlement of visit A. Visit B is another person's. */
let settlementId: string;
let personOf: Record<'A' | 'B', string>;
const year = freshYear({ year: 'discharge' }, input);

beforeAll(async () => {
  prepared = await createTestStore();
  const other = { ...input.person, idNumber: '430626195001010024', name: '李四' };
  await keepVisit(prepared, { ...input, visit: { ...input.visit, id: 'A' }, yearToDate: null });
  await keepVisit(prepared, {
    ...input,
    person: other,
    visit: { ...input.visit, id: 'B' },
    yearToDate: null,
  });
  const dependencies = dependenciesOn(prepared, packs);
  const settled = valueOf(await settleVisit(dependencies, { visitId: 'A', by: 'cashier1' }));
  ({ settlementId } = settled.settlement);
  personOf = await prepared.read(async ({ visits }) => ({
    A: (await visits.find('A'))?.personId ?? '',
    B: (await visits.find('B'))?.personId ?? '',
  }));
  await prepared.close();
});
afterAll(async () => {
  await prepared.remove();
});
beforeEach(async () => {
  store = await createTestStore(prepared);
});
afterEach(async () => {
  await store.remove();
});

const holdingA: Scope = { visits: ['A'] };
const holdingB: Scope = { visits: ['B'] };

type Write = (all: Repositories) => Promise<unknown>;

/** Writes to A, its person, its settlement and its claims. */
const writes: Readonly<Record<string, Write>> = {
  'visits.setState': ({ visits }) => visits.setState('A', 'settled'),
  'counters.applyChanges': ({ counters }) =>
    counters.applyChanges({
      settlementId,
      personId: personOf.A,
      after: year,
      changes: { 'something-new': 1 },
    }),
  'counters.revertChanges': ({ counters }) => counters.revertChanges(settlementId),
  'persons.replaceCategories': ({ persons }) => persons.replaceCategories(personOf.A, '民政局', []),
  'persons.upsertFromVisit': ({ persons }) =>
    persons.upsertFromVisit({ newId: 'new', person: input.person, visitId: 'V', at }),
  'settlements.markRecorded': ({ settlements }) => settlements.markRecorded(settlementId),
  'settlements.setMessageIds': ({ settlements }) => settlements.setMessageIds(settlementId, {}),
  'settlements.insertIntent': ({ settlements }) =>
    settlements.insertIntent({
      settlementId: 'another',
      visitId: 'A',
      part: 2,
      billVersion: 1,
      messageIds: {},
      businessDate: '2017-11-27',
      at,
      by: 'cashier1',
    }),
  'settlements.cancel': ({ settlements }) =>
    settlements.cancel({
      id: 'cancellation',
      settlement_id: settlementId,
      reason: '录入有误',
      cancelled_at: at,
      cancelled_by: 'cashier1',
      approved_by: 'supervisor1',
      business_date: '2017-11-27',
    }),
  'claims.withdrawForCancellation': ({ claims }) =>
    claims.withdrawForCancellation(settlementId, at, () => false),
  'claims.markSent': async ({ claims }) => {
    for (const { id } of await claims.ofSettlement(settlementId))
      await claims.markSent(id, at, '{}');
  },
  'claims.keepOutcome': async ({ claims }) => {
    const problem = { code: 'x', words: 'x' };
    for (const { id } of await claims.ofSettlement(settlementId)) {
      await claims.keepOutcome(id, at, { kind: 'unknown', problem });
    }
  },
  'printJobs.queueCopy': ({ printJobs }) =>
    printJobs.queueCopy({
      id: 'copy',
      settlementId,
      document: 'receipt',
      createdAt: at,
      createdBy: 'cashier1',
    }),
  'printJobs.withdrawForCancellation': ({ printJobs }) =>
    printJobs.withdrawForCancellation(settlementId, at),
  'hospitalFiles.queue': ({ hospitalFiles }) =>
    hospitalFiles.queue({
      id: 'file',
      settlementId,
      kind: 'cancelled',
      payload: {},
      createdAt: at,
    }),
};

/** Writes that belong to no visit and no person. */
const writesOfAll: Readonly<Record<string, Write>> = {
  'folderFacts.set': ({ folderFacts }) => folderFacts.set('a', 1),
  'cards.write': ({ cards }) => cards.write({ source: '人社局', counts: 0 }, []),
  'cards.sweep': async ({ cards }) => {
    await cards.sweep({ source: '人社局', counts: 0 }, 1);
  },
  'registerPersons.write': ({ registerPersons }) =>
    registerPersons.write({ source: '民政局', counts: 0 }, [], at),
  'registerPersons.sweep': async ({ registerPersons }) => {
    await registerPersons.sweep({ source: '民政局', counts: 0 }, 1);
  },
  'registers.begin': ({ registers }) =>
    registers.begin({ kind: 'persons', source: '民政局' }, 'import'),
  'registers.finish': ({ registers }) => registers.finish({ kind: 'persons', source: '民政局' }),
  'uploads.open': ({ uploads }) =>
    uploads.open({ id: 'run', businessDate: '2017-11-27', at, who: 'clerk1' }),
  'payerReturns.finish': ({ payerReturns }) =>
    payerReturns.finish('none', { kind: 'answers', at, findings: [] }),
  'claims.finishBatch': ({ claims }) => claims.finishBatch('batch', ['a']),
};

describe('a unit of work with a scope', () => {
  it.each(Object.entries(writes))('that holds another visit does not do %s', async (_, write) => {
    await expect(store.transact(write, holdingB)).rejects.toBeInstanceOf(OutsideScopeError);
  });

  it.each(Object.entries(writes))('that holds the visit does %s', async (_, write) => {
    await store.transact(write, holdingA);
  });

  it.each(Object.entries(writesOfAll))(
    'never does %s; one that is alone does',
    async (_, write) => {
      await expect(store.transact(write, holdingA)).rejects.toBeInstanceOf(OutsideScopeError);
      await store.transact(write);
    },
  );

  it('keeps nothing of what it did before it wrote outside', async () => {
    const half: Write = async (all) => {
      await all.counters.applyChanges({
        settlementId,
        personId: personOf.A,
        after: year,
        changes: { 'something-new': 1 },
      });
      await all.visits.setState('B', 'settled');
    };
    await expect(store.transact(half, holdingA)).rejects.toThrow('the visit B outside its scope');
    const changes = await store.read(({ counters }) => counters.changesOf(settlementId));
    expect(changes['something-new']).toBeUndefined();
  });

  it('holds persons named beside the visits, and each visit’s own', async () => {
    const both: Write = async ({ persons }) => {
      await persons.replaceCategories(personOf.A, '民政局', []);
      await persons.replaceCategories(personOf.B, '民政局', []);
    };
    await store.transact(both, { visits: ['A'], persons: [personOf.B] });
    await store.transact(both, { visits: ['B', 'A', 'A'] });
    await expect(store.transact(both, holdingA)).rejects.toBeInstanceOf(OutsideScopeError);
  });

  it('takes the rows that every window needs last and in one order', async () => {
    const entry = { at, who: 'a', act: 'b', about: 'c', detail: {} };
    const backwards: Write = async ({ audit, claims }) => {
      await audit.append(entry);
      await claims.nextMessageId('H43062600001', at);
    };
    await expect(store.transact(backwards, holdingA)).rejects.toThrow(
      'message_sequences is taken after audit_head',
    );
    await store.transact(async ({ audit, claims }) => {
      await claims.nextMessageId('H43062600001', at);
      await claims.nextMessageId('H43062600001', at);
      await audit.append(entry);
      await audit.append(entry);
    }, holdingA);
  });
});

describe('the acts of settling', () => {
  it('name what they change: settling and cancelling run with a scope', async () => {
    const scopes: (Scope | undefined)[] = [];
    const watched: Store = {
      ...store,
      transact: (work, scope) => {
        scopes.push(scope);
        return store.transact(work, scope);
      },
    };
    const dependencies = {
      ...dependenciesOn(watched, packs),
      clock: testClock,
      ids: timeOrderedIds(),
    };
    const settled = valueOf(await settleVisit(dependencies, { visitId: 'B', by: 'cashier1' }));
    const by = { by: 'cashier1', approvedBy: 'supervisor1', reason: '录入有误' };
    valueOf(
      await cancelSettlement(dependencies, {
        settlementId: settled.settlement.settlementId,
        ...by,
      }),
    );
    expect(scopes).toEqual([holdingB, holdingB, { visits: ['B'], persons: [personOf.B] }]);
  });
});
