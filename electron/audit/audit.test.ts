import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { SettlementInput } from '../../shared/domain/person.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import type { SettlementDependencies } from '../settlement/settlement-dependencies.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { exportAudit } from './export-audit.ts';
import { auditLists, readAudit, type AuditQuestion } from './read-audit.ts';
import { verifyAudit } from './verify-audit.ts';

const program = fileURLToPath(new URL('./verify-audit-program.ts', import.meta.url));
const checker = fileURLToPath(new URL('./verify-audit.ts', import.meta.url));
const other = { name: '司马相如', idNumber: '430626195506150014' };

let store: TestStore;
let dependencies: SettlementDependencies;
let colon: SettlementInput;
let first: string;
let again: string;

async function note(act: string, about: string, who: string, detail: object): Promise<void> {
  await store.transact(({ audit }) =>
    audit.append({ at: '2017-11-27T12:00:00.000+08:00', who, act, about, detail }),
  );
}

beforeAll(async () => {
  store = await createTestStore();
  dependencies = dependenciesOn(store, await ownPacks());
  colon = await colonCancer();
  await keepVisit(store, colon);
  const settle = async (visitId: string) =>
    valueOf(await settleVisit(dependencies, { visitId, by: 'cashier1' })).settlement.settlementId;
  first = await settle(colon.visit.id);
  valueOf(
    await cancelSettlement(dependencies, {
      settlementId: first,
      reason: '输错',
      by: 'cashier1',
      approvedBy: 'supervisor1',
    }),
  );
  again = await settle(colon.visit.id);
  // Another patient, who died in an earlier stay than the one that is settled.
  const person = { ...colon.person, ...other };
  const stay = (id: string, admittedOn: string, dischargedOn: string, died: boolean) => ({
    ...colon,
    person,
    visit: {
      ...colon.visit,
      ...{ id, admittedOn, dischargedOn },
      ...(died ? { dischargeWay: 'death' as const } : {}),
    },
  });
  await keepVisit(store, stay('DEATH', '2017-10-01', '2017-10-20', true));
  await keepVisit(store, stay('AFTER', colon.visit.admittedOn, colon.visit.dischargedOn, false));
  await settle('DEATH');
  await settle('AFTER');
  await note('print-again', first, 'cashier1', { copyNumber: 1 });
  await note('change-setting', 'hospital-in', 'clerk1', { value: '/x' });
  for (const visitId of ['A', 'B', 'C', 'C']) {
    await note('note-proxy', visitId, 'cashier1', {
      maskedName: '王*',
      maskedIdNumber: '4306**0018',
    });
  }
  await note('note-proxy', 'D', 'cashier1', { maskedName: '李*', maskedIdNumber: '4306**0026' });
});
afterAll(() => store.remove());

const parts = () => ({ store, clock: testClock });
const ask = async (question: AuditQuestion) =>
  valueOf(await readAudit(parts(), question, 'auditor1')).entries.map(
    ({ act, about }) => `${act} ${about}`,
  );

describe('reading the audit', () => {
  it('finds what was done by user, thing, patient and day', async () => {
    expect(await ask({ who: 'clerk1' })).toEqual(['change-setting hospital-in']);
    // Who approved is named in the particulars.
    expect(await ask({ who: 'supervisor1' })).toEqual([`cancel-settlement ${first}`]);
    expect(await ask({ about: first })).toEqual([
      `settle-visit ${first}`,
      `cancel-settlement ${first}`,
      `print-again ${first}`,
    ]);
    const ofPatient = await ask({ patient: other.idNumber });
    expect(ofPatient.map((line) => line.split(' ')[0])).toEqual(['settle-visit', 'settle-visit']);
    expect(await ask({ patient: '430626195001010016', from: '2017-11-28' })).toEqual([]);
    expect(await ask({ patient: '11010119000101001X' })).toEqual([]);
    expect(await ask({ act: 'print-again', from: '2017-11-27', until: '2017-11-27' })).toHaveLength(
      1,
    );
  });

  it('makes the lists an auditor looks for', async () => {
    const lists = Object.fromEntries(
      await Promise.all(auditLists.map(async (list) => [list, await ask({ list })] as const)),
    );
    const after = await store.read(({ settlements }) => settlements.findLive('AFTER', 1));
    expect(lists).toEqual({
      rights: ['change-setting hospital-in'],
      refunds: [`cancel-settlement ${first}`],
      reprints: [`print-again ${first}`],
      'settled-again': [`cancel-settlement ${first}`, `settle-visit ${again}`],
      'settled-after-death': [`settle-visit ${String(after?.settlementId)}`],
      'one-proxy': ['note-proxy A', 'note-proxy B', 'note-proxy C', 'note-proxy C'],
    });
    expect(refusalOf(await readAudit(parts(), { list: 'everything' }, 'auditor1'))).toBe(
      'audit-list-unknown',
    );
  });

  it('is itself in the audit, with what was asked and no patient’s number', async () => {
    await ask({ patient: other.idNumber });
    const entries = valueOf(await readAudit(parts(), { act: 'read-audit' }, 'auditor2')).entries;
    expect(entries.at(-1)).toMatchObject({ who: 'auditor1', detail: { ofPatient: true } });
    expect(JSON.stringify(entries)).not.toContain(other.idNumber);
  });
});

describe('an export of the audit', () => {
  const file = () => join(store.folder, `audit-${timeOrderedIds().next()}.jsonl`);
  const make = async () => {
    const target = file();
    const made = valueOf(
      await exportAudit({ ...parts(), folder: { id: 'F' } }, { file: target, who: 'auditor1' }),
    );
    return { ...made, bytes: readFileSync(target) };
  };

  it('is whole, for its maker alone to read, proves what it is said to prove, and is in the audit', async () => {
    const { file: made, bytes, digest, entries } = await make();
    expect(statSync(made).mode & 0o777).toBe(0o600);
    expect(verifyAudit(bytes)).toMatchObject({ ok: true, entries, proven: ['self-consistent'] });
    expect(verifyAudit(bytes, { digest, folderKey: store.key })).toMatchObject({
      ok: true,
      proven: ['self-consistent', 'as-published', 'keyed-hashes'],
    });
    expect(await ask({ about: digest })).toEqual(['export-audit audit']);
  });

  it('is checked by a program of its own that imports nothing of ours', async () => {
    const source = readFileSync(program, 'utf8') + readFileSync(checker, 'utf8');
    const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, from]) => from);
    expect(imported.filter((from) => from?.startsWith('node:') !== true)).toEqual([
      './verify-audit.ts',
    ]);
    const { file: made, digest } = await make();
    const key = join(store.folder, 'key.hex');
    writeFileSync(key, Buffer.from(store.key).toString('hex'));
    const run = (...more: string[]) =>
      spawnSync(process.execPath, [program, made, ...more], { encoding: 'utf8' });
    const ran = run('--digest', digest, '--key', key);
    expect(ran.status).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ ok: true });
    expect(run('--digest', '0'.repeat(64)).status).toBe(1);
  });

  it('is found wrong with every line changed, left out, doubled or exchanged, and every letter cut off', async () => {
    const { bytes, digest } = await make();
    const lines = bytes.toString().trimEnd().split('\n');
    const spoiled = (edit: (all: string[]) => void): Buffer => {
      const all = [...lines];
      edit(all);
      return Buffer.from(`${all.join('\n')}\n`);
    };
    for (const index of lines.keys()) {
      const edits = [
        (all: string[]) => void all.splice(index, 1),
        (all: string[]) => void all.splice(index, 0, all[index] ?? ''),
        (all: string[]) =>
          void all.splice(index, 1, (all[index] ?? '').replace(/"at":"2017/, '"at":"2016')),
      ];
      for (const edit of edits) {
        const text = spoiled(edit);
        if (text.equals(bytes)) continue;
        expect(verifyAudit(text).ok).toBe(false);
      }
    }
    for (const cut of [1, 2, 50, 500]) {
      expect(verifyAudit(bytes.subarray(0, bytes.length - cut)).ok).toBe(false);
    }
    expect(verifyAudit(Buffer.from('')).ok).toBe(false);
    expect(
      verifyAudit(bytes, { digest: digest.replace(/^./, (c) => (c === '0' ? '1' : '0')) }).ok,
    ).toBe(false);
  });

  it('that somebody made anew without the key passes only where neither key nor digest is at hand', async () => {
    const { bytes, digest } = await make();
    const lines = bytes.toString().trimEnd().split('\n');
    // Another name in an entry, every later hash made anew as far as that can be done without the key.
    const at = lines.findIndex((line) => line.includes('"act":"change-setting"'));
    const entry = JSON.parse(lines[at] ?? '') as { who: string };
    lines[at] = JSON.stringify({ ...entry, who: 'somebody-else' });
    const body = `${lines.slice(0, -1).join('\n')}\n`;
    const end = JSON.parse(lines.at(-1) ?? '') as { end: { digest: string } };
    end.end.digest = createHash('sha256').update(body).digest('hex');
    const forged = Buffer.from(`${body}${JSON.stringify(end)}\n`);
    expect(verifyAudit(forged).proven).not.toContain('keyed-hashes');
    expect(verifyAudit(forged, { folderKey: store.key }).problems).toEqual([
      { line: at + 1, problem: 'it is not what its keyed hash was made of' },
    ]);
    expect(verifyAudit(forged, { digest }).ok).toBe(false);
    expect(verifyAudit(bytes, { folderKey: Buffer.alloc(32, 1) }).problems[0]?.problem).toContain(
      'key',
    );
  });

  it('is not written over a link, a pipe or a folder', async () => {
    const target = join(store.folder, 'a-folder');
    mkdirSync(target);
    expect(
      refusalOf(
        await exportAudit({ ...parts(), folder: { id: 'F' } }, { file: target, who: 'auditor1' }),
      ),
    ).toBe('audit-not-written');
  });
});
