import type { CardRefusal } from '../../drivers/card-reader/card.ts';

/** The IT clerk's words in a refusal; they hold nothing that is on a card. Null where there are none. */
export function technicalOf(refusal: CardRefusal | null): string | null {
  const words = (refusal?.details ?? []).flatMap((detail) =>
    typeof detail === 'object' && detail !== null && 'technical' in detail
      ? [String(detail.technical)]
      : [],
  );
  return words.length === 0 ? null : words.join('; ');
}
