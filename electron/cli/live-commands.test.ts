import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { roles, type Role } from '../../shared/contracts/contract.ts';
import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { openServices } from '../app/open-services.ts';
import type { Services } from '../app/services.ts';
import { changePassword } from '../security/change-password.ts';
import { makeUser } from '../security/make-user.ts';
import { certificates, pin, pkcs12 } from '../security/invented-certificates.test-support.ts';
import { cheapHasher, goodPassword, otherPassword } from '../security/users.test-support.ts';
import { colonCancer, valueOf } from '../settlement/settlement.test-support.ts';
import { callersOf } from './callers.ts';
import type { Command, CommandCall } from './command.ts';
import { commands } from './commands.ts';
import { linesOf, secretInFile } from './secrets.ts';

const root = mkdtempSync(join(tmpdir(), 'live-commands-'));
const [home, keyFile] = [join(root, 'live'), join(root, 'key')];
writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 });

let services: Services;
beforeAll(async () => {
  services = valueOf(
    await openServices({
      ...{ home, wanted: null, whenMissing: 'make-live' },
      environment: { SETTLEMENT_KEY_FILE: keyFile },
    }),
  );
});
afterAll(async () => {
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

const commandOf = (name: string) => {
  const command = commands.find((each) => each.name === name);
  if (command?.folder !== 'opened') throw new Error(`no command ${name}`);
  return command;
};

type Given = {
  readonly words?: readonly string[];
  readonly options?: CommandCall['options'];
  readonly lines?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
};

/** A command of the live folder as its clerk's script calls it, its passwords one a line. */
function callOf({ words = [], options = {}, lines = [], environment = {} }: Given): CommandCall {
  return {
    ...{ words, home, environment, path: (given: string) => join(root, given) },
    options: { ...options, 'password-stdin': true },
    secrets: linesOf(Readable.from(lines.map((line) => `${line}\n`))),
    say: () => undefined,
  };
}

/** The code of the refusal, or `done`. */
async function run(name: string, given: Given = {}): Promise<string> {
  const [command, call] = [commandOf(name), callOf(given)];
  const callers = await callersOf(command, call, services, cheapHasher);
  if (!callers.ok) return callers.refusal.code;
  const answer = await command.run(call, services, callers.value);
  return 'refusal' in answer ? answer.refusal.code : answer.kind;
}

const audited = async () =>
  (await services.store.read(({ audit }) => audit.list({ after: 0, limit: 10_000 }))).map(
    ({ who, act, detail_json }) => `${who} ${act} ${detail_json}`,
  );

/** Where the commands of the contract stand for each role: quality.md 2.4. */
const may: Readonly<Record<string, readonly Role[] | 'anyone'>> = {
  settle: 'anyone',
  packs: 'anyone',
  'check-packs': 'anyone',
  'approve-pack': ['policy-officer', 'supervisor'],
  replay: ['policy-officer', 'supervisor', 'auditor'],
  import: ['it-clerk'],
  'import-persons': ['it-clerk', 'policy-officer'],
  'import-cards': ['it-clerk'],
  'refused-files': ['it-clerk'],
  'changed-bills': ['it-clerk', 'supervisor'],
  'hospital-push': ['administrator'],
  openapi: 'anyone',
  results: ['it-clerk'],
  'bill-questions': ['it-clerk', 'supervisor'],
  ageing: ['supervisor', 'it-clerk', 'auditor'],
  'export-list': ['supervisor', 'it-clerk', 'auditor'],
  pull: ['it-clerk'],
  template: 'anyone',
  'person-questions': ['supervisor', 'it-clerk', 'policy-officer', 'auditor'],
  'answer-person-question': ['supervisor'],
  'link-number': ['supervisor'],
  'unlink-number': ['supervisor'],
  'join-visit': ['supervisor'],
  'settle-visit': ['cashier', 'supervisor'],
  cancel: ['cashier', 'supervisor'],
  'approve-business-date': ['cashier', 'supervisor'],
  'second-person': ['cashier', 'supervisor', 'it-clerk', 'auditor', 'administrator'],
  supplements: ['supervisor', 'policy-officer', 'auditor'],
  upload: ['it-clerk', 'supervisor'],
  claims: ['it-clerk', 'supervisor', 'auditor'],
  returns: ['it-clerk', 'supervisor', 'auditor'],
  claim: ['it-clerk', 'supervisor'],
  remit: ['it-clerk', 'supervisor'],
  remittances: ['it-clerk', 'supervisor', 'auditor'],
  'take-back-remittance': ['it-clerk', 'supervisor'],
  differences: ['it-clerk', 'supervisor', 'auditor'],
  'explain-difference': ['it-clerk', 'supervisor'],
  'book-remittance-line': ['it-clerk', 'supervisor'],
  reconcile: ['it-clerk', 'supervisor'],
  'close-day': ['it-clerk', 'supervisor'],
  verify: ['it-clerk', 'supervisor', 'auditor', 'administrator'],
  audit: ['auditor', 'supervisor'],
  'verify-audit': 'anyone',
  backup: ['it-clerk', 'administrator'],
  restore: ['it-clerk', 'administrator'],
  'check-key-copy': ['it-clerk', 'administrator'],
  'payers-simulator': 'anyone',
  devices: ['cashier', 'supervisor', 'it-clerk', 'administrator'],
  'read-card': ['cashier', 'supervisor', 'it-clerk', 'administrator'],
  statement: ['cashier', 'supervisor', 'it-clerk', 'auditor'],
  receipt: ['cashier', 'supervisor'],
  settings: ['it-clerk', 'administrator'],
  users: ['administrator', 'auditor'],
  'change-password': 'anyone',
  open: 'anyone',
  stop: 'anyone',
};

describe('a live folder without a user', () => {
  it('lets nobody do anything, whoever is named and whatever the password', async () => {
    for (const command of commands) {
      if (command.folder === 'none' || command.name === 'change-password') continue;
      const asDemo = {
        options: { as: 'supervisor1', 'approved-by': 'supervisor1' },
        lines: ['', ''],
      };
      expect(await run(command.name, asDemo), command.name).toBe('administrator-missing');
    }
    const change = { options: { as: 'cashier1' }, lines: ['', otherPassword] };
    expect(await run('change-password', change)).toBe('administrator-missing');
  });

  it('whose books are gone says what is missing, and makes nobody in their place', async () => {
    const gone = join(root, 'gone');
    cpSync(home, gone, { recursive: true });
    for (const name of readdirSync(gone))
      if (name.startsWith('settlement.db')) rmSync(join(gone, name));
    const lost = valueOf(
      await openServices({
        ...{ home: gone, wanted: null, whenMissing: 'refuse' },
        environment: { SETTLEMENT_KEY_FILE: keyFile },
      }),
    );
    try {
      for (const command of commands) {
        if (command.folder === 'none') continue;
        const words = command.name === 'users' ? ['add', 'chef'] : [];
        const call = callOf({ words, options: { as: 'cashier1' }, lines: ['', ''] });
        const callers = await callersOf(command, call, lost, cheapHasher);
        expect(callers.ok ? 'let in' : callers.refusal.code, command.name).toBe('database-lost');
      }
    } finally {
      await lost.close();
    }
  });

  it('makes an administrator, and nobody else', async () => {
    const add = (role: string, lines: readonly string[] = [goodPassword]) =>
      run('users', { words: ['add', 'boss'], options: { name: '管立人', role }, lines });
    expect(await add('cashier')).toBe('administrator-missing');
    expect(await add('administrator', [])).toBe('password-not-given');
    expect(await add('administrator', ['boss-Boss-7'])).toBe('password-weak');
    expect(await add('administrator')).toBe('done');
    expect(await add('administrator')).toBe('user-not-named');
  });
});

describe('a command in a live folder', () => {
  const ids: Readonly<Record<Role, string>> = {
    ...{ cashier: 'c1', supervisor: 's2', 'it-clerk': 'k3', 'policy-officer': 'p4' },
    ...{ auditor: 'a5', administrator: 'm6' },
  };
  beforeAll(async () => {
    const { store, clock, folder } = services;
    const parts = { store, clock, folder, hasher: cheapHasher };
    const by = { userId: 'boss', name: '管立人', role: 'administrator' } as const;
    for (const role of roles) {
      const userId = ids[role];
      const set = { userId, name: `员工${userId}`, role, by, password: otherPassword };
      valueOf(await makeUser(parts, set));
      const own = { userId, password: otherPassword, newPassword: goodPassword, from: 'a test' };
      valueOf(await changePassword(parts, own));
    }
  });

  it('is one of the table, and the table has every one', () => {
    const stated = commands.map(({ name, roles: allowed }) => [name, allowed]);
    expect(Object.fromEntries(stated)).toEqual(may);
  });

  it.each(roles)(
    'lets a %s run what the table says and refuses the rest, with an entry',
    async (role) => {
      for (const command of commands) {
        const allowed = may[command.name] ?? [];
        if (command.folder === 'none' || allowed === 'anyone') continue;
        const second = command.secondPerson === undefined ? {} : { 'approved-by': ids.supervisor };
        const before = (await audited()).length;
        const callers = await callersOf(
          command,
          callOf({ options: { as: ids[role], ...second }, lines: [goodPassword, goodPassword] }),
          services,
          cheapHasher,
        );
        const isAllowed = allowed.includes(role);
        expect([command.name, callers.ok ? 'in' : callers.refusal.code]).toEqual([
          command.name,
          isAllowed ? 'in' : 'not-allowed',
        ]);
        if (callers.ok) expect(callers.value.by).toMatchObject({ userId: ids[role], role });
        else
          expect((await audited()).slice(before)).toContainEqual(
            `${ids[role]} not-let-in {"from":"command ${command.name}","why":"not-allowed"}`,
          );
      }
    },
  );

  it.each([
    ['without a name', { lines: [goodPassword] }, 'user-not-named'],
    ['without a password', { options: { as: 'c1' } }, 'password-not-given'],
    ['with a wrong one', { options: { as: 'c1' }, lines: ['wrong'] }, 'sign-in-refused'],
    ['as a user of the demo', { options: { as: 'cashier1' }, lines: [''] }, 'sign-in-refused'],
    ['as nobody', { options: { as: 'nobody' }, lines: [goodPassword] }, 'sign-in-refused'],
    [
      'as a name of ten thousand',
      { options: { as: 'c'.repeat(10_000) }, lines: ['x'] },
      'sign-in-refused',
    ],
  ] as const)('is refused %s, in a sentence and with an entry', async (_, given, code) => {
    const before = (await audited()).length;
    expect(await run('settle-visit', { words: ['ZY1'], ...given })).toBe(code);
    expect((await audited()).length).toBe(before + 1);
  });

  it('goes on to its own refusals for who may', async () => {
    const given = { words: ['ZY1'], options: { as: 'c1' }, lines: [goodPassword] };
    expect(await run('settle-visit', given)).toBe('visit-unknown');
    expect(await run('claims', { options: { as: 'k3' }, lines: [goodPassword] })).toBe('done');
  });

  it('takes the second person’s own password, on the next line, and the role', async () => {
    const cancel = (second: string, lines: readonly string[]) =>
      run('cancel', {
        words: ['S1'],
        options: { reason: 'x', as: 'c1', 'approved-by': second },
        lines,
      });
    expect(await cancel('s2', [goodPassword, goodPassword])).toBe('settlement-not-found');
    expect(await cancel('s2', [goodPassword, 'wrong'])).toBe('sign-in-refused');
    expect(await cancel('s2', [goodPassword])).toBe('password-not-given');
    expect(await cancel('k3', [goodPassword, goodPassword])).toBe('not-allowed');
    const unnamed = { words: ['S1'], options: { reason: 'x', as: 'c1' }, lines: [goodPassword] };
    expect(await run('cancel', unnamed)).toBe('user-not-named');
    const day = { words: ['2026-01-01'], options: { as: 's2', 'approved-by': 's2' } };
    const both = { ...day, lines: [goodPassword, goodPassword] };
    expect(await run('approve-business-date', both)).toBe('second-person-needed');
  });

  it('waits for a password that somebody else set to be changed', async () => {
    const add = { words: ['add', 'c9'], options: { as: 'm6', name: '新来', role: 'cashier' } };
    expect(await run('users', { ...add, lines: [goodPassword, otherPassword] })).toBe('done');
    const settle = { words: ['ZY1'], options: { as: 'c9' } };
    expect(await run('settle-visit', { ...settle, lines: [otherPassword] })).toBe(
      'password-must-change',
    );
    const change = { options: { as: 'c9' }, lines: [otherPassword, goodPassword] };
    expect(await run('change-password', change)).toBe('done');
    expect(await run('settle-visit', { ...settle, lines: [goodPassword] })).toBe('visit-unknown');
  });

  it('takes in files under the name of who signed in, not of the folder that watches', async () => {
    const takenIn = async (name: string, as: string, content: string, file: string) => {
      writeFileSync(join(root, file), content);
      const options = { as, ...(name === 'import' ? {} : { source: '民政局' }) };
      const before = (await audited()).length;
      expect(await run(name, { words: [file], options, lines: [goodPassword] })).toBe('done');
      const entries = (await audited()).slice(before);
      return entries.flatMap((entry) => /^\S+ take-in-\S+/.exec(entry)?.[0] ?? []);
    };
    const visit = JSON.stringify(encodeSettlementInput(await colonCancer()));
    const persons =
      '身份证号,姓名,人员类别,认定日期,截止日期\n430626195001010016,张三,registered-poor,2017-03-01,\n';
    const cards =
      '卡类型,卡号,身份证号,姓名,状态\nsocial-security,A12345678,430626195001010016,张三,valid\n';
    expect(await takenIn('import', 'k3', visit, 'visit.json')).toEqual(['k3 take-in-visit']);
    expect(await takenIn('import-persons', 'p4', persons, 'persons.csv')).toEqual([
      'p4 take-in-register',
    ]);
    expect(await takenIn('import-cards', 'k3', cards, 'cards.csv')).toEqual(['k3 take-in-cards']);
  });

  it('tells a cashier of the own requests alone, masks what people wrote, and refuses nothing without a reason', async () => {
    const command = commandOf('second-person');
    const answerOf = async (as: string, words: readonly string[], reason?: string) => {
      const options = { as, ...(reason === undefined ? {} : { reason }) };
      const call = callOf({ words, options, lines: [goodPassword] });
      const callers = valueOf(await callersOf(command, call, services, cheapHasher));
      const answer = await command.run(call, services, callers);
      if ('refusal' in answer) return answer.refusal.code;
      return answer.kind === 'done' ? answer.json : answer.kind;
    };
    const written = '病人 430626195001010016 的事';
    const asked = await answerOf('c1', ['ask-date', '2026-12-24'], written);
    const { requestId } = asked as { requestId: string };
    const listed = [{ requestId, reason: '病人 430626********0016 的事', state: 'pending' }];
    expect(await answerOf('c1', [])).toMatchObject(listed);
    for (const other of ['c9', 'k3']) expect(await answerOf(other, [])).toEqual([]);
    for (const looks of ['s2', 'a5', 'm6']) expect(await answerOf(looks, [])).toMatchObject(listed);
    const refuse = ['refuse', requestId];
    expect(await answerOf('s2', refuse)).toBe('request-reason-missing');
    expect(await answerOf('s2', refuse, '日期不对')).toEqual({});
    expect(await answerOf('c1', [])).toMatchObject([{ requestId, state: 'refused' }]);
  });

  it('lets a supervisor read the audit of the own team alone, and export nothing', async () => {
    const audit = async (as: string, options: CommandCall['options'] = {}) => {
      const call = callOf({ options: { ...options, as }, lines: [goodPassword] });
      const callers = valueOf(await callersOf(commandOf('audit'), call, services, cheapHasher));
      const answer = await commandOf('audit').run(call, services, callers);
      return answer.kind === 'done'
        ? (answer.json as { entries: { who: string }[] }).entries.map(({ who }) => who)
        : 'refusal' in answer
          ? answer.refusal.code
          : answer.kind;
    };
    expect(new Set(await audit('s2'))).toEqual(new Set(['c1', 'c9', 's2']));
    expect(await audit('s2', { who: 'k3' })).toEqual([]);
    expect(await audit('s2', { export: 'audit.jsonl' })).toBe('not-allowed');
    expect(await audit('a5', { who: 'k3', act: 'take-in-visit' })).toEqual(['k3']);
  });

  it('leaves the rules of signing in to an administrator, and writes down who set what', async () => {
    const set = (as: string, name: string, value: string) =>
      run('settings', { words: [name, value], options: { as }, lines: [goodPassword] });
    expect(await set('k3', 'password-days', '0')).toBe('not-allowed');
    expect(await set('k3', 'payers-url', 'http://127.0.0.1:1')).toBe('done');
    expect(await set('m6', 'password-days', '60')).toBe('done');
    expect(await set('m6', 'password-days', '-1')).toBe('bad-setting');
    expect(await set('m6', 'sign-in-failures', '0')).toBe('bad-setting');
    expect(await audited()).toContain('m6 change-setting {"value":"60"}');
  });
});

describe('a certificate as second factor of a command', () => {
  const stick = join(root, 'stick');
  const as = (userId: string, name: string, given: Given = {}) =>
    run(name, { ...given, options: { ...given.options, as: userId } });

  it('is set from a file, asked for by a line behind the password, and taken away', async () => {
    mkdirSync(stick);
    writeFileSync(join(stick, 's2.p12'), Buffer.from(pkcs12.elliptic, 'base64'));
    writeFileSync(join(root, 'own.pem'), certificates.elliptic);
    writeFileSync(join(root, 'expired.pem'), certificates.expired);
    const set = (options: CommandCall['options']) =>
      as('m6', 'users', { words: ['certificate', 's2'], options, lines: [goodPassword] });
    expect(await set({ file: 'own.pem' })).toBe('certificates-not-set-up');
    const folder = (userId: string, value: string) =>
      as(userId, 'settings', {
        ...{ words: ['sign-in-certificates', value], lines: [goodPassword] },
      });
    expect(await folder('k3', stick)).toBe('not-allowed');
    expect(await folder('m6', join(home, 'keys'))).toBe('bad-setting');
    expect(await folder('m6', stick)).toBe('done');
    for (const file of ['expired.pem', 'no-such.pem', 'stick'])
      expect(await set({ file })).toBe('certificate-bad');
    expect(await set({})).toBe('wrong-usage');
    expect(await set({ file: 'own.pem', remove: true })).toBe('wrong-usage');
    expect(await set({ file: 'own.pem' })).toBe('done');
    expect(await folder('m6', '')).toBe('certificates-in-use');

    const audit = (lines: readonly string[]) => as('s2', 'audit', { lines });
    expect(await audit([goodPassword])).toBe('certificate-asked');
    expect(await audit([goodPassword, 'pin-4712'])).toBe('sign-in-refused');
    expect(await audit([goodPassword, pin])).toBe('done');
    // Beside another, too: the PIN stands behind the own password.
    const cancel = (lines: readonly string[]) =>
      as('c1', 'cancel', {
        ...{ words: ['S1'], options: { reason: 'x', 'approved-by': 's2' }, lines },
      });
    expect(await cancel([goodPassword, goodPassword])).toBe('certificate-asked');
    expect(await cancel([goodPassword, goodPassword, pin])).toBe('settlement-not-found');
    rmSync(stick, { recursive: true });
    expect(await audit([goodPassword, pin])).toBe('certificate-missing');
    expect(await audit(['wrong', pin])).toBe('certificate-missing');
    expect(await set({ remove: true })).toBe('done');
    expect(await audit([goodPassword])).toBe('done');
    expect(await folder('m6', '')).toBe('done');
  });
});

describe('a command that nobody sits at', () => {
  const secretFile = join(root, 'service.secret');
  const environment = { SETTLEMENT_USER: 'night', SETTLEMENT_PASSWORD_FILE: secretFile };
  const unattended = async (name: string): Promise<string> => {
    const call = {
      ...callOf({ environment }),
      options: {},
      secrets: { next: () => Promise.resolve(null) },
    };
    const callers = await callersOf(commandOf(name), call, services, cheapHasher);
    return callers.ok ? 'in' : callers.refusal.code;
  };
  const service = (act: string, more: CommandCall['options'] = {}) =>
    run('users', {
      words: [act, 'night'],
      options: { as: 'm6', 'secret-out': 'service.secret', ...more },
      lines: [goodPassword],
    });
  const added = { name: '夜间任务', role: 'it-clerk', service: true };

  it('comes in by a secret of the program’s own in a file that is its alone', async () => {
    expect(await service('add', { ...added, role: 'cashier' })).toBe('service-role');
    rmSync(secretFile, { force: true });
    expect(await service('add', added)).toBe('done');
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(secretFile, 'utf8')).toMatch(/^[\w-]{43}\n$/);
    expect([
      await unattended('upload'),
      await unattended('backup'),
      await unattended('import'),
    ]).toEqual(['in', 'in', 'in']);
    expect(await unattended('settle-visit')).toBe('not-allowed');
  });

  it('does not overwrite a file with a secret, and makes no user whose secret is lost', async () => {
    expect(await service('add', { ...added, name: '夜间二' })).toBe('cannot-write-file');
    expect(await unattended('upload')).toBe('in');
  });

  it('is refused where others can read the file, or it is not one, or lies in the folder', async () => {
    chmodSync(secretFile, 0o640);
    expect(await unattended('upload')).toBe('password-file-unsafe');
    chmodSync(secretFile, 0o600);
    expect(await unattended('upload')).toBe('in');
    const inHome = join(home, 'secret');
    writeFileSync(inHome, 'x\n', { mode: 0o600 });
    const link = join(root, 'link');
    symlinkSync(inHome, link);
    for (const file of [inHome, link, join(root, 'nowhere'), root, '/dev/zero'])
      expect(secretInFile(file, home), file).toMatchObject({ ok: false });
    rmSync(inHome);
  });

  it('has another secret after it was reset, and the old one is nothing', async () => {
    const old = readFileSync(secretFile, 'utf8');
    rmSync(secretFile);
    expect(await service('reset')).toBe('done');
    expect(await unattended('upload')).toBe('in');
    writeFileSync(secretFile, old, { mode: 0o600 });
    expect(await unattended('upload')).toBe('sign-in-refused');
  });
});

describe('the lines of standard input', () => {
  it('are handed out one by one, whatever ends them', async () => {
    const lines = linesOf(Readable.from(['one\r\ntw', 'o\n', ' three ']));
    const ask = () => lines.next('');
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([
      'one',
      'two',
      ' three ',
      null,
    ]);
  });
});

describe('a demo', () => {
  it('knows its users by name, without a password, as ever', async () => {
    const demo = { ...services, folder: { ...services.folder, kind: 'demo' as const } };
    const by = async (command: Command, options: CommandCall['options'] = {}) => {
      if (command.folder === 'none') throw new Error('no folder');
      const callers = await callersOf(command, { ...callOf({}), options }, demo);
      if (!callers.ok) return callers.refusal.code;
      return [callers.value.by?.userId, callers.value.approvedBy?.userId];
    };
    expect(await by(commandOf('settle-visit'))).toEqual(['cashier1', undefined]);
    expect(await by(commandOf('upload'))).toEqual(['cashier1', undefined]);
    expect(await by(commandOf('backup'))).toEqual(['clerk1', undefined]);
    expect(await by(commandOf('cancel'))).toEqual(['cashier1', 'supervisor1']);
    expect(await by(commandOf('cancel'), { as: 'auditor1' })).toBe('not-allowed');
    expect(await by(commandOf('cancel'), { 'approved-by': 'cashier1' })).toBe('not-allowed');
    expect(await by(commandOf('cancel'), { as: 'm6' })).toBe('user-unknown');
    expect(await by(commandOf('approve-business-date'))).toEqual(['cashier1', undefined]);
  });
});
