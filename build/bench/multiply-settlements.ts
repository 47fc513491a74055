import { openSqliteConnection } from '../../electron/database/sqlite-connection.ts';
import type { AuditKey } from '../../electron/database/audit-key.ts';
import { auditChainStart, auditHash, headSeal } from '../../electron/database/audit-repository.ts';

/**
 * Fills a folder for the benches: copies the settled visit `SHORT` with everything that hangs on it, each copy a person
 * and a visit of its own, straight in SQL, for making a hundred thousand the proper way takes too long. The
 * books add up all the same (`verify` says so). Answers with the number of settlements there are.
 */
export function multiplySettlements(options: {
  readonly file: string;
  readonly key: Uint8Array;
  readonly until: number;
  readonly auditKey: AuditKey | null;
}): number {
  const connection = openSqliteConnection({ ...options, readOnly: false });
  const run = (sql: string, ...parameters: (string | number)[]) =>
    connection.execute(sql, parameters).rows;
  const numberOf = (sql: string): number => Number(Object.values(run(sql)[0] ?? {})[0]);
  const [first] = run(`select id, visit_id, person_id from settlements where visit_id = 'SHORT'`);
  const id = String(first?.['id']);
  const visitId = String(first?.['visit_id']);
  const personId = String(first?.['person_id']);
  const here = numberOf('select count(*) from settlements');
  run('begin immediate');
  run('create temp table copies (n integer primary key) strict');
  run(
    `insert into copies with recursive more (n) as
      (select 1 union all select n + 1 from more where n < ?) select n from more`,
    Math.max(1, options.until - here),
  );
  // The copies are numbered all at once, so the counters are set once instead of row by row.
  const guards = run(`select name, sql from sqlite_schema where type = 'trigger'
    and name in ('settlement_intents_counted', 'audit_entries_counted')`);
  for (const { name } of guards) run(`drop trigger ${String(name)}`);
  const entriesBefore = numberOf('select coalesce(max(sequence), 0) from audit_entries');
  for (const [sql, ...parameters] of copyStatements(id, visitId, personId, entriesBefore)) {
    run(sql, ...parameters);
  }
  chainTheCopies(run, options.auditKey);
  countTheCopies(run, id, options.auditKey);
  for (const { sql } of guards) run(String(sql));
  run('drop table copies');
  run('commit');
  const count = numberOf('select count(*) from settlements');
  connection.close();
  return count;
}

type Statement = readonly [sql: string, ...parameters: string[]];

function copyStatements(
  id: string,
  visitId: string,
  personId: string,
  entriesBefore: number,
): readonly Statement[] {
  const copy = (table: string, changed: Record<string, string>, where: string, value: string) =>
    [copySql(table, changed, where), value] as const;
  const own = `'copy-' || n || '-'`;
  const settlement = `'s' || ${own}`;
  const visit = `'v' || ${own}`;
  const person = `'p' || ${own}`;
  return [
    copy('persons', { id: person, id_number: `'copy ' || n` }, 'id', personId),
    copy(
      'year_counters',
      { person_id: person, opening: '0', value: ownChange(id) },
      'person_id',
      personId,
    ),
    copy('visits', { id: visit, person_id: person }, 'id', visitId),
    copy(
      'settlement_intents',
      {
        settlement_id: settlement,
        visit_id: visit,
        business_date: `'2016-01-01'`,
        sequence: 'n',
        number: `'JS' || ${own}`,
        message_ids_json: copiedMessageIds,
      },
      'settlement_id',
      id,
    ),
    copy(
      'settlements',
      {
        ...{ id: settlement, visit_id: visit, person_id: person, number: `'JS' || ${own}` },
        entry: `${String(entriesBefore)} + n`,
      },
      'id',
      id,
    ),
    copy('settlement_shares', { settlement_id: settlement }, 'settlement_id', id),
    copy('settlement_tenders', { settlement_id: settlement }, 'settlement_id', id),
    copy(
      'settlement_counter_changes',
      { settlement_id: settlement, person_id: person },
      'settlement_id',
      id,
    ),
    copy(
      'claims',
      {
        id: `'copy-' || n || t.id`,
        settlement_id: settlement,
        visit_id: visit,
        message_id: copiedMessageId('t.message_id', claimRank),
      },
      'settlement_id',
      id,
    ),
    copy(
      'claim_items',
      { claim_id: `'copy-' || n || t.claim_id`, settlement_id: settlement },
      'settlement_id',
      id,
    ),
    copy(
      'print_jobs',
      { id: `'copy-' || n || t.id`, settlement_id: settlement },
      'settlement_id',
      id,
    ),
    copy(
      'hospital_files',
      { id: `'copy-' || n || t.id`, settlement_id: settlement },
      'settlement_id',
      id,
    ),
  ];
}

/** What the one settlement changed, so that the copy's year holds that and nothing else. */
const ownChange = (
  id: string,
): string => `coalesce((select change from settlement_counter_changes as c
  where c.settlement_id = '${id}' and c.counter = t.counter), 0)`;

/** A message id of the same institution, in a second of the copy's own. */
const copiedMessageId = (id: string, rank: string): string =>
  `substr(${id}, 1, 12) || printf('%014d%04d', n, ${rank})`;

/** A claim's place among those of its settlement, by destination. */
const claimRank = `(select count(*) from claims as c
  where c.settlement_id = t.settlement_id and c.destination <= t.destination)`;

const copiedMessageIds = `(select json_group_object(each.key, ${copiedMessageId(
  'each.value',
  '(select count(*) from json_each(t.message_ids_json) as o where o.key <= each.key)',
)}) from json_each(t.message_ids_json) as each)`;

const columnsOf: Readonly<Record<string, readonly string[]>> = {
  persons: 'id name id_number birth_date sex insurance insured_place more_json updated_at'.split(
    ' ',
  ),
  year_counters: 'person_id year counter opening value'.split(' '),
  visits:
    'id person_id bill_version bill_hash state kind admitted_on discharged_on hospital_level bed department admission_number principal_diagnosis total_fen line_count blocker_count input_json input_version received_at source person_name person_pinyin'.split(
      ' ',
    ),
  settlement_intents:
    'settlement_id visit_id part bill_version business_date sequence number message_ids_json state intended_at intended_by'.split(
      ' ',
    ),
  settlements:
    'id number visit_id person_id part bill_version pack pack_version input_json input_version result_json result_version total_fen patient_pays_fen hospital_bears_fen deposit_fen year business_date settled_at settled_by state entry window_id program'.split(
      ' ',
    ),
  settlement_shares:
    'settlement_id position step payer destination amount_fen decided_by our_fen payer_fen'.split(
      ' ',
    ),
  settlement_tenders: 'settlement_id position kind amount_fen'.split(' '),
  settlement_counter_changes: 'settlement_id person_id year counter change'.split(' '),
  claims:
    'id settlement_id visit_id payer destination state message_id claimed_fen approved_fen adjusted_fen paid_fen business_date created_at attempts last_attempt_at payer_reference last_problem_json run_id'.split(
      ' ',
    ),
  claim_items: 'claim_id position settlement_id step payer amount_fen'.split(' '),
  print_jobs:
    'id settlement_id document copy_number state created_at created_by updated_at attempts printer problem_json window_id'.split(
      ' ',
    ),
  hospital_files:
    'id settlement_id kind payload_json payload_version state created_at written_at'.split(' '),
};

function copySql(table: string, changed: Record<string, string>, where: string): string {
  const columns = columnsOf[table];
  if (columns === undefined) throw new Error(`no columns of ${table}`);
  const values = columns.map((column) => changed[column] ?? `t.${column}`);
  return `insert into ${table} (${columns.join(', ')})
    select ${values.join(', ')} from ${table} as t, copies where t.${where} = ?`;
}

/** Each copy's audit entry, hashed onto the chain that is there. */
function chainTheCopies(
  run: (sql: string, ...parameters: (string | number)[]) => readonly Record<string, unknown>[],
  auditKey: AuditKey | null,
): void {
  const [last] = run(`select sequence, hash from audit_entries order by sequence desc limit 1`);
  let sequence = last === undefined ? 0 : Number(last['sequence']);
  let previous_hash = last === undefined ? auditChainStart : String(last['hash']);
  const count = Number(run('select count(*) as n from copies')[0]?.['n']);
  for (let n = 1; n <= count; n += 1) {
    sequence += 1;
    const entry = {
      sequence,
      at: '2016-01-01T08:00:00.000+08:00',
      who: 'a bench',
      act: 'settle-visit',
      about: `scopy-${String(n)}-`,
      detail_json: '{}',
      detail_version: 0,
      previous_hash,
      window_id: null,
      program: null,
    };
    const hash = auditHash(entry, auditKey);
    run(
      `insert into audit_entries (sequence, at, who, act, about, detail_json, detail_version, previous_hash, hash)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      entry.sequence,
      entry.at,
      entry.who,
      entry.act,
      entry.about,
      entry.detail_json,
      entry.detail_version,
      entry.previous_hash,
      hash,
    );
    previous_hash = hash;
  }
}

/** The counters at what the copies used: the numbers of their day, their message ids, the head of the audit. */
function countTheCopies(
  run: (sql: string, ...parameters: (string | number)[]) => readonly Record<string, unknown>[],
  copied: string,
  auditKey: AuditKey | null,
): void {
  run(`insert into number_days (business_date, last) select '2016-01-01', count(*) from copies`);
  run(
    `insert into message_sequences (institution, second, last)
      select substr(min(t.message_id), 1, 12), printf('%014d', n), count(*)
      from claims as t, copies where t.settlement_id = ? group by n`,
    copied,
  );
  run(`update audit_head set
    sequence = (select max(sequence) from audit_entries),
    hash = (select hash from audit_entries order by sequence desc limit 1)`);
  const [head] = run('select sequence, hash from audit_head');
  const end = { sequence: Number(head?.['sequence']), hash: String(head?.['hash']) };
  // Nobody has marked the copies: whoever opens the folder next marks all that is there.
  run('delete from row_marks');
  run('delete from row_sums');
  run('update audit_head set seal = ?', headSeal(end, auditKey, ''));
}
