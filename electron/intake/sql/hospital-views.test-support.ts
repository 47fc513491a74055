import type { SqlSettings } from './connection-settings.ts';
import type { DatabaseAccess } from './hospital-database.ts';
import { authority } from './sql-certificates.test-support.ts';
import type { SqlServer } from './sql-servers.test-support.ts';

/** A hospital's tables with the three views over them, as the README's SQL would have them, and a user for the views. */
export function hospitalTables({ protocol }: SqlServer): readonly string[] {
  const time = protocol === 'mysql' ? 'datetime(6)' : 'timestamp(6)';
  const text = protocol === 'mysql' ? 'varchar(60) character set gbk' : 'varchar(60)';
  return [
    `create table visits (id varchar(40), stamp ${time}, name ${text}, id_number varchar(40),
       admitted ${time}, discharged date, wallet varchar(10))`,
    'create index visits_stamp on visits (stamp)',
    `create table charges (visit varchar(40), line int, name ${text}, amount decimal(14, 4), done ${time})`,
    'create index charges_visit on charges (visit)',
    `create table blockers (visit varchar(40), code varchar(30), words ${text})`,
    viewOfVisits,
    `create view sw_charges as select visit as visit_id, line as charge_line, 'C1' as charge_code,
       name as charge_name, 'western-drug' as charge_category, 'A' as charge_catalogue_class,
       1.0000 as charge_quantity, amount as charge_unit_price, amount as charge_amount, done as charge_on
       from charges`,
    `create view sw_blockers as select visit as visit_id, code as blocker_code, words as blocker_text
       from blockers`,
    ...grants(protocol),
  ];
}

/**
 * Routines that lock an account and free it, as the README's SQL would have them: who books is said, and one key holds an account
 * until it is freed or its time is up. The user may call them, and write nothing itself.
 */
export function accountRoutines({ protocol }: SqlServer): readonly string[] {
  const text = protocol === 'mysql' ? 'varchar(60) character set gbk' : 'varchar(60)';
  const tables = [
    'create table locked (visit varchar(40) primary key, lock_key varchar(60), until_time timestamp)',
    `create table booking (visit varchar(40), who ${text})`,
  ];
  return protocol === 'mysql' ? [...tables, ...mysqlRoutines] : [...tables, ...postgresRoutines];
}

const postgresRoutines = [
  `create function sw_lock(visit_id text, lock_key text, seconds integer) returns text
     language plpgsql security definer as $$
   declare busy text;
   begin
     select who into busy from booking where visit = visit_id limit 1;
     if busy is not null then return busy || ' 正在记账'; end if;
     insert into locked values (visit_id, sw_lock.lock_key, now() + seconds * interval '1 second')
       on conflict (visit) do update set lock_key = excluded.lock_key, until_time = excluded.until_time
       where locked.lock_key = excluded.lock_key or locked.until_time < now();
     if not found then return '另一个窗口正在结算'; end if;
     return null;
   end $$`,
  `create function sw_unlock(visit_id text, lock_key text) returns text
     language sql security definer as $$
     delete from locked l where l.visit = $1 and l.lock_key = $2; select null::text $$`,
  'revoke execute on function sw_lock, sw_unlock from public',
  'grant execute on function sw_lock, sw_unlock to "window"',
];

const mysqlRoutines = [
  `create procedure sw_lock(in visit_id varchar(40), in the_key varchar(60), in seconds int)
   begin
     declare busy varchar(60) character set utf8mb4;
     select who into busy from booking where visit = visit_id limit 1;
     if busy is not null then select concat(busy, ' 正在记账');
     else
       insert into locked values (visit_id, the_key, now() + interval seconds second)
         on duplicate key update
           until_time = if(lock_key = the_key or until_time < now(), values(until_time), until_time),
           lock_key = if(lock_key = the_key or until_time < now(), values(lock_key), lock_key);
       if (select lock_key from locked where visit = visit_id) <> the_key
         then select '另一个窗口正在结算'; end if;
     end if;
   end`,
  `create procedure sw_unlock(in visit_id varchar(40), in the_key varchar(60))
     delete from locked where visit = visit_id and lock_key = the_key`,
  "grant execute on procedure his.sw_lock to 'window'@'%'",
  "grant execute on procedure his.sw_unlock to 'window'@'%'",
];

/** `wallet` is what no visit needs: it is never asked for. */
const viewOfVisits = `create view sw_visits as select id as visit_id, stamp as changed,
  'inpatient' as visit_kind, admitted as visit_admitted_on, discharged as visit_discharged_on,
  'H43062600001' as visit_hospital_code, 'county hospital' as visit_hospital_name,
  'county' as visit_hospital_level, 2 as visit_hospital_grade, 'general' as visit_hospital_type,
  'C18.900' as diagnosis_code, 'colon' as diagnosis_name, name as person_name,
  id_number as person_id_number, 'resident' as person_insurance,
  '1950-01-01' as person_birth_date, 'male' as person_sex, '430626' as person_insured_place, wallet
  from visits`;

function grants(protocol: SqlServer['protocol']): readonly string[] {
  return ['sw_visits', 'sw_charges', 'sw_blockers'].map((view) =>
    protocol === 'mysql'
      ? `grant select on his.${view} to 'window'@'%'`
      : `grant select on ${view} to "window"`,
  );
}

/** A visit of the hospital with one charge line. */
export function visitRows(
  visitId: string,
  {
    stamp = '2017-11-27 10:00:00',
    name = '张三',
    amount = '100.0000',
    number = '430626195001010016',
  } = {},
): readonly string[] {
  return [
    `insert into visits values ('${visitId}', '${stamp}', '${name}', '${number}',
       '2017-11-10 23:30:00', '2017-11-27', 'secret')`,
    `insert into charges values ('${visitId}', 1, '西药', ${amount}, '2017-11-12 00:30:00')`,
  ];
}

export const accessTo = ({ protocol, port, password }: SqlServer): DatabaseAccess => ({
  ...{ protocol, port, password, host: 'localhost', user: 'window', database: 'his' },
  ...{ line: 'verified', authority },
});

export const settingsFor = (
  { protocol, port }: SqlServer,
  files: { readonly password: string; readonly authority: string },
): SqlSettings => ({
  'hospital-sql': `${protocol}://window@localhost:${String(port)}/his`,
  'hospital-sql-password': files.password,
  'hospital-sql-authority': files.authority,
  'hospital-sql-views': 'sw_visits sw_charges sw_blockers',
  'hospital-sql-visits': null,
  'hospital-sql-lock': null,
  'hospital-sql-unlock': null,
  'plain-http': null,
});
