import { describe, expect, it } from 'vitest';

import { roles } from '../../../shared/contracts/contract.ts';
import { actsOn, partsOf, waitingFor, type ListedRequest } from './request-acts.ts';

const request = (change: Partial<ListedRequest> = {}): ListedRequest => ({
  ...{ requestId: 'R', act: 'approve-business-date', about: '2026-11-30', visitId: null },
  ...{ settlement: null, reason: 'x', state: 'pending', askedBy: { id: 'a', name: 'a' } },
  ...{ askedAt: '2026-11-30T08:00:00+08:00', askedAtPage: null, decidedBy: null },
  ...{ expiresAt: '2026-12-10T08:00:00+08:00', decidedAt: null, decisionReason: null },
  ...{ emergencyReason: null, isReviewed: false, isOwn: false },
  ...change,
});
const emergency = { emergencyReason: '只有一人', state: 'used' } as const;

describe('what may be done with a request', () => {
  it('is deciding another’s for a supervisor alone, as long as it waits', () => {
    for (const role of roles) {
      const acts = actsOn(request(), role);
      expect([role, acts.first, acts.second]).toEqual(
        role === 'supervisor' ? [role, 'approve', 'refuse'] : [role, null, null],
      );
    }
    for (const state of ['approved', 'refused', 'used', 'expired', 'taken-back'] as const)
      expect(actsOn(request({ state }), 'supervisor').first).toBeNull();
  });

  it('is looking at an emergency of another, once', () => {
    expect(actsOn(request(emergency), 'supervisor').first).toBe('review');
    expect(actsOn(request({ ...emergency, isReviewed: true }), 'supervisor').first).toBeNull();
    expect(actsOn(request({ ...emergency, isOwn: true }), 'supervisor').first).toBeNull();
    expect(actsOn(request(emergency), 'auditor').first).toBeNull();
  });

  it('is taking back for who asked, and never deciding', () => {
    for (const role of ['cashier', 'supervisor'] as const) {
      expect(actsOn(request({ isOwn: true }), role)).toEqual({ first: null, second: 'take-back' });
      const approved = request({ isOwn: true, state: 'approved' });
      expect(actsOn(approved, role).second).toBe('take-back');
      expect(actsOn(request({ isOwn: true, state: 'used' }), role).second).toBeNull();
    }
  });

  it('is counted: what one decides or looks at, and own ones that may be used', () => {
    const requests = [
      request(),
      request(emergency),
      request({ isOwn: true }),
      request({ isOwn: true, state: 'approved' }),
    ];
    expect(waitingFor(requests, 'supervisor')).toBe(3);
    expect(waitingFor(requests, 'cashier')).toBe(1);
    // What another may use already waits for nobody.
    const { waiting, emergencies, own } = partsOf([...requests, request({ state: 'approved' })]);
    expect([waiting.length, emergencies.length, own.length]).toEqual([1, 1, 2]);
  });
});
