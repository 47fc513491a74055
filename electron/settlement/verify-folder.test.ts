import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { settleVisit } from './settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  valueOf,
} from './settlement.test-support.ts';
import { verifyFolder } from './verify-folder.ts';

let store: TestStore;

let settled: TestStore;

beforeAll(async () => {
  settled = await createTestStore();
  const dependencies = dependenciesOn(settled, await ownPacks());
  const colon = await colonCancer();
  for (const id of ['A', 'B', 'C']) {
    await keepVisit(settled, { ...colon, visit: { ...colon.visit, id } });
    const { settlement } = valueOf(
      await settleVisit(dependencies, { visitId: id, by: 'cashier1' }),
    );
    if (id !== 'B') continue;
    const { settlementId } = settlement;
    const by = { by: 'cashier1', approvedBy: 'supervisor1' };
    valueOf(await cancelSettlement(dependencies, { settlementId, reason: '录入有误', ...by }));
  }
  await settled.close();
});

afterAll(async () => {
  await settled.remove();
});

beforeEach(async () => {
  store = await createTestStore(settled);
});

afterEach(async () => {
  await store.remove();
});

const failing = async () =>
  (await verifyFolder({ store })).checks.filter(({ ok }) => !ok).map(({ name }) => name);

/** What one check says, with the names of what it is about. */
const said = async (name: string) =>
  (await verifyFolder({ store })).checks.find((check) => check.name === name)?.problems ?? [];

/** What an intruder with the key and an editor writes, with whatever guards it left in place. */
const written = async (statement: string): Promise<void> => {
  if (store.writer === null) throw new Error('a test store writes');
  await sql.raw(statement).execute(store.writer);
};

const settlementA = `(select id from settlements where visit_id = 'A')`;

describe('verifying the books', () => {
  it('finds nothing in what was settled and cancelled', async () => {
    const { ok, checks } = await verifyFolder({ store });
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(ok).toBe(true);
  });

  it.each([
    [
      'a share one fen less',
      `update settlement_shares set amount_fen = amount_fen - 1, our_fen = our_fen - 1 where settlement_id = ${settlementA} and step = 'basic'`,
      'shares-add-up',
    ],
    [
      'a patient who pays one fen more',
      `update settlements set patient_pays_fen = patient_pays_fen + 1 where visit_id = 'A'`,
      'shares-add-up',
    ],
    [
      'a tender one fen less',
      `update settlement_tenders set amount_fen = amount_fen - 1 where settlement_id = ${settlementA}`,
      'shares-add-up',
    ],
    [
      'a missing claim',
      `delete from claims where settlement_id = ${settlementA} and destination = 'basic-medical-insurance'`,
      'one-live-claim',
    ],
    [
      'a claim withdrawn on the side',
      `update claims set state = 'withdrawn' where settlement_id = ${settlementA} and destination = 'basic-medical-insurance'`,
      'one-live-claim',
    ],
    [
      'a claim of a cancelled settlement that lives',
      `update claims set state = 'waiting' where visit_id = 'B'`,
      'one-live-claim',
    ],
    [
      'an item one fen more',
      `update claim_items set amount_fen = amount_fen + 1 where settlement_id = ${settlementA} and step = 'basic'`,
      'one-live-claim',
    ],
    [
      'a claim under a new message id',
      `update claims set message_id = 'H43062600001201711271015009999' where settlement_id = ${settlementA} and destination = 'basic-medical-insurance'`,
      'one-live-claim',
    ],
    [
      'claims that nobody answered and that are accepted',
      `update claims set state = 'accepted' where visit_id = 'A'`,
      'claims-and-answers',
    ],
    [
      'an answer that nobody gave',
      `update claims set approved_fen = claimed_fen, payer_reference = 'R1' where visit_id = 'A'`,
      'claims-and-answers',
    ],
    [
      'a claim that went out and says that it did not',
      `insert into claim_events (claim_id, at, event, detail_json, detail_version) select id, '', 'sent', '{}', 0 from claims where visit_id = 'A'`,
      'claims-and-answers',
    ],
    ['a guard that is gone', `create table gone as select 1 as one`, 'tables'],
    [
      'a consent nobody gave',
      `update second_person_requests set asked_by = 'another'`,
      'second-persons',
    ],
    [
      'a counter one fen more',
      `update year_counters set value = value + 1 where counter = 'self-pay'`,
      'counters',
    ],
    ['a counter that is gone', `delete from year_counters where counter = 'self-pay'`, 'counters'],
    [
      'an opening nobody gave',
      `update year_counters set opening = opening + 1, value = value + 1 where counter = 'eligible'`,
      'openings',
    ],
    [
      'a settled visit without a settlement',
      `update visits set state = 'settled' where id = 'B'`,
      'visits-and-settlements',
    ],
    [
      'a settlement whose intent was lost',
      `update settlement_intents set state = 'abandoned' where visit_id = 'A'`,
      'visits-and-settlements',
    ],
    ['a cancellation that is gone', `delete from cancellations`, 'visits-and-settlements'],
    [
      'a sheet that is gone',
      `delete from print_jobs where settlement_id = ${settlementA} and document = 'receipt'`,
      'print-jobs',
    ],
    [
      'a sheet of a cancelled settlement that waits',
      `update print_jobs set state = 'queued' where settlement_id = (select id from settlements where visit_id = 'B')`,
      'print-jobs',
    ],
    [
      'a file that is gone',
      `delete from hospital_files where kind = 'cancelled'`,
      'hospital-files',
    ],
    [
      'an audit entry that was changed',
      `update audit_entries set who = 'nobody' where sequence = 2`,
      'audit-chain',
    ],
    ['an audit entry that is gone', `delete from audit_entries where sequence = 2`, 'audit-chain'],
    [
      'an act without its audit entry',
      `delete from audit_entries where sequence = (select max(sequence) from audit_entries)`,
      'acts-are-audited',
    ],
    ['a day that counts one number fewer', `update number_days set last = last - 1`, 'numbers'],
    ['a day that counts one number more', `update number_days set last = last + 1`, 'numbers'],
    ['a day that counts none', `delete from number_days`, 'numbers'],
    [
      'a second that would give a message id again',
      `update message_sequences set last = last - 1`,
      'numbers',
    ],
    ['message ids nobody kept', `update message_sequences set last = last + 1`, 'numbers'],
    [
      'an intent that is gone, with its number',
      `delete from settlement_intents where sequence = 2`,
      'numbers',
    ],
    [
      'a settlement moved in the order of settlements',
      `update settlements set entry = entry + 100 where visit_id = 'A'`,
      'numbers',
    ],
    ['a head of the audit that is behind', `update audit_head set sequence = 1`, 'numbers'],
    ['a head of the audit with another hash', `update audit_head set hash = 'x'`, 'numbers'],
    [
      'the last audit entry gone with its head',
      `delete from audit_entries where sequence = (select sequence from audit_head)`,
      'numbers',
    ],
    [
      'an act put down to another window',
      `update audit_entries set window_id = 'another' where sequence = 2`,
      'audit-chain',
    ],
    [
      'an act put down to another program',
      `update audit_entries set program = null, window_id = null where sequence = 2`,
      'audit-chain',
    ],
    [
      'a settlement by a pack whose text is not kept',
      `insert into packs_in_force values ('another', '1.0.0', '${'0'.repeat(64)}', '', '')`,
      'packs-in-force',
    ],
    [
      'an amount changed in the stored result',
      `update settlements set result_json = replace(result_json, '"patientPays":"1358.00"', '"patientPays":"1358.01"') where visit_id = 'A'`,
      'results-re-add',
    ],
    [
      'an amount changed in the explanation',
      `update settlements set result_json = replace(result_json, '"amount":"1264.00"}]', '"amount":"1264.01"}]') where visit_id = 'A'`,
      'results-re-add',
    ],
    [
      'a change of a counter that the result does not give',
      `update settlement_counter_changes set change = change + 1 where settlement_id = ${settlementA} and counter = 'self-pay'`,
      'results-re-add',
    ],
    ...(
      [
        ['whoever settled', `update settlements set settled_by = 'another' where visit_id = 'A'`],
        [
          'when it was settled',
          `update settlements set settled_at = '2017-01-01' where visit_id = 'A'`,
        ],
        [
          'the day it counts for',
          `update settlements set business_date = '2017-11-26' where visit_id = 'A'`,
        ],
        [
          'that day everywhere',
          `update settlement_intents set business_date = '2017-11-26' where visit_id = 'A'; update settlements set business_date = '2017-11-26' where visit_id = 'A'`,
        ],
        ['the year', `update settlements set year = 2016 where visit_id = 'A'`],
        ['the part', `update settlements set part = 2 where visit_id = 'A'`],
        ['how it was paid', `update settlement_tenders set kind = 'mobile' where kind <> 'mobile'`],
        [
          'a name in what it was decided on',
          `update settlements set input_json = replace(input_json, '"name":"', '"name":"某') where visit_id = 'A'`,
        ],
        [
          'a word in the stored result',
          `update settlements set result_json = result_json || ' ' where visit_id = 'A'`,
        ],
        ['another window', `update settlements set window_id = 'another' where visit_id = 'A'`],
        ['why it was cancelled', `update cancellations set reason = '别的'`],
        ['who cancelled', `update cancellations set cancelled_by = 'another'`],
        ['who approved it', `update cancellations set approved_by = 'another'`],
        ['the day of a cancellation', `update cancellations set business_date = '2017-11-26'`],
        ['the payer of a claim', `update claims set payer = 'another' where visit_id = 'A'`],
        [
          'money that came for a claim',
          `update claims set paid_fen = claimed_fen where visit_id = 'A'`,
        ],
        ['an adjustment of a claim', `update claims set adjusted_fen = 1 where visit_id = 'A'`],
      ] as const
    ).map(([what, statement]) => [`${what} changed with an editor`, statement, 'acts-are-audited']),
    [
      'a row that names nobody',
      `update settlements set person_id = 'nobody' where visit_id = 'B'`,
      'file',
    ],
  ])('finds %s', async (_, statement, check) => {
    for (const each of statement.split('; ')) await store.tamper(each);
    expect(await failing()).toContain(check);
  });

  it.each([
    ['users_remain', 'drop trigger users_remain', 'the trigger is missing'],
    ['journal_claims_changed', 'drop trigger journal_claims_changed', 'the trigger is missing'],
    ['claims_settlement', 'drop index claims_settlement', 'the index is missing'],
    [
      'helpful',
      'create trigger helpful after insert on claims begin delete from claim_events; end',
      'the trigger is not of this program',
    ],
    [
      'users_remain',
      'drop trigger users_remain; create trigger users_remain before delete on users begin select 1; end',
      'the trigger is not the one that this program makes',
    ],
  ])('says by name that %s is not as it was made: %s', async (about, statements, problem) => {
    for (const statement of statements.split(/; (?=create)/)) await written(statement);
    expect(await said('tables')).toEqual([{ about, problem }]);
  });
});
