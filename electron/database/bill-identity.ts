import { canonicalJson, sha256 } from './canonical-json.ts';
import { billTextOfVersion0 } from './stored-documents/bill-encoding-0.ts';

/** A visit as a source gave it: nothing checked, no default filled in. */
export type ReceivedVisit = {
  /** The Visit JSON; of a CSV, the one made from its cells. */
  readonly document: unknown;
  /** The visit and its person as they were received: their JSON, or the cells of a CSV by path. */
  readonly bill: unknown;
  /** The year as it was received, in the same way; null where none came. */
  readonly year: unknown;
};

/** By what a bill that comes again is known, whatever the rules of intake are by then. */
export type BillIdentity = {
  /** SHA-256 of the bill as received, in canonical JSON. */
  readonly bill: string;
  /** The same over the bill and the year. */
  readonly received: string;
  /** SHA-256 of the text that documents of version 0 were stored as. */
  readonly inVersion0: () => string;
};

/** A visit that was received as Visit JSON. */
export function receivedAsJson(document: unknown): ReceivedVisit {
  const { visit, person, yearToDate } = fieldsOf(document);
  return { document, bill: { visit, person }, year: yearToDate ?? null };
}

/** No bill is nested as deep as this; only something that is none. */
const depthMax = 20;

/** The identity of what was received; null where it is nested deeper than any bill. */
export function billIdentityOf(received: ReceivedVisit): BillIdentity | null {
  const hashes = billHashesOf(received);
  return hashes === null ? null : identityOfHashes(hashes, received.document);
}

/** The part of an identity that another thread may have worked out. */
export type BillHashes = Pick<BillIdentity, 'bill' | 'received'>;

/** The hashes of what was received; null where it is nested deeper than any bill. */
export function billHashesOf({ document, bill, year }: ReceivedVisit): BillHashes | null {
  if (isDeeper({ document, bill, year }, depthMax)) return null;
  return { bill: sha256(canonicalJson(bill)), received: sha256(canonicalJson({ bill, year })) };
}

export function identityOfHashes(hashes: BillHashes, document: unknown): BillIdentity {
  return { ...hashes, inVersion0: () => sha256(billTextOfVersion0(document)) };
}

/** Whether a stored bill is the one of an identity. */
export function isBillOf(
  identity: BillIdentity,
  stored: { readonly bill_hash: string; readonly input_version: number },
): boolean {
  const hash = stored.input_version === 0 ? identity.inVersion0() : identity.bill;
  return stored.bill_hash === hash;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
