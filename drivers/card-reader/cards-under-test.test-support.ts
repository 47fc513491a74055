import type { CardRead } from './card.ts';
import type { CardsUnderTest } from './card-reader-contract.test-support.ts';
import { cardEndingInX, inventedCards, residentCard } from './simulator/invented-cards.ts';
import type { SimulatedCard } from './simulator/sam-v-module.ts';
import {
  earlyCard,
  socialSecurityCard,
  socialSecurityCards,
} from './simulator/social-security-card-examples.ts';
import type { SocialSecurityCardData } from './simulator/social-security-card.ts';

const kinds = {
  resident: 'resident',
  'hk-macao-taiwan': 'hk-macao-taiwan',
  'foreign-2017': 'foreign-permanent',
  'foreign-2023': 'foreign-permanent',
} as const;

/** Resident ID cards and their kin. */
export const idCardsUnderTest: CardsUnderTest<SimulatedCard> = {
  one: residentCard,
  other: cardEndingInX,
  contradictory: { ...residentCard, birthDate: '1951-01-01' },
  all: Object.values(inventedCards),
  jsonOf: (card) => {
    const isLongTerm = card.validUntil === '长期';
    const isResident = card.layout === undefined;
    const hasAddress = isResident || card.layout === 'hk-macao-taiwan';
    return {
      card: 'resident-id',
      kind: kinds[card.layout ?? 'resident'],
      name: card.name === '' ? (card.englishName ?? '') : card.name,
      idNumber: card.idNumber,
      birthDate: card.birthDate,
      sex: card.sex === 'male' ? 'male' : 'female',
      issuedOn: card.validFrom,
      validUntil: isLongTerm ? null : card.validUntil,
      longTerm: isLongTerm,
      ...(isResident ? { ethnicity: card.ethnicity ?? '' } : {}),
      ...(hasAddress ? { address: card.address ?? '', issuerName: card.issuer ?? '' } : {}),
    };
  },
};

/** Social-security cards that give their data freely. */
export const socialSecurityCardsUnderTest: CardsUnderTest<SocialSecurityCardData> = {
  one: socialSecurityCard,
  other: earlyCard,
  contradictory: { ...socialSecurityCard, birthDate: '1951-01-01' },
  all: Object.values(socialSecurityCards),
  jsonOf: (data): Partial<CardRead> => ({
    card: 'social-security',
    kind: 'resident',
    idNumber: data.idNumber,
    name: `${data.name}${data.nameExtension ?? ''}`,
    sex: data.sex,
    ethnicity: data.ethnicity,
    birthDate: data.birthDate,
    cardNumber: data.cardNumber,
    cardIdentifier: data.identifier,
    issuer: data.identifier.slice(0, 6),
    specVersion: data.version,
    issuedOn: data.issuedOn,
    validUntil: /^\d{4}-/.test(data.validUntil) ? data.validUntil : null,
    longTerm: false,
  }),
};
