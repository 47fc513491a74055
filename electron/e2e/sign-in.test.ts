import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pageHeaders } from '../../shared/contracts/page-line.ts';
import { openServices } from '../app/open-services.ts';
import { changeSetting } from '../app/settings.ts';
import { importFiles } from '../intake/import-files.ts';
import { certificates, pin, pkcs12 } from '../security/invented-certificates.test-support.ts';
import { setCertificate } from '../security/set-certificate.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { patienceMs } from './desk-harness.ts';
import { launchChromium } from './launch-chromium.ts';
import { readyUrl } from './ready-url.ts';

const root = mkdtempSync(join(tmpdir(), 'sign-in-e2e-'));
const [home, keyFile] = [join(root, 'live'), join(root, 'key')];
writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
const environment = { SETTLEMENT_KEY_FILE: keyFile };

const [bossPassword, setPassword, ownPassword] = [
  'Kapok-tree 7 herons',
  'Eleven-dry 4 ferries',
  'Seven-oak 1 lantern',
];

let host: ChildProcess;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const made = await openServices({ home, wanted: null, whenMissing: 'make-live', environment });
  if (!made.ok) throw new Error(made.refusal.code);
  await made.value.close();
  host = spawn(process.execPath, ['out/electron/host.js', '--home', home, '--no-open'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const url = await readyUrl(host);
  browser = await launchChromium();
  page = await browser.newPage({ locale: 'zh-CN' });
  page.setDefaultTimeout(patienceMs);
  await page.goto(url);
});
afterAll(async () => {
  await browser.close();
  const ended = once(host, 'exit');
  host.kill('SIGTERM');
  await ended;
  rmSync(root, { recursive: true, force: true });
});

/** What a person types who knows where the fields are: Tab between them, Enter at the end. */
async function type(...texts: readonly string[]): Promise<void> {
  for (const [index, text] of texts.entries()) {
    if (index > 0) await page.keyboard.press('Tab');
    await page.keyboard.insertText(text);
  }
  await page.keyboard.press('Enter');
}

const signInIsShown = (on = page) => on.getByTestId('sign-in').waitFor();
const deskIsShown = (on = page) => on.locator('.desk:visible').waitFor();
const somebodySits = (on = page) => on.getByTestId('sign-in').waitFor({ state: 'detached' });
const usersAreShown = () => page.getByTestId('users-page').waitFor();

/** A stay that the patient pays alone, so that it can be settled where no policy is in force. */
const stay = 'ZY20171119008';

/** The stay comes in, as an IT clerk's command would have it. */
async function takeInStay(): Promise<void> {
  const opened = await openServices({
    ...{ home, wanted: null, whenMissing: 'refuse', environment },
  });
  if (!opened.ok) throw new Error(opened.refusal.code);
  const stays = JSON.parse(readFileSync('out/demo-data/data/visits.json', 'utf8')) as {
    visit: { id: string };
  }[];
  const file = join(root, 'stay.json');
  writeFileSync(file, JSON.stringify(stays.filter(({ visit }) => visit.id === stay)));
  const report = await importFiles({ ...opened.value, takenInBy: 'itx9' }, [file]);
  expect(report).toMatchObject({ accepted: [{ visitId: stay }], refused: [] });
  await opened.value.close();
}

/** From the lock screen, whoever sat there before. */
async function signIn(userId: string, password: string, on = page): Promise<void> {
  await on.getByTestId('sign-in-user').fill(userId);
  await on.getByTestId('sign-in-password').fill(password);
  await on.keyboard.press('Enter');
}

/** One more window of the desk, which its owner may open. */
async function anotherPage(): Promise<Page> {
  const { port, ownerSecret } = JSON.parse(readFileSync(join(home, 'run.json'), 'utf8')) as {
    port: number;
    ownerSecret: string;
  };
  const origin = `http://127.0.0.1:${String(port)}`;
  const opened = await fetch(`${origin}/api/owner/open`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ownerSecret}` },
    body: '{}',
  });
  const { token } = (await opened.json()) as { token: string };
  const other = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
  other.setDefaultTimeout(patienceMs);
  other.on('request', (request) => {
    if (request.url().includes('/api/call/')) headersOf.set(other, request.headers());
  });
  await other.goto(`${origin}/#token=${token}`);
  return other;
}

/** How a page showed who it is with its last call: whoever sits at a keyboard can ask in its name. */
const headersOf = new WeakMap<Page, Record<string, string>>();

/** A call as somebody makes it who has copied what a page shows, past the page itself. */
async function callWith(
  headers: Record<string, string>,
  name: string,
  input: object,
): Promise<{ readonly status: number; readonly code: string }> {
  const { origin } = new URL(page.url());
  const shown = Object.fromEntries(
    Object.values(pageHeaders).map((each) => [each, headers[each] ?? '']),
  );
  const answer = await fetch(`${origin}/api/call/${name}`, {
    method: 'POST',
    headers: { ...shown, origin, 'content-type': 'application/json' },
    body: JSON.stringify({ input }),
  });
  const said = (await answer.json()) as {
    ok?: boolean;
    refusal?: { code: string };
    error?: string;
  };
  return { status: answer.status, code: said.refusal?.code ?? said.error ?? 'ok' };
}

describe('the page of a live folder', () => {
  it('begins with making the administrator, by the keyboard alone', async () => {
    await page.getByTestId('first-user').waitFor();
    expect(await page.locator('.desk').count()).toBe(0);
    await type('boss', '管立人');
    await page.getByTestId('new-password').fill(bossPassword);
    await page.getByTestId('new-password-again').fill(bossPassword);
    await page.keyboard.press('Enter');
    await usersAreShown();
  });

  it('has the administrator make a cashier, who chooses an own password before anything', async () => {
    await page.getByTestId('add-person').click();
    await page.getByTestId('person-id').fill('c001');
    await page.getByTestId('person-name').fill('林秋');
    await page.getByTestId('person-password').fill(setPassword);
    await page.keyboard.press('Enter');
    await page.locator('[data-user="c001"]').waitFor();
    await page.keyboard.press('F12');
    await signInIsShown();
    await signIn('c001', setPassword);
    await page.getByTestId('new-password').fill(ownPassword);
    await page.getByTestId('new-password-again').fill(ownPassword);
    await page.keyboard.press('Enter');
    await deskIsShown();
    // What is not the cashier's is not there.
    expect(await page.getByTestId('page-users').count()).toBe(0);
  });

  it('keeps what was begun behind the lock, and shows and takes nothing meanwhile', async () => {
    await page.keyboard.press('F3');
    await page.keyboard.insertText('张');
    await page.keyboard.press('F12');
    await signInIsShown();
    expect(await page.locator('.desk:visible').count()).toBe(0);
    await page.keyboard.press('Control+2');
    await page.keyboard.press('F8');
    // The field of the password has the focus: the one who comes back only types.
    await type('wrong');
    await page.getByTestId('refusal').waitFor();
    expect(await page.getByTestId('refusal').getAttribute('data-code')).toBe('sign-in-refused');
    await type(ownPassword);
    await deskIsShown();
    expect(await page.getByTestId('finder').inputValue()).toBe('张');
  });

  it('is somebody else’s after a switch, and the work is still there for the first one', async () => {
    await page.getByTestId('lock').click();
    await signIn('boss', bossPassword);
    await usersAreShown();
    expect(await page.locator('.desk:visible').count()).toBe(0);
    await page.keyboard.press('F12');
    await signIn('c001', ownPassword);
    await deskIsShown();
    expect(await page.getByTestId('finder').inputValue()).toBe('张');
  });

  it('locks by itself after ten idle minutes, and not while somebody works', async () => {
    await page.clock.install();
    await page.reload();
    // The desk is there before it is known who sits at it, and nobody's idleness is counted until then.
    await page.locator('[data-testid=page-desk]:visible').waitFor();
    await page.clock.fastForward(590_000);
    await page.keyboard.press('F3');
    await page.clock.fastForward(590_000);
    await deskIsShown();
    await page.clock.fastForward(20_000);
    await signInIsShown();
    expect(await page.locator('.desk:visible').count()).toBe(0);
    // Whoever types a password and leaves without signing in leaves nothing that the next one could make visible.
    await page.getByTestId('sign-in-password').fill('typed and left');
    await page.clock.fastForward(590_000);
    expect(await page.getByTestId('sign-in-password').inputValue()).toBe('typed and left');
    await page.clock.fastForward(20_000);
    await expect.poll(() => page.getByTestId('sign-in-password').inputValue()).toBe('');
    await signIn('c001', ownPassword);
    await deskIsShown();
  });

  it('keeps nothing of what a supervisor typed beside it and did not send, once it was locked', async () => {
    await takeInStay();
    await page.getByTestId('finder').fill(stay);
    await page.locator(`[data-testid=queue-row]`).first().click();
    const moment = (name: string) => page.locator(`body[data-moment=${name}]`).waitFor();
    await moment('checking');
    // A person looks at the screen before pressing anything.
    await page.clock.fastForward(600);
    await page.keyboard.press('Enter');
    await moment('paying');
    await page.clock.fastForward(600);
    await page.keyboard.press('F8');
    await moment('confirming');
    await page.clock.fastForward(600);
    await page.keyboard.press('Enter');
    await page.getByTestId('settlement-number').waitFor();
    await page.getByTestId('cancel-settlement').click();
    await page.getByTestId('cancel-reason').fill('账单录错');
    await page.getByTestId('supervisor').fill('s001');
    await page.getByTestId('supervisor-password').fill('Called-away 4 boats');
    await page.keyboard.press('F12');
    await signInIsShown();
    await signIn('c001', ownPassword);
    await page.getByTestId('cancel-window').waitFor();
    expect(await page.getByTestId('cancel-reason').inputValue()).toBe('账单录错');
    expect(await page.getByTestId('supervisor-password').inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await page.getByTestId('cancel-window').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
  });

  it('stays the one’s who sits there when it is loaded again', async () => {
    await page.reload();
    await deskIsShown();
    // The page locks before the program has heard of it, and loaded anew in between it begins with nobody all the same.
    await page.route('**/people:lock', (route) => route.abort());
    await page.getByTestId('lock').click();
    await signInIsShown();
    await page.reload();
    await signInIsShown();
    expect(await page.locator('.desk').count()).toBe(0);
    await page.unroute('**/people:lock');
    await page.reload();
    await signInIsShown();
    expect(await page.locator('.desk').count()).toBe(0);
    await signIn('c001', ownPassword);
    await deskIsShown();
    await page.getByTestId('lock').click();
    await page.reload();
    await signInIsShown();
    expect(await page.locator('.desk').count()).toBe(0);
  });

  it('asks everybody who does not come in for a PIN once certificates are set up, and takes the key of a stick', async () => {
    const stick = join(root, 'stick');
    const opened = await openServices({
      ...{ home, wanted: null, whenMissing: 'refuse', environment },
    });
    if (!opened.ok) throw new Error(opened.refusal.code);
    const services = opened.value;
    const boss = { userId: 'boss', name: '管立人', role: 'administrator' } as const;
    await changeSetting(services, 'sign-in-certificates', { text: stick, by: 'boss' });
    const given = { userId: 'c001', certificate: certificates.elliptic, by: boss };
    expect(await setCertificate(services, given)).toMatchObject({ ok: true });
    await services.close();
    // What was typed is taken away with the answer.
    const codeIs = async (code: string): Promise<void> => {
      await expect.poll(() => page.getByTestId('sign-in-password').inputValue()).toBe('');
      await page.locator(`[data-testid="refusal"][data-code="${code}"]`).waitFor();
    };
    const pinField = page.getByTestId('sign-in-pin');

    await page.keyboard.press('F12');
    await signInIsShown();
    expect(await pinField.count()).toBe(0);
    // Right or wrong, with a certificate or without: one answer.
    await signIn('c001', ownPassword);
    await codeIs('certificate-asked');
    await pinField.waitFor();
    await signIn('nobody', 'wrong');
    await codeIs('certificate-asked');
    const withPin = async (typed: string): Promise<void> => {
      await pinField.fill(typed);
      await signIn('c001', ownPassword);
    };
    await withPin(pin);
    await codeIs('certificate-missing');
    mkdirSync(stick);
    writeFileSync(join(stick, 'c001.p12'), Buffer.from(pkcs12.elliptic, 'base64'));
    await withPin('pin-4712');
    await codeIs('sign-in-refused');
    await withPin(pin);
    await deskIsShown();
    // Who has none comes in as ever.
    await page.keyboard.press('F12');
    await signInIsShown();
    await signIn('boss', bossPassword);
    await usersAreShown();
  });
});

describe('two windows of a live folder', () => {
  let other: Page;
  const [cashierPassword, chiefPassword] = ['Ninth-moss 2 barges', 'Fourth-reed 3 sails'];

  /** The administrator at the first window makes a user. */
  const add = async (id: string, name: string, role: string | null): Promise<void> => {
    await page.getByTestId('add-person').click();
    await page.getByTestId('person-id').fill(id);
    await page.getByTestId('person-name').fill(name);
    if (role !== null) {
      await page.getByTestId('person-role').click();
      await page.getByText(role, { exact: true }).last().click();
    }
    await page.getByTestId('person-password').fill(setPassword);
    await page.keyboard.press('Enter');
    await page.locator(`[data-user="${id}"]`).waitFor();
  };
  /** Whoever was made comes for the first time and chooses a password. */
  const comeFirst = async (on: Page, id: string, own: string): Promise<void> => {
    await signIn(id, setPassword, on);
    await on.getByTestId('new-password').fill(own);
    await on.getByTestId('new-password-again').fill(own);
    await on.keyboard.press('Enter');
    await deskIsShown(on);
  };

  it('have a new secret with each sign-in; what was copied before opens nothing', async () => {
    await usersAreShown();
    await add('c009', '陈冬', null);
    other = await anotherPage();
    await signInIsShown(other);
    const copied = headersOf.get(other) ?? {};
    await comeFirst(other, 'c009', cashierPassword);
    expect(await callWith(copied, 'desk:state', {})).toEqual({ status: 401, code: 'no-session' });
    // The page itself noticed nothing, and its own is another now.
    const own = headersOf.get(other) ?? {};
    expect(own[pageHeaders.secret]).not.toBe(copied[pageHeaders.secret]);
    expect(await callWith(own, 'desk:state', {})).toEqual({ status: 200, code: 'ok' });
    expect(await other.getByTestId('connection-lost').count()).toBe(0);
  });

  it('approve for each other by the keyboard, and nobody approves the own', async () => {
    const asker = headersOf.get(other) ?? {};
    await add('s001', '赵明', '班组长');
    await page.keyboard.press('F12');
    await comeFirst(page, 's001', chiefPassword);
    expect(await page.getByTestId('approvals-waiting').count()).toBe(0);
    const reason = '\u202e<img src=x onerror=alert(1)>节后第一天';
    const wanted = { act: 'approve-business-date', about: '2026-12-01', reason };
    expect((await callWith(asker, 'second-person:ask', wanted)).code).toBe('ok');
    // Seen on whatever page the supervisor is.
    await page.getByTestId('approvals-waiting').waitFor();
    await page.keyboard.press('Control+8');
    const row = page.getByTestId('request-row');
    await row.waitFor();
    expect(await row.textContent()).toContain('<img src=x onerror=alert(1)>节后第一天');
    const requestId = (await row.getAttribute('data-request')) ?? '';
    const decision = { requestId, isApproved: true, reason: '' };
    expect((await callWith(asker, 'second-person:decide', decision)).code).toBe('not-allowed');
    await page.keyboard.press('F8');
    await page.getByTestId('act-window').waitFor();
    await page.keyboard.press('Enter');
    await row.waitFor({ state: 'detached' });
    await page.getByTestId('approvals-waiting').waitFor({ state: 'detached' });
    // Who asked sees it, and takes it back.
    await other.getByTestId('approvals-waiting').waitFor();
    await other.keyboard.press('Control+8');
    await other.locator('[data-request][data-state="approved"]').waitFor();
    await other.keyboard.press('F4');
    await other.getByTestId('act-window').waitFor();
    await other.keyboard.press('Enter');
    await other.locator('[data-request][data-state="taken-back"]').waitFor();
  });

  it('are listed for the administrator, who ends one: it says so at once and shows nothing more', async () => {
    await other.keyboard.press('Control+1');
    await deskIsShown(other);
    await page.keyboard.press('F12');
    await signIn('boss', bossPassword);
    await somebodySits();
    // The button is there when it can be pressed; a key may be pressed before the page listens.
    await page.locator('[data-testid=page-sessions]:visible').click();
    const open = page.locator('[data-testid="session-row"][data-state="open"]');
    await open.nth(1).waitFor();
    expect(await open.filter({ hasText: '陈冬' }).getAttribute('aria-current')).toBe('true');
    const cashier = headersOf.get(other) ?? {};
    const boss = (await open.filter({ hasText: '管立人' }).getAttribute('data-session')) ?? '';
    expect((await callWith(cashier, 'sessions:end', { sessionId: boss })).code).toBe(
      'session-unknown',
    );
    await page.keyboard.press('F4');
    await page.getByTestId('end-window').waitFor();
    await page.keyboard.press('Enter');
    await other.getByTestId('no-session').waitFor();
    expect(await other.getByTestId('ended-why').getAttribute('data-reason')).toBe(
      'by-administrator',
    );
    expect(await other.locator('.desk, .users, .sign-in').count()).toBe(0);
    expect((await callWith(cashier, 'desk:state', {})).status).toBe(401);
    await page.locator('[data-testid="session-row"][data-state="by-administrator"]').waitFor();
  });

  it('say how many days a password is good for, and change it, before the work is shown', async () => {
    const opened = await openServices({ home, wanted: null, whenMissing: 'refuse', environment });
    if (!opened.ok) throw new Error(opened.refusal.code);
    await opened.value.store.transact(({ folderFacts }) => folderFacts.set('password-days', '9'));
    await opened.value.close();
    await page.keyboard.press('F12');
    await signIn('c009', cashierPassword);
    await page.getByTestId('days-left').waitFor();
    expect(await page.getByTestId('days-left').getAttribute('data-days')).toBe('9');
    expect(await page.locator('.desk:visible, .users:visible').count()).toBe(0);
    await page.keyboard.press('Enter');
    await somebodySits();
    // Once a day is enough.
    await page.keyboard.press('F12');
    await signIn('c009', cashierPassword);
    await somebodySits();
    await page.keyboard.press('F12');
    await signIn('s001', chiefPassword);
    await page.getByTestId('days-left').waitFor();
    await page.getByTestId('sign-in-other').click();
    await page.getByTestId('new-password').fill('Sixth-fern 6 kites');
    await page.getByTestId('new-password-again').fill('Sixth-fern 6 kites');
    await page.keyboard.press('Enter');
    await somebodySits();
    await page.keyboard.press('Control+1');
    await deskIsShown();
  });
});
