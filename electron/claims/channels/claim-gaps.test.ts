import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { claimGaps } from '../../../shared/domain/claim-gaps.ts';
import type { SettlementInput } from '../../../shared/domain/person.ts';
import type { SettledClaim } from '../channel.ts';
import { settledClaims } from '../settled-claim.test-support.ts';
import { ownChannels } from './channels.ts';

const destination = 'basic-medical-insurance';
let settled: () => SettledClaim;
beforeAll(async () => {
  settled = await settledClaims(destination);
});

type Odd = { name: string; idNumber: string; code: string; hospitalName: string; id: string };

function withTexts(input: SettlementInput, odd: Partial<Odd>): SettlementInput {
  const { visit, person } = input;
  const hospital = {
    ...visit.hospital,
    code: odd.code ?? visit.hospital.code,
    name: odd.hospitalName ?? visit.hospital.name,
  };
  return {
    ...input,
    visit: { ...visit, hospital, id: odd.id ?? visit.id },
    person: {
      ...person,
      name: odd.name ?? person.name,
      idNumber: odd.idNumber ?? person.idNumber,
    },
  };
}

/** Whether the payer's channel can write the claim, and whether what it wrote comes back as it was. */
function isWritten(input: SettlementInput): boolean {
  const written = ownChannels()
    .of(destination)
    .write({ ...settled(), input });
  if (written.kind === 'not-sendable') return false;
  // What went out as bytes is what the other side reads.
  const read = JSON.parse(Buffer.from(written.body).toString()) as {
    input: { claim: { psn_name: string; certno: string } };
  };
  return (
    read.input.claim.psn_name === input.person.name &&
    read.input.claim.certno === input.person.idNumber
  );
}

/** Texts as somebody could type, paste or damage them. */
const odd = (most: number) =>
  fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: most }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: most }),
    fc.string({
      unit: fc.constantFrom(
        ' ',
        '\u3000',
        '\u200b',
        '\u00a0',
        '\t',
        '\n',
        '\ud800',
        '\0',
        '张',
        '𠮷',
      ),
      minLength: 1,
      maxLength: most,
    }),
  );

describe('what a claim cannot do without', () => {
  it('is all that any channel asks of the texts of a bill', () => {
    const texts = fc.record({
      name: odd(100),
      idNumber: odd(40),
      code: odd(64),
      hospitalName: odd(200),
      id: odd(64),
    });
    const one = fc.constantFrom<keyof Odd>('name', 'idNumber', 'code', 'hospitalName', 'id');
    fc.assert(
      fc.property(texts, one, fc.boolean(), (all, which, isAlone) => {
        const { input } = settled();
        const bill = withTexts(input, isAlone ? { [which]: all[which] } : all);
        if (claimGaps(bill).length === 0) expect(isWritten(bill)).toBe(true);
      }),
      { numRuns: 2000, seed: 11 },
    );
  });

  it.each([
    [{ name: '  ' }, 'name-blank'],
    [{ name: '\u3000\u00a0\u200b' }, 'name-blank'],
    [{ name: '张'.repeat(51) }, 'name-too-long'],
    [{ name: '张\n三' }, 'name-unwritable'],
    [{ name: '张\ud842' }, 'name-unwritable'],
    [{ name: '张\u0007三' }, 'name-unwritable'],
    [{ idNumber: ' ' }, 'id-number-missing'],
    [{ idNumber: '4'.repeat(19) }, 'id-number-too-long'],
    [{ code: ' ' }, 'hospital-code-missing'],
    [{ code: 'H430626000011' }, 'hospital-code-too-long'],
    [{ code: 'H43\t' }, 'hospital-code-unwritable'],
    [{ hospitalName: ' ' }, 'hospital-name-blank'],
    [{ id: ' ' }, 'visit-id-blank'],
  ] as const)('%j: %s, and it is said who supplies it', (texts, code) => {
    const gaps = claimGaps(withTexts(settled().input, texts));
    expect(gaps.map((gap) => gap.code)).toEqual([code]);
    expect(gaps[0]?.text).toMatch(/请(登记处|信息科)/);
    expect(gaps[0]?.text.length).toBeLessThanOrEqual(200);
  });

  it('is all there in a name of fifty characters, of rare ones and of a minority', () => {
    for (const name of ['张'.repeat(50), '𠮷'.repeat(50), '买买提·艾力', 'O’Neill 玛丽']) {
      const bill = withTexts(settled().input, { name });
      expect(claimGaps(bill)).toEqual([]);
      expect(isWritten(bill)).toBe(true);
    }
  });
});
