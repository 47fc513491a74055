import {
  amount,
  amountNotNegative,
  amountOrNull,
  count,
  day,
  json,
  jsonOrNull,
  oneOf,
} from './column-checks.ts';

/** What was settled and cancelled, what that changed, and what goes out because of it. */
export const firstSettlementTables: readonly string[] = [
  `create table settlement_intents (
    settlement_id text primary key,
    visit_id text not null references visits (id),
    part integer not null check (part >= 1),
    bill_version integer not null check (bill_version >= 1),
    ${day('business_date')},
    sequence integer not null check (sequence >= 1),
    number text not null unique,
    ${json('message_ids_json')},
    ${oneOf('state', ['intended', 'recorded', 'abandoned', 'cancelled'])},
    intended_at text not null,
    intended_by text not null,
    unique (business_date, sequence)
  ) strict`,
  // One settling of a bill at a time: a retry finds this intent and never makes a second.
  `create unique index settlement_intents_key on settlement_intents (visit_id, part, bill_version)
    where state in ('intended', 'recorded')`,
  'create index settlement_intents_visit on settlement_intents (visit_id)',
  'create index settlement_intents_state on settlement_intents (state, intended_at)',

  `create table settlements (
    id text primary key references settlement_intents (settlement_id),
    number text not null unique,
    visit_id text not null references visits (id),
    person_id text not null references persons (id),
    part integer not null check (part >= 1),
    bill_version integer not null check (bill_version >= 1),
    pack text not null,
    pack_version text not null,
    ${amountNotNegative('total_fen')},
    ${amountNotNegative('patient_pays_fen')},
    ${amount('hospital_bears_fen')},
    ${amountNotNegative('deposit_fen')},
    year integer not null,
    ${day('business_date')},
    settled_at text not null,
    settled_by text not null,
    ${oneOf('state', ['settled', 'cancelled'])},
    -- Long texts stand last: what lists and checks read of a row lies before them.
    ${json('input_json')},
    ${json('result_json')}
  ) strict`,
  // A visit is settled once at a time, whatever its bill became.
  `create unique index settlements_live on settlements (visit_id, part) where state = 'settled'`,
  'create index settlements_visit on settlements (visit_id)',
  'create index settlements_person_year on settlements (person_id, year)',
  'create index settlements_business_date on settlements (business_date, number)',
  `create trigger settlements_remain before delete on settlements
    begin select raise(abort, 'settlements are never removed'); end`,
  `create trigger settlements_stay before update on settlements
    when old.state = 'cancelled' or new.id <> old.id or new.number <> old.number
      or new.visit_id <> old.visit_id or new.person_id <> old.person_id
      or new.result_json <> old.result_json or new.input_json <> old.input_json
      or new.total_fen <> old.total_fen or new.patient_pays_fen <> old.patient_pays_fen
      or new.hospital_bears_fen <> old.hospital_bears_fen
    begin select raise(abort, 'a settlement is never changed, only cancelled once'); end`,

  `create table settlement_shares (
    settlement_id text not null references settlements (id),
    position integer not null check (position >= 0),
    step text not null,
    payer text not null,
    destination text not null,
    ${amountNotNegative('amount_fen')},
    ${oneOf('decided_by', ['engine', 'payer'])},
    ${amountNotNegative('our_fen')},
    ${amountOrNull('payer_fen')},
    primary key (settlement_id, position),
    unique (settlement_id, step),
    check (amount_fen = case decided_by when 'engine' then our_fen else payer_fen end)
  ) strict, without rowid`,
  `create trigger settlement_shares_stay before update on settlement_shares
    begin select raise(abort, 'shares are never changed'); end`,
  `create trigger settlement_shares_remain before delete on settlement_shares
    begin select raise(abort, 'shares are never removed'); end`,

  `create table settlement_tenders (
    settlement_id text not null references settlements (id),
    position integer not null check (position >= 0),
    kind text not null,
    ${amount('amount_fen')},
    primary key (settlement_id, position),
    check (amount_fen <> 0)
  ) strict, without rowid`,

  `create table settlement_counter_changes (
    settlement_id text not null references settlements (id),
    person_id text not null references persons (id),
    year integer not null,
    counter text not null,
    change integer not null,
    primary key (settlement_id, counter)
  ) strict, without rowid`,
  `create index settlement_counter_changes_person
    on settlement_counter_changes (person_id, year, counter)`,

  `create table cancellations (
    id text primary key,
    settlement_id text not null unique references settlements (id),
    reason text not null check (length(reason) > 0),
    cancelled_at text not null,
    cancelled_by text not null,
    approved_by text not null,
    ${day('business_date')}
  ) strict`,

  `create table set_aside_bills (
    id text primary key,
    visit_id text not null references visits (id),
    settlement_id text not null references settlements (id),
    bill_hash text not null,
    ${json('input_json')},
    received_at text not null,
    source text not null,
    ${oneOf('state', ['open', 'explained'])},
    unique (settlement_id, bill_hash)
  ) strict`,
  'create index set_aside_bills_visit on set_aside_bills (visit_id)',

  `create table print_jobs (
    id text primary key,
    settlement_id text not null references settlements (id),
    ${oneOf('document', ['receipt', 'statement'])},
    ${count('copy_number')},
    ${oneOf('state', ['queued', 'sending', 'sent', 'confirmed', 'unknown', 'failed', 'withdrawn'])},
    created_at text not null,
    created_by text not null,
    updated_at text not null,
    ${count('attempts')},
    printer text,
    ${jsonOrNull('problem_json')},
    unique (settlement_id, document, copy_number)
  ) strict`,
  'create index print_jobs_state on print_jobs (state, created_at)',

  `create table hospital_files (
    id text primary key,
    settlement_id text not null references settlements (id),
    ${oneOf('kind', ['settled', 'cancelled'])},
    ${oneOf('state', ['waiting', 'written', 'acknowledged'])},
    created_at text not null,
    written_at text,
    ${json('payload_json')},
    unique (settlement_id, kind)
  ) strict`,
  'create index hospital_files_state on hospital_files (state, created_at)',
];
