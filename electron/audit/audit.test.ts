import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { SettlementInput } from '../../shared/domain/person.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  testClock,
  valueOf,
  type TestDependencies,
} from '../settlement/settlement.test-support.ts';
import { endUser } from '../security/end-user.ts';
import { showNumbers } from '../security/show-number.ts';
import { firstAdministrator, partsOn, worker } from '../security/users.test-support.ts';
import { exportAudit } from './export-audit.ts';
import { auditLists, readAudit, type AuditQuestion } from './read-audit.ts';
import { verifyAudit } from './verify-audit.ts';

const program = fileURLToPath(new URL('./verify-audit-program.ts', import.meta.url));
const checker = fileURLToPath(new URL('./verify-audit.ts', import.meta.url));
const other = { name: '司马相如', idNumber: '430626195506150014' };

let store: TestStore;
let dependencies: TestDependencies;
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
  await note('show-document', first, 'cashier1', { document: 'receipt', copyNumber: 1 });
  await note('show-document', first, 'cashier1', { document: 'statement', copyNumber: 0 });
  await note('answer-unknown-print', 'SHEET-OUT', 'cashier1', { cameOut: true });
  await note('answer-unknown-print', 'SHEET-AGAIN', 'cashier1', { cameOut: false });
  await note('make-first-administrator', 'boss', 'boss', { role: 'administrator' });
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
const auditor = { userId: 'auditor1', name: '审计员一', role: 'auditor' } as const;
const supervisor = { userId: 'supervisor1', name: '班组长一', role: 'supervisor' } as const;
const ask = async (question: AuditQuestion) =>
  valueOf(await readAudit(parts(), question, auditor)).entries.map(
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
      ...[`show-document ${first}`, `show-document ${first}`],
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
      rights: ['make-first-administrator boss', 'change-setting hospital-in'],
      refunds: [`cancel-settlement ${first}`],
      // What puts one more sheet of it on paper, or can: also a slip in a file, and an original that is said not to be there.
      reprints: [
        `print-again ${first}`,
        `show-document ${first}`,
        'answer-unknown-print SHEET-AGAIN',
      ],
      'settled-again': [`cancel-settlement ${first}`, `settle-visit ${again}`],
      'settled-after-death': [`settle-visit ${String(after?.settlementId)}`],
      'one-proxy': ['note-proxy A', 'note-proxy B', 'note-proxy C', 'note-proxy C'],
      'numbers-shown': [],
    });
    expect(refusalOf(await readAudit(parts(), { list: 'everything' }, auditor))).toBe(
      'audit-list-unknown',
    );
  });

  it('is itself in the audit, with what was asked and no patient’s number', async () => {
    await ask({ patient: other.idNumber });
    const entries = valueOf(await readAudit(parts(), { act: 'read-audit' }, auditor)).entries;
    expect(entries.at(-1)).toMatchObject({ who: 'auditor1', detail: { ofPatient: true } });
    expect(JSON.stringify(entries)).not.toContain(other.idNumber);
  });

  it('keeps and answers no number that somebody typed into a question or a reason', async () => {
    await ask({ about: other.idNumber, who: `x${other.idNumber}` });
    await note('ask-second-person', 'R1', 'cashier1', { reason: `退费 ${other.idNumber}` });
    const all = await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 }));
    const reads = all.filter(({ act }) => act === 'read-audit');
    expect(JSON.stringify(reads)).not.toContain(other.idNumber);
    const { entries } = valueOf(await readAudit(parts(), {}, auditor));
    expect(JSON.stringify(entries)).not.toContain(other.idNumber);
    expect(entries.find(({ about }) => about === 'R1')).toMatchObject({
      detail: { reason: '退费 430626********0014' },
    });
  });
});

describe('who saw a number', () => {
  const stranger = '430626198803150025';
  const show = (idNumber: string, by: string, visitId: string | null) =>
    showNumbers(parts(), { idNumbers: [idNumber], by, where: 'card:latest', page: 'p1', visitId });
  const seenBy = async (patient: string) =>
    valueOf(await readAudit(parts(), { patient, list: 'numbers-shown' }, auditor)).entries.map(
      ({ who, about, detail }) => `${who} ${about} ${(detail as { where: string }).where}`,
    );

  it('is found by person and by patient, also of one who was never a patient here', async () => {
    expect(await show(other.idNumber, 'cashier1', 'DEATH')).toEqual([other.idNumber]);
    expect(await show(stranger, 'cashier2', null)).toEqual([stranger]);
    expect(await seenBy(other.idNumber)).toEqual(['cashier1 DEATH card:latest']);
    const [seen] = await seenBy(stranger);
    expect(seen).toMatch(/^cashier2 [0-9a-f]{64} card:latest$/);
    expect(await seenBy('11010119000101001X')).toEqual([]);
    expect(await ask({ who: 'cashier2', list: 'numbers-shown' })).toHaveLength(1);
  });

  it('tells no number to whoever reads the audit, and no hash that can be tried out', async () => {
    const all = await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 }));
    const text = JSON.stringify(all.filter(({ act }) => act !== 'ask-second-person'));
    for (const idNumber of [stranger, other.idNumber]) {
      expect(text).not.toContain(idNumber);
      for (const tried of [idNumber, `patient ${idNumber}`])
        expect(text).not.toContain(createHash('sha256').update(tried).digest('hex'));
    }
  });

  it('is kept before anybody sees it: where it cannot be kept, the number stays masked', async () => {
    const readOnly = { ...store, readingOnly: () => ({ code: 'disk-read-only' }) as never };
    const showing = { idNumbers: [stranger], by: 'c', where: 'x', page: null, visitId: null };
    expect(await showNumbers({ store: readOnly, clock: testClock }, showing)).toEqual([
      '430626********0025',
    ]);
    const fails = { ...store, transact: () => Promise.reject(new Error('no')) };
    await expect(showNumbers({ store: fails, clock: testClock }, showing)).rejects.toThrow('no');
  });
});

describe('a supervisor', () => {
  const acts = async (question: AuditQuestion = {}) =>
    valueOf(await readAudit(parts(), question, supervisor)).entries.map(({ who }) => who);

  it('reads what the own team did, whatever is asked, and nothing of others', async () => {
    expect(new Set(await acts())).toEqual(new Set(['cashier1']));
    expect(await acts({ who: 'clerk1' })).toEqual([]);
    expect(await acts({ list: 'rights' })).toEqual([]);
    expect(new Set(await acts({ patient: other.idNumber }))).toEqual(new Set(['cashier1']));
    // The own reading is an entry, and one of the own.
    expect(new Set(await acts({ act: 'read-audit' }))).toEqual(new Set(['supervisor1']));
  });

  it('exports nothing, and nobody else reads or exports anything', async () => {
    const target = join(store.folder, 'audit-of-a-supervisor.jsonl');
    const folder = { id: 'F' };
    const before = (await store.read(({ audit }) => audit.end()))?.sequence;
    for (const role of ['supervisor', 'cashier', 'it-clerk', 'administrator'] as const) {
      const by = { userId: 'u', name: '某人', role };
      expect(refusalOf(await exportAudit({ ...parts(), folder }, { file: target, by }))).toBe(
        'not-allowed',
      );
      if (role !== 'supervisor')
        expect(refusalOf(await readAudit(parts(), {}, by))).toBe('not-allowed');
    }
    expect(existsSync(target)).toBe(false);
    expect((await store.read(({ audit }) => audit.end()))?.sequence).toBe(before);
  });

  it('has for a team who works at the windows of the folder, by the rows of its users', async () => {
    const live = await createTestStore();
    try {
      const users = partsOn(live);
      const boss = await firstAdministrator(users);
      for (const [userId, name, role] of [
        ['c1', '林秋', 'cashier'],
        ['c2', '周冬', 'cashier'],
        ['s1', '班长', 'supervisor'],
        ['s2', '副班长', 'supervisor'],
        ['k1', '信息', 'it-clerk'],
      ] as const)
        await worker(users, boss, { userId, name, role });
      valueOf(await endUser(users, { userId: 'c2', by: boss }));
      const by = { userId: 's1', name: '班长', role: 'supervisor' } as const;
      const { entries } = valueOf(await readAudit(users, {}, by));
      // Nobody of the demo is anybody in a live folder, and the one who left stays of the team.
      expect(new Set(entries.map(({ who }) => who))).toEqual(new Set(['c1', 'c2', 's1']));
    } finally {
      await live.remove();
    }
  });
});

describe('an export of the audit', () => {
  const file = () => join(store.folder, `audit-${timeOrderedIds().next()}.jsonl`);
  const make = async () => {
    const target = file();
    const made = valueOf(
      await exportAudit({ ...parts(), folder: { id: 'F' } }, { file: target, by: auditor }),
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

  /** A file with these lines before its end, and an end that fits them as far as that can be done without the key. */
  const endedAnew = (
    lines: readonly string[],
    count: number,
    {
      hash,
      ...sealed
    }: { readonly hash: string; readonly seal?: unknown; readonly rows?: unknown },
  ) => {
    const body = `${lines.join('\n')}\n`;
    const digest = createHash('sha256').update(body).digest('hex');
    const end = { sequence: count, hash, ...sealed, entries: count, digest };
    return Buffer.from(`${body}${JSON.stringify({ end })}\n`);
  };
  type Line = Record<string, unknown> & { hash: string };
  const parsed = (line: string | undefined) => JSON.parse(line ?? '') as Line;
  /** The entries as a forger writes them: another person did everything, and plain hashes, which need no key. */
  const forgedEntries = (lines: readonly string[]): Line[] => {
    let before = '0'.repeat(64);
    return lines.map((line) => {
      const entry: Line = { ...parsed(line), who: 'somebody-else', previous_hash: before };
      const { sequence, at, who, act, about, detail_json: detail } = entry;
      const { window_id: window, program: by, detail_version: version } = entry;
      const list = [before, sequence, at, who, act, about, detail];
      if (window !== null || by !== null) list.push(window, by);
      if (version !== 0) list.push(version);
      before = createHash('sha256').update(JSON.stringify(list)).digest('hex');
      return { ...entry, hash: before };
    });
  };

  it('whose chain somebody robbed of its key is wrong for whoever has the key', async () => {
    const [header, ...entries] = (await make()).bytes.toString().trimEnd().split('\n').slice(0, -1);
    const forged = forgedEntries(entries);
    const last = forged.at(-1)?.hash ?? '';
    for (const key of [null, {}, { firstEntry: 1 }, { firstEntry: forged.length + 1 }]) {
      const lines = [{ ...parsed(header), key }, ...forged].map((each) => JSON.stringify(each));
      const file = endedAnew(lines, forged.length, { hash: last, seal: '' });
      expect(verifyAudit(file, { folderKey: store.key })).toMatchObject({
        ok: false,
        proven: [],
        problems: [{ line: 1 }],
      });
    }
  });

  it('that ends before the first entry which the key binds is wrong for whoever has the key', async () => {
    const bytes = Buffer.from((await make()).bytes);
    const [header] = bytes.toString().split('\n');
    const file = endedAnew([header ?? ''], 0, { hash: '0'.repeat(64), seal: '' });
    expect(verifyAudit(file, { folderKey: store.key })).toMatchObject({ ok: false, proven: [] });
  });

  it('is wrong where a line shows what its hash was not made of', async () => {
    const lines = (await make()).bytes.toString().trimEnd().split('\n');
    const end = JSON.parse(lines.pop() ?? '') as {
      end: { hash: string; seal: string; rows: string };
    };
    const { hash, seal, rows } = end.end;
    const sealed = { hash, seal, rows };
    const doctored = (line: string) => [
      line.replace('{', '{"who":"somebody-else",'),
      line.replace('{', '{"approvedBy":"somebody-else",'),
      line.replace('{', `{${' '.repeat(500)}`),
      line.replace('"act"', '"\\u0061ct"'),
    ];
    for (const other of doctored(lines[1] ?? '')) {
      const all = lines.map((line, index) => (index === 1 ? other : line));
      const file = endedAnew(all, all.length - 1, sealed);
      expect(verifyAudit(file, { folderKey: store.key })).toMatchObject({
        ok: false,
        problems: [{ line: 2 }],
      });
    }
    const untouched = endedAnew(lines, lines.length - 1, sealed);
    expect(verifyAudit(untouched, { folderKey: store.key }).ok).toBe(true);
  });

  it('is written over no file: an earlier export is evidence, and others hold a key or the books', async () => {
    const { file: earlier, bytes } = await make();
    const names = readdirSync(store.folder);
    const again = exportAudit({ ...parts(), folder: { id: 'F' } }, { file: earlier, by: auditor });
    expect(refusalOf(await again)).toBe('audit-not-written');
    expect(readFileSync(earlier).equals(bytes)).toBe(true);
    const noFolder = join(earlier, 'below-a-file');
    expect(
      refusalOf(
        await exportAudit({ ...parts(), folder: { id: 'F' } }, { file: noFolder, by: auditor }),
      ),
    ).toBe('audit-not-written');
    expect(readdirSync(store.folder)).toEqual(names);
  });

  it('is not written over a link, a pipe or a folder', async () => {
    const target = join(store.folder, 'a-folder');
    mkdirSync(target);
    expect(
      refusalOf(
        await exportAudit({ ...parts(), folder: { id: 'F' } }, { file: target, by: auditor }),
      ),
    ).toBe('audit-not-written');
  });
});
