import { z } from 'zod';

import type { Repositories } from '../../database/store.ts';

/** A lock that was asked for and, as far as is known, not freed: kept before the hospital is asked, so that no end of the program loses it. */
export type KeptAccountLock = {
  readonly lockId: string;
  readonly visitId: string;
  /** From when on the hospital has ended it by itself. */
  readonly until: string;
  /** A desk frees what an earlier one of it left; a command frees its own. */
  readonly by: 'desk' | 'command';
};

/** The fact that holds them, kept with the books. */
const factName = 'account-locks';

const shape = z.array(
  z.object({
    lockId: z.string(),
    visitId: z.string(),
    until: z.string(),
    by: z.enum(['desk', 'command']),
  }),
);

export async function keptAccountLocks({
  folderFacts,
}: Pick<Repositories, 'folderFacts'>): Promise<readonly KeptAccountLock[]> {
  const kept = shape.safeParse((await folderFacts.get(factName)) ?? []);
  return kept.success ? kept.data : [];
}

export async function keepAccountLock(
  { folderFacts }: Pick<Repositories, 'folderFacts'>,
  lock: KeptAccountLock,
): Promise<void> {
  const others = (await keptAccountLocks({ folderFacts })).filter(
    ({ lockId }) => lockId !== lock.lockId,
  );
  await folderFacts.set(factName, [...others, lock]);
}

export async function forgetAccountLock(
  { folderFacts }: Pick<Repositories, 'folderFacts'>,
  lockId: string,
): Promise<void> {
  const kept = await keptAccountLocks({ folderFacts });
  const others = kept.filter((each) => each.lockId !== lockId);
  if (others.length < kept.length) await folderFacts.set(factName, others);
}
