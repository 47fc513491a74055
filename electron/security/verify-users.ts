import { z } from 'zod';

import type { UserTable } from '../database/user-tables.ts';
import type { Repositories } from '../database/store.ts';
import type { FoundProblem } from '../database/verification-repository.ts';
import { everybody, marksOfUser, userActs } from './user-parts.ts';

const marksSchema = z.object({ user: z.string().nullable(), passwords: z.string().nullable() });
const detailSchema = z.object({
  role: z.union([z.string(), z.object({ now: z.string() })]).optional(),
  marks: marksSchema.optional(),
});

/** How a user stands by the audit. */
type Told = {
  readonly role: string;
  readonly state: UserTable['state'];
  readonly passwords: number;
  readonly marks: z.infer<typeof marksSchema> | null;
  /** The last entry that says so. */
  readonly sequence: number;
};

/**
 * Whether everybody who may come in stands as the audit says: role, state, passwords and all else of the row. Rows that were
 * changed with the key and an editor show; who was entered so, or taken out, too. Where an entry is from before it held
 * marks, role, state and the number of passwords are all that is compared, and that is noted.
 */
export async function compareUsersWithAudit(
  all: Pick<Repositories, 'users' | 'audit' | 'verification'>,
): Promise<{
  readonly problems: readonly FoundProblem[];
  readonly notes: readonly FoundProblem[];
}> {
  const told = new Map<string, Told>();
  for (const entry of await all.verification.entriesOfActs(userActs))
    told.set(entry.about, after(told.get(entry.about) ?? nothing, entry));
  const problems: FoundProblem[] = [];
  const notes: FoundProblem[] = [];
  const rows = await everybody(all);
  for (const row of rows) {
    const of = told.get(row.id);
    if (of === undefined) {
      problems.push({
        about: row.id,
        problem: 'is a user whom nobody made: no entry of the audit',
      });
      continue;
    }
    const found = await problemsOfUser(all, row, of);
    problems.push(...found.map((problem) => ({ about: row.id, problem })));
    if (of.marks === null)
      notes.push({
        about: row.id,
        problem:
          'has no mark in the audit yet; it gets one when the user or the password is changed',
      });
  }
  problems.push(...(await actsOfNobody(all)));
  const there = new Set(rows.map(({ id }) => id));
  for (const about of told.keys()) {
    if (!there.has(about))
      problems.push({ about, problem: 'is in the audit, and no user any more' });
  }
  return { problems, notes };
}

/** What a person does with money: each is done by somebody who has signed in, from the first user on. */
const personalActs = ['settle-visit', 'cancel-settlement', 'approve-business-date'];
const firstUserAct = 'make-first-administrator';

/** Acts with money, since there are users, in the name of somebody who was never one: such as those of a demo. */
async function actsOfNobody({
  audit,
}: Pick<Repositories, 'audit'>): Promise<readonly FoundProblem[]> {
  const entries = await audit.ofNobody(personalActs, firstUserAct);
  return entries.map(({ who, act, sequence }) => ({
    about: who,
    problem: `is no user, and did ${act}: entry ${String(sequence)} of the audit`,
  }));
}

const nothing: Told = { role: '', state: 'active', passwords: 0, marks: null, sequence: 0 };

function after(
  before: Told,
  { act, sequence, detail_json: text }: { act: string; sequence: number; detail_json: string },
): Told {
  const detail = detailSchema.safeParse(JSON.parse(text)).data ?? {};
  const role = typeof detail.role === 'object' ? detail.role.now : detail.role;
  const isOfPassword = passwordActs.includes(act);
  return {
    role: role ?? before.role,
    state: act === 'end-user' ? 'ended' : before.state,
    passwords: before.passwords + (isOfPassword ? 1 : 0),
    marks: detail.marks ?? null,
    sequence,
  };
}

/** Each gives the user one more. */
const passwordActs: readonly string[] = [
  'make-first-administrator',
  'make-user',
  'change-password',
  'reset-password',
];

async function problemsOfUser(
  all: Pick<Repositories, 'users' | 'audit'>,
  row: UserTable,
  told: Told,
): Promise<readonly string[]> {
  const entry = `entry ${String(told.sequence)} of the audit`;
  const problems: string[] = [];
  if (row.role !== told.role) problems.push(`is ${row.role}, and ${told.role} by ${entry}`);
  if (row.state !== told.state) problems.push(`is ${row.state}, and ${told.state} by ${entry}`);
  const [last] = await all.users.passwordsOf(row.id, 1);
  const passwords = last?.number ?? 0;
  if (passwords !== told.passwords)
    problems.push(
      `has password ${String(passwords)}, and the audit knows of ${String(told.passwords)}`,
    );
  if (told.marks === null) return problems;
  const marks = await marksOfUser(all, row.id);
  if (marks.user !== told.marks.user && problems.length === 0)
    problems.push(`was changed since ${entry}, and nothing says by whom`);
  if (marks.passwords !== told.marks.passwords)
    problems.push(`the password is not the one of ${entry}`);
  return problems;
}
