import { DatabaseDocumentError, DatabaseDocumentNewerError } from '../database-errors.ts';

/** Makes a document of one version one of the next; throws on what was never stored in that version. */
export type Upcast = (json: unknown) => unknown;

/**
 * One kind of JSON that is stored. Its version stands in a column beside the text. Documents are never rewritten:
 * what is read is brought up to the newest version by the steps, one after another, and then decoded by its
 * structure alone, for the rules of intake may have changed since it was taken in.
 */
export type StoredKind<Document> = {
  /** As it is named in messages. */
  readonly name: { readonly zh: string; readonly en: string };
  /** Which table keeps versions of it. */
  readonly id: string;
  /** The version this program writes. */
  readonly newest: number;
  /** `steps[n]` makes a document of version n one of version n + 1. */
  readonly steps: readonly Upcast[];
  /** What a document of the newest version says; throws on any other shape. */
  readonly decode: (json: unknown) => Document;
};

/** A document as its row keeps it. */
export type StoredText = {
  /** The row's own id, for messages. */
  readonly id: string;
  readonly version: number;
  readonly text: string;
};

/**
 * What a stored document says. Throws `DatabaseDocumentNewerError` where a newer program wrote it, and
 * `DatabaseDocumentError` where it is damaged; both name the document.
 */
export function readStored<Document>(kind: StoredKind<Document>, stored: StoredText): Document {
  const json = upcastStored(kind, stored);
  try {
    return kind.decode(json);
  } catch (problem) {
    throw unreadable(kind, stored, problem);
  }
}

/** The JSON of a stored document in the newest version, not decoded. Throws as `readStored` does. */
export function upcastStored(kind: StoredKind<unknown>, stored: StoredText): unknown {
  const { version } = stored;
  if (version > kind.newest) {
    throw new DatabaseDocumentNewerError(documentName(kind, stored), version, kind.newest);
  }
  try {
    let json: unknown = JSON.parse(stored.text);
    for (const step of kind.steps.slice(version, kind.newest)) json = step(json);
    return json;
  } catch (problem) {
    throw unreadable(kind, stored, problem);
  }
}

function documentName(kind: StoredKind<unknown>, { id }: Pick<StoredText, 'id'>) {
  return { zh: `${kind.name.zh} ${id}`, en: `${kind.name.en} ${id}` };
}

function unreadable(
  kind: StoredKind<unknown>,
  stored: StoredText,
  problem: unknown,
): DatabaseDocumentError {
  const why = problem instanceof Error ? problem.message : String(problem);
  return new DatabaseDocumentError(documentName(kind, stored), stored.version, why);
}

/** An object of a stored document; throws if it is none. */
export function recordIn(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error('an object is expected');
  }
  return json as Readonly<Record<string, unknown>>;
}
