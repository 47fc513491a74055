import type { Words } from '../../shared/domain/result.ts';

/** Where bills come from, or results go to, as the intake page lists it. A new kind of source is one more of these. */
export type IntakeSource = {
  readonly id: string;
  readonly kind: 'folder' | 'results' | 'files' | 'database' | 'pushed';
  /** Its folder, or its address without anything secret; null where none is set. */
  readonly where: string | null;
  readonly state: 'not-set' | 'working' | 'trouble' | 'by-hand';
  /** What stands in the way, until it is put right. */
  readonly problem: {
    readonly code: string;
    readonly words: Words;
    readonly remedy: Words;
  } | null;
  /** When it was last asked, as an instant; null: not since the desk was opened. */
  readonly askedAt: string | null;
  /** The last that came from it, or went to it; null: nothing ever did. */
  readonly last: {
    readonly at: string;
    /** The file or the pull, by name. */
    readonly what: string;
    readonly taken: number;
    readonly refused: number;
  } | null;
};

/** Files that somebody takes in with `import`: always there, and nothing asks them by itself. */
export const filesByHand: IntakeSource = {
  ...{ id: 'files', kind: 'files', where: null, state: 'by-hand' },
  ...{ problem: null, askedAt: null, last: null },
};
