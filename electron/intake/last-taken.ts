import { z } from 'zod';

import type { DeskEvent } from '../../shared/contracts/contract-names.ts';
import { ReadingOnlyError } from '../database/reading-only.ts';
import type { Store } from '../database/store.ts';
import type { IntakeSource } from './intake-source.ts';

/** What came last from each source, also before the desk was opened. */
export type LastTaken = {
  /** The sources, each with the last that is known of it. */
  readonly sources: () => readonly IntakeSource[];
  /** Keeps what came until then. */
  readonly close: () => Promise<void>;
};

const fact = (id: string): string => `last-taken-${id}`;

const kept = z.object({
  where: z.string().nullable(),
  last: z.object({
    at: z.string(),
    what: z.string(),
    taken: z.int().nonnegative(),
    refused: z.int().nonnegative(),
  }),
});
type Kept = Readonly<z.infer<typeof kept>>;

/**
 * Remembers across restarts what came last from each source. It belongs to the place the source has: of another folder it says
 * nothing. What cannot be kept (books that are only read) is known until the desk is closed.
 */
export async function rememberLastTaken({
  store,
  sources,
  onFault,
  subscribe,
}: {
  readonly store: Store;
  readonly sources: () => readonly IntakeSource[];
  readonly onFault: (problem: unknown) => void;
  /** What is told where bills came. */
  readonly subscribe: (listener: (event: DeskEvent) => void) => unknown;
}): Promise<LastTaken> {
  const known = new Map<string, Kept>();
  for (const { id } of sources()) {
    const read = kept.safeParse(await store.read(({ folderFacts }) => folderFacts.get(fact(id))));
    if (read.success) known.set(id, read.data);
  }
  let keeping: Promise<void> = Promise.resolve();
  const keepNew = async (): Promise<void> => {
    for (const { id, where, last } of sources()) {
      const before = known.get(id);
      if (last === null || (before?.last.at === last.at && before.last.what === last.what))
        continue;
      known.set(id, { where, last });
      if (store.readingOnly() !== null) continue;
      await store.transact(({ folderFacts }) => folderFacts.set(fact(id), { where, last }));
    }
  };
  const note = (): void => {
    keeping = keeping.then(keepNew).catch((problem: unknown) => {
      if (!(problem instanceof ReadingOnlyError)) onFault(problem);
    });
  };
  subscribe(({ topic }) => {
    if (topic === 'visits') note();
  });
  return {
    sources: () =>
      sources().map((source) => {
        const before = known.get(source.id);
        if (source.last !== null || before === undefined || before.where !== source.where)
          return source;
        return { ...source, last: before.last };
      }),
    async close() {
      note();
      await keeping;
    },
  };
}
