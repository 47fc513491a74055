import { z } from 'zod';

import type { Repositories } from '../database/store.ts';
import type { SignInFailureTable } from '../database/user-tables.ts';
import type { FoundProblem } from '../database/verification-repository.ts';
import { signInRanges } from './sign-in-rules.ts';
import { nobody } from './user-names.ts';

/** How a user's count of failures stands, as an entry of the audit keeps it. */
export type FailureCount = { readonly failures: number; readonly lockedAt: string | null };

/** As it is written beside the refusal, in the same unit of work. */
export const failureCountOf = (row: SignInFailureTable | null): FailureCount => ({
  failures: row?.failures ?? 0,
  lockedAt: row?.locked_at ?? null,
});

/** By these a count stands as it stands: the first is a failure, the others begin anew. */
const countingActs = ['sign-in-refused', 'sign-in', 'unlock-user', 'reset-password'] as const;
const countSchema = z.object({
  count: z.object({ failures: z.int(), lockedAt: z.string().nullable() }),
});

/**
 * Whether failures to sign in are still counted as the audit says, and whoever was locked is, and no page that was ended may ask
 * again: whoever has the key and an editor could else guess on, or sit where an administrator sent somebody away. An attempt
 * that was counted and whose program ended before it wrote the refusal is noted, as is what a clock that was set back would
 * explain. Entries from before they held the count say nothing.
 */
export async function compareSignInsWithAudit(
  all: Pick<Repositories, 'users' | 'verification' | 'pageSessions'>,
): Promise<{
  readonly problems: readonly FoundProblem[];
  readonly notes: readonly FoundProblem[];
}> {
  const problems: FoundProblem[] = [];
  const notes: FoundProblem[] = [];
  for (const entry of await all.verification.lastEntriesOf(countingActs)) {
    const { about } = entry;
    const told = about === nobody ? null : toldBy(entry);
    if (told === null) continue;
    const row = await all.users.failuresOf(about);
    const found = compared(told, row, `entry ${String(entry.sequence)} of the audit`);
    if (found !== null) (found.isProblem ? problems : notes).push({ about, problem: found.words });
  }
  for (const { about, sequence } of await all.verification.entriesOfActs(['end-page'])) {
    const page = await all.pageSessions.find(about);
    if (page?.end !== null) continue;
    const words = `is a page that was ended by entry ${String(sequence)} of the audit, and may ask again`;
    problems.push({ about, problem: words });
  }
  return { problems, notes };
}

function toldBy({
  act,
  detail_json: text,
}: {
  act: string;
  detail_json: string;
}): FailureCount | null {
  if (act !== 'sign-in-refused') return failureCountOf(null);
  return countSchema.safeParse(JSON.parse(text)).data?.count ?? null;
}

function compared(
  told: FailureCount,
  row: SignInFailureTable | null,
  entry: string,
): { readonly words: string; readonly isProblem: boolean } | null {
  const now = failureCountOf(row);
  if (now.failures === told.failures && now.lockedAt === told.lockedAt) return null;
  const later = `was counted on since ${entry}, without an entry of what came of it`;
  if (told.lockedAt === null) {
    const isLess = now.failures < told.failures;
    return isLess
      ? {
          words: `had ${String(told.failures)} failures to sign in by ${entry}, and has ${String(now.failures)}`,
          isProblem: true,
        }
      : { words: later, isProblem: false };
  }
  const explained =
    row !== null &&
    (now.lockedAt !== null || isOver(told.lockedAt, row.last_at)) &&
    now.failures > 0;
  return explained
    ? { words: later, isProblem: false }
    : {
        words: `was locked by ${entry}, and is not any more; nothing says by whom`,
        isProblem: true,
      };
}

/** Whether a lock can have ended by itself by then, under whatever rule. */
const isOver = (lockedAt: string, at: string): boolean =>
  Math.abs(Date.parse(at) - Date.parse(lockedAt)) >=
  signInRanges['sign-in-lock-seconds'].least * 1000;
