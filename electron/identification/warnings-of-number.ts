import { birthDayIn, hasRightCheckDigit, sexIn } from '../../shared/domain/citizen-number.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { Warning } from '../../shared/domain/result.ts';
import type { Day } from '../../shared/domain/visit.ts';
import { isNewbornOn } from './identify-card.ts';

/** What is warned of here. */
type NumberWarningCode = 'birth-date-differs' | 'sex-differs';

/**
 * Where the ward's birth date or sex is not what the ID number says (GB 11643): one of them is written wrong, and
 * age counts in some policies. A newborn under the mother's number is none of this, and other papers do not tell.
 */
export function warningsOfNumber(
  person: Pick<Person, 'idNumber' | 'birthDate' | 'sex'>,
  admittedOn: Day,
): Warning<NumberWarningCode>[] {
  const { idNumber, birthDate, sex } = person;
  if (!hasRightCheckDigit(idNumber) || isNewbornOn(admittedOn, person)) return [];
  const warnings: Warning<NumberWarningCode>[] = [];
  if (birthDayIn(idNumber) !== birthDate) warnings.push(birthDateDiffers);
  if (sexIn(idNumber) !== sex) warnings.push(sexDiffers);
  return warnings;
}

const birthDateDiffers: Warning<NumberWarningCode> = {
  code: 'birth-date-differs',
  place: '/person/birthDate',
  text: {
    zh: '病区登记的出生日期与证件号码里的不一致，年龄会影响待遇。请核对证件，登记错了请病区更正后再结算',
    en: 'The date of birth from the ward is not the one in the ID number, and age counts for benefits. Compare it with the card; if it is wrong, have the ward correct it before settling',
  },
};

const sexDiffers: Warning<NumberWarningCode> = {
  code: 'sex-differs',
  place: '/person/sex',
  text: {
    zh: '病区登记的性别与证件号码里的不一致。请核对证件',
    en: 'The sex from the ward is not the one in the ID number. Compare it with the card',
  },
};
