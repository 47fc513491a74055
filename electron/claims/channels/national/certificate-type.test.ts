import { describe, expect, it } from 'vitest';

import { withCheckDigit } from '../../../../shared/domain/invented-numbers.test-support.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import { claimFields as claimFieldsOfPayers } from '../../../payers-simulator/field-tables.ts';
import { certificateTypeOf } from './certificate-type.ts';

const born = { birthDate: '1988-12-09' } as const;
const of = (idNumber: string, document?: Person['document']) =>
  certificateTypeOf({ idNumber, ...born, ...(document === undefined ? {} : { document }) }, {});

describe('the document a claim names', () => {
  it.each([
    ['a citizen', withCheckDigit('43062619881209001'), undefined, '01'],
    ['an old number of a citizen', '430626881209001', undefined, '01'],
    ['a resident of Hong Kong by the card', withCheckDigit('81000019881209001'), undefined, '99'],
    ['a foreigner by the card of 2023', withCheckDigit('91184019881209001'), undefined, '07'],
    ['a foreigner by the card before', 'CAN110188120901', undefined, '07'],
    ['a permit of Hong Kong', 'H12345678', 'hk-macao-permit', '04'],
    ['a permit of Macao', 'M12345678', undefined, '05'],
    ['a permit of Taiwan', '12345678', 'taiwan-permit', '06'],
    ['a passport', 'E12345678', 'passport', '08'],
    ['a certificate of birth', 'A123456789', 'birth-certificate', '99'],
    ['nobody knows whom', '', 'none', ''],
  ] as const)('%s', (_who, idNumber, document, code) => {
    expect(of(idNumber, document)).toBe(code);
    const known = claimFieldsOfPayers.find(({ name }) => name === 'psn_cert_type')?.codes ?? [];
    if (code !== '') expect(known).toContain(code);
  });

  it('is said by a code of the payer, where it has its own', () => {
    const card = { idNumber: withCheckDigit('81000019881209001'), ...born };
    expect(certificateTypeOf(card, { 'hk-macao-taiwan': '16' })).toBe('16');
  });
});
