import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { noteSettledBefore } from '../../app/keep-pack-texts.ts';
import { packOf } from '../../../shared/policy/packs.test-support.ts';
import { packOfText } from '../../policy-packs/approve-packs.test-support.ts';
import { checkOfApprovals } from '../../settlement/verify-approvals.ts';
import { settleVisit } from '../../settlement/settle-visit.ts';
import { packName } from '../../settlement/pack-texts.ts';
import {
  dependenciesOn,
  keepVisit,
  refusalOf,
  valueOf,
} from '../../settlement/settlement.test-support.ts';
import { cancelSettlement } from '../../settlement/cancel-settlement.ts';
import { plainInput } from '../../../shared/policy/visits.test-support.ts';
import { openStore, type OpenedStore } from '../open-store.ts';

const at = '2026-11-30T08:00:00.000+08:00';
const settledPack = packOf();
const cancelledPack = packOf({ ...settledPack.document, id: 'b-county' });
const otherPack = packOf({ ...settledPack.document, id: 'c-county' });

let folder: string;
let store: OpenedStore;
const place = () => ({ file: join(folder, 'settlement.db'), key });
const key = randomBytes(32);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pack-approvals-'));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** A folder of the release before, in which one pack settled, and another did and was cancelled; brought up to date. */
async function openEarlierFolder(kind: 'demo' | 'live'): Promise<void> {
  store = await openStore(place());
  await store.transact(({ folderFacts }) => folderFacts.set('kind', kind));
  for (const [id, pack] of [
    ['A', settledPack],
    ['B', cancelledPack],
  ] as const) {
    const input = plainInput(1000);
    await keepVisit(store, { ...input, visit: { ...input.visit, id } });
    const desk = dependenciesOn(store, [pack]);
    const { settlement } = valueOf(await settleVisit(desk, { visitId: id, by: 'cashier1' }));
    if (pack !== cancelledPack) continue;
    const { settlementId } = settlement;
    const consent = { by: 'cashier1', approvedBy: 'supervisor1' };
    valueOf(await cancelSettlement(desk, { settlementId, reason: '录入有误', ...consent }));
  }
  const { writer } = store;
  if (writer === null) throw new Error('a new store writes');
  // As the tables were: without what this release adds.
  const triggers = await sql<{ name: string }>`
    select name from sqlite_schema where type = 'trigger' and name like 'journal%'`.execute(writer);
  for (const { name } of triggers.rows) await sql.raw(`drop trigger ${name}`).execute(writer);
  for (const statement of [
    // What came after it.
    'drop table payer_return_findings',
    'drop table payer_returns',
    'drop table claims_together',
    'drop table push_senders',
    'drop table result_calls',
    'drop table bill_questions',
    ...['visits', 'set_aside_bills'].flatMap((table) =>
      ['sent_version', 'made_at', 'made_by'].map(
        (column) => `alter table ${table} drop column ${column}`,
      ),
    ),
    'drop table row_marks',
    'drop table row_sums',
    'drop index claims_day',
    'drop table day_closes',
    'drop table day_comparisons',
    'drop index claims_reference',
    'drop table differences',
    'drop table remittance_lines',
    'drop table remittances',
    'drop table remittance_files',
    'drop index visits_by_arrival',
    'alter table visits drop column first_received_at',
    'alter table bills_in_doubt drop column discharged_on',
    'drop index visits_to_settle',
    'create index visits_to_settle on visits (state, discharged_on, id)',
    'drop table upload_counts',
    'drop table visit_words',
    'drop table bills_in_doubt',
    'drop table person_questions',
    'drop table person_numbers',
    ...['visits', 'set_aside_bills'].flatMap((table) =>
      ['warnings_json', 'warnings_version'].map(
        (column) => `alter table ${table} drop column ${column}`,
      ),
    ),
    'drop table pack_acceptances',
    'drop table pack_acts',
    'delete from schema_versions where number >= 106',
    'PRAGMA user_version = 105',
  ])
    await sql.raw(statement).execute(writer);
  await store.close();
  store = await openStore(place());
}

const acts = () => store.read(({ packActs }) => packActs.list());
const check = () =>
  checkOfApprovals(
    store,
    [settledPack, cancelledPack, otherPack].map((pack) => packOfText(pack)),
    'live',
  );

describe('a folder at work that is brought up to date', () => {
  it('goes on by the packs it has settled by, says so once in the audit, and by no other', async () => {
    await openEarlierFolder('live');
    expect((await acts()).map(({ act, pack, version }) => [act, pack, version])).toEqual([
      ['settled-before', 'a-county', '1.0.0'],
    ]);
    expect((await check()).problems.map(({ about }) => about)).toEqual(['a-county@1.0.0']);
    expect(await noteSettledBefore(store, at)).toEqual(['a-county@1.0.0']);
    expect(await noteSettledBefore(store, at)).toBeNull();
    const listed = await check();
    expect(listed.ok).toBe(true);
    expect(listed.notes).toMatchObject([
      { about: 'a-county@1.0.0', problem: expect.stringContaining('settled by before') as string },
    ]);
    for (const [id, pack, code] of [
      ['C', settledPack, null],
      ['D', cancelledPack, 'no-pack'],
      ['E', otherPack, 'no-pack'],
    ] as const) {
      const input = plainInput(1000);
      await keepVisit(store, { ...input, visit: { ...input.visit, id } });
      const approvedOnly = new Map([[packName(pack), packOfText(pack).whole]]);
      const desk = { ...dependenciesOn(store, [pack]), approvedOnly };
      expect(refusalOf(await settleVisit(desk, { visitId: id, by: 'cashier1' }))).toBe(code);
    }
  });

  it('finds a pack that somebody added by hand to those it goes on by', async () => {
    await openEarlierFolder('live');
    await noteSettledBefore(store, at);
    const { writer } = store;
    if (writer === null) throw new Error('a new store writes');
    await sql`insert into pack_acts (id, act, pack, version, folder_kind, at, entry)
      select 'by hand', act, 'c-county', version, folder_kind, at, entry from pack_acts`.execute(
      writer,
    );
    expect((await check()).problems.map(({ about }) => about)).toEqual(['c-county@1.0.0']);
  });

  it('takes nothing of what a demo settled by for approved', async () => {
    await openEarlierFolder('demo');
    expect(await acts()).toEqual([]);
    expect(await noteSettledBefore(store, at)).toBeNull();
  });
});
