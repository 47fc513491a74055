import { randomBytes, timingSafeEqual } from 'node:crypto';

import { argon2id } from 'hash-wasm';

/** What making one hash costs: memory in KiB, and how often all of it is gone through. */
export type HashCost = { readonly memoryKib: number; readonly passes: number };

/** What the hashing thread is asked: a new hash, or whether a password is that of a hash (null: nobody's). */
export type HashOrder =
  | { readonly kind: 'hash'; readonly password: string; readonly cost: HashCost }
  | {
      readonly kind: 'check';
      readonly password: string;
      readonly hash: string | null;
      readonly cost: HashCost;
    };
export type HashAnswer = string | boolean;

const saltBytes = 16;
const hashBytes = 32;

/** Nothing that is stored may ask for more than this, whoever wrote it. */
const memoryKibMax = 1024 * 1024;
const passesMax = 100;

type Phc = { readonly cost: HashCost; readonly salt: Buffer; readonly digest: Buffer };

/** `$argon2id$v=19$m=65536,t=2,p=1$SALT$HASH`: a hash carries what it was made with, so that it can be raised. */
function phcOf({ cost: { memoryKib, passes }, salt, digest }: Phc): string {
  const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${String(memoryKib)},t=${String(passes)},p=1$${text(salt)}$${text(digest)}`;
}

const phcPattern =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

function readPhc(text: string): Phc | null {
  const [, memory = '', passes = '', salt = '', digest = ''] = phcPattern.exec(text) ?? [];
  const cost = { memoryKib: Number(memory), passes: Number(passes) };
  if (cost.memoryKib < 8 || cost.memoryKib > memoryKibMax) return null;
  if (cost.passes < 1 || cost.passes > passesMax) return null;
  return { cost, salt: Buffer.from(salt, 'base64'), digest: Buffer.from(digest, 'base64') };
}

/** Whether a hash was made with less than this, and is to be made anew when its password is next at hand. */
export function isCheaperThan(hash: string, { memoryKib, passes }: HashCost): boolean {
  const read = readPhc(hash);
  if (read === null) return false;
  return read.cost.memoryKib * read.cost.passes < memoryKib * passes;
}

async function digestOf(password: string, salt: Buffer, cost: HashCost): Promise<Buffer> {
  const digest = await argon2id({
    // One spelling, however the keyboard composed it.
    ...{ password: password.normalize('NFKC'), salt, parallelism: 1, outputType: 'binary' },
    ...{ iterations: cost.passes, memorySize: cost.memoryKib, hashLength: hashBytes },
  });
  return Buffer.from(digest);
}

/**
 * Makes a hash, or checks one. Where there is none to check the same work is done, and the answer is no: nobody learns
 * from the time it takes whether there is such a user.
 */
export async function answerHashing(order: HashOrder): Promise<HashAnswer> {
  const { password, cost } = order;
  if (order.kind === 'hash') {
    const salt = randomBytes(saltBytes);
    return phcOf({ cost, salt, digest: await digestOf(password, salt, cost) });
  }
  const kept = order.hash === null ? null : readPhc(order.hash);
  // Nobody's password is empty, and the function takes none that is.
  if (kept === null || password === '') {
    await digestOf('nobody', randomBytes(saltBytes), kept?.cost ?? cost);
    return false;
  }
  return timingSafeEqual(await digestOf(password, kept.salt, kept.cost), kept.digest);
}
