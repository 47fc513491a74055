import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { amountNotNegative, count, oneOf } from './column-checks.ts';

/**
 * Who may come in: users with their role, the hashes of their passwords (the earlier ones, too, so that none is used
 * again), how often each was refused, and what a leaver must still hand over. Nobody is ever removed: an ended user
 * stays the one who settled.
 */
export async function users(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const roles = [
  'cashier',
  'supervisor',
  'it-clerk',
  'policy-officer',
  'auditor',
  'administrator',
] as const;

const flag = (column: string): string => `${column} integer not null check (${column} in (0, 1))`;

const statements: readonly string[] = [
  `create table users (
    id text primary key,
    name text not null,
    ${oneOf('role', roles)},
    ${oneOf('state', ['active', 'ended'])},
    ${flag('is_service')},
    ${flag('is_trainee')},
    ${amountNotNegative('trainee_limit_fen')},
    mentor text references users (id),
    certificate text,
    created_at text not null,
    created_by text not null,
    ended_at text,
    ended_by text,
    check ((state = 'ended') = (ended_at is not null)),
    check ((ended_at is null) = (ended_by is null)),
    check (is_trainee = 0 or mentor is not null)
  ) strict, without rowid`,
  `create trigger users_remain before delete on users
    begin select raise(abort, 'a user is ended, never removed'); end`,

  `create table user_passwords (
    user_id text not null references users (id),
    number integer not null check (number > 0),
    hash text not null,
    made_at text not null,
    made_by text not null,
    ${flag('must_change')},
    primary key (user_id, number)
  ) strict, without rowid`,
  `create trigger user_passwords_remain before delete on user_passwords
    begin select raise(abort, 'an earlier password is kept, so that it is not used again'); end`,

  // The row of the user '' counts the attempts under names that nobody has.
  `create table sign_in_failures (
    user_id text primary key,
    ${count('failures')},
    last_at text not null,
    locked_at text
  ) strict, without rowid`,

  `create table user_holdings (
    id text primary key,
    user_id text not null references users (id),
    ${oneOf('kind', ['float', 'receipts', 'open-case'])},
    what text not null,
    since text not null,
    handed_over_at text,
    handed_over_to text references users (id),
    check ((handed_over_at is null) = (handed_over_to is null))
  ) strict, without rowid`,
  'create index user_holdings_of_user on user_holdings (user_id)',
];
