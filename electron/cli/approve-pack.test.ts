import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { Role } from '../../shared/contracts/contract.ts';
import { openServices } from '../app/open-services.ts';
import type { Services } from '../app/services.ts';
import { ownPacksFolder } from '../policy-packs/load-packs.ts';
import {
  cheapHasher,
  firstAdministrator,
  goodPassword,
  worker,
} from '../security/users.test-support.ts';
import { colonCancer, keepVisit, valueOf } from '../settlement/settlement.test-support.ts';
import { callersOf } from './callers.ts';
import type { CommandCall } from './command.ts';
import { commands } from './commands.ts';
import { linesOf } from './secrets.ts';

const root = mkdtempSync(join(tmpdir(), 'approve-pack-'));
const [home, keyFile] = [join(root, 'live'), join(root, 'key')];
writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
const environment = { SETTLEMENT_KEY_FILE: keyFile };
const people: Readonly<Record<string, Role>> = {
  c1: 'cashier',
  s2: 'supervisor',
  p4: 'policy-officer',
};
const pack = 'pingjiang-2017@1.2.0';

let services: Services;
let visitId: string;
beforeAll(async () => {
  services = valueOf(
    await openServices({ home, wanted: null, whenMissing: 'make-live', environment }),
  );
  const { store, clock, folder } = services;
  const parts = { store, clock, folder, hasher: cheapHasher };
  const boss = await firstAdministrator(parts);
  for (const [userId, role] of Object.entries(people))
    await worker(parts, boss, {
      ...{ userId, role, name: `员工${userId}` },
    });
  visitId = await keepVisit(store, await colonCancer());
});
afterAll(async () => {
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

/** What a command of the live folder answers, or the code and words it is refused with. */
async function run(
  name: string,
  as: string,
  words: string[],
  options: CommandCall['options'] = {},
) {
  const command = commands.find((each) => each.name === name);
  if (command?.folder !== 'opened') throw new Error(`no command ${name}`);
  const call: CommandCall = {
    ...{ words, home, environment, path: (given: string) => join(root, given) },
    options: { as, 'password-stdin': true, ...options },
    secrets: linesOf(Readable.from([`${goodPassword}\n`])),
    say: () => undefined,
  };
  const callers = await callersOf(command, call, services, cheapHasher);
  if (!callers.ok) return { refused: callers.refusal.code };
  const answer = await command.run(call, services, callers.value);
  if ('refusal' in answer) return { refused: answer.refusal.code, zh: answer.refusal.message.zh };
  return answer.kind === 'done' ? (answer.json as object) : {};
}

const settle = () => run('settle-visit', 'c1', [visitId]);
const openSchema = z.object({ open: z.array(z.string()) });

describe('approving a pack by commands', () => {
  it('is refused to others, and of what is not there', async () => {
    expect(await run('approve-pack', 'c1', [pack])).toEqual({ refused: 'not-allowed' });
    expect(await run('approve-pack', 'p4', ['pingjiang'])).toMatchObject({
      refused: 'unknown-pack',
    });
    expect(await run('approve-pack', 'p4', [pack], { accept: ['basicRate'] })).toMatchObject({
      refused: 'wrong-usage',
    });
    expect(
      await run('approve-pack', 'p4', [pack], { accept: ['a=b'], sheet: 'a.pdf' }),
    ).toMatchObject({ refused: 'wrong-usage' });
    expect(await run('approve-pack', 's2', [pack])).toMatchObject({ refused: 'pack-not-prepared' });
  });

  it('settles nothing before, says what is open, and settles after', async () => {
    expect(await settle()).toMatchObject({ refused: 'no-pack' });
    const prepared = await run('approve-pack', 'p4', ['pingjiang-2017']);
    expect(prepared).toMatchObject({
      ...{ id: 'pingjiang-2017', version: '1.2.0', already: false, state: 'prepared' },
      ...{ preparedBy: 'p4', approvedBy: null },
    });
    const { open } = openSchema.parse(prepared);
    expect(open).toContain('parameters.basicRate');
    expect(await run('approve-pack', 's2', [pack])).toMatchObject({
      ...{ state: 'approved', preparedBy: 'p4', approvedBy: 's2', open },
    });
    expect(await settle()).toMatchObject({
      refused: 'no-pack',
      zh: expect.stringContaining('基本医保支付比例') as string,
    });
    const accept = open.map((assumption) => `${assumption}=县医保局=书面答复`);
    expect(await run('approve-pack', 's2', [pack], { accept })).toMatchObject({
      refused: 'wrong-usage',
    });
    expect(await run('approve-pack', 'p4', [pack], { accept })).toMatchObject({ open: [] });
    expect(await settle()).toMatchObject({ refused: 'no-pack' });
    expect(await run('approve-pack', 's2', [pack])).toMatchObject({
      accepted: open.toSorted().map((assumption) => ({ assumption, reason: '县医保局=书面答复' })),
    });
    expect(await settle()).toMatchObject({ already: false, result: { patientPays: '1358.00' } });
  });

  it('stands in what verify prints, by whom and since when', async () => {
    const verified = z
      .object({
        checks: z.array(
          z.looseObject({ name: z.string(), notes: z.array(z.unknown()).optional() }),
        ),
      })
      .parse(await run('verify', 's2', []));
    const check = verified.checks.find(({ name }) => name === 'packs-approved');
    expect(check).toMatchObject({
      ok: true,
      notes: [
        {
          about: pack,
          problem: expect.stringMatching(/^approved; prepared by p4 .*approved by s2 /) as string,
        },
      ],
    });
  });

  it('stands in what check-packs prints, where there is a folder to ask', async () => {
    const check = commands.find((each) => each.name === 'check-packs');
    if (check?.folder !== 'none') throw new Error('check-packs opens a folder by itself');
    const checked = async (at: string) => {
      const call: CommandCall = {
        ...{
          words: [join(ownPacksFolder(), 'pingjiang-2017')],
          options: {},
          home: at,
          environment,
        },
        ...{ path: (given: string) => given, secrets: { next: () => Promise.resolve(null) } },
        say: () => undefined,
      };
      const answer = await check.run(call);
      if (answer.kind !== 'done') throw new Error('check-packs was refused');
      const { packs } = z.object({ packs: z.array(z.looseObject({})) }).parse(answer.json);
      return packs.map(({ approval }) => approval);
    };
    expect(await checked(join(root, 'nowhere'))).toEqual([undefined, undefined, undefined]);
    expect(await checked(home)).toMatchObject([
      { state: 'draft' },
      { state: 'draft' },
      { state: 'approved', preparedBy: 'p4', approvedBy: 's2' },
    ]);
  });

  it('stops with a reason, which is what the next one at the window reads', async () => {
    expect(await run('approve-pack', 's2', [pack], { withdraw: '县里通知停用' })).toMatchObject({
      ...{ state: 'withdrawn', withdrawnBy: 's2', withdrawnBecause: '县里通知停用' },
    });
    visitId = await keepVisit(services.store, {
      ...(await colonCancer()),
      visit: { ...(await colonCancer()).visit, id: 'another' },
    });
    expect(await settle()).toMatchObject({
      refused: 'no-pack',
      zh: expect.stringContaining('县里通知停用') as string,
    });
  });

  it('prints the sheet that is signed: the law, its articles, what is open, the cases, the fingerprint', async () => {
    const made = await run('approve-pack', 'p4', [pack], { sheet: 'sheet.pdf' });
    const { fingerprint, file } = z
      .object({ fingerprint: z.string(), file: z.string() })
      .parse(made);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    for (const words of [
      ...['待遇政策签批单', 'pingjiang-2017 1.2.0', '已停用：县里通知停用', '县级 86%'],
      ...['parameters.basicRate', '县医保局=书面答复', '相符', '核对与批准必须是两个人'],
      ...['员工p4', '编写', '批准', fingerprint.slice(0, 8), fingerprint.slice(-8)],
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('不符');
    expect(await run('approve-pack', 'p4', [pack], { sheet: 'nowhere/sheet.pdf' })).toMatchObject({
      refused: 'cannot-write-file',
    });
    expect(await run('approve-pack', 'p4', [pack], { sheet: 'sheet.txt' })).toMatchObject({
      refused: 'wrong-file-ending',
    });
  });
});
