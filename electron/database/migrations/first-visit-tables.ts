import { amountNotNegative, count, day, dayOrNull, json, oneOf } from './column-checks.ts';

/** What the folder knows of itself, of persons and their years, and of visits to be settled. */
export const firstVisitTables: readonly string[] = [
  `create table folder_facts (
    name text primary key,
    ${json('value_json')}
  ) strict`,

  `create table persons (
    id text primary key,
    name text not null,
    id_number text not null unique,
    ${day('birth_date')},
    ${oneOf('sex', ['male', 'female'])},
    insurance text not null,
    insured_place text not null,
    ${json('more_json')},
    updated_at text not null
  ) strict`,
  'create index persons_name on persons (name)',

  `create table person_categories (
    id integer primary key,
    person_id text not null references persons (id),
    category text not null,
    ${dayOrNull('valid_from')},
    ${dayOrNull('valid_until')},
    source text not null
  ) strict`,
  'create index person_categories_person on person_categories (person_id)',
  'create index person_categories_source on person_categories (source)',

  `create table person_year_openings (
    person_id text not null references persons (id),
    year integer not null,
    ${day('as_of')},
    ${json('opening_json')},
    source text not null,
    primary key (person_id, year)
  ) strict`,

  `create table year_counters (
    person_id text not null references persons (id),
    year integer not null,
    counter text not null,
    ${count('opening')},
    ${count('value')},
    primary key (person_id, year, counter)
  ) strict, without rowid`,

  `create table visits (
    id text primary key,
    person_id text not null references persons (id),
    bill_version integer not null check (bill_version >= 1),
    bill_hash text not null,
    ${oneOf('state', ['unsettled', 'settled'])},
    ${oneOf('kind', ['inpatient', 'outpatient'])},
    ${day('admitted_on')},
    ${day('discharged_on')},
    hospital_level text not null,
    bed text,
    department text,
    admission_number text,
    principal_diagnosis text,
    ${amountNotNegative('total_fen')},
    ${count('line_count')},
    ${count('blocker_count')},
    received_at text not null,
    source text not null,
    person_name text not null,
    person_pinyin text not null,
    ${json('input_json')}
  ) strict`,
  'create index visits_to_settle on visits (state, discharged_on, id)',
  'create index visits_person on visits (person_id)',
  'create index visits_admission_number on visits (admission_number)',
  'create index visits_name on visits (person_name)',
  'create index visits_pinyin on visits (person_pinyin)',

  `create table intake_refusals (
    id text primary key,
    file text not null,
    row integer,
    column_name text,
    place text,
    code text not null,
    ${json('message_json')},
    at text not null
  ) strict`,

  `create table audit_entries (
    sequence integer primary key check (sequence >= 1),
    at text not null,
    who text not null,
    act text not null,
    about text not null,
    ${json('detail_json')},
    previous_hash text not null unique,
    hash text not null unique
  ) strict`,
  'create index audit_entries_about on audit_entries (about)',
  `create trigger audit_entries_stay before update on audit_entries
    begin select raise(abort, 'audit entries are never changed'); end`,
  `create trigger audit_entries_remain before delete on audit_entries
    begin select raise(abort, 'audit entries are never removed'); end`,
];
