import { describe, expect, it } from 'vitest';

import { contractNames } from '../../shared/contracts/contract-names.ts';
import { contracts } from '../../shared/contracts/contracts.ts';
import type { CopiedState } from '../../shared/contracts/contract.ts';
import { accepted, refused } from '../../shared/domain/result.ts';
import { problemInWords } from '../app/problem-in-words.ts';
import { DatabaseBusyError } from '../database/database-errors.ts';
import { createTestStore } from '../database/test-store.ts';
import { callRefusal } from './call-refusals.ts';
import { asPromised, makeCallDoor, type CallHandlers, type Caller } from './handle-call.ts';

const cashier: Caller = {
  sessionId: 'page',
  userId: 'cashier1',
  name: '收费员一',
  role: 'cashier',
};

/** A door whose handlers answer what a test says; none of them is reached unless the door lets it. */
function door(answer: () => unknown, copied: CopiedState | Error = 'none') {
  const faults: { number: string; problem: unknown }[] = [];
  let reached = 0;
  const handle = () => {
    reached += 1;
    return Promise.resolve().then(answer);
  };
  const handlers = Object.fromEntries(contractNames.map((name) => [name, handle]));
  const call = makeCallDoor(
    handlers as unknown as CallHandlers,
    problemInWords,
    (fault) => faults.push(fault),
    () => 'f00001',
    () => (copied instanceof Error ? Promise.reject(copied) : Promise.resolve(copied)),
  );
  return { call, faults, reached: () => reached };
}

describe('the one way in for calls', () => {
  it('names every contract as its own key, and the preload knows the same names', () => {
    expect(Object.keys(contracts).sort()).toEqual([...contractNames].sort());
    for (const name of contractNames) expect(contracts[name].name).toBe(name);
  });

  it('has no contract that promises a refusal which nothing gives: the compiler refuses it', () => {
    const give = {} as CallHandlers;
    const neverRefused = { 'settlement:show': () => Promise.resolve(accepted({} as never)) };
    expect(asPromised(give)).toBe(give);
    // @ts-expect-error promised is `settlement-not-found`
    expect(asPromised({ ...give, ...neverRefused })).toEqual(neverRefused);
  });

  it('answers no text that turns or steers the line it is shown in, and no refusal with one', async () => {
    const bed = '12\u202E';
    const shown = door(() => accepted({ requestId: `\u2066${bed}`, already: false }));
    const request = { act: 'cancel-settlement', about: 'x', reason: 'y' };
    const answer = await shown.call('second-person:ask', request, cashier);
    expect(JSON.stringify(answer)).not.toMatch(/[\u202E\u2066]/u);
    const refuses = door(() => refused(callRefusal('unknown-call', { name: bed })));
    const said = await refuses.call('second-person:ask', request, cashier);
    expect(JSON.stringify(said)).toContain('12');
    expect(JSON.stringify(said)).not.toContain('\u202E');
  });

  it('says of every call that kept anything whether that is in the second place, and of no other', async () => {
    const kept = await createTestStore();
    try {
      const keeps = () =>
        kept.transact(({ folderFacts }) => folderFacts.set('a', 1)).then(() => accepted({}));
      const refuses = () => keeps().then(() => refused(callRefusal('unknown-call', { name: 'x' })));
      const reads = () =>
        kept.read(({ folderFacts }) => folderFacts.get('a')).then(() => accepted({}));
      const say = async (answer: () => unknown) => {
        const made = door(answer, 'not-yet');
        return (
          await made.call('card:confirm-person', { visitId: 'V', code: 'name-differs' }, cashier)
        ).secondPlace;
      };
      expect(await say(keeps)).toBe('not-yet');
      expect(await say(refuses)).toBe('not-yet');
      expect(await say(reads)).toBeUndefined();
      // What was kept is kept, also where nobody can say what became of the copying.
      const unsure = door(keeps, new DatabaseBusyError('SQLITE_BUSY', 'busy'));
      const input = { visitId: 'V', code: 'name-differs' };
      expect(await unsure.call('card:confirm-person', input, cashier)).toMatchObject({
        ok: true,
        secondPlace: 'not-yet',
      });
    } finally {
      await kept.remove();
    }
  });

  it('turns away a call that is no contract', async () => {
    const { call, reached } = door(() => accepted({}));
    const answer = await call('fs:read', {}, cashier);
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'unknown-call' } });
    expect(reached()).toBe(0);
  });

  it('turns away a role that may not make the call', async () => {
    const { call, reached } = door(() => accepted({}));
    const auditor: Caller = {
      sessionId: 'page',
      userId: 'auditor1',
      name: '审计员一',
      role: 'auditor',
    };
    const input = { visitId: 'V', billVersion: 1, patientPaysFen: 1, tenders: [] };
    const answer = await call('settlement:settle-visit', input, auditor);
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'not-allowed' } });
    expect(reached()).toBe(0);
  });

  it.each([
    ['an unknown field', { visitId: 'V', more: 1 }],
    ['a missing field', {}],
    ['a wrong type', { visitId: 7 }],
    ['no object', null],
  ])('refuses input with %s before anything is done', async (_, input) => {
    const { call, reached } = door(() => accepted({}));
    const answer = await call('settlement:preview', input, cashier);
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'bad-input' } });
    expect(reached()).toBe(0);
  });

  it.each(['', '   ', '\t\n', '　'])('takes %j for no reason to print again', async (reason) => {
    const { call, reached } = door(() => accepted({}));
    const input = { settlementId: 'S', document: 'receipt', reason };
    const answer = await call('documents:print-again', input, cashier);
    expect(answer).toMatchObject({ refusal: { code: 'bad-input', place: '/reason' } });
    expect(reached()).toBe(0);
  });

  it.each([1.5, Number.NaN, 2 ** 53, '100'])('takes %s for no amount in fen', async (amount) => {
    const { call } = door(() => accepted({}));
    const input = { visitId: 'V', billVersion: 1, patientPaysFen: amount, tenders: [] };
    const answer = await call('settlement:settle-visit', input, cashier);
    expect(answer).toMatchObject({ refusal: { code: 'bad-input', place: '/patientPaysFen' } });
  });

  it('never lets out what was not agreed: that is a fault with a number for the clerk', async () => {
    const { call, faults } = door(() => accepted({ idNumber: '430626195001010016' }));
    const answer = await call('visits:find', { text: 'x' }, cashier);
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'program-fault' } });
    expect(JSON.stringify(answer)).not.toContain('430626195001010016');
    expect(faults.map(({ number }) => number)).toEqual(['f00001']);
  });

  it('says a locked database in words, for it passes', async () => {
    const { call, faults } = door(() => {
      throw new DatabaseBusyError('SQLITE_BUSY', 'locked');
    });
    const answer = await call('desk:state', {}, cashier);
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'database-busy' } });
    expect(faults).toEqual([]);
  });
});
