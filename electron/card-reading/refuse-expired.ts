import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import {
  cardRefusal,
  type CardRead,
  type CardRefusalCode,
} from '../../drivers/card-reader/card.ts';
import { shanghaiDay } from '../base/clock.ts';

/**
 * The card as it was read, or `card-expired` if its last valid day is before today in Asia/Shanghai. The real
 * day decides, also in a demo folder whose business date stands still: a document is valid today or not.
 * A card that states no end is taken as valid.
 */
export function refuseExpired(card: CardRead, now: Date): Result<CardRead, CardRefusalCode> {
  const { validUntil } = card;
  if (validUntil === null || validUntil >= shanghaiDay(now)) return accepted(card);
  const cause = {
    zh: `有效期到 ${validUntil} 为止。`,
    en: `It was valid until ${validUntil}.`,
  };
  return refused(cardRefusal('card-expired', { cause }));
}
