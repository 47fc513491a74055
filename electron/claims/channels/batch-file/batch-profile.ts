import { z } from 'zod';

import { profileFields } from '../../payer-profile.ts';

const path = z.string().regex(/^[^\0\n]*[^\0\n/]$/, 'not a folder at the payer’s');
const milliseconds = z.int().min(1).max(600_000);

/** What differs between payers that take files of claims over SFTP: data, never code. */
export const batchProfile = z.strictObject({
  ...profileFields,
  protocol: z.literal('batch-file'),
  address: z
    .url({ protocol: /^sftp$/, error: 'not an address such as sftp://host:22' })
    .transform((text) => new URL(text)),
  /** Who signs in there. */
  user: z.string().min(1).max(100),
  /** The file with our private key, its owner's alone (0600). */
  keyFile: z.string().startsWith('/', 'not a full path'),
  /** The fingerprints of the payer's host keys, as `ssh-keygen -l` says them. Any other key is another machine. */
  hostKeys: z
    .array(z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'not a fingerprint SHA256:…'))
    .min(1),
  /** Where files go, where returns lie, and where they are put once they are kept here. */
  inbox: path,
  outbox: path,
  done: path,
  /** What the last line of a file is proved by. */
  hash: z.enum(['sha256', 'sm3']),
  claimsAtOnce: z.int().min(1).max(5000),
  /**
   * The payer takes a file of a name that it has had already for the same file. Where it does not, a file whose outcome is not
   * known, and which does not lie in the inbox any more, waits for the payer's word.
   */
  takesSameFileAgain: z.boolean(),
  /** How long signing in, and each single step on the line, may take, in milliseconds. */
  deadlines: z.strictObject({ connect: milliseconds, step: milliseconds }),
});

export type BatchProfile = z.infer<typeof batchProfile>;
