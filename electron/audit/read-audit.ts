import { z } from 'zod';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { AuditEntryTable } from '../database/schema.ts';
import type { Store } from '../database/store.ts';
import { maskNumbersIn } from '../security/mask.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { everybody } from '../security/user-parts.ts';
import { demoUsers, type User } from '../security/users.ts';
import { auditRefusal } from './audit-refusals.ts';

/** What an auditor looks for without knowing where. */
export const auditLists = [
  'rights',
  'refunds',
  'reprints',
  'settled-again',
  'settled-after-death',
  'one-proxy',
  'numbers-shown',
] as const;
export type AuditList = (typeof auditLists)[number];

/** Which entries are wanted; what is absent leaves nothing out. Days are of Shanghai, both included. */
export type AuditQuestion = {
  readonly who?: string;
  readonly act?: string;
  /** The id or number of a visit, settlement, user, … */
  readonly about?: string;
  /** The ID number of a patient: everything about the person's visits and settlements, and who saw the number. */
  readonly patient?: string;
  readonly from?: string;
  readonly until?: string;
  readonly list?: string;
};

/** An entry as it is read: ids and codes, no names. */
export type ReadEntry = Pick<AuditEntryTable, 'sequence' | 'at' | 'who' | 'act' | 'about'> & {
  readonly detail: unknown;
  readonly window: string | null;
};

export type ReadAudit = {
  readonly entries: readonly ReadEntry[];
  /** Earlier ones were left out: ask for fewer days. */
  readonly more: boolean;
};

/** So many of the latest are answered. */
const entriesMax = 1000;
const pageSize = 1000;
/** One who fetches for a neighbour is usual; from so many patients on it is looked at. */
const patientsOfOneProxy = 3;

/**
 * Reads the audit from its first entry on and answers what was asked for, the latest `entriesMax`, of what the one who asks
 * may read. That somebody read it is in it afterwards, with the question but for any patient's number.
 */
export async function readAudit(
  { store, clock }: { readonly store: Store; readonly clock: Pick<Clock, 'now'> },
  question: AuditQuestion,
  by: User,
): Promise<Result<ReadAudit, 'audit-list-unknown' | 'not-allowed'>> {
  const team = await readableFor(store, by);
  if (team === 'nothing') return refused(securityRefusal('not-allowed', { name: by.name }));
  const { list, patient, ...asked } = question;
  if (list !== undefined && !isList(list)) {
    return refused(auditRefusal('audit-list-unknown', { list, known: auditLists.join(' ') }));
  }
  const ids = patient === undefined ? null : await idsOfPatient(store, patient);
  const looked = list === undefined ? null : await entriesOfList(store, list);
  const matches = (entry: AuditEntryTable): boolean =>
    (team === 'all' || team.has(entry.who)) &&
    isAsked(entry, asked) &&
    (ids === null || namesOneOf(entry, ids)) &&
    (looked === null || looked.has(entry.sequence));
  let entries: ReadEntry[] = [];
  let more = false;
  for await (const page of pagesOf(store)) {
    entries.push(...page.filter(matches).map(readEntry));
    if (entries.length <= entriesMax) continue;
    entries = entries.slice(-entriesMax);
    more = true;
  }
  const detail = {
    ...Object.fromEntries(Object.entries(asked).map(([name, text]) => [name, maskNumbersIn(text)])),
    ...(list === undefined ? {} : { list }),
    ...{ ofPatient: ids !== null, ofOwnTeam: team !== 'all' },
  };
  await store.transact(({ audit }) =>
    audit.append({
      ...{ at: shanghaiInstant(clock.now()), who: by.userId, act: 'read-audit', about: 'audit' },
      detail: { ...detail, entries: entries.length },
    }),
  );
  return accepted({ entries, more });
}

/**
 * Whose entries somebody may read. An auditor everybody's. A supervisor those of the own team: who works at the windows of
 * this folder, trainees and those who have left included, and the own ones; not what clerks, administrators, auditors and
 * other supervisors did. Nobody else any.
 */
async function readableFor(
  store: Store,
  { userId, role }: User,
): Promise<ReadonlySet<string> | 'all' | 'nothing'> {
  if (role === 'auditor') return 'all';
  if (role !== 'supervisor') return 'nothing';
  const cashiers = await store.read(async ({ users }) => {
    if (!(await users.isAnybody()))
      return demoUsers.flatMap((each) => (each.role === 'cashier' ? [each.userId] : []));
    const rows = await everybody({ users });
    return rows.flatMap((each) => (each.role === 'cashier' ? [each.id] : []));
  });
  return new Set([...cashiers, userId]);
}

const isList = (text: string): text is AuditList =>
  (auditLists as readonly string[]).includes(text);

function isAsked(entry: AuditEntryTable, { who, act, about, from, until }: AuditQuestion): boolean {
  const day = entry.at.slice(0, 10);
  return (
    (who === undefined || entry.who === who || namesOneOf(entry, new Set([who]))) &&
    (act === undefined || entry.act === act) &&
    (about === undefined || namesOneOf(entry, new Set([about]))) &&
    (from === undefined || day >= from) &&
    (until === undefined || day <= until)
  );
}

/** Whether an entry is about one of these, or its particulars name one. */
function namesOneOf(entry: AuditEntryTable, ids: ReadonlySet<string>): boolean {
  return (
    ids.has(entry.about) || textsIn(JSON.parse(entry.detail_json)).some((text) => ids.has(text))
  );
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function readEntry(entry: AuditEntryTable): ReadEntry {
  const { sequence, at, who, act, about, detail_json, window_id } = entry;
  // A reason was typed by somebody, who may have typed a number.
  const detail: unknown = JSON.parse(maskNumbersIn(detail_json));
  return { sequence, at, who, act, about, detail, window: window_id };
}

async function* pagesOf(store: Store): AsyncGenerator<readonly AuditEntryTable[]> {
  let after = 0;
  for (;;) {
    const from = after;
    const page = await store.read(({ audit }) => audit.list({ after: from, limit: pageSize }));
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.sequence;
  }
}

/** The ids and numbers of everything that was done for a patient, and the mark under which the number was shown. */
async function idsOfPatient(store: Store, idNumber: string): Promise<ReadonlySet<string>> {
  return store.read(async ({ persons, visits, settlements, audit }) => {
    const person = await persons.findByIdNumber(idNumber);
    const mark = audit.markOf(idNumber);
    const marks = mark === null ? [] : [mark];
    if (person === null) return new Set(marks);
    const ofPerson = await visits.ofPerson(person.id);
    const settled = await settlements.ofPerson(person.id);
    return new Set([
      ...marks,
      person.id,
      ...ofPerson.map(({ visitId }) => visitId),
      ...settled.flatMap(({ settlementId, number }) => [settlementId, number]),
    ]);
  });
}

const settledDetail = z.looseObject({ visitId: z.string() });
const proxyDetail = z.looseObject({ maskedName: z.string(), maskedIdNumber: z.string() });

/** The numbers of the entries of a list. */
async function entriesOfList(store: Store, list: AuditList): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  const visitOf = new Map<string, string>();
  const cancelled = new Map<string, number>();
  const byProxy = new Map<string, { visits: Set<string>; entries: number[] }>();
  for await (const page of pagesOf(store)) {
    for (const entry of page) {
      const { sequence, act, about } = entry;
      const detail: unknown = JSON.parse(entry.detail_json);
      if (list === 'rights' && isOfRights(act)) found.add(sequence);
      if (list === 'numbers-shown' && act === 'show-number') found.add(sequence);
      if (list === 'reprints' && isOneMoreSheet(act, detail)) found.add(sequence);
      if (list === 'refunds' && (await isRefund(store, entry))) found.add(sequence);
      if (list === 'settled-after-death' && (await isAfterDeath(store, entry))) found.add(sequence);
      if (act === 'note-proxy') {
        const { maskedName, maskedIdNumber } = proxyDetail.parse(detail);
        const key = `${maskedName} ${maskedIdNumber}`;
        const known = byProxy.get(key) ?? { visits: new Set<string>(), entries: [] };
        known.visits.add(about);
        known.entries.push(sequence);
        byProxy.set(key, known);
      }
      if (act === 'settle-visit') {
        const { visitId } = settledDetail.parse(detail);
        visitOf.set(about, visitId);
        const before = cancelled.get(visitId);
        if (list === 'settled-again' && before !== undefined) {
          found.add(before);
          found.add(sequence);
        }
      }
      if (act === 'cancel-settlement') cancelled.set(visitOf.get(about) ?? about, sequence);
    }
  }
  if (list === 'one-proxy') {
    for (const { visits, entries } of byProxy.values()) {
      if (visits.size >= patientsOfOneProxy) for (const each of entries) found.add(each);
    }
  }
  return found;
}

const isOfRights = (act: string): boolean =>
  /-user$|password$|^change-setting$|^make-first-administrator$/.test(act);

const slipDetail = z.looseObject({ document: z.literal('receipt') });
const notOutDetail = z.looseObject({ cameOut: z.literal(false) });

/**
 * One more sheet than the original may lie on paper: a copy, a slip that was taken as a file, or one that was printed once
 * more because somebody said that it had not come out.
 */
function isOneMoreSheet(act: string, detail: unknown): boolean {
  if (act === 'show-document') return slipDetail.safeParse(detail).success;
  if (act === 'answer-unknown-print') return notOutDetail.safeParse(detail).success;
  return act === 'print-again';
}

/** Money went back to a patient: a settlement was cancelled, or more had been paid before than was due. */
async function isRefund(store: Store, { act, about }: AuditEntryTable): Promise<boolean> {
  if (act === 'cancel-settlement') return true;
  if (act !== 'settle-visit') return false;
  const tenders = await store.read(({ settlements }) => settlements.tendersOf(about));
  return tenders.some(({ amountFen }) => amountFen < 0);
}

/** A stay that ended later than another in which the person died. */
async function isAfterDeath(store: Store, { act, about }: AuditEntryTable): Promise<boolean> {
  if (act !== 'settle-visit') return false;
  return store.read(async ({ settlements, visits }) => {
    const settled = await settlements.find(about);
    if (settled === null) return false;
    const all = await visits.ofPerson(settled.personId);
    const stays = await Promise.all(all.map(({ visitId }) => visits.find(visitId)));
    const own = stays.find((stay) => stay?.visitId === settled.visitId)?.visit;
    const deaths = stays.flatMap((stay) => {
      const died = stay?.visit.dischargeWay === 'death' || stay?.visit.outcome === 'died';
      return died && stay.visitId !== settled.visitId ? [stay.visit.dischargedOn] : [];
    });
    return own !== undefined && deaths.some((day) => own.dischargedOn > day);
  });
}
