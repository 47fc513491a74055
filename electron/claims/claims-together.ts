import type { Store } from '../database/store.ts';
import type { ClaimChannel } from './channel.ts';

/** Claims as they go out, each group at once; `heldBack`: those that wait for their payer's own word. */
export type ClaimsTogether = {
  readonly groups: readonly (readonly string[])[];
  readonly heldBack: readonly string[];
};

/**
 * Which claims go out together. Those that went out in one file before go out in the same again, whole, under its name; where
 * the payer has answered of one of them, or one is not to be sent now, it has the file: the others are held back, for a
 * second file with them could be paid twice.
 */
export async function claimsTogether(
  store: Store,
  channel: ClaimChannel,
  { destination, due }: { readonly destination: string; readonly due: readonly string[] },
): Promise<ClaimsTogether> {
  if (channel.nameTogether === null)
    return { groups: inGroups(due, channel.claimsAtOnce), heldBack: [] };
  const before = await store.read(({ claims }) => claims.sentTogether(destination));
  const isDue = new Set(due);
  const sentBefore = new Set<string>();
  const groups: (readonly string[])[] = [];
  const heldBack: string[] = [];
  for (const members of Map.groupBy(before, ({ sentWith }) => sentWith).values()) {
    const own = members.map(({ claimId }) => claimId);
    const isWhole = members.every(({ claimId, isAnswered }) => isDue.has(claimId) && !isAnswered);
    if (isWhole) groups.push(own);
    for (const id of own) {
      if (!isDue.has(id)) continue;
      sentBefore.add(id);
      if (!isWhole) heldBack.push(id);
    }
  }
  const fresh = due.filter((id) => !sentBefore.has(id));
  return { groups: [...groups, ...inGroups(fresh, channel.claimsAtOnce)], heldBack };
}

function inGroups(ids: readonly string[], atOnce: number): readonly (readonly string[])[] {
  const groups: (readonly string[])[] = [];
  for (let from = 0; from < ids.length; from += atOnce) groups.push(ids.slice(from, from + atOnce));
  return groups;
}

/** Whole groups, as many as make a batch: at least one, and no further one that would pass `most` claims. */
export function inBatches(
  groups: readonly (readonly string[])[],
  most: number,
): readonly (readonly (readonly string[])[])[] {
  const batches: (readonly string[])[][] = [];
  let claims = Infinity;
  for (const group of groups) {
    if (claims + group.length > most) {
      batches.push([]);
      claims = 0;
    }
    batches.at(-1)?.push(group);
    claims += group.length;
  }
  return batches;
}
