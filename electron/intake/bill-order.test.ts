import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { receivedAsJson } from '../database/bill-identity.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import {
  colonCancer,
  dependenciesOn,
  ownPacks,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { showBillQuestion } from '../settlement/show-bill-question.ts';
import { answerBillQuestion, openBillQuestions } from './answer-bill-question.ts';
import { importFiles, tryFile } from './import-files.ts';
import { keepPreparedVisit, prepareVisit } from './keep-visit-document.ts';
import type { BillArrival } from './order-of-arrival.ts';

const colon: SettlementInput = await colonCancer();
const { id: visitId } = colon.visit;
let store: TestStore;
let folder: string;
beforeEach(async () => {
  store = await createTestStore();
  folder = await mkdtemp(join(tmpdir(), 'bill-order-'));
});
afterEach(async () => {
  await store.remove();
  await rm(folder, { recursive: true, force: true });
});

const dependencies = () => ({ store, clock: testClock, ids: timeOrderedIds() });
const minutes = (by: number): Date => new Date(testClock.now().getTime() + by * 60_000);
const at = (by: number): string => shanghaiInstant(minutes(by));
type Sent = { readonly version?: number; readonly at?: string };
/** The bill with another bed: another bill of the same visit. */
const bill = (bed: string, sent?: Sent): object => ({
  ...encodeSettlementInput({ ...colon, yearToDate: null, visit: { ...colon.visit, bed } }),
  ...(sent === undefined ? {} : { sent }),
});
/** By a door that knows nothing of when a bill was made. */
const push = (document: object, made: BillArrival['made'] = null) =>
  keepPreparedVisit(dependencies(), prepareVisit(receivedAsJson(document)), {
    source: 'a sender',
    made,
  });
async function file(name: string, document: object, madeMinutes: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(document));
  await utimes(path, minutes(madeMinutes), minutes(madeMinutes));
  return path;
}
const take = async (path: string): Promise<readonly string[]> => {
  const report = await importFiles(dependencies(), [path]);
  return [...report.accepted.map(() => 'taken'), ...report.refused.map(({ code }) => code)];
};
const bed = async () => (await store.read(({ visits }) => visits.find(visitId)))?.visit.bed;
const billVersion = async () =>
  (await store.read(({ visits }) => visits.find(visitId)))?.billVersion ?? 0;
const open = async () => openBillQuestions({ store }, { limit: 10 });
const acts = async (act: string) =>
  (await store.read(({ audit }) => audit.list({ after: 0, limit: 100 }))).filter(
    (entry) => entry.act === act,
  );
const answer = async (questionId: string, isNewer: boolean, version?: number) =>
  answerBillQuestion(dependencies(), {
    ...{ questionId, isNewer, billVersion: version ?? (await billVersion()) },
    ...{ reason: '病区核对', by: 'clerk1' },
  });

describe('a bill that comes late', () => {
  it('is told by the version of its sender, whatever the door and the order they come in', async () => {
    valueOf(await push(bill('2', { version: 2 })));
    expect(refusalOf(await push(bill('1', { version: 1 })))).toBe('bill-late');
    expect(await take(await file('old.json', bill('1', { version: 1 }), 500))).toEqual([
      'bill-late',
    ]);
    expect(await bed()).toBe('2');
    expect(valueOf(await push(bill('3', { version: 3 }))).outcome).toBe('replaced');
    expect(await bed()).toBe('3');
    expect(await open()).toEqual([]);
  });

  it('is told by the time of its sender', async () => {
    valueOf(await push(bill('2', { at: '2017-11-27 08:30:00' })));
    expect(refusalOf(await push(bill('1', { at: '2017-11-27T00:29:59Z' })))).toBe('bill-late');
    expect(valueOf(await push(bill('3', { at: '2017-11-27T08:30:01+08:00' }))).outcome).toBe(
      'replaced',
    );
  });

  it('is told by the time of its file: a refused one that is tried again replaces no newer one', async () => {
    const old = await file('old.json', bill('1'), -60);
    const newer = await file('newer.json', bill('2'), -30);
    expect(await take(newer)).toEqual(['taken']);
    expect(await take(old)).toEqual(['bill-late']);
    const tried = await tryFile(dependencies(), old);
    expect(tried.refused.map(({ code }) => code)).toEqual(['bill-late']);
    expect(await bed()).toBe('2');
    // Made anew it is the newest.
    await utimes(old, minutes(-1), minutes(-1));
    expect(await take(old)).toEqual(['taken']);
    expect(await bed()).toBe('1');
  });

  it('is told by the columns of a table as well', async () => {
    valueOf(await push(bill('2', { version: 7 })));
    const header = 'visit.id,sent.version';
    const report = await importFiles(dependencies(), [
      await (async () => {
        const path = join(folder, 'old.csv');
        await writeFile(path, `${header}\n${visitId},x\n`);
        return path;
      })(),
    ]);
    expect(report.refused.some(({ column }) => column === 'sent.version')).toBe(true);
  });

  it('says nothing of now where it is the bill in force once more, and after it another one is later', async () => {
    valueOf(await push(bill('1', { version: 1 })));
    valueOf(await push(bill('2', { version: 2 })));
    valueOf(await push(bill('1', { version: 3 })));
    // Sent again by a sender that had no answer: nothing changes, and it is no fault.
    expect(refusalOf(await push(bill('2', { version: 2 })))).toBe('bill-late');
    expect(valueOf(await push(bill('1', { version: 1 }))).outcome).toBe('same');
    // Had the old word been taken for the bill's time, this one would pass.
    expect(refusalOf(await push(bill('9', { version: 2 })))).toBe('bill-late');
    expect(await bed()).toBe('1');
  });

  it('is not put beside a settlement that was made by a newer one', async () => {
    const packs = await ownPacks();
    valueOf(await push(bill('2', { version: 2 })));
    const settled = valueOf(
      await settleVisit(dependenciesOn(store, packs), { visitId, by: 'cashier1' }),
    );
    expect(refusalOf(await push(bill('1', { version: 1 })))).toBe('bill-late');
    expect(valueOf(await push(bill('4', { version: 4 }))).outcome).toBe('set-aside');
    expect(refusalOf(await push(bill('3', { version: 3 })))).toBe('bill-late');
    // What is taken over with the cancellation keeps its version.
    valueOf(
      await cancelSettlement(dependenciesOn(store, packs), {
        ...{ settlementId: settled.settlement.settlementId, reason: '费用有变' },
        ...{ by: 'cashier1', approvedBy: 'supervisor1' },
      }),
    );
    expect(await bed()).toBe('4');
    expect(refusalOf(await push(bill('3', { version: 3 })))).toBe('bill-late');
  });

  it('may not be dated ahead, or every later one would seem older', async () => {
    expect(refusalOf(await push(bill('1', { at: at(60 * 48) })))).toBe('sent-in-future');
    expect(await bed()).toBeUndefined();
  });
});

describe('two bills of which nothing tells which is newer', () => {
  beforeEach(async () => {
    valueOf(await push(bill('1', { version: 1 })));
    expect(refusalOf(await push(bill('2')))).toBe('bill-order-unknown');
  });

  it('wait for a person with both sides, once however often the second comes, and nothing is replaced', async () => {
    expect(refusalOf(await push(bill('2')))).toBe('bill-order-unknown');
    const [question, ...more] = await open();
    expect(more).toEqual([]);
    expect(await bed()).toBe('1');
    const shown = valueOf(await showBillQuestion({ store }, question?.id ?? ''));
    expect(shown.known.visit.bed).toBe('1');
    expect(shown.difference.facts).toContainEqual({ path: ['visit', 'bed'], was: '1', now: '2' });
    expect(await acts('ask-about-bill')).toHaveLength(1);
  });

  it('newer: the second is taken with the word for it in one step', async () => {
    const [{ id } = { id: '' }] = await open();
    expect(valueOf(await answer(id, true)).refusal).toBeNull();
    expect(await bed()).toBe('2');
    expect(await open()).toEqual([]);
    const [entry] = await acts('answer-bill-question');
    expect(entry).toMatchObject({ who: 'clerk1', about: visitId });
    expect(entry?.detail_json).toContain('病区核对');
    expect(refusalOf(await answer(id, true))).toBe('bill-question-answered');
  });

  it('older: the first stays, and the second is not asked about again', async () => {
    const [{ id } = { id: '' }] = await open();
    expect(valueOf(await answer(id, false)).refusal).toBeNull();
    expect(await bed()).toBe('1');
    expect(refusalOf(await push(bill('2')))).toBe('bill-late');
    expect(await open()).toEqual([]);
    // Its sender can say that it is the newer one all the same.
    expect(valueOf(await push(bill('2', { version: 2 }))).outcome).toBe('replaced');
  });

  it('are compared anew where another bill came into force meanwhile', async () => {
    const [{ id } = { id: '' }] = await open();
    const compared = await billVersion();
    valueOf(await push(bill('5', { version: 5 })));
    expect(refusalOf(await answer(id, true, compared))).toBe('bill-question-moved');
    expect(await bed()).toBe('5');
    expect(refusalOf(await answer(id, false, -1))).toBe('bill-question-moved');
    expect(refusalOf(await answer('none', false))).toBe('bill-question-unknown');
  });

  it('are no question any more once a bill came that is later than both', async () => {
    const [{ id } = { id: '' }] = await open();
    expect(valueOf(await push(bill('5'), { at: at(1), by: 'read' })).outcome).toBe('replaced');
    expect(await open()).toEqual([]);
    expect(refusalOf(await answer(id, true))).toBe('bill-question-answered');
  });

  it('need a reason', async () => {
    const [{ id } = { id: '' }] = await open();
    const said = await answerBillQuestion(dependencies(), {
      ...{ questionId: id, isNewer: true, billVersion: 1, reason: ' ', by: 'clerk1' },
    });
    expect(refusalOf(said)).toBe('bill-question-reason-missing');
    expect(await bed()).toBe('1');
  });
});

it('a version that contradicts its time, or says the same of two bills, tells nothing', async () => {
  valueOf(await push(bill('1', { version: 5, at: at(0) })));
  expect(refusalOf(await push(bill('2', { version: 6, at: at(-5) })))).toBe('bill-order-unknown');
  expect(refusalOf(await push(bill('3', { version: 5, at: at(0) })))).toBe('bill-order-unknown');
  expect(await bed()).toBe('1');
});

it('what was only tried is neither asked nor kept', async () => {
  valueOf(await push(bill('1', { version: 1 })));
  const path = await file('a.json', bill('2'), 1);
  const tried = await tryFile(dependencies(), path);
  expect(tried.refused.map(({ code }) => code)).toEqual(['bill-order-unknown']);
  expect(await open()).toEqual([]);
  expect(await take(path)).toEqual(['bill-order-unknown']);
  expect(await open()).toHaveLength(1);
});
