/** More than any program that protects keys asks for; so much takes seconds. */
const roundsMax = 5_000_000n;
/** No key file is as deep. */
const depthMax = 32;

/**
 * Whether a key file asks for more rounds of work than any honest one: whoever brings it chose the number, and nothing ends a
 * thread that is counting to two thousand million. Looked for in all that lies open in it: the number stands behind a salt. What
 * is encrypted within a PKCS#12 file may hide another.
 */
export function asksForTooMuchWork(bytes: Uint8Array): boolean {
  const rounds: bigint[] = [];
  collectRounds(bytes, 0, rounds);
  return rounds.some((each) => each > roundsMax);
}

/** The DER of the first PEM block that is an encrypted key; empty where there is none. */
export function derOfEncryptedKey(pem: string): Uint8Array {
  const [, body = ''] = /-----BEGIN ENCRYPTED PRIVATE KEY-----([^-]*)-----END/.exec(pem) ?? [];
  return Buffer.from(body, 'base64');
}

type Element = { readonly tag: number; readonly content: Uint8Array; readonly next: number };

const sequence = 0x30;
const set = 0x31;
const octets = 0x04;
const octetsInParts = 0x24;
const integer = 0x02;
const explicit = 0xa0;

function collectRounds(bytes: Uint8Array, depth: number, found: bigint[]): void {
  if (depth > depthMax) return;
  let before = 0;
  for (let at = 0; at < bytes.length;) {
    const element = elementAt(bytes, at, depth);
    if (element === null) return;
    const { tag, content, next } = element;
    if (tag === integer && (before === octets || before === octetsInParts)) {
      found.push(unsigned(content));
    }
    if (tag === sequence || tag === set || tag === octetsInParts) {
      collectRounds(content, depth + 1, found);
    }
    // What is wrapped: a key, or bytes that hold more of the same.
    if (tag === explicit) {
      collectRounds(content, depth + 1, found);
      const inner = elementAt(content, 0, depth + 1);
      if (inner?.tag === octets) collectRounds(inner.content, depth + 1, found);
      if (inner?.tag === octetsInParts) {
        collectRounds(joined(inner.content, depth + 1), depth + 1, found);
      }
    }
    before = tag;
    at = next;
  }
}

/** One element with its length in any of the three ways it may be written; null: it is none. */
function elementAt(bytes: Uint8Array, at: number, depth: number): Element | null {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) return null;
  if (first === 0x80) return untilItsEnd(bytes, at, depth);
  let start = at + 2;
  let length = first;
  if (first > 0x80) {
    const digits = first - 0x80;
    if (digits > 4) return null;
    length = Number(unsigned(bytes.subarray(start, start + digits)));
    start += digits;
  }
  const next = start + length;
  return next > bytes.length ? null : { tag, content: bytes.subarray(start, next), next };
}

function untilItsEnd(bytes: Uint8Array, at: number, depth: number): Element | null {
  if (depth > depthMax) return null;
  const start = at + 2;
  for (let end = start; ;) {
    if (bytes[end] === 0 && bytes[end + 1] === 0) {
      return { tag: bytes[at] ?? 0, content: bytes.subarray(start, end), next: end + 2 };
    }
    const inner = elementAt(bytes, end, depth + 1);
    if (inner === null) return null;
    end = inner.next;
  }
}

function joined(parts: Uint8Array, depth: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < parts.length;) {
    const part = elementAt(parts, at, depth);
    if (part === null) break;
    pieces.push(part.tag === octetsInParts ? joined(part.content, depth + 1) : part.content);
    at = part.next;
  }
  return Buffer.concat(pieces);
}

const unsigned = (bytes: Uint8Array): bigint => {
  let value = 0n;
  for (const byte of bytes) value = value * 256n + BigInt(byte);
  return value;
};
