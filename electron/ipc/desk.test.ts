import { describe, expect, it } from 'vitest';

import { roles } from '../../shared/contracts/contract.ts';
import type { PrintJob } from '../database/print-jobs-repository.ts';
import { deskCalls } from './desk.ts';
import type { DeskParts } from './desk-parts.ts';

/** A sheet of a patient’s that may have come out. */
const sheet = {
  ...{ id: 'sheet', settlementId: 'S-1', document: 'receipt', copyNumber: 0, state: 'unknown' },
  ...{ updatedAt: '2026-11-30T08:00:00+08:00', problem: null },
} as unknown as PrintJob;

function deskWithUncertainSheet() {
  const repositories = {
    printJobs: { inState: () => Promise.resolve([sheet]) },
    claims: { outboxSummary: () => Promise.resolve({ waiting: 0, oldestCreatedAt: null }) },
    visits: { countOpenSetAsideBills: () => Promise.resolve(0) },
    settlements: {
      find: () => Promise.resolve({ number: 'JS20261130-0001' }),
      inputOf: () => Promise.resolve({ person: { name: '谢雪英' } }),
    },
  };
  const parts = {
    services: {
      folder: { kind: 'live', home: '/nowhere/live' },
      store: {
        read: (work: (all: typeof repositories) => unknown) => work(repositories),
        readingOnly: () => null,
        noRoom: () => null,
      },
      clock: { businessDate: () => '2026-11-30' },
      hospital: { code: 'H1', name: '医院' },
      secondPlace: { state: () => Promise.resolve({ place: null }) },
    },
    cards: { deviceState: () => ({}) },
    printer: null,
    queue: { uncertain: () => [{ ...sheet, settlementId: 'S-2' }] },
    keyCopyCheckedAt: () => Promise.resolve(null),
    unwrittenLog: () => null,
    cautions: () => [],
    countIntakeRefusals: () => Promise.resolve(0),
  };
  return deskCalls(parts as unknown as DeskParts);
}

describe('the state of the desk', () => {
  it('names no patient to whom no patient is shown', async () => {
    const told: string[] = [];
    for (const role of roles) {
      const caller = { userId: 'u', name: 'u', role, sessionId: 'p' };
      const state = await deskWithUncertainSheet()['desk:state']({}, caller);
      if (JSON.stringify(state).includes('谢*英')) told.push(role);
    }
    expect(told).toEqual(['cashier', 'supervisor', 'it-clerk', 'auditor']);
  });
});
