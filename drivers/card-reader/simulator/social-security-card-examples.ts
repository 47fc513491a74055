/** Social-security cards of people who do not exist; the check digits are right, nothing else is anyone's. */
import { withCheckCharacter } from './invented-cards.ts';
import type { SocialSecurityCardData } from './social-security-card-files.ts';

/** The usual card of today: version 2.00, no stated expiry. */
export const socialSecurityCard: SocialSecurityCardData = {
  version: '2.00',
  identifier: '430626D15600000500112233445566FF',
  issuedOn: '2017-03-20',
  validUntil: '00000000',
  cardNumber: 'A12345678',
  idNumber: '430626195001010016',
  name: '张三',
  sex: 'male',
  ethnicity: '01',
  birthPlace: '430626',
  birthDate: '1950-01-01',
};

/** An early card: no extension of the name, check character X, a stated expiry. */
export const earlyCard: SocialSecurityCardData = {
  version: '1.00',
  identifier: '520327D15600000500AABBCCDDEEFF00',
  issuedOn: '2010-10-19',
  validUntil: '2040-10-18',
  cardNumber: 'D70012005',
  idNumber: withCheckCharacter('52032719920101116'),
  name: '李秀英',
  sex: 'female',
  ethnicity: '03',
  birthDate: '1992-01-01',
};

/** A name longer than its field, which goes on in the extension. */
export const longNameCard: SocialSecurityCardData = {
  ...earlyCard,
  version: '2.00',
  name: '阿卜杜热合曼·买买提吐尔逊·',
  nameExtension: '伊敏江',
  ethnicity: '05',
};

/** A character that takes four bytes (U+20BB7), and one beyond the characters of GBK in the first plane. */
export const rareNameSocialCard: SocialSecurityCardData = {
  ...socialSecurityCard,
  name: '王𠮷䶮',
  cardNumber: 'B00000007',
  idNumber: withCheckCharacter('43062619680723103'),
  birthDate: '1968-07-23',
};

/** The third generation, which wants authentication for all but its identifier and version. */
export const thirdGenerationCard: SocialSecurityCardData = {
  ...socialSecurityCard,
  version: '3.00',
  identifier: '430626D1560000059911014500000001',
  validUntil: '2033-01-14',
  issuedOn: '2023-01-15',
};

/** Its last day was long ago. */
export const expiredSocialCard: SocialSecurityCardData = {
  ...earlyCard,
  validUntil: '2016-05-01',
};

export const socialSecurityCards = {
  socialSecurityCard,
  earlyCard,
  longNameCard,
  rareNameSocialCard,
  expiredSocialCard,
} as const;
