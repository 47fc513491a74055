import { expect } from 'vitest';

import { originUnknown } from '../../shared/domain/bill-order.ts';
import type { Repositories } from './store.ts';

/** Which of two bills is the newer one: asked, listed and answered; when each was made; and those set aside. */
export async function billsOnce(
  { billQuestions, visits }: Repositories,
  at: string,
): Promise<void> {
  await visits.openSetAsideBills({ limit: 5, after: '0' });
  await visits.findSetAsideBill('0');
  await visits.explainSetAsideBill({ id: '0', visit_id: 'A' });
  await visits.countOpenSetAsideBills();
  await visits.lastReceivedAt();
  await visits.countUnsettled();
  expect(await visits.originsOf('A')).not.toEqual([]);
  const made = { at, by: 'file' } as const;
  const origin = { sentVersion: 1, made };
  await visits.refresh('A', { receivedAt: at, source: 'a test', origin });
  expect((await visits.originsOf('A'))[0]).toMatchObject(origin);
  await billQuestions.ask({
    ...{ id: 'bq', visitId: 'A', knownHash: 'k', source: 'a test', receivedAt: at },
    ...{ origin: originUnknown, document: {}, hashes: { bill: 'b', received: 'r' } },
  });
  expect(await billQuestions.find('bq')).toMatchObject({ state: 'open' });
  expect(await billQuestions.ofVisit('A')).toHaveLength(1);
  expect(await billQuestions.open({ limit: 1 })).toHaveLength(1);
  expect(await billQuestions.countOpen()).toBe(1);
  const by = 'supervisor1';
  await billQuestions.answer('bq', { state: 'older', at, by, reason: 'x' });
  expect(await billQuestions.countOpen()).toBe(0);
}

/** A sender that pushes bills, and a result that is called back. */
export async function pushesOnce(
  { pushSenders, resultCalls, hospitalFiles }: Repositories,
  { at, settlementId }: { readonly at: string; readonly settlementId: string },
): Promise<void> {
  await pushSenders.add({ id: 'ps', name: 'HIS', tokenHash: 'hash', at, by: 'x' });
  expect(await pushSenders.findByToken('hash')).toMatchObject({ id: 'ps' });
  await pushSenders.notePush('ps', at);
  await pushSenders.end('ps', { at, by: 'x', reason: 'x' });
  expect(await pushSenders.findByToken('hash')).toBeNull();
  expect(await pushSenders.list()).toMatchObject([{ last_push_at: at, ended_at: at }]);
  const [file] = await hospitalFiles.ofSettlement(settlementId);
  if (file === undefined) return;
  const call = { file_id: file.id, visit_id: 'A', attempts: 1, last_at: at };
  await resultCalls.note({ ...call, state: 'trying', last_problem: 'http-500' });
  await resultCalls.note({ ...call, state: 'given-up', last_problem: 'http-500' });
  expect(await resultCalls.countGivenUp()).toBe(1);
  await resultCalls.waiting({ limit: 5 });
  await resultCalls.givenUp({ limit: 5, after: '0' });
  await resultCalls.forget(file.id);
  expect(await resultCalls.countGivenUp()).toBe(0);
}
