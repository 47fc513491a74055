import type { Store } from '../database/store.ts';
import { assertFits } from './assert-fits.ts';
import { placeProblemOf, type PlaceProblemCode } from './place-problem.ts';
import type { PlaceTail } from './place-writer.ts';

/** How the books stand against the place: rows by their numbers in the journal. */
export type PlaceComparison =
  | { readonly kind: 'none' }
  /** It could not be asked, so that nothing is known. */
  | { readonly kind: 'not-asked'; readonly place: string; readonly problem: PlaceProblemCode }
  /** The place has all of the books or will have in a moment, and nothing that they do not have. */
  | { readonly kind: 'fits'; readonly place: string; readonly there: number; readonly here: number }
  /** It has rows that the books do not have: what is here is an older state of the folder. */
  | {
      readonly kind: 'ahead';
      readonly place: string;
      readonly there: number;
      readonly here: number;
    }
  /** It has other rows under the same numbers, or another machine holds it by now. */
  | { readonly kind: 'differs'; readonly place: string; readonly problem: PlaceProblemCode };

/** Compares the books with where their place stands, which `look` asks. */
export async function compareWithPlace(
  store: Store,
  place: string,
  look: () => Promise<PlaceTail>,
): Promise<PlaceComparison> {
  let there = 0;
  try {
    const tail = await look();
    // A place without a copy knows of nothing.
    if (tail.base === null) return { kind: 'not-asked', place, problem: 'no-base' };
    there = tail.to;
    await assertFits(store, tail);
  } catch (problem) {
    const code = placeProblemOf(problem);
    if (code === 'history-differs' || code === 'taken-over')
      return { kind: 'differs', place, problem: code };
    if (code !== 'ahead' && code !== 'no-base') return { kind: 'not-asked', place, problem: code };
  }
  // Asked after the place was: what is kept meanwhile is in the books first.
  const here = await store.read(({ journal }) => journal.state(0));
  return { kind: there > here.head ? 'ahead' : 'fits', place, there, here: here.head };
}
