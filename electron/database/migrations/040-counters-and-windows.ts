import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count, day } from './column-checks.ts';
import type { MigrationContext } from './migration-context.ts';

/**
 * Numbers come from rows of their own, settlements know their place in the audit chain, the window and the
 * program they were made by; the versions of the tables and the texts of the packs in force are kept.
 */
export async function countersAndWindows(
  database: Kysely<Tables>,
  { windowId }: MigrationContext,
): Promise<void> {
  for (const statement of tables) await sql.raw(statement).execute(database);
  // What stands here already was made and is printed by the only window there was.
  await sql`update settlements set window_id = ${windowId}, entry = coalesce(
    (select min(sequence) from audit_entries where about = settlements.id
      and act = 'settle-visit'), 0)`.execute(database);
  await sql`update print_jobs set window_id = ${windowId}`.execute(database);
  for (const statement of guards) await sql.raw(statement).execute(database);
}

const tables: readonly string[] = [
  `create table number_days (
    ${day('business_date')},
    ${count('last')},
    primary key (business_date)
  ) strict, without rowid`,
  `insert into number_days (business_date, last)
    select business_date, max(sequence) from settlement_intents group by business_date`,

  `create table audit_head (
    id integer primary key check (id = 1),
    ${count('sequence')},
    hash text not null
  ) strict`,
  `insert into audit_head (id, sequence, hash)
    select 1, sequence, hash from audit_entries order by sequence desc limit 1`,

  `create table schema_versions (
    number integer primary key,
    program text not null,
    oldest_program text,
    at text not null
  ) strict`,

  `create table packs_in_force (
    id text not null,
    version text not null,
    sha256 text not null check (length(sha256) = 64),
    program text not null,
    taken_in_at text not null,
    primary key (id, version)
  ) strict, without rowid`,

  'drop trigger settlements_stay',
  'alter table settlements add column entry integer not null default 0 check (entry >= 0)',
  `alter table settlements add column window_id text not null default ''`,
  `alter table settlements add column program text not null default ''`,
  `alter table print_jobs add column window_id text not null default ''`,
  'alter table audit_entries add column window_id text',
  'alter table audit_entries add column program text',
];

const guards: readonly string[] = [
  'create unique index settlements_entry on settlements (entry) where entry > 0',
  `create trigger settlements_stay before update on settlements
    when old.state = 'cancelled' or new.id <> old.id or new.number <> old.number
      or new.visit_id <> old.visit_id or new.person_id <> old.person_id
      or new.result_json <> old.result_json or new.input_json <> old.input_json
      or new.total_fen <> old.total_fen or new.patient_pays_fen <> old.patient_pays_fen
      or new.hospital_bears_fen <> old.hospital_bears_fen or new.window_id <> old.window_id
      or new.program <> old.program or (old.entry > 0 and new.entry <> old.entry)
    begin select raise(abort, 'a settlement is never changed, only cancelled once'); end`,
  // A program from before these rows would go on counting by itself and give a number twice.
  `create trigger settlement_intents_counted before insert on settlement_intents
    when new.sequence <> coalesce(
      (select last from number_days where business_date = new.business_date), 0)
    begin select raise(abort, 'a settlement takes its number from the counter of its day'); end`,
  `create trigger audit_entries_counted before insert on audit_entries
    when new.sequence <> coalesce((select sequence from audit_head where id = 1), 0)
    begin select raise(abort, 'an audit entry takes its number from the head of the chain'); end`,
  `create trigger packs_in_force_stay before update on packs_in_force
    begin select raise(abort, 'a pack in force is never changed'); end`,
  `create trigger packs_in_force_remain before delete on packs_in_force
    begin select raise(abort, 'a pack in force is never removed'); end`,
];
