import { claimStates } from '../schema.ts';
import {
  amountNotNegative,
  amountOrNull,
  count,
  day,
  json,
  jsonOrNull,
  oneOf,
} from './column-checks.ts';

/** What is asked of the payers, how it was sent and what they said. */
export const firstClaimTables: readonly string[] = [
  `create table upload_runs (
    id text primary key,
    ${day('business_date')},
    started_at text not null,
    finished_at text,
    started_by text not null
  ) strict`,

  `create table upload_batches (
    id text primary key,
    run_id text not null references upload_runs (id),
    destination text not null,
    ${count('claim_count')},
    ${oneOf('state', ['open', 'finished'])}
  ) strict`,
  'create index upload_batches_run on upload_batches (run_id)',

  `create table claims (
    id text primary key,
    settlement_id text not null references settlements (id),
    visit_id text not null references visits (id),
    payer text not null,
    destination text not null,
    ${oneOf('state', claimStates)},
    message_id text not null unique,
    ${amountNotNegative('claimed_fen')},
    ${amountOrNull('approved_fen')},
    ${amountOrNull('adjusted_fen')},
    ${amountOrNull('paid_fen')},
    ${day('business_date')},
    created_at text not null,
    ${count('attempts')},
    last_attempt_at text,
    payer_reference text,
    ${jsonOrNull('last_problem_json')},
    run_id text references upload_runs (id),
    check (claimed_fen > 0)
  ) strict`,
  `create unique index claims_live on claims (settlement_id, destination)
    where state not in ('withdrawn', 'corrected')`,
  'create index claims_state on claims (state, destination, created_at)',
  'create index claims_settlement on claims (settlement_id)',

  `create table claim_items (
    claim_id text not null references claims (id),
    position integer not null check (position >= 0),
    settlement_id text not null references settlements (id),
    step text not null,
    payer text not null,
    ${amountNotNegative('amount_fen')},
    primary key (claim_id, position),
    unique (claim_id, step),
    check (amount_fen > 0)
  ) strict, without rowid`,
  'create index claim_items_settlement on claim_items (settlement_id, step)',

  `create table claim_events (
    id integer primary key,
    claim_id text not null references claims (id),
    at text not null,
    event text not null,
    ${json('detail_json')}
  ) strict`,
  'create index claim_events_claim on claim_events (claim_id)',

  `create table message_sequences (
    institution text not null,
    second text not null,
    last integer not null check (last between 0 and 9999),
    primary key (institution, second)
  ) strict, without rowid`,
];
