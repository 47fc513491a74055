import type { CardOnPlate } from '../../shared/contracts/desk.ts';
import { accepted } from '../../shared/domain/result.ts';
import type { CardRead } from '../../drivers/card-reader/card.ts';
import type { VisitSummary } from '../database/visits-repository.ts';
import { maskIdNumber, maskName } from '../security/mask.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';
import { visitRow } from './visit-rows.ts';

/** F2 is pressed with the card on the plate; whoever has none yet is told soon. */
const againTimeoutSeconds = 3;

export function cardCalls(parts: DeskParts): Pick<CallHandlers, 'card:latest' | 'card:read'> {
  return {
    'card:latest': async () => accepted(await cardOnPlate(parts)),
    'card:read': async () => {
      const read = await parts.cards.readCard({ timeoutSeconds: againTimeoutSeconds });
      if (read.ok) return accepted(await identified(parts, read.value));
      const { sequence } = parts.cards.latestCard();
      return accepted({ kind: 'refused', sequence, refusal: { ...read.refusal, details: [] } });
    },
  };
}

async function cardOnPlate(parts: DeskParts): Promise<CardOnPlate> {
  const latest = parts.cards.latestCard();
  switch (latest.kind) {
    case 'no-card':
      return { kind: 'no-card', sequence: latest.sequence };
    case 'refused':
      return {
        kind: 'refused',
        sequence: latest.sequence,
        refusal: { ...latest.refusal, details: [] },
      };
    case 'card':
      return identified(parts, latest.card);
  }
}

/**
 * Who a card belongs to and their visits. What the hospital's system sent meanwhile is taken in first, so
 * that the bill shown is the newest there is.
 */
async function identified(parts: DeskParts, card: CardRead): Promise<CardOnPlate> {
  await parts.takeInNow();
  const { idNumber = '', name = '' } = card;
  const { person, visits } = await parts.services.store.read(async (repositories) => {
    const found = await repositories.persons.findByIdNumber(idNumber);
    return {
      person: found,
      visits: found === null ? [] : await repositories.visits.ofPerson(found.id),
    };
  });
  const inState = (state: VisitSummary['state']) =>
    visits.filter((visit) => visit.state === state).map(visitRow);
  const warnings = card.warnings.map(({ code, text }) => ({ code, text }));
  if (person !== null && person.name !== name) warnings.push(nameDiffers);
  return {
    kind: 'person',
    sequence: parts.cards.latestCard().sequence,
    card: card.card,
    readAt: card.readAt,
    elapsedMs: Math.round(card.elapsedMs),
    maskedName: maskName(name),
    maskedIdNumber: maskIdNumber(idNumber),
    unsettled: inState('unsettled'),
    settled: inState('settled'),
    warnings,
  };
}

const nameDiffers = {
  code: 'name-differs',
  text: {
    zh: '证件上的姓名与医院登记的不同，请核对是不是同一个人。',
    en: 'The name on the card differs from the hospital’s record: make sure it is the same person.',
  },
};
