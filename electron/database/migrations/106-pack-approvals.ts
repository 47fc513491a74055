import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count, oneOf } from './column-checks.ts';

/**
 * Who prepared a pack for use, who approved it and who withdrew it, an act a row, none ever changed. A pack that this
 * folder has settled by counts as approved from its last settlement on, so that a hospital that was at work goes on;
 * a demo was never at work.
 */
export async function packApprovals(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const stays = (table: string, what: string): readonly string[] => [
  `create trigger ${table}_stay before update on ${table}
    begin select raise(abort, '${what} is never changed'); end`,
  `create trigger ${table}_remain before delete on ${table}
    begin select raise(abort, '${what} is never removed'); end`,
];

const statements: readonly string[] = [
  `create table pack_acts (
    id text not null primary key,
    ${oneOf('act', ['settled-before', 'prepare', 'approve', 'withdraw'])},
    pack text not null,
    version text not null,
    fingerprint text check (length(fingerprint) = 64),
    prepared_id text references pack_acts (id),
    prepared_by text,
    reason text,
    ${oneOf('folder_kind', ['demo', 'live'])},
    at text not null,
    done_by text,
    done_page text,
    ${count('entry')},
    check ((act = 'settled-before') = (done_by is null)),
    check ((act = 'settled-before') = (entry = 0)),
    check ((act in ('prepare', 'approve')) = (fingerprint is not null)),
    check ((act = 'approve') = (prepared_id is not null)),
    check ((act = 'approve') = (prepared_by is not null)),
    check (prepared_by is null or prepared_by <> done_by),
    check ((act = 'withdraw') = (reason is not null))
  ) strict, without rowid`,
  'create index pack_acts_of_pack on pack_acts (pack, version, entry)',
  `create table pack_acceptances (
    act_id text not null references pack_acts (id),
    assumption text not null,
    reason text not null check (reason <> ''),
    primary key (act_id, assumption)
  ) strict, without rowid`,
  `insert into pack_acts (id, act, pack, version, folder_kind, at, entry)
    select 'settled-before ' || pack || '@' || pack_version, 'settled-before', pack, pack_version, 'live',
      max(settled_at), 0
    from settlements
    where state = 'settled' and pack not in ('self-pay', 'as-received')
      and not exists (select 1 from folder_facts where name = 'kind' and value_json = '"demo"')
    group by pack, pack_version`,
  ...stays('pack_acts', 'what was done with a pack'),
  ...stays('pack_acceptances', 'an assumption that was accepted'),
];
