import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { ReadingOnlyError } from '../database/reading-only.ts';
import type { Repositories } from '../database/store.ts';
import type { SignInFailureTable, UserPasswordTable, UserTable } from '../database/user-tables.ts';
import { proveWithKey, type KeyProof } from './certificate-keys.ts';
import { passwordLengthMax } from './check-new-password.ts';
import { keptCertificate } from './client-certificate.ts';
import { securityRefusal } from './security-refusals.ts';
import { readKeyFolder, readSignInRules, type SignInRules } from './sign-in-rules.ts';
import { nobody, readUserId } from './user-names.ts';
import { auditUserAct, instantNow, type UserParts } from './user-parts.ts';
import { userOfRow, type User } from './users.ts';
import { failureCountOf } from './verify-sign-ins.ts';

export type SignInInput = {
  /** As it was typed. */
  readonly userId: string;
  readonly password: string;
  /** From where: the command, or the page with its session. */
  readonly from: string;
  /**
   * Asks for the PIN of a client certificate; null or empty: none was given. It is asked where the folder has certificates and
   * whoever it is does not come in without one, whatever the reason, and after all other work is done.
   */
  readonly askPin?: () => Promise<string | null>;
  /** A page: accounts of programs do not come in there. */
  readonly onPage?: boolean;
};

export type SignedIn = {
  readonly user: User;
  /** The password that was shown, by its number among the user's; null: a demo's users have none. */
  readonly passwordNumber: number | null;
  /** Before anything else the password is changed: somebody else knows it, or it is too old. */
  readonly mustChange: 'set-by-other' | 'expired' | null;
  /** In how many days it will be too old; null: never. */
  readonly daysLeft: number | null;
};

export type SignInCode =
  | 'sign-in-refused'
  | 'sign-in-busy'
  | 'certificate-asked'
  | 'certificate-missing'
  | 'certificate-expired';

/** More at once is an attack: each takes its own third of a second. */
const waitingMax = 30;

const dayMs = 86_400_000;

/** What is looked at before the password is. */
type Attempt = {
  readonly row: UserTable | null;
  readonly password: UserPasswordTable | null;
  readonly rules: SignInRules;
  readonly isLocked: boolean;
  /** Where keys of client certificates lie; null: the folder has none. */
  readonly keyFolder: string | null;
};

/**
 * Lets somebody in by a password, and by the key of a client certificate where the user has one. The attempt is counted before the password is looked at, so that many at once are not
 * more guesses than one after the other; the same is done whether there is such a user or not, and who does not come in
 * hears one sentence, whatever the reason. The reason stands in the audit chain.
 */
export async function signIn(
  parts: UserParts,
  input: SignInInput,
): Promise<Result<SignedIn, SignInCode>> {
  if (parts.hasher.waiting() >= waitingMax) return refused(securityRefusal('sign-in-busy'));
  const userId = readUserId(input.userId);
  const attempt = await countAttempt(parts, userId);
  const isLong = input.password.length > passwordLengthMax;
  const isRight = await parts.hasher.check(
    isLong ? '' : input.password,
    attempt.password?.hash ?? null,
  );
  const looked = { isRight: isRight && !isLong, input };
  const { row, password, rules } = attempt;
  const shown =
    whyNot(attempt, { ...looked, key: 'not-asked' }) === null
      ? 'not-asked'
      : await askKey(attempt, userId, input);
  const why = whyNot(attempt, { ...looked, key: shown }) ?? whyNotToday(parts, attempt);
  if (why !== null || row === null || password === null) {
    await keepRefused(parts, { userId: row?.id ?? nobody, why: why ?? 'unknown', input });
    return refused(whatIsSaid(why, shown));
  }
  const better = parts.hasher.isOld(password.hash) ? await parts.hasher.hash(input.password) : null;
  const still = await keepSignedIn(parts, { row, password, better, input });
  if (!still) return refused(securityRefusal('sign-in-refused', {}));
  const { number: passwordNumber } = password;
  const term = termOf(parts, { row, password, rules });
  return accepted({ user: userOfRow(row), passwordNumber, ...term });
}

type WhyNot =
  | 'unknown'
  | 'ended'
  | 'no-password'
  | 'locked'
  | 'wrong'
  | 'certificate'
  | 'certificate-expired'
  | 'service';

/** What came of asking for the key of a certificate. `not-asked`: the folder has none, or nobody needed it. */
type ShownKey = 'not-asked' | 'no-pin' | KeyProof;

/** The PIN is asked for and the key tried, whoever it is and whatever the password: what is answered tells neither. */
async function askKey(
  { row, keyFolder }: Attempt,
  userId: string | null,
  { askPin }: SignInInput,
): Promise<ShownKey> {
  if (keyFolder === null) return 'not-asked';
  const pin = (await askPin?.()) ?? '';
  if (pin === '') return 'no-pin';
  const certificate = keptCertificate(row?.certificate ?? null)?.pem ?? null;
  const folder = keyFolder;
  return proveWithKey({ folder, userId: userId ?? nobody, pin, certificate });
}

/** The one sentence for whoever does not come in, by what was shown of a key; a reason only for who has proved both. */
function whatIsSaid(why: WhyNot | null, shown: ShownKey): Refusal<SignInCode> {
  if (why === 'certificate-expired') return securityRefusal('certificate-expired', {});
  if (shown === 'no-pin') return securityRefusal('certificate-asked', {});
  if (shown === 'missing') return securityRefusal('certificate-missing', {});
  return securityRefusal('sign-in-refused', { withPin: shown !== 'not-asked' });
}

/** Who has proved all that is asked may still come with a certificate that is over. */
function whyNotToday({ clock }: UserParts, { row }: Attempt): WhyNot | null {
  if (row === null || row.certificate === null) return null;
  const certificate = keptCertificate(row.certificate);
  const isOver = certificate === null || certificate.validUntil <= clock.now();
  return isOver ? 'certificate-expired' : null;
}

function whyNot(
  { row, password, isLocked }: Attempt,
  {
    isRight,
    input,
    key,
  }: { readonly isRight: boolean; readonly input: SignInInput; readonly key: ShownKey },
): WhyNot | null {
  if (row === null) return 'unknown';
  if (row.state === 'ended') return 'ended';
  if (password === null) return 'no-password';
  if (isLocked) return 'locked';
  if (!isRight) return 'wrong';
  if (row.certificate !== null && key !== 'proven') return 'certificate';
  if (row.is_service === 1 && input.onPage === true) return 'service';
  return null;
}

/** Counts the attempt; one under a name that nobody has is counted too, under nobody's. */
async function countAttempt(parts: UserParts, userId: string | null): Promise<Attempt> {
  const look = async ({ users, folderFacts }: Repositories) => {
    const row = userId === null ? null : await users.find(userId);
    const [password = null] = await users.passwordsOf(row?.id ?? '', 1);
    const failures = await users.failuresOf(row?.id ?? '');
    const rules = await readSignInRules(folderFacts);
    return { row, password, failures, rules, keyFolder: await readKeyFolder(folderFacts) };
  };
  return unlessReadingOnly(
    parts,
    async (all) => {
      const { failures, ...looked } = await look(all);
      const { next, isLocked } = afterAttempt(failures, parts, looked.rules);
      await all.users.keepFailures({ user_id: looked.row?.id ?? '', ...next });
      return { ...looked, isLocked: isLocked && looked.row !== null };
    },
    // What is open for reading only cannot count; it can still be read by those who may, and a lock stands.
    async (all) => {
      const { failures, ...looked } = await look(all);
      const { isLocked } = afterAttempt(failures, parts, looked.rules);
      return { ...looked, isLocked: isLocked && looked.row !== null };
    },
  );
}

/**
 * How the count stands after one more attempt, and whether this one is too many. A lock ends so many seconds after it
 * began by the clock. A clock that was set back to before the lock began would make it last for ever, or, trusted, end
 * at once: the lock then begins again now.
 */
export function afterAttempt(
  before: Omit<SignInFailureTable, 'user_id'> | null,
  { clock }: Pick<UserParts, 'clock'>,
  rules: Pick<SignInRules, 'sign-in-failures' | 'sign-in-lock-seconds'>,
): { readonly next: Omit<SignInFailureTable, 'user_id'>; readonly isLocked: boolean } {
  const last_at = instantNow({ clock });
  const lockedAt = before?.locked_at ?? null;
  const failed = before?.failures ?? 0;
  if (lockedAt !== null) {
    const since = clock.now().getTime() - Date.parse(lockedAt);
    if (since < 0)
      return { next: { failures: failed, last_at, locked_at: last_at }, isLocked: true };
    if (since < rules['sign-in-lock-seconds'] * 1000)
      return { next: { failures: failed, last_at, locked_at: lockedAt }, isLocked: true };
  }
  const failures = (lockedAt === null ? failed : 0) + 1;
  const isLast = failures >= rules['sign-in-failures'];
  return { next: { failures, last_at, locked_at: isLast ? last_at : null }, isLocked: false };
}

/** Writes down that somebody was not let in for another reason than a password: nobody was named, or the role may not. */
export async function noteNotLetIn(
  parts: Pick<UserParts, 'store' | 'clock'>,
  { userId, why, from }: { readonly userId: string; readonly why: string; readonly from: string },
): Promise<void> {
  await unlessReadingOnly(
    parts,
    async ({ audit }) => {
      await audit.append({
        ...{ at: instantNow(parts), who: userId, act: 'not-let-in', about: userId },
        detail: { why, from: from.slice(0, 100) },
      });
    },
    () => Promise.resolve(),
  );
}

async function keepRefused(
  parts: UserParts,
  refusal: { readonly userId: string; readonly why: WhyNot; readonly input: SignInInput },
): Promise<void> {
  const { userId, why, input } = refusal;
  await unlessReadingOnly(
    parts,
    async ({ audit, users }) => {
      // With the count as it stands: a lock that is taken away later, past the program, shows by it.
      const count = failureCountOf(await users.failuresOf(userId === nobody ? '' : userId));
      await audit.append({
        ...{ at: instantNow(parts), who: userId, act: 'sign-in-refused', about: userId },
        detail: { why, from: input.from.slice(0, 100), count },
      });
    },
    () => Promise.resolve(),
  );
}

/** Lets in, unless the user was ended or got another password or certificate while these were looked at. */
async function keepSignedIn(
  parts: UserParts,
  done: {
    readonly row: UserTable;
    readonly password: UserPasswordTable;
    readonly better: string | null;
    readonly input: SignInInput;
  },
): Promise<boolean> {
  const { row, password, better, input } = done;
  const isStill = async ({ users }: Repositories): Promise<boolean> => {
    const [now] = await users.passwordsOf(row.id, 1);
    const user = await users.find(row.id);
    if (user?.state !== 'active' || now?.number !== password.number) return false;
    // Whoever was given a certificate meanwhile has not shown it.
    return user.certificate === row.certificate;
  };
  return unlessReadingOnly(
    parts,
    async (all) => {
      if (!(await isStill(all))) return false;
      const at = instantNow(parts);
      await all.users.keepFailures({ user_id: row.id, failures: 0, last_at: at, locked_at: null });
      if (better !== null) {
        await all.users.rehash({ user_id: row.id, number: password.number, hash: better });
        const renewed = { at, who: row.id, act: 'renew-password-hash', about: row.id } as const;
        await auditUserAct(all, { ...renewed, detail: {} });
      }
      await all.audit.append({
        ...{ at, who: row.id, act: 'sign-in', about: row.id },
        detail: { from: input.from.slice(0, 100), role: row.role },
      });
      return true;
    },
    isStill,
  );
}

/** Whether the password is to be changed first. What this program made for a program has no term: nobody knows it. */
function termOf(
  { clock }: Pick<UserParts, 'clock'>,
  {
    row,
    password,
    rules,
  }: {
    readonly row: UserTable;
    readonly password: UserPasswordTable;
    readonly rules: SignInRules;
  },
): Pick<SignedIn, 'mustChange' | 'daysLeft'> {
  if (password.must_change === 1) return { mustChange: 'set-by-other', daysLeft: null };
  const days = rules['password-days'];
  if (days === 0 || row.is_service === 1) return { mustChange: null, daysLeft: null };
  const age = Math.max(0, clock.now().getTime() - Date.parse(password.made_at));
  const daysLeft = days - Math.floor(age / dayMs);
  return daysLeft <= 0 ? { mustChange: 'expired', daysLeft: 0 } : { mustChange: null, daysLeft };
}

/** Where the books are open for reading only, or the disk is full, what can be done without writing. */
async function unlessReadingOnly<T>(
  { store }: Pick<UserParts, 'store'>,
  writing: (all: Repositories) => Promise<T>,
  reading: (all: Repositories) => Promise<T>,
): Promise<T> {
  if (store.readingOnly() !== null) return store.read(reading);
  try {
    return await store.transact(writing);
  } catch (problem) {
    if (problem instanceof ReadingOnlyError) return store.read(reading);
    throw problem;
  }
}
