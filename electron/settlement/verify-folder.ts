import { auditChainStart } from '../database/audit-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import type {
  FoundProblem,
  OpeningKey,
  VerificationRepository,
} from '../database/verification-repository.ts';
import { problemsOfClaim } from '../database/claim-history.ts';
import { compareSignInsWithAudit } from '../security/verify-sign-ins.ts';
import { compareUsersWithAudit } from '../security/verify-users.ts';
import { compareActsWithAudit } from './verify-acts.ts';
import { packName, packsThatChanged, type PackTexts } from './pack-texts.ts';
import { problemsOfOpening, problemsOfSettlement } from './re-add-settlement.ts';

export type Check = {
  readonly name: string;
  readonly ok: boolean;
  readonly problems: readonly FoundProblem[];
  /** What is not wrong but worth knowing. */
  readonly notes?: readonly FoundProblem[];
};

/** What `verify` prints (contract). */
export type Verification = { readonly ok: boolean; readonly checks: readonly Check[] };

/** At most so many findings of one check are listed: a damaged folder must not fill the memory. */
const findingsMax = 100;
/** Rows read at once: a settlement with its explanation is some tens of kilobytes. */
const pageSize = 100;

/**
 * Adds up the books of a folder again, on one snapshot, without the code that wrote them: every settlement's
 * shares, every claim, every counter, the audit chain, the file itself. Memory does not grow with the folder.
 */
export function verifyFolder({
  store,
  packTexts,
}: {
  readonly store: Store;
  /** The packs as they are here; without them they are not compared with what is in force. */
  readonly packTexts?: PackTexts;
}): Promise<Verification> {
  return store.read(async (repositories) => {
    const { verification } = repositories;
    const checks: Check[] = [
      checkOf('file', await verification.integrityProblems()),
      checkOf('tables', await verification.declarationProblems()),
    ];
    for (const name of verification.checkNames) {
      const found = [...(await verification.problemsOf(name, findingsMax))];
      if (name === 'numbers') found.push(...(await problemsOfMessageCounters(verification)));
      if (name === 'one-live-claim') found.push(...(await problemsOfMessageIds(verification)));
      if (name === 'acts-are-audited')
        found.push(...(await compareActsWithAudit(repositories, { findingsMax, pageSize })));
      checks.push(checkOf(name, found));
    }
    checks.push(checkOf('row-marks', await repositories.rowMarks.problems(findingsMax)));
    checks.push(checkOf('results-re-add', await problemsOfSettlements(verification)));
    checks.push(checkOf('openings', await problemsOfOpenings(verification)));
    checks.push(checkOf('claims-and-answers', await problemsOfClaims(verification)));
    const users = await compareUsersWithAudit(repositories);
    const signIns = await compareSignInsWithAudit(repositories);
    checks.push({
      ...checkOf('users', [...users.problems, ...signIns.problems]),
      ...notesOf([...users.notes, ...signIns.notes]),
    });
    checks.push(checkOf('anchor', problemsOfAnchor(store)));
    checks.push(checkOf('audit-chain', await problemsOfChain(verification)));
    if (packTexts !== undefined) checks.push(await checkOfPacks(repositories, packTexts));
    checks.push({ ...checkOf('intents', []), notes: await openIntents(repositories) });
    return { ok: checks.every(({ ok }) => ok), checks };
  });
}

/** Every pack here is the text its id and version stand for; one that is gone is worth knowing. */
async function checkOfPacks(repositories: Repositories, here: PackTexts): Promise<Check> {
  const changed = await packsThatChanged(repositories, here);
  const inForce = await repositories.packsInForce.list();
  const problems = changed.map(({ name: about, kept, here: now }) => ({
    about,
    problem: `its text (${now.slice(0, 12)}…) is not the one taken into use (${kept.slice(0, 12)}…); nothing is settled by it`,
  }));
  const notes = inForce
    .map(packName)
    .filter((name) => !here.has(name))
    .map((about) => ({ about, problem: 'was taken into use and is not here any more' }));
  return { ...checkOf('packs', problems), ...notesOf(notes) };
}

/** What is worth knowing, at most as much as is listed of problems; nothing where there is nothing. */
function notesOf(notes: readonly FoundProblem[]): Pick<Check, 'notes'> {
  return notes.length === 0 ? {} : { notes: notes.slice(0, findingsMax) };
}

/** One check of what `verify` prints. */
export function checkOf(name: string, problems: readonly FoundProblem[]): Check {
  return { name, ok: problems.length === 0, problems: problems.slice(0, findingsMax) };
}

/** What the folder remembers outside of the database and the books do not hold. */
function problemsOfAnchor(store: Store): readonly FoundProblem[] {
  const { missing, strangeLines } = store.compareWithAnchor();
  return [
    ...missing.map(({ about, text }) => ({ about, problem: text.en })),
    ...strangeLines.map((line) => ({
      about: `settlement.anchor:${String(line)}`,
      problem: 'was changed, or written with another key',
    })),
  ];
}

async function problemsOfSettlements(
  verification: VerificationRepository,
): Promise<readonly FoundProblem[]> {
  const found: FoundProblem[] = [];
  let after = '';
  while (found.length < findingsMax) {
    const page = await verification.settlements({ after, limit: pageSize });
    for (const settlement of page) {
      const problems = problemsOfSettlement(settlement);
      found.push(...problems.map((problem) => ({ about: settlement.id, problem })));
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  return found;
}

/** Every claim stands where what happened to it leads. */
async function problemsOfClaims(
  verification: VerificationRepository,
): Promise<readonly FoundProblem[]> {
  const found: FoundProblem[] = [];
  let after = '';
  while (found.length < findingsMax) {
    const page = await verification.claimHistories({ after, limit: pageSize });
    for (const claim of page)
      found.push(...problemsOfClaim(claim).map((problem) => ({ about: claim.id, problem })));
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  return found;
}

async function problemsOfOpenings(
  verification: VerificationRepository,
): Promise<readonly FoundProblem[]> {
  const found: FoundProblem[] = [];
  let after: OpeningKey = { person_id: '', year: 0 };
  while (found.length < findingsMax) {
    const page = await verification.openings({ after, limit: pageSize });
    for (const opening of page) {
      const about = `${opening.person_id} ${String(opening.year)}`;
      found.push(...problemsOfOpening(opening).map((problem) => ({ about, problem })));
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last;
  }
  return found;
}

function keptMessageId(messageIdsJson: string, destination: string): unknown {
  const kept: unknown = JSON.parse(messageIdsJson);
  return typeof kept === 'object' && kept !== null ? Reflect.get(kept, destination) : undefined;
}

/** Every message id that was kept was counted, and no more were: none is ever given again. */
async function problemsOfMessageCounters(
  verification: VerificationRepository,
): Promise<readonly FoundProblem[]> {
  const found: FoundProblem[] = [];
  let after = '';
  let kept = 0;
  for (;;) {
    const page = await verification.intents({ after, limit: pageSize });
    for (const { settlement_id: about, messageIds } of page) {
      for (const { id, counted } of messageIds) {
        kept += 1;
        if (counted !== null && Number(id.slice(26)) <= counted) continue;
        found.push({ about, problem: `the message id ${id} would be given again` });
        if (found.length >= findingsMax) return found;
      }
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.settlement_id;
  }
  const counted = await verification.countedMessageIds();
  kept += (await verification.replacedClaims()) + (await verification.keptUndos());
  if (counted !== kept) {
    const problem = `${String(counted)} message ids were counted, ${String(kept)} are kept`;
    found.push({ about: 'message ids', problem });
  }
  return found;
}

/** A claim goes out under the message id that was kept before anything was sent, and under no other. */
async function problemsOfMessageIds(
  verification: VerificationRepository,
): Promise<readonly FoundProblem[]> {
  const found: FoundProblem[] = [];
  let after = '';
  while (found.length < findingsMax) {
    const page = await verification.claims({ after, limit: pageSize });
    for (const { id, destination, message_id: messageId, message_ids_json: text } of page) {
      if (keptMessageId(text, destination) === messageId) continue;
      found.push({
        about: id,
        problem: 'its message id is not the one its settlement kept before',
      });
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  return found;
}

async function problemsOfChain(
  verification: VerificationRepository,
): Promise<readonly FoundProblem[]> {
  const found: FoundProblem[] = [...(await verification.sealProblems())];
  let after = 0;
  let hash = auditChainStart;
  while (found.length < findingsMax) {
    const page = await verification.auditEntries({ after, limit: pageSize });
    for (const entry of page) {
      const about = String(entry.sequence);
      if (entry.sequence !== after + 1)
        found.push({ about, problem: 'an entry before it is gone' });
      if (entry.previous_hash !== hash) {
        found.push({ about, problem: 'does not follow the entry before it' });
      }
      if (entry.hash !== verification.hashOf(entry)) found.push({ about, problem: 'was changed' });
      after = entry.sequence;
      hash = entry.hash;
    }
    if (page.length === 0) break;
  }
  return found;
}

/** A settling that was begun and not finished: settling the visit again finishes it under the same ids. */
async function openIntents({ settlements }: Repositories): Promise<readonly FoundProblem[]> {
  const open = await settlements.openIntents(findingsMax);
  return open.map(({ settlementId, visitId }) => ({
    about: settlementId,
    problem: `begun for visit ${visitId} and not finished; settling it again finishes it`,
  }));
}
