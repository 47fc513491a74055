import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { crashPoint } from '../base/crash-points.ts';
import type { Ids } from '../base/ids.ts';
import { fileHash } from '../base/file-hash.ts';
import type { LateAnswer } from '../database/claims-repository.ts';
import type { PayerReturn, ReturnFinding } from '../database/payer-returns-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import { sumFen } from '../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import type { ReturningPayer } from './channel.ts';
import type { FoundReturn, ReturnLine, UnfitLine } from './returns.ts';

export type TakingParts = { readonly store: Store; readonly clock: Clock; readonly ids: Ids };

/** What came of one return: how many claims have their answer by it, and what of it did not fit. */
export type TakenReturn = {
  readonly id: string;
  readonly name: string;
  readonly kind: PayerReturn['kind'];
  readonly answered: number;
  readonly findings: readonly ReturnFinding[];
};

/** A return is taken in so many lines at a time: the desk's own writes never wait longer. */
const linesAtOnce = 200;

/**
 * Keeps a return whole, then takes in what it says. One that has been taken in before, by its name and content, changes
 * nothing and answers null.
 */
export async function takeReturn(
  parts: TakingParts,
  payer: ReturningPayer,
  found: FoundReturn,
): Promise<TakenReturn | null> {
  const { store, clock, ids } = parts;
  crashPoint('return:before-kept');
  const kept = await store.transact(({ payerReturns }) =>
    payerReturns.keep({
      ...{ id: ids.next(), profile: payer.profile, name: found.name },
      ...{ sha256: fileHash(found.content), content: found.content },
      at: shanghaiInstant(clock.now()),
    }),
  );
  crashPoint('return:after-kept');
  return kept.kind === 'unread' ? readKept(parts, payer, kept, found) : null;
}

/** Takes in what a crash left kept and unread. */
export async function takeUnread(
  parts: TakingParts,
  payer: ReturningPayer,
): Promise<readonly TakenReturn[]> {
  const { store } = parts;
  const taken: TakenReturn[] = [];
  const left = await store.read(({ payerReturns }) =>
    payerReturns.ofKind('unread', { after: '', limit: unreadMost }),
  );
  for (const kept of left) {
    if (kept.profile !== payer.profile) continue;
    const content = await store.read(({ payerReturns }) => payerReturns.contentOf(kept.id));
    taken.push(await readKept(parts, payer, kept, { name: kept.name, content }));
  }
  return taken;
}

/** More cannot be left: each is read before the next is fetched. */
const unreadMost = 100;

async function readKept(
  { store, clock }: TakingParts,
  payer: ReturningPayer,
  { id, name }: PayerReturn,
  found: FoundReturn,
): Promise<TakenReturn> {
  const read = await payer.returns.read(found);
  const findings: ReturnFinding[] = [];
  let answered = 0;
  if (read.kind !== 'remittance') findings.push(...read.unfit.map(unfitFinding));
  if (read.kind === 'answers') {
    const twice = namedTwice(read.lines);
    const lines = read.lines.filter((line) => {
      if (line.about === 'file' || !twice.has(line.claimId)) return true;
      findings.push(findingOf(line, 'named-twice', { said: line.claimId }));
      return false;
    });
    for (let from = 0; from < lines.length; from += linesAtOnce) {
      const part = lines.slice(from, from + linesAtOnce);
      const came = await store.transact(async (repositories) => {
        const all: LineTaken[] = [];
        const at = shanghaiInstant(clock.now());
        for (const line of part) all.push(await takeLine(repositories, payer, line, at));
        return all;
      });
      for (const each of came) {
        answered += each.answered;
        findings.push(...each.findings);
      }
      crashPoint('return:inside-lines');
    }
  }
  findings.sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
  await store.transact(({ payerReturns }) =>
    payerReturns.finish(id, { kind: read.kind, at: shanghaiInstant(clock.now()), findings }),
  );
  crashPoint('return:after-read');
  return { id, name, kind: read.kind, answered, findings };
}

type LineTaken = { readonly answered: number; readonly findings: readonly ReturnFinding[] };

/** A claim that one return speaks of twice: nobody can say which of the two counts. */
function namedTwice(lines: readonly ReturnLine[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const line of lines) {
    if (line.about === 'file') continue;
    if (seen.has(line.claimId)) twice.add(line.claimId);
    seen.add(line.claimId);
  }
  return twice;
}

async function takeLine(
  repositories: Repositories,
  payer: ReturningPayer,
  line: ReturnLine,
  at: string,
): Promise<LineTaken> {
  if (line.about === 'file') return takeFileLine(repositories, payer, line, at);
  const { claims } = repositories;
  const claim = await claims.find(line.claimId);
  const wrong = (code: string, rest: Parameters<typeof findingOf>[2]): LineTaken => ({
    answered: 0,
    findings: [findingOf(line, code, rest)],
  });
  if (claim === null) return wrong('unknown-claim', { said: line.claimId });
  // A payer speaks of its own claims alone.
  if (!payer.answersFor(claim.destination))
    return wrong('not-its-claim', { said: line.claimId, ours: claim.destination });
  const about = { claimId: claim.id };
  if (claim.messageId !== line.messageId)
    return wrong('differs', {
      ...about,
      field: 'message',
      said: line.messageId,
      ours: claim.messageId,
    });
  if (claim.claimedFen !== line.claimedFen) {
    const [said, ours] = [yuanTextFromFen(line.claimedFen), yuanTextFromFen(claim.claimedFen)];
    return wrong('differs', { ...about, field: 'claimed', said, ours });
  }
  const { answer } = line;
  if (answer.kind === 'accepted' && answer.approvedFen !== claim.claimedFen) {
    const [said, ours] = [yuanTextFromFen(answer.approvedFen), yuanTextFromFen(claim.claimedFen)];
    return wrong('differs', { ...about, field: 'approved', said, ours });
  }
  if (answer.kind === 'partial') {
    const refusedItems = answer.refusedItems.map(({ position }) => position);
    const taken = claim.items.filter(({ position }) => !refusedItems.includes(position));
    const expected = sumFen(taken.map(({ amountFen }) => amountFen));
    const areOurs = refusedItems.every((each) =>
      claim.items.some(({ position }) => position === each),
    );
    if (!areOurs || refusedItems.length === 0 || expected !== answer.approvedFen) {
      const [said, ours] = [yuanTextFromFen(answer.approvedFen), yuanTextFromFen(expected)];
      return wrong('differs', { ...about, field: 'items', said, ours });
    }
  }
  return keep(repositories, line, claim, at);
}

/** Of a whole file: it must be the file that we sent, with as many claims and the same sum. */
async function takeFileLine(
  repositories: Repositories,
  payer: ReturningPayer,
  line: Extract<ReturnLine, { about: 'file' }>,
  at: string,
): Promise<LineTaken> {
  const { claims } = repositories;
  const all = [];
  for (const id of await claims.ofFile(line.sentWith)) {
    const claim = await claims.find(id);
    if (claim !== null && payer.answersFor(claim.destination)) all.push(claim);
  }
  const wrong = (code: string, rest: Parameters<typeof findingOf>[2]): LineTaken => ({
    answered: 0,
    findings: [findingOf(line, code, rest)],
  });
  if (all.length === 0) return wrong('unknown-file', { said: line.sentWith });
  if (all.length !== line.claims)
    return wrong('differs', {
      field: 'count',
      said: String(line.claims),
      ours: String(all.length),
    });
  const sum = sumFen(all.map(({ claimedFen }) => claimedFen));
  if (sum !== line.claimedFen) {
    const [said, ours] = [yuanTextFromFen(line.claimedFen), yuanTextFromFen(sum)];
    return wrong('differs', { field: 'sum', said, ours });
  }
  let answered = 0;
  const findings: ReturnFinding[] = [];
  for (const claim of all) {
    const came = await keep(repositories, line, claim, at);
    answered += came.answered;
    findings.push(...came.findings);
  }
  return { answered, findings };
}

async function keep(
  { claims }: Repositories,
  line: ReturnLine,
  claim: { readonly id: string; readonly state: string },
  at: string,
): Promise<LineTaken> {
  const came = await claims.keepLateAnswer(claim.id, at, line.answer);
  switch (came) {
    case 'kept':
      return { answered: 1, findings: [] };
    case 'known':
      return { answered: 0, findings: [] };
    case 'contradicts':
    case 'never-sent': {
      const code = came === 'contradicts' ? 'contradiction' : 'never-sent';
      const rest = { claimId: claim.id, said: answerText(line.answer), ours: claim.state };
      return { answered: 0, findings: [findingOf(line, code, rest)] };
    }
  }
}

/** What was said, short enough for a list. */
function answerText(answer: LateAnswer): string {
  switch (answer.kind) {
    case 'acknowledged':
      return answer.kind;
    case 'accepted':
      return `${answer.kind} ${yuanTextFromFen(answer.approvedFen)}`;
    case 'rejected':
    case 'partial':
      return `${answer.kind} ${answer.problem.code} ${answer.problem.words}`;
  }
}

function findingOf(
  { line }: Pick<ReturnLine, 'line'>,
  code: string,
  rest: {
    readonly said: string;
    readonly ours?: string;
    readonly field?: string;
    readonly claimId?: string;
  },
): ReturnFinding {
  const { said, ours = '', field = null, claimId = null } = rest;
  return { code, line, field, said, ours, claimId };
}

const unfitFinding = (unfit: UnfitLine): ReturnFinding => ({
  code: 'unfit',
  ...unfit,
  claimId: null,
});
