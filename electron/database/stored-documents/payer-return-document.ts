import { z } from 'zod';

import type { StoredKind } from './stored-kind.ts';

const shape = z.strictObject({ base64: z.base64() });

/** What a payer left for us, byte for byte. */
export const payerReturnDocument: StoredKind<Uint8Array> = {
  id: 'payer-return',
  name: { zh: '支付方的回执', en: 'return of a payer' },
  newest: 0,
  steps: [],
  decode: (json) => Buffer.from(shape.parse(json).base64, 'base64'),
};

/** The bytes as they are stored. */
export const storedReturn = (content: Uint8Array): string =>
  JSON.stringify({ base64: Buffer.from(content).toString('base64') });
