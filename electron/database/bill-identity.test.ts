import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import { randomInput } from '../../shared/policy/visits.test-support.ts';
import { billIdentityOf, isBillOf, receivedAsJson } from './bill-identity.ts';
import { canonicalJson, sha256 } from './canonical-json.ts';
import { billTextOfVersion0 } from './stored-documents/bill-encoding-0.ts';

const numRuns = 100 * Number(process.env['TEST_DEPTH'] ?? '1');

const visit = { id: 'ZY1', charges: [{ line: 1, amount: '10' }] };
const person = { name: '张三', idNumber: '430626195001010016', categories: [] };

function identityOf(document: unknown) {
  const identity = billIdentityOf(receivedAsJson(document));
  if (identity === null) throw new Error('no identity');
  return identity;
}

describe('the identity of a bill', () => {
  it('is that of its fields, in whatever order they stand', () => {
    const turned = { person: { ...person }, visit: { charges: visit.charges, id: visit.id } };
    expect(identityOf(turned)).toMatchObject({
      bill: identityOf({ visit, person }).bill,
      received: identityOf({ visit, person }).received,
    });
  });

  it.each([
    ['an amount written otherwise', { ...visit, charges: [{ line: 1, amount: '10.00' }] }],
    ['an empty list', { ...visit, procedures: [] }],
    ['a field nobody knows', { ...visit, later: true }],
  ])('is another one with %s', (_name, other) => {
    expect(identityOf({ visit: other, person }).bill).not.toBe(identityOf({ visit, person }).bill);
  });

  it('leaves the year out; what was received does not', () => {
    const withYear = identityOf({ visit, person, yearToDate: { year: 2017 } });
    expect(withYear.bill).toBe(identityOf({ visit, person }).bill);
    expect(withYear.received).not.toBe(identityOf({ visit, person }).received);
    expect(identityOf({ visit, person, yearToDate: null }).received).toBe(
      identityOf({ visit, person }).received,
    );
  });

  it('is none where something is nested deeper than any bill', () => {
    let deep: unknown = {};
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(billIdentityOf(receivedAsJson({ visit: deep, person }))).toBeNull();
    expect(() => identityOf(null)).not.toThrow();
  });

  it('is by the old text for bills of version 0', () => {
    const loose = { ...visit, procedures: [], blockers: [], deposit: '0' };
    const old = { bill_hash: sha256(billTextOfVersion0({ visit, person })), input_version: 0 };
    expect(isBillOf(identityOf({ visit: loose, person }), old)).toBe(true);
    expect(isBillOf(identityOf({ visit: { ...loose, bed: '7' }, person }), old)).toBe(false);
  });
});

describe('the text of a bill of version 0', () => {
  it('is that of every bill as it was encoded then', () => {
    fc.assert(
      fc.property(randomInput, (input) => {
        const json: unknown = JSON.parse(JSON.stringify(encodeSettlementInput(input)));
        if (!settlementInputFromVisitJson(json).ok) return;
        const { visit: encoded, person: whose } = json as Record<string, unknown>;
        expect(billTextOfVersion0(json)).toBe(canonicalJson({ visit: encoded, person: whose }));
      }),
      { numRuns },
    );
  });

  it('fills in what was left out', () => {
    const received = {
      visit: {
        ...visit,
        charges: [{ line: 1, amount: '-10.5', firstSelfPayRatio: null }],
        deposits: [{ amount: '7' }, { amount: '0.05' }],
        referral: { deductiblePaid: '1' },
      },
      person: { ...person, idNumber: ' 43062619500101001x', categories: [{ name: 'disabled' }] },
    };
    expect(JSON.parse(billTextOfVersion0(received))).toEqual({
      visit: {
        id: 'ZY1',
        procedures: [],
        referral: { deductiblePaid: '1.00', previousVisitId: null },
        charges: [{ line: 1, amount: '-10.50', firstSelfPayRatio: '0' }],
        deposit: '7.05',
        deposits: [{ amount: '7.00' }, { amount: '0.05' }],
      },
      person: { ...person, idNumber: '43062619500101001X', categories: ['disabled'] },
    });
  });
});
