/** Why the second place does not have what it should. */
export const placeProblems = [
  'missing',
  'full',
  'read-only',
  'foreign',
  'taken-over',
  'history-differs',
  'ahead',
  'damaged',
  'no-base',
  'unsafe',
  'hangs',
  'busy',
  'failed',
] as const;
export type PlaceProblemCode = (typeof placeProblems)[number];

/** A second place could not be used. Nothing of it was changed that was whole before. */
export class PlaceProblem extends Error {
  override readonly name = 'PlaceProblem';
  readonly code: PlaceProblemCode;

  constructor(code: PlaceProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Why a place could not be used, of whatever was thrown. */
export function placeProblemOf(problem: unknown): PlaceProblemCode {
  return problem instanceof PlaceProblem ? problem.code : 'failed';
}

const bySystemCode: Readonly<Record<string, PlaceProblemCode>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ENODEV: 'missing',
  ENXIO: 'missing',
  EIO: 'missing',
  // A link or a pipe where one of our files should be: whoever may write there wants something written elsewhere.
  'not-plain-file': 'unsafe',
  ELOOP: 'unsafe',
  EISDIR: 'unsafe',
  ESTALE: 'missing',
  ENOTCONN: 'missing',
  EHOSTDOWN: 'missing',
  EHOSTUNREACH: 'missing',
  ENETUNREACH: 'missing',
  ETIMEDOUT: 'missing',
};

/** Does something on the disk of a place; what the system refuses is thrown as a `PlaceProblem`. */
export function onDisk<T>(act: () => T): T {
  try {
    return act();
  } catch (problem) {
    const code = (problem as NodeJS.ErrnoException).code;
    const known = code === undefined ? undefined : bySystemCode[code];
    if (known === undefined) throw problem;
    throw new PlaceProblem(known, problem instanceof Error ? problem.message : String(problem));
  }
}

/** Where what can be read of a place ends before its end. */
export type PlaceGap = {
  readonly upTo: { readonly sequence: number; readonly at: string | null };
  /** The last row the place once had, as far as it says; null where it does not say. */
  readonly lost: { readonly sequence: number; readonly at: string } | null;
  /** `cut`: the end is missing. `changed`: something is not what was written. `missing`: a piece in between. */
  readonly why: 'cut' | 'changed' | 'missing';
};
