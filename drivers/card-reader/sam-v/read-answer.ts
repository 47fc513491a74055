import { accepted, refused, type Result } from '../../../shared/domain/result.ts';
import type { Day } from '../../../shared/domain/visit.ts';
import { cardRefusal, type CardRefusalCode } from '../card.ts';
import { parseTextBlock, textBlockLength, type IdCardText } from './text-block.ts';

/** Two length fields of two bytes: text, photo. */
const lengthsSize = 4;
const longestPhoto = 1024;

/**
 * The text out of the data of a read answer: `text length | photo length | text | photo`. The photo is left
 * where it is and goes with the buffer; nothing of ours ever holds it. Refused as `card-not-recognised` if the
 * lengths do not add up or the text is not a whole and sound card.
 */
export function parseReadData(data: Uint8Array, today: Day): Result<IdCardText, CardRefusalCode> {
  const textLength = ((data[0] ?? 0) << 8) | (data[1] ?? 0);
  const photoLength = ((data[2] ?? 0) << 8) | (data[3] ?? 0);
  const whole = data.length === lengthsSize + textLength + photoLength;
  if (!whole || textLength !== textBlockLength || photoLength > longestPhoto) {
    return refused(
      cardRefusal('card-not-recognised', {
        technical: `read answer of ${String(data.length)} bytes says text ${String(textLength)}, photo ${String(photoLength)}`,
      }),
    );
  }
  const parsed = parseTextBlock(data.subarray(lengthsSize, lengthsSize + textLength), today);
  return parsed.ok ? accepted(parsed.value) : parsed;
}
