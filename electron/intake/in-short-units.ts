import { systemPace, type Pace } from '../base/pace.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { Repositories, Store } from '../database/store.ts';

type Dependencies = { readonly store: Store; readonly pace?: Pace };

export type Unit<Item, Done> = {
  /** Does it with one item, inside a unit of work. */
  readonly each: (repositories: Repositories, item: Item, at: number) => Promise<Done>;
  /** Kept with what was done in the same unit; `from`: which item was its first; `isLast`: nothing is left to do. */
  readonly beside?: (
    repositories: Repositories,
    done: readonly Done[],
    at: { readonly from: number; readonly isLast: boolean },
  ) => Promise<void>;
  /** A unit was kept. */
  readonly kept?: (done: readonly Done[]) => void;
};

/** A unit takes no further item after so long: a key of the desk waits for this and the item under way. */
const unitMs = 30;
/** The least time between two units: another program looks for its turn only every so often. */
const restMs = 10;

/**
 * Does the same with many items, in their order, in units of work that hold the data for a moment only: begin and end of a unit cost
 * as much as an item does. Settling has its turn between two of them. A unit is kept whole or not at all.
 */
export async function inShortUnits<Item, Done>(
  { store, pace = systemPace }: Dependencies,
  items: readonly Item[],
  { each, beside, kept }: Unit<Item, Done>,
): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (let from = 0; from < items.length; from = done.length) {
    if (from > 0) await pace.rest(restMs);
    assertRoom(store);
    const ofUnit = await store.transact(async (repositories) => {
      const start = pace.now();
      const inside: Done[] = [];
      for (const [index, item] of items.slice(from).entries()) {
        if (index > 0 && pace.now() - start >= unitMs) break;
        inside.push(await each(repositories, item, from + index));
      }
      const isLast = from + inside.length === items.length;
      await beside?.(repositories, inside, { from, isLast });
      return inside;
    });
    done.push(...ofUnit);
    kept?.(ofUnit);
  }
  return done;
}
