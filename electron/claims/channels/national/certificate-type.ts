import { documentOfNumber } from '../../../../shared/domain/identity-number.ts';
import type { Person } from '../../../../shared/domain/person.ts';

/** Documents as the national list of `psn_cert_type` tells them apart: permits of Hong Kong and of Macao are two. */
export const certificates = [
  'citizen',
  'hk-permit',
  'macao-permit',
  'taiwan-permit',
  'foreign-permanent',
  'passport',
  'hk-macao-taiwan',
  'birth-certificate',
] as const;
type Certificate = (typeof certificates)[number];

/** The national list, as its implementers copied it. It has no code of its own for the last two: other documents. */
const nationalCodes: Readonly<Record<Certificate, string>> = {
  citizen: '01',
  'hk-permit': '04',
  'macao-permit': '05',
  'taiwan-permit': '06',
  'foreign-permanent': '07',
  passport: '08',
  'hk-macao-taiwan': '99',
  'birth-certificate': '99',
};

/** `psn_cert_type` of a person's document, by a payer's own codes where it has some; empty: there is no number to send. */
export function certificateTypeOf(
  { idNumber, document, birthDate }: Pick<Person, 'idNumber' | 'document' | 'birthDate'>,
  own: Readonly<Partial<Record<Certificate, string>>>,
): string {
  const bears = documentOfNumber(idNumber, document, birthDate);
  if (bears === null) return '';
  const certificate =
    bears === 'hk-macao-permit' ? (idNumber.startsWith('M') ? 'macao-permit' : 'hk-permit') : bears;
  return own[certificate] ?? nationalCodes[certificate];
}
