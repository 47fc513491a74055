import { sql, type Kysely, type RawBuilder } from 'kysely';
import { z } from 'zod';

import { claimGaps } from '../../shared/domain/claim-gaps.ts';
import { blockerInWords } from '../../shared/domain/blocker-words.ts';
import type { Words } from '../../shared/domain/result.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';
import type { Tables } from './schema.ts';
import { storedBillOf } from './visit-record.ts';

/** From when a wait is counted: the day of discharge, or the first time that a bill of the visit came. */
export const waitsFrom = ['discharge', 'arrival'] as const;
export type WaitsFrom = (typeof waitsFrom)[number];

/**
 * What a bill that came and is not settled waits for: that the hospital puts something right, that somebody says whose it is or
 * which of two is the newer one, or that the patient comes, for all else is there.
 */
export const waitsFor = ['blocked', 'question', 'nobody-came'] as const;
export type WaitsFor = (typeof waitsFor)[number];

/** A bill that came and is not settled. Names are whole here: who shows them masks them. */
export type WaitingBill = {
  readonly visitId: string;
  readonly name: string;
  /** Since when it waits, by what the list is counted: with the visit's id its place in the list. */
  readonly since: string;
  /** Null: the bill does not say it. */
  readonly dischargedOn: string | null;
  /** When the first bill of the visit came, as far as it is known. */
  readonly firstReceivedAt: string;
  readonly source: string;
  readonly department: string | null;
  readonly bed: string | null;
  readonly admissionNumber: string | null;
  /** Null: nothing of it is taken in yet. */
  readonly totalFen: Fen | null;
  readonly waitsFor: WaitsFor;
  /** What keeps it from being settled, each with whom to call; empty where it waits for the patient or for a word. */
  readonly hindrances: readonly Words[];
};

export type WaitingPlace = Pick<WaitingBill, 'since' | 'visitId'>;

/** Which of them are listed: by who has to act, and since before when; `after`: the last of those before. */
export type WaitingPage = {
  readonly from: WaitsFrom;
  readonly waitsFor: WaitsFor | null;
  /** The day from which on a wait is too short to be listed; null: none is. */
  readonly before: string | null;
  readonly after: WaitingPlace | null;
  readonly limit: number;
};

/** How many wait, and how many of them since before each of some days. */
export type WaitingCount = {
  readonly waitsFor: WaitsFor;
  readonly all: number;
  readonly before: readonly number[];
};

const inDoubt = sql`select visit_id from person_questions
    where state = 'open' and visit_id is not null
  union select visit_id from bill_questions where state = 'open'`;

/** What the hospital has to put right of a bill whose number somebody has said to be another person's. */
const numberOfAnother: Words = {
  zh: '证件号码是别人的（请找登记处改正后重新发出账单）',
  en: 'the ID number is another person’s (call the registration desk to correct it)',
};

/** The longest waiting first. A bill that nothing of is taken in yet stands among the others. */
export async function waitingBills(
  db: Kysely<Tables>,
  page: WaitingPage,
): Promise<readonly WaitingBill[]> {
  const listed = [...(await unsettledOnes(db, page)), ...(await doubtedOnes(db, page))];
  return listed.sort(inOrder).slice(0, page.limit);
}

const inOrder = (one: WaitingPlace, other: WaitingPlace): number =>
  compare(one.since, other.since) || compare(one.visitId, other.visitId);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Of one column: what a page leaves out, and what comes before it. */
function partOfList(
  since: RawBuilder<unknown>,
  visitId: RawBuilder<unknown>,
  { before, after }: Pick<WaitingPage, 'before' | 'after'>,
): RawBuilder<boolean> {
  const short = before === null ? sql`1 = 1` : sql`${since} < ${before}`;
  const rest =
    after === null ? sql`1 = 1` : sql`(${since}, ${visitId}) > (${after.since}, ${after.visitId})`;
  return sql<boolean>`(${short} and ${rest})`;
}

async function unsettledOnes(
  db: Kysely<Tables>,
  { from, waitsFor: who, limit, ...part }: WaitingPage,
): Promise<readonly WaitingBill[]> {
  const column = from === 'discharge' ? 'discharged_on' : 'first_received_at';
  const rows = await db
    .selectFrom('visits')
    .select([
      ...(['id', 'person_name', 'discharged_on', 'first_received_at', 'received_at'] as const),
      ...(['source', 'department', 'bed', 'admission_number', 'total_fen'] as const),
      sql<WaitsFor>`${whoActs}`.as('who'),
    ])
    .where('state', '=', 'unsettled')
    .where(partOfList(sql.ref(column), sql.ref('id'), part))
    .$if(who !== null, (query) => query.where(sql<boolean>`${whoActs} = ${who}`))
    .orderBy(column)
    .orderBy('id')
    .limit(limit)
    .execute();
  const hindered = await hindrancesOf(
    db,
    rows.filter((row) => row.who === 'blocked').map(({ id }) => id),
  );
  return rows.map((row) => ({
    ...{ visitId: row.id, name: row.person_name, since: row[column] },
    dischargedOn: row.discharged_on,
    firstReceivedAt: row.first_received_at === '' ? row.received_at : row.first_received_at,
    ...{ source: row.source, department: row.department, bed: row.bed },
    ...{ admissionNumber: row.admission_number, totalFen: fen(row.total_fen) },
    ...{ waitsFor: row.who, hindrances: hindered.get(row.id) ?? [] },
  }));
}

const whoActs = sql`case when id in (${inDoubt}) then 'question'
  when blocker_count > 0 then 'blocked' else 'nobody-came' end`;

/** What keeps each of these visits from being settled, with whom to call. */
async function hindrancesOf(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Words[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('visits')
    .select(['id', 'input_json', 'input_version'])
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.map((row) => {
      const bill = storedBillOf(row);
      const gaps = bill.person.insurance === 'none' ? [] : claimGaps(bill);
      return [
        row.id,
        [
          ...bill.visit.blockers.map(blockerInWords),
          ...gaps.map(({ text, en }): Words => ({ zh: text, en })),
        ],
      ];
    }),
  );
}

/** Bills of which nothing is taken in, because their patient is in doubt. */
function doubted(db: Kysely<Tables>) {
  return db
    .selectFrom('bills_in_doubt')
    .innerJoin('person_questions', 'person_questions.id', 'bills_in_doubt.question_id')
    .where('person_questions.state', 'in', ['open', 'other'])
    .where(
      sql<boolean>`bills_in_doubt.visit_id not in (select id from visits where state = 'unsettled')`,
    );
}

async function doubtedOnes(
  db: Kysely<Tables>,
  { from, waitsFor: who, limit, ...part }: WaitingPage,
): Promise<readonly WaitingBill[]> {
  if (who === 'nobody-came') return [];
  const since =
    from === 'discharge'
      ? sql<string>`bills_in_doubt.discharged_on`
      : sql<string>`person_questions.asked_at`;
  const rows = await doubted(db)
    .select([
      'bills_in_doubt.visit_id',
      'bills_in_doubt.source',
      'bills_in_doubt.discharged_on',
      'person_questions.asked_at',
      'person_questions.said_name',
      'person_questions.state',
    ])
    .where(partOfList(since, sql.ref('bills_in_doubt.visit_id'), part))
    .$if(who !== null, (query) =>
      query.where('person_questions.state', '=', who === 'question' ? 'open' : 'other'),
    )
    .orderBy(since)
    .orderBy('bills_in_doubt.visit_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...{ visitId: row.visit_id, name: row.said_name },
    since: from === 'discharge' ? row.discharged_on : row.asked_at,
    dischargedOn: row.discharged_on === '' ? null : row.discharged_on,
    ...{ firstReceivedAt: row.asked_at, source: row.source },
    ...{ department: null, bed: null, admissionNumber: null, totalFen: null },
    ...(row.state === 'open'
      ? { waitsFor: 'question' as const, hindrances: [] }
      : { waitsFor: 'blocked' as const, hindrances: [numberOfAnother] }),
  }));
}

/** How many wait for whom, and how many of them since before each of the days. */
export async function countWaitingBills(
  db: Kysely<Tables>,
  { from, days }: { readonly from: WaitsFrom; readonly days: readonly string[] },
): Promise<readonly WaitingCount[]> {
  const column = from === 'discharge' ? 'discharged_on' : 'first_received_at';
  const unsettled = await sql<CountRow>`
    select ${whoActs} as who, count(*) as bills, ${sumsOf(sql.ref(column), days)}
    from visits where state = 'unsettled' group by ${whoActs}`.execute(db);
  const since = from === 'discharge' ? 'bills_in_doubt.discharged_on' : 'person_questions.asked_at';
  const inDoubtRows = await sql<CountRow>`
    select case when person_questions.state = 'open' then 'question' else 'blocked' end as who,
      count(*) as bills, ${sumsOf(sql.ref(since), days)}
    from bills_in_doubt
    join person_questions on person_questions.id = bills_in_doubt.question_id
    where person_questions.state in ('open', 'other')
      and bills_in_doubt.visit_id not in (select id from visits where state = 'unsettled')
    group by person_questions.state`.execute(db);
  const rows = [...unsettled.rows, ...inDoubtRows.rows];
  return waitsFor.map((who) => {
    const own = rows.filter((row) => row.who === who);
    return {
      waitsFor: who,
      all: own.reduce((sum, { bills }) => sum + bills, 0),
      before: days.map((_, at) =>
        own.reduce((sum, row) => sum + (row[`before_${String(at)}`] ?? 0), 0),
      ),
    };
  });
}

type CountRow = {
  readonly who: WaitsFor;
  readonly bills: number;
  readonly [before: `before_${string}`]: number;
};

const sumsOf = (since: RawBuilder<unknown>, days: readonly string[]): RawBuilder<unknown> =>
  sql.join(
    days.map(
      (day, at) =>
        sql`sum(case when ${since} < ${day} then 1 else 0 end) as ${sql.ref(`before_${String(at)}`)}`,
    ),
  );

const billWithDay = z.object({ visit: z.object({ dischargedOn: z.iso.date() }) });

/** The day of discharge a bill says; empty: it says none. */
export function dischargeDayIn(document: unknown): string {
  const read = billWithDay.safeParse(document);
  return read.success ? read.data.visit.dischargedOn : '';
}
