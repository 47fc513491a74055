import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import {
  codeOf,
  firstAdministrator,
  movableClock,
  partsOn,
  valueOf,
  worker,
} from '../security/users.test-support.ts';
import { approvalOf } from './pack-approvals.ts';
import { allAccepted } from './approve-packs.test-support.ts';
import { approvePack } from './approve-pack.ts';
import { loadPacks, ownPacksFolder, type LoadedPack } from './load-packs.ts';
import { hereOf, preparePack } from './prepare-pack.ts';
import { withdrawPack } from './withdraw-pack.ts';

let store: TestStore;
let pack: LoadedPack;
let folder: string;
const name = 'pingjiang-2017';
const file = (...path: string[]) => join(folder, name, '1.2.0', ...path);
const load = async (): Promise<LoadedPack> => {
  const [loaded] = (await loadPacks({ folders: [folder] })).packs;
  if (loaded === undefined) throw new Error('the pack is not read');
  return loaded;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'approved-pack-'));
  await cp(join(ownPacksFolder(), name, '1.2.0'), file(), { recursive: true });
  pack = await load();
  store = await createTestStore();
  const users = partsOn(store);
  const boss = await firstAdministrator(users);
  await worker(users, boss, { userId: 'zheng', name: '郑一', role: 'policy-officer' });
  await worker(users, boss, { userId: 'zhao', name: '赵四', role: 'supervisor' });
  await worker(users, boss, { userId: 'wang', name: '王一', role: 'cashier' });
});
afterEach(async () => {
  await store.remove();
  await rm(folder, { recursive: true, force: true });
});

const parts = () => ({
  ...{ store, clock: movableClock(), ids: timeOrderedIds() },
  folder: { kind: 'live' } as const,
});
const by = (userId: string) => ({ userId, page: 'page 1' });
const prepare = (userId = 'zheng', accepted = allAccepted(pack), seen?: string) =>
  preparePack(parts(), pack, seen === undefined ? { accepted } : { accepted, seen }, by(userId));
const approve = (userId = 'zhao', preparedId?: string) =>
  approvePack(parts(), pack, preparedId === undefined ? {} : { preparedId }, by(userId));
const withdraw = (userId = 'zheng', reason = '县里停办') =>
  withdrawPack(parts(), hereOf(pack), { reason }, by(userId));
const standing = () =>
  store.read(async ({ packActs }) => approvalOf(await packActs.list(), hereOf(pack), 'live'));
const audited = () =>
  store.read(async ({ audit }) =>
    (await audit.about(`${name}@1.2.0`)).map(({ who, act }) => `${who} ${act}`),
  );

describe('approving a pack', () => {
  it('takes a policy officer who prepares it and a supervisor, and both stand in the audit', async () => {
    expect(codeOf(await approve())).toBe('pack-not-prepared');
    expect(valueOf(await prepare())).toEqual({ already: false });
    expect((await standing()).state).toBe('prepared');
    expect(valueOf(await approve())).toEqual({ already: false });
    expect(await standing()).toMatchObject({
      state: 'approved',
      prepared: { done_by: 'zheng' },
      approved: { done_by: 'zhao', prepared_by: 'zheng' },
    });
    expect(await audited()).toEqual(['zheng prepare-pack', 'zhao approve-pack']);
    // The text its name stands for from now on.
    const kept = await store.read(({ packsInForce }) => packsInForce.list());
    expect(kept.map(({ id, sha256 }) => [id, sha256])).toEqual([[name, pack.fingerprint]]);
  });

  it('is done once, however often it is asked for', async () => {
    for (const already of [false, true]) expect(valueOf(await prepare())).toEqual({ already });
    for (const already of [false, true]) expect(valueOf(await approve())).toEqual({ already });
    expect(valueOf(await prepare())).toEqual({ already: true });
    for (const already of [false, true]) expect(valueOf(await withdraw())).toEqual({ already });
    expect(await audited()).toHaveLength(3);
  });

  it('is for those roles alone, as they are today', async () => {
    for (const who of ['zhao', 'wang', 'boss'])
      expect([who, codeOf(await prepare(who))]).toEqual([who, 'not-allowed']);
    valueOf(await prepare());
    for (const who of ['zheng', 'wang', 'boss'])
      expect([who, codeOf(await approve(who))]).toEqual([who, 'not-allowed']);
    for (const who of ['wang', 'boss'])
      expect([who, codeOf(await withdraw(who))]).toEqual([who, 'not-allowed']);
    expect(codeOf(await approve('nobody'))).toBe('user-unknown');
    await store.transact(({ users }) =>
      users.change('zhao', { state: 'ended', ended_at: '2026-11-30', ended_by: 'boss' }),
    );
    expect(codeOf(await approve())).toBe('user-unknown');
  });

  it('is never by the same person, whichever role he has by then', async () => {
    valueOf(await prepare());
    await store.transact(({ users }) => users.change('zheng', { role: 'supervisor' }));
    expect(codeOf(await approve('zheng'))).toBe('second-person-needed');
    expect((await standing()).state).toBe('prepared');
    valueOf(await approve('zhao'));
  });

  it('is of what was looked at: not of files changed, nor of a preparation made, meanwhile', async () => {
    expect(codeOf(await prepare('zheng', [], 'f'.repeat(64)))).toBe('pack-changed-meanwhile');
    valueOf(await prepare('zheng', [], pack.whole));
    const seen = (await standing()).waiting?.id ?? '';
    valueOf(await prepare());
    expect(codeOf(await approve('zhao', seen))).toBe('pack-not-prepared');
    const now = (await standing()).waiting?.id ?? '';
    await writeFile(file('cases', 'beside.json'), '{}');
    pack = await load();
    expect((await standing()).state).toBe('prepared');
    valueOf(await approve('zhao', now));
  });

  it('ends with any edit of its text or of a file it names, and comes back with the old files', async () => {
    valueOf(await prepare());
    valueOf(await approve());
    const [visit = ''] = pack.compiled.document.cases.map((each) => each.visit);
    for (const edited of [file('pack.yaml'), file(visit)]) {
      const text = await readFile(edited, 'utf8');
      await writeFile(edited, `${text} \n`);
      pack = await load();
      expect((await standing()).state).toBe('changed');
      // Lines that end as they do on another machine are the same text.
      await writeFile(edited, text.replaceAll('\n', '\r\n'));
      pack = await load();
      expect((await standing()).state).toBe('approved');
      await writeFile(edited, text);
    }
    await rm(file(visit));
    pack = await load();
    expect((await standing()).state).toBe('changed');
  });

  it('waits for another preparation where files were changed before the second person came', async () => {
    valueOf(await prepare());
    const text = await readFile(file('pack.yaml'), 'utf8');
    await writeFile(file('pack.yaml'), `${text}# a remark\n`);
    pack = await load();
    expect(codeOf(await approve())).toBe('pack-not-prepared');
    valueOf(await prepare());
    valueOf(await approve());
  });

  it('accepts assumptions by their names, each with a reason', async () => {
    const accepting = (assumption: string, reason: string) =>
      prepare('zheng', [{ assumption, reason }]);
    const refused = await accepting('parameters.nothing', '已核实');
    expect(codeOf(refused)).toBe('assumption-unknown');
    expect(JSON.stringify(refused)).toContain('parameters.basicRate');
    for (const reason of ['', ' \u200b… ', 'x'.repeat(501)])
      expect(codeOf(await accepting('parameters.basicRate', reason))).toBe(
        'acceptance-reason-missing',
      );
    const [one] = allAccepted(pack);
    if (one === undefined) throw new Error('the pack assumes something');
    expect(codeOf(await prepare('zheng', [one, one]))).toBe('acceptance-reason-missing');
    valueOf(await accepting('parameters.basicRate', '患者 430626195001010016 已核'));
    expect(JSON.stringify((await standing()).waiting)).not.toContain('430626195001010016');
    valueOf(await accepting('parameters.basicRate', '县医保局 2017-03-01 答复'));
    valueOf(await approve());
    expect((await standing()).accepted).toEqual([
      { assumption: 'parameters.basicRate', reason: '县医保局 2017-03-01 答复' },
    ]);
  });

  it('is withdrawn by either of the two, with a reason, and is then approved anew or not at all', async () => {
    expect(codeOf(await withdraw())).toBe('pack-not-approved');
    valueOf(await prepare());
    expect(codeOf(await withdraw('zhao', '  '))).toBe('withdrawal-reason-missing');
    // What is taken back before it was approved can no longer be approved.
    valueOf(await withdraw('zheng', '还要改'));
    expect(codeOf(await approve())).toBe('pack-not-prepared');
    valueOf(await prepare());
    valueOf(await approve());
    valueOf(await withdraw('zhao'));
    expect(await standing()).toMatchObject({
      state: 'withdrawn',
      withdrawn: { reason: '县里停办' },
    });
    valueOf(await prepare());
    expect((await standing()).state).toBe('prepared');
    valueOf(await approve());
    expect((await standing()).state).toBe('approved');
  });

  it('is in rows that nobody changes or removes', async () => {
    valueOf(await prepare());
    const writer = store.writer;
    if (writer === null) throw new Error('a test store writes');
    for (const table of ['pack_acts', 'pack_acceptances'] as const) {
      await expect(writer.deleteFrom(table).execute()).rejects.toThrow('never removed');
      await expect(writer.updateTable(table).set({ reason: 'x' }).execute()).rejects.toThrow(
        'never changed',
      );
    }
  });
});
