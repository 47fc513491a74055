import type { PlaceProblemCode } from './place-problem.ts';

/** What the desk shows of the second place. */
export type SecondPlaceState = {
  /** The folder it is in; null: none is set. */
  readonly place: string | null;
  /** Why it does not have everything; null: it has, or will have in a moment. */
  readonly problem: PlaceProblemCode | null;
  /** When the oldest unit of work was kept that is not there; null: everything is. */
  readonly oldestAt: string | null;
  /** Rows that are not there. */
  readonly waiting: number;
  /** It is on the disk of the data itself: one disk that dies takes both. */
  readonly sameDisk: boolean;
  /** When the last copy of everything was made there; null where it is not known. */
  readonly baseAt: string | null;
};

/** What is shown of a folder that has none. */
export const noSecondPlace: SecondPlaceState = {
  place: null,
  problem: null,
  oldestAt: null,
  waiting: 0,
  sameDisk: false,
  baseAt: null,
};
