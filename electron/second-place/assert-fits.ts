import type { Store } from '../database/store.ts';
import { rowsHash } from './place-format.ts';
import { PlaceProblem } from './place-problem.ts';
import type { PlaceTail } from './place-writer.ts';

/** Throws where what stands in the place is not the beginning of what is kept here. */
export async function assertFits(store: Store, tail: PlaceTail): Promise<void> {
  if (tail.base === null) throw new PlaceProblem('no-base', 'there is no copy to go on from');
  const { last, to } = tail;
  const [state, own] = await store.read(async ({ journal }) => [
    await journal.state(to),
    last === null ? [] : await journal.after(last.from - 1, last.to - last.from + 1),
  ]);
  if (to > state.head) throw new PlaceProblem('ahead', 'the place has more than this folder');
  const isWhole = last !== null && own[0]?.sequence === last.from;
  if (isWhole && rowsHash(own) !== last.hash) {
    throw new PlaceProblem('history-differs', 'the place has other rows under the same numbers');
  }
  if (state.first !== null && state.first > to + 1 && state.head > to) {
    throw new PlaceProblem('no-base', 'rows the place does not have are no longer kept');
  }
}
