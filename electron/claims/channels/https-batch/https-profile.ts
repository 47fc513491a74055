import { z } from 'zod';

import { profileFields } from '../../payer-profile.ts';

const path = z
  .string()
  .regex(/^\/\S*[^/\s]$/, 'not a path that begins with / and does not end with it');
const file = z.string().startsWith('/', 'not a full path');
const milliseconds = z.int().min(1).max(600_000);

/** What differs between payers that take JSON batches over HTTPS with a client certificate: data, never code. */
export const httpsProfile = z.strictObject({
  ...profileFields,
  protocol: z.literal('https-batch'),
  address: z
    .url({ protocol: /^https$/, error: 'not an address such as https://host:8443' })
    .transform((text) => new URL(text)),
  /** Who vouches for the payer's certificate: this authority alone, none of the system's. */
  authorityFile: file,
  /** Our own certificate, and its key, which is its owner's alone (0600). */
  certificateFile: file,
  keyFile: file,
  /** Below the address: where a batch is posted, and where returns lie. */
  batches: path,
  returns: path,
  claimsAtOnce: z.int().min(1).max(2000),
  /** The payer takes a batch of a name that it has had already for the same batch. Where not, what is in doubt waits for its word. */
  takesSameBatchAgain: z.boolean(),
  /** How long connecting, the first header and the rest of an answer may take, in milliseconds. */
  deadlines: z.strictObject({ connect: milliseconds, headers: milliseconds, body: milliseconds }),
});

export type HttpsProfile = z.infer<typeof httpsProfile>;
