import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { contracts, type InputOf, type OutputOf } from '../../shared/contracts/contracts.ts';
import type { ContractName } from '../../shared/contracts/contract-names.ts';
import type { PageSession } from '../security/page-sessions.ts';
import { resetPassword } from '../security/reset-password.ts';
import {
  cheapHasher,
  goodPassword,
  otherPassword,
  valueOf,
} from '../security/users.test-support.ts';
import type { Application } from './application.ts';
import { openServices } from './open-services.ts';
import { startApplication } from './start-application.ts';

const root = mkdtempSync(join(tmpdir(), 'sign-in-at-page-'));
const keyFile = join(root, 'key');
writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 });

const opened: Application[] = [];
async function deskOf(kind: 'live' | 'demo'): Promise<Application> {
  const started = await startApplication({
    ...{ home: join(root, kind), wanted: kind, environment: { SETTLEMENT_KEY_FILE: keyFile } },
    whenMissing: kind === 'live' ? 'make-live' : 'make-demo',
  });
  if (!started.ok) throw new Error(started.refusal.code);
  opened.push(started.value);
  return started.value;
}
afterAll(async () => {
  for (const desk of opened) await desk.close();
  rmSync(root, { recursive: true, force: true });
});

/** A page of the desk with what its calls answer. */
async function pageOf(desk: Application) {
  const { session } = await desk.pageSessions.open('browser');
  const now = async (): Promise<PageSession> => {
    const found = await desk.pageSessions.findById(session.id);
    if (!found.ok) throw new Error('the page has ended');
    return found.session;
  };
  return {
    id: session.id,
    async ask<Name extends ContractName>(
      name: Name,
      input: InputOf<Name>,
    ): Promise<OutputOf<Name>> {
      const answer = await desk.call(name, input, await now());
      if (!answer.ok) throw new Error(`${name}: ${answer.refusal.code}`);
      return contracts[name].output.parse(answer.value) as OutputOf<Name>;
    },
    async codeOf<Name extends ContractName>(name: Name, input: InputOf<Name>): Promise<string> {
      const answer = await desk.call(name, input, await now());
      return answer.ok ? 'ok' : answer.refusal.code;
    },
  };
}

describe('a page of a live folder', () => {
  let desk: Application;
  let page: Awaited<ReturnType<typeof pageOf>>;
  beforeAll(async () => {
    desk = await deskOf('live');
    page = await pageOf(desk);
  });

  it('lets nobody do anything before the administrator is made, and then that one', async () => {
    expect(await page.ask('people:who', {})).toEqual({
      ...{ user: null, isFirstStart: true, demoUsers: [], idleMinutes: 10, readingOnly: null },
    });
    for (const userId of ['cashier1', 'supervisor1', 'boss'])
      expect(await page.codeOf('people:sign-in', { userId, password: '' })).toBe('sign-in-refused');
    expect(await page.codeOf('desk:state', {})).toBe('not-signed-in');
    expect(await page.codeOf('visits:find', { text: '张' })).toBe('not-signed-in');
    const first = { userId: 'boss', name: '管立人', password: 'admin' };
    expect(await page.codeOf('people:make-first', first)).toBe('password-weak');
    expect(await page.ask('people:make-first', { ...first, password: goodPassword })).toEqual({
      user: { id: 'boss', name: '管立人', role: 'administrator' },
      newSecret: expect.any(String) as string,
    });
    expect(await page.ask('people:who', {})).toMatchObject({
      ...{ isFirstStart: false, user: { id: 'boss' } },
    });
    const again = { userId: 'other', name: '另一人', password: goodPassword };
    expect(await (await pageOf(desk)).codeOf('people:make-first', again)).toBe('not-allowed');
  });

  it('has one who was made choose an own password before sitting down', async () => {
    const made = { userId: 'c001', name: '林秋', role: 'cashier', training: null } as const;
    await page.ask('people:add', { ...made, password: otherPassword });
    const other = await pageOf(desk);
    expect(
      await other.ask('people:sign-in', { userId: 'c001', password: otherPassword }),
    ).toMatchObject({
      mustChange: 'set-by-other',
    });
    expect(await other.codeOf('desk:state', {})).toBe('not-signed-in');
    const change = { userId: 'c001', password: otherPassword, newPassword: goodPassword };
    await other.ask('people:change-password', change);
    expect(await other.ask('desk:state', {})).toMatchObject({ operator: { id: 'c001' } });
  });

  it('is somebody else’s after a switch, with that one’s role, and nobody’s when locked', async () => {
    const own = await pageOf(desk);
    const sit = (userId: string) => own.ask('people:sign-in', { userId, password: goodPassword });
    await sit('c001');
    expect(await own.codeOf('people:list', {})).toBe('not-allowed');
    await sit('boss');
    expect(await own.codeOf('people:list', {})).toBe('ok');
    expect(await own.codeOf('visits:find', { text: '张' })).toBe('not-allowed');
    await own.ask('people:lock', {});
    expect(await own.codeOf('people:list', {})).toBe('not-signed-in');
    expect(await own.ask('people:who', {})).toMatchObject({ user: null });
    // The other page of the same person goes on.
    expect(await page.codeOf('people:list', {})).toBe('ok');
  });

  it('has another secret with every way of sitting down, and none told where nobody does', async () => {
    const { session, secret } = await desk.pageSessions.open('browser');
    const who = async (shown: string) => {
      const found = await desk.pageSessions.find(shown);
      return found.ok ? found.session.userId : 'refused';
    };
    const at = async (name: 'people:sign-in' | 'people:change-password', input: object) => {
      const found = await desk.pageSessions.findById(session.id);
      if (!found.ok) throw new Error('the page has ended');
      const answer = await desk.call(name, input, found.session);
      return answer.ok ? (answer.value as { newSecret: string | null }).newSecret : null;
    };
    const own = { userId: 'c001', password: goodPassword };
    expect(await at('people:sign-in', { ...own, password: 'guessed' })).toBeNull();
    expect(await who(secret)).toBeNull();
    const first = (await at('people:sign-in', own)) ?? '';
    expect(await who(first)).toBe('c001');
    const second =
      (await at('people:change-password', { ...own, newPassword: 'Fourth-reed 3 sails' })) ?? '';
    expect(await who(second)).toBe('c001');
    expect([await who(secret), await who(first)]).toEqual(['refused', 'refused']);
    const back = { userId: 'c001', password: 'Fourth-reed 3 sails' };
    const [one, other] = await Promise.all([
      at('people:sign-in', back),
      at('people:sign-in', back),
    ]);
    expect([one, other].filter((each) => each !== null)).toHaveLength(1);
    expect(await who(one ?? other ?? '')).toBe('c001');
  });

  it('sends away who is ended, resets, and takes a changed role, while signed in', async () => {
    const made = { userId: 'c002', name: '陈冬', role: 'cashier', training: null } as const;
    await page.ask('people:add', { ...made, password: otherPassword });
    const own = await pageOf(desk);
    const change = { userId: 'c002', password: otherPassword, newPassword: goodPassword };
    await own.ask('people:change-password', change);
    expect(await own.codeOf('visits:find', { text: '张' })).toBe('ok');
    await page.ask('people:change', { userId: 'c002', role: 'policy-officer', training: null });
    expect(await own.codeOf('visits:find', { text: '张' })).toBe('not-allowed');
    await page.ask('people:reset-password', { userId: 'c002', password: 'Another-dusk 5 mills' });
    expect(await own.codeOf('policies:list', {})).toBe('not-signed-in');
    const again = {
      userId: 'c002',
      password: 'Another-dusk 5 mills',
      newPassword: 'Fifth-noon 8 mills',
    };
    await own.ask('people:change-password', again);
    expect(await own.codeOf('policies:list', {})).toBe('ok');
    await page.ask('people:end', { userId: 'c002' });
    expect(await own.codeOf('policies:list', {})).toBe('not-signed-in');
    const gone = { userId: 'c002', password: 'Fifth-noon 8 mills' };
    expect(await own.codeOf('people:sign-in', gone)).toBe('sign-in-refused');
  });

  it('is nobody’s after a reset by whichever door, and whoever signed in with the old password sits nowhere', async () => {
    const made = { userId: 'c003', name: '何梅', role: 'cashier', training: null } as const;
    await page.ask('people:add', { ...made, password: otherPassword });
    const own = await pageOf(desk);
    const change = { userId: 'c003', password: otherPassword, newPassword: goodPassword };
    await own.ask('people:change-password', change);
    expect(await own.codeOf('desk:state', {})).toBe('ok');
    // By a command, which knows nothing of the pages of the desk.
    const opened = valueOf(
      await openServices({
        ...{ home: join(root, 'live'), wanted: null, whenMissing: 'refuse' },
        environment: { SETTLEMENT_KEY_FILE: keyFile },
      }),
    );
    const boss = { userId: 'boss', name: '管立人', role: 'administrator' } as const;
    const reset = { userId: 'c003', password: 'Ninth-gate 2 mules', by: boss };
    valueOf(await resetPassword({ ...opened, hasher: cheapHasher }, reset));
    await opened.close();
    expect(await own.codeOf('desk:state', {})).toBe('not-signed-in');
    expect(await own.ask('people:who', {})).toMatchObject({ user: null });
    // Let in with the password of before, and seated only when the reset had been made and every page left.
    await desk.pageSessions.signedIn(own.id, 'c003', { passwordNumber: 2 });
    expect(await own.codeOf('desk:state', {})).toBe('not-signed-in');
  });

  it('that was a demo user’s before the folder had users is nobody’s', async () => {
    const old = await pageOf(desk);
    await desk.pageSessions.signedIn(old.id, 'cashier1');
    expect(await old.codeOf('desk:state', {})).toBe('not-signed-in');
  });
});

describe('a page of a demo', () => {
  it('is worked at once by the usual cashier, and another of the five sits down by name alone', async () => {
    const desk = await deskOf('demo');
    const page = await pageOf(desk);
    expect(await page.ask('people:who', {})).toMatchObject({
      ...{ user: { id: 'cashier1' }, isFirstStart: false, idleMinutes: null },
    });
    await page.ask('people:sign-in', { userId: 'supervisor1', password: '' });
    expect(await page.ask('desk:state', {})).toMatchObject({ operator: { role: 'supervisor' } });
    expect(await page.codeOf('people:sign-in', { userId: 'boss', password: '' })).toBe(
      'sign-in-refused',
    );
    const first = { userId: 'boss', name: '管立人', password: goodPassword };
    expect(await page.codeOf('people:make-first', first)).toBe('users-are-demo');
  });
});
