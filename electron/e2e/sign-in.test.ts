import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openServices } from '../app/open-services.ts';
import { changeSetting } from '../app/settings.ts';
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

const signInIsShown = () => page.getByTestId('sign-in').waitFor();
const deskIsShown = () => page.locator('.desk:visible').waitFor();
const usersAreShown = () => page.getByTestId('users-page').waitFor();

/** From the lock screen, whoever sat there before. */
async function signIn(userId: string, password: string): Promise<void> {
  await page.getByTestId('sign-in-user').fill(userId);
  await page.getByTestId('sign-in-password').fill(password);
  await page.keyboard.press('Enter');
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
    await deskIsShown();
    await page.clock.fastForward(590_000);
    await page.keyboard.press('F3');
    await page.clock.fastForward(590_000);
    await deskIsShown();
    await page.clock.fastForward(20_000);
    await signInIsShown();
    expect(await page.locator('.desk:visible').count()).toBe(0);
    await signIn('c001', ownPassword);
    await deskIsShown();
  });

  it('stays the one’s who sits there when it is loaded again', async () => {
    await page.reload();
    await deskIsShown();
    // The button is there when it can be pressed; a key may be pressed before the page listens.
    await page.getByTestId('lock').click();
    await signInIsShown();
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
