import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { previewVisit } from './preview-visit.ts';
import { settleVisit } from './settle-visit.ts';
import type { SettlementDependencies } from './settlement-dependencies.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  valueOf,
} from './settlement.test-support.ts';

let store: TestStore;
let dependencies: SettlementDependencies;
let colon: SettlementInput;
let made = 0;

beforeAll(async () => {
  store = await createTestStore();
  dependencies = dependenciesOn(store, await ownPacks());
  colon = await colonCancer();
});
afterAll(() => store.remove());

type Change = (input: SettlementInput) => SettlementInput;
const named =
  (name: string): Change =>
  (input) => ({ ...input, person: { ...input.person, name } });
const coded =
  (code: string): Change =>
  (input) => ({
    ...input,
    visit: { ...input.visit, hospital: { ...input.visit.hospital, code } },
  });

/** A visit as an earlier program kept it: no rule of intake was asked. */
function keep(change: Change): Promise<string> {
  made += 1;
  const input = change(colon);
  return keepVisit(store, { ...input, visit: { ...input.visit, id: `ZY${String(made)}` } });
}

describe('a stored visit of which no claim could ever be made', () => {
  it.each([
    ['blanks for a name', named('\u3000 '), 'name-blank'],
    ['a name longer than a claim takes', named('张'.repeat(51)), 'name-too-long'],
    ['a name with half a character', named('张\ud842'), 'name-unwritable'],
    [
      'a hospital code that the envelope does not take',
      coded('H4306260000123'),
      'hospital-code-too-long',
    ],
  ] as const)(
    '(%s) is shown with who supplies it and refused before any money moves',
    async (_what, change, code) => {
      const visitId = await keep(change);
      const preview = valueOf(await previewVisit(dependencies, { visitId }));
      expect(preview.confirmRefusal).toMatchObject({
        code: 'claim-incomplete',
        details: [{ code, text: expect.stringMatching(/登记处|信息科/) as string }],
      });
      const settled = await settleVisit(dependencies, { visitId, by: 'cashier1' });
      expect(refusalOf(settled)).toBe('claim-incomplete');
      await store.read(async ({ settlements, visits, claims }) => {
        expect(await settlements.findLive(visitId, 1)).toBeNull();
        expect(await settlements.openIntents(10)).toEqual([]);
        expect(await claims.list({ limit: 10 })).toEqual([]);
        expect((await visits.find(visitId))?.state).toBe('unsettled');
      });
    },
  );

  it('is counted in the queue as not complete', async () => {
    const visitId = await keep(named(' '));
    const found = await store.read(({ visits }) => visits.search(visitId, 5));
    expect(found[0]?.blockerCount).toBe(1);
  });

  it('is settled where the patient pays all of it, for nobody else is asked', async () => {
    const visitId = await keep((input) => {
      const nameless = named('张\n三')(input);
      return { ...nameless, person: { ...nameless.person, insurance: 'none' as const } };
    });
    const { settlement } = valueOf(await settleVisit(dependencies, { visitId, by: 'cashier1' }));
    expect(settlement.result.shares).toEqual([]);
  });
});
