import { createHash } from 'node:crypto';

import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import type { SeenDifference } from '../database/differences-repository.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { BookedLine, PayableClaim } from '../database/remittances-repository.ts';
import type {
  DifferenceClass,
  RemittanceFileTable,
  RemittanceLineTable,
  RemittanceTable,
} from '../database/remittance-tables.ts';
import type { Repositories, Store } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import type { Actor } from '../security/second-person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { Fen } from '../../shared/money/fen.ts';
import { figuresOf, judgeLine } from './judge-line.ts';
import { readRemittance, type StatedLine, type StatedRemittance } from './read-remittance.ts';
import { reconciliationRefusal } from './reconciliation-refusals.ts';
import { markOfRemittance } from './remittance-mark.ts';

export type ReconcilingParts = { readonly store: Store; readonly clock: Clock; readonly ids: Ids };

/** A payer's file: its name, its bytes and whose it is. */
export type RemittanceFile = {
  readonly name: string;
  readonly bytes: Buffer;
  readonly payer: string;
};

/** A line that was not booked, and why. */
export type LineInDoubt = {
  readonly position: number;
  readonly reference: string;
  readonly class: DifferenceClass;
  readonly paidFen: Fen;
};

/** What was taken in of a file. `already`: this very file was taken in before, and nothing was done now. */
export type TakenRemittance = {
  readonly already: boolean;
  readonly remittance: RemittanceTable;
  /** Lines that are booked, by what became of their claims; of an earlier one nothing is counted. */
  readonly booked: number;
  readonly claims: {
    readonly paid: number;
    readonly shortPaid: number;
    readonly denied: number;
    /** Items of a claim were denied, and others are not spoken of yet. */
    readonly waiting: number;
  };
  readonly inDoubt: readonly LineInDoubt[];
};

export type RemitCode =
  'payer-never-claimed-from' | 'remittance-refused' | 'remittance-number-used' | 'day-closed';

/**
 * Takes in what a payer says it paid. The file is kept whole, and is right in itself or refused as a whole: a wrong sum means
 * that bytes are missing. Beyond that it is taken line by line, for its money has come in one sum: lines that fit are booked to
 * their claims, every other one is a difference with its money, and changes no claim. The same file again changes nothing.
 */
export async function takeInRemittance(
  parts: ReconcilingParts,
  { name, bytes, payer }: RemittanceFile,
  by: Actor,
): Promise<Result<TakenRemittance, RemitCode>> {
  const { store, clock } = parts;
  assertRoom(store);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { known, same } = await store.read(async ({ remittances }) => ({
    known: await remittances.destinations(),
    same: await remittances.ofFile(payer, sha256),
  }));
  if (!known.includes(payer))
    return refused(reconciliationRefusal('payer-never-claimed-from', { payer, known }));
  if (same !== null) return accepted(asBefore(same));
  const file: RemittanceFileTable = {
    ...{ payer, sha256, file_name: name, content_base64: bytes.toString('base64') },
    ...{ received_at: shanghaiInstant(clock.now()), received_by: by.userId, refused_as: null },
  };
  const read = readRemittance(bytes);
  if ('problems' in read) {
    const refusal = reconciliationRefusal('remittance-refused', {
      file: name,
      problems: read.problems,
    });
    await keepRefused(parts, { ...file, refused_as: refusal.code }, by);
    return refused(refusal);
  }
  const taken = await transactResult<TakenRemittance, RemitCode>(store, (repositories) =>
    takeIn(parts, repositories, { file, stated: read.remittance, by }),
  );
  if (!taken.ok && taken.refusal.code === 'remittance-number-used')
    await keepRefused(parts, { ...file, refused_as: taken.refusal.code }, by);
  return taken;
}

/** Keeps what was not taken, and that it was not. */
function keepRefused(
  { store }: ReconcilingParts,
  file: RemittanceFileTable,
  by: Actor,
): Promise<void> {
  return store.transact(async ({ remittances, audit }) => {
    await remittances.keepFile(file);
    const { payer, sha256, refused_as: code } = file;
    await audit.append({
      ...{ at: file.received_at, who: by.userId, act: 'refuse-remittance', about: sha256 },
      detail: { payer, code, page: by.page },
    });
  });
}

const noClaims = { paid: 0, shortPaid: 0, denied: 0, waiting: 0 };

const asBefore = (remittance: RemittanceTable): TakenRemittance => ({
  ...{ already: true, remittance, booked: 0, claims: noClaims, inDoubt: [] },
});

type TakingIn = {
  readonly file: RemittanceFileTable;
  readonly stated: StatedRemittance;
  readonly by: Actor;
};

async function takeIn(
  { clock, ids }: ReconcilingParts,
  repositories: Repositories,
  { file, stated, by }: TakingIn,
): Promise<Result<TakenRemittance, RemitCode>> {
  const { remittances, differences, audit } = repositories;
  const { payer, sha256, received_at: at } = file;
  // Asked again inside: another program may have been faster.
  const same = await remittances.ofFile(payer, sha256);
  if (same !== null) return accepted(asBefore(same));
  const used = await remittances.ofNumber(payer, stated.number);
  if (used !== null) {
    const { number, taken_at: takenAt } = used;
    return refused(reconciliationRefusal('remittance-number-used', { number, takenAt }));
  }
  const businessDate = clock.businessDate();
  // By a clock that was set back.
  if ((await repositories.dayCloses.closeOf(businessDate)) !== null)
    return refused(databaseRefusal('day-closed', { businessDate }));
  const id = ids.next();
  const judged = await judgeLines(repositories, { payer, id, lines: stated.lines });
  const { sums } = stated;
  const remittance: RemittanceTable = {
    ...{ id, payer, number: stated.number, sha256, paid_on: stated.paidOn },
    ...{ line_count: stated.lines.length, claimed_fen: sums.claimedFen },
    ...{ approved_fen: sums.approvedFen, adjusted_fen: sums.adjustedFen, paid_fen: sums.paidFen },
    ...{ business_date: businessDate, taken_at: at, taken_by: by.userId, entry: 0 },
    ...{ state: 'taken', taken_back_at: null, taken_back_by: null, taken_back_reason: null },
  };
  await remittances.keepFile(file);
  await remittances.insert(remittance, judged.rows);
  const counts = { ...noClaims };
  for (const { claim, booked } of judged.claims) {
    const figures = figuresOf(claim, booked, claim.claimedFen);
    await remittances.keepFigures(claim.id, at, 'remitted', figures);
    if (figures.state === 'paid') counts.paid += 1;
    else if (figures.state === 'short-paid') counts.shortPaid += 1;
    else if (figures.state === 'denied') counts.denied += 1;
    else counts.waiting += 1;
  }
  const seen = judged.inDoubt.map(({ row, claim, ...doubt }): SeenDifference => ({
    ...{ business_date: businessDate, payer, class: doubt.class },
    ...{ subject: `${id} ${String(row.position)}`, claim_id: claim?.id ?? null },
    ...{ settlement_id: claim?.settlementId ?? null, step: row.step },
    ...{ remittance_id: id, position: row.position, ours_fen: doubt.oursFen },
    ...{ theirs_fen: row.paid_fen, claim_state: claim?.state ?? null, said: row.words },
  }));
  const nextId = () => ids.next();
  await differences.see(seen, { by: id, at, who: by.userId, nextId });
  const inDoubt = judged.inDoubt.map(({ row, class: why }) => ({
    ...{ position: row.position, reference: row.reference, class: why },
    paidFen: row.paid_fen as Fen,
  }));
  const entry = await audit.append({
    ...{ at, who: by.userId, act: 'take-in-remittance', about: id },
    detail: {
      ...{ payer, number: stated.number, sha256, paidFen: sums.paidFen, page: by.page },
      ...{ lines: judged.rows.length, inDoubt: inDoubt.length },
      mark: markOfRemittance(audit, remittance, judged.rows),
    },
  });
  await remittances.setEntry(id, entry);
  const booked = judged.rows.length - inDoubt.length;
  return accepted({
    ...{ already: false, remittance: { ...remittance, entry }, booked, claims: counts, inDoubt },
  });
}

type JudgedLines = {
  readonly rows: readonly RemittanceLineTable[];
  /** Claims that lines were booked to, each with every line that is booked to it now. */
  readonly claims: readonly {
    readonly claim: PayableClaim;
    readonly booked: readonly BookedLine[];
  }[];
  readonly inDoubt: readonly {
    readonly row: RemittanceLineTable;
    readonly claim: PayableClaim | null;
    readonly class: DifferenceClass;
    readonly oursFen: Fen | null;
  }[];
};

async function judgeLines(
  { remittances }: Repositories,
  {
    payer,
    id,
    lines,
  }: { readonly payer: string; readonly id: string; readonly lines: readonly StatedLine[] },
): Promise<JudgedLines> {
  const named = byName(
    await remittances.claimsNamed([...new Set(lines.map(({ reference }) => reference))]),
    payer,
  );
  const booked = new Map<string, { claim: PayableClaim; booked: BookedLine[] }>();
  const rows: RemittanceLineTable[] = [];
  const inDoubt: JudgedLines['inDoubt'][number][] = [];
  for (const [index, line] of lines.entries()) {
    const claims = named.get(line.reference) ?? [];
    const position = index + 1;
    const own = claims[0];
    // Earlier lines of the same file count, too.
    const sofar = own === undefined ? [] : (booked.get(own.id)?.booked ?? own.booked);
    const judged = judgeLine(line, claims, payer, sofar);
    const row: RemittanceLineTable = {
      ...{ remittance_id: id, position, reference: line.reference, step: line.step },
      ...{ claim_id: judged.claim?.id ?? null, claimed_fen: line.claimedFen },
      ...{ approved_fen: line.approvedFen, adjusted_fen: line.adjustedFen },
      ...{ paid_fen: line.paidFen, code: line.code, words: line.words },
      state: judged.kind,
    };
    rows.push(row);
    if (judged.kind === 'difference') {
      inDoubt.push({ row, claim: judged.claim, class: judged.class, oursFen: judged.oursFen });
      continue;
    }
    const { step, approvedFen, adjustedFen, paidFen } = line;
    const bookedLine = { remittanceId: id, position, step, approvedFen, adjustedFen, paidFen };
    booked.set(judged.claim.id, { claim: judged.claim, booked: [...sofar, bookedLine] });
  }
  return { rows, claims: [...booked.values()], inDoubt };
}

/** Claims by everything that names them. Of several under one reference those of the payer are meant, if there are any. */
function byName(
  claims: readonly PayableClaim[],
  payer: string,
): ReadonlyMap<string, readonly PayableClaim[]> {
  const named = new Map<string, PayableClaim[]>();
  for (const claim of claims)
    for (const name of new Set([claim.id, claim.messageId, claim.payerReference]))
      if (name !== null) named.set(name, [...(named.get(name) ?? []), claim]);
  for (const [name, all] of named) {
    const own = all.filter(({ destination }) => destination === payer);
    if (own.length > 0) named.set(name, own);
  }
  return named;
}
