import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { decodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import {
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import type { SettlementDependencies } from '../settlement/settlement-dependencies.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { demoDocuments, demoVisitsToSettle } from './demo-data.ts';

let store: TestStore;
let dependencies: SettlementDependencies;

beforeEach(async () => {
  store = await createTestStore();
  dependencies = dependenciesOn(store, await ownPacks());
  for (const document of await demoDocuments()) {
    await keepVisit(store, valueOf(settlementInputFromVisitJson(document)).input);
  }
});
afterEach(() => store.remove());

const settle = (visitId: string) => settleVisit(dependencies, { visitId, by: 'cashier1' });

describe('the demo at the desk', () => {
  it('settles those that are settled at the start, then every other one that is ready', async () => {
    for (const id of demoVisitsToSettle) expect(refusalOf(await settle(id)), id).toBeNull();
    const notReady: string[] = [];
    for (const document of await demoDocuments()) {
      const { id } = decodeSettlementInput(document).visit;
      const refusal = refusalOf(await settle(id));
      if (refusal !== null) notReady.push(`${id} ${refusal}`);
    }
    expect(notReady).toEqual([
      'ZY20171118012 visit-not-ready',
      'ZY20171121013 visit-not-ready',
      'ZY20171119014 visit-not-ready',
    ]);
  });

  it('comes to the published figures, a refund of a deposit, and a critical illness', async () => {
    const published = valueOf(await settle('ZY20171110001')).settlement.result;
    expect(published.patientPaysFen).toBe(135_800);
    const refund = valueOf(await settle('ZY20171122016')).settlement.result;
    expect(refund.due.toRefundFen).toBe(215_603);
    const grave = valueOf(await settle('ZY20171021017')).settlement.result;
    const share = grave.shares.find(({ step }) => step === 'critical-illness');
    expect(share?.amountFen).toBe(103_354);
  });

  it('leaves to themselves those whom no policy pack covers', async () => {
    for (const id of ['ZY20171120007', 'ZY20171119008', 'ZY20171116009', 'MZ20171127021']) {
      const { shares, totalFen, patientPaysFen } = valueOf(await settle(id)).settlement.result;
      expect(shares, id).toEqual([]);
      expect(patientPaysFen, id).toBe(totalFen);
    }
  });
});
