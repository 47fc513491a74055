import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openServices } from '../app/open-services.ts';
import {
  cheapHasher,
  firstAdministrator,
  goodPassword,
  worker,
} from '../security/users.test-support.ts';
import { colonCancer, keepVisit } from '../settlement/settlement.test-support.ts';
import { patienceMs } from './desk-harness.ts';
import { launchChromium } from './launch-chromium.ts';
import { readyUrl } from './ready-url.ts';

const screenshots = process.env['SCREENSHOTS'];
const root = mkdtempSync(join(tmpdir(), 'pack-approval-e2e-'));
const [home, keyFile] = [join(root, 'live'), join(root, 'key')];
writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
const environment = { SETTLEMENT_KEY_FILE: keyFile };

let host: ChildProcess;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const made = await openServices({ home, wanted: null, whenMissing: 'make-live', environment });
  if (!made.ok) throw new Error(made.refusal.code);
  const { store, clock, folder, close } = made.value;
  const parts = {
    store,
    clock: { ...clock, moveBy: () => undefined },
    folder,
    hasher: cheapHasher,
  };
  const boss = await firstAdministrator(parts);
  await worker(parts, boss, { userId: 'c001', name: '林秋', role: 'cashier' });
  await worker(parts, boss, { userId: 'p001', name: '郑政', role: 'policy-officer' });
  await worker(parts, boss, { userId: 's001', name: '赵主管', role: 'supervisor' });
  await keepVisit(store, await colonCancer());
  await close();
  host = spawn(process.execPath, ['out/electron/host.js', '--home', home, '--no-open'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const url = await readyUrl(host);
  browser = await launchChromium();
  page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(patienceMs);
  await page.goto(url);
}, 2 * patienceMs);
afterAll(async () => {
  await browser.close();
  const ended = once(host, 'exit');
  host.kill('SIGTERM');
  await ended;
  rmSync(root, { recursive: true, force: true });
});

async function sitDown(userId: string): Promise<void> {
  if ((await page.getByTestId('sign-in').count()) === 0) await page.keyboard.press('F12');
  await page.getByTestId('sign-in-user').fill(userId);
  await page.getByTestId('sign-in-password').fill(goodPassword);
  await page.keyboard.press('Enter');
  await page.getByTestId('sign-in').waitFor({ state: 'detached' });
}

async function openApproval(): Promise<void> {
  // The button is there when it can be pressed; a key may be pressed before the page listens.
  await page.locator('[data-testid=page-policy]:visible').click();
  await page.getByTestId('pack-pingjiang-2017').click();
  await page.getByRole('tab', { name: '批准' }).click();
  await page.getByTestId('approval').waitFor();
}

const approvalState = () => page.getByTestId('approval-state').getAttribute('data-state');

const moment = (name: string) =>
  page.waitForFunction((wanted) => document.body.dataset['moment'] === wanted, name);

async function look(name: string): Promise<void> {
  if (screenshots === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `live-${name}-1366.png`) });
}

describe('a live folder in which nobody has approved a pack', { timeout: 4 * patienceMs }, () => {
  it('shows the cashier why nothing is settled, and what to do', async () => {
    await sitDown('c001');
    await page.getByTestId('queue-row').click();
    const refusal = page.getByTestId('refusal');
    await refusal.waitFor();
    expect(await refusal.getAttribute('data-code')).toBe('no-pack');
    expect(await refusal.innerText()).toMatch(/还没有批准使用.*没有结算.*approve-pack/s);
    await look('desk-refused');
    await page.keyboard.press('Control+2');
    await page.getByTestId('pack-pingjiang-2017').click();
    await page.getByRole('tab', { name: '试算' }).click();
    // A draft may be tried, and says so.
    await page.getByTestId('calc-draft').waitFor();
    await expect.poll(() => page.getByTestId('calc-row-patient').innerText()).toContain('1,358.00');
    await look('draft');
  });

  it('has the officer accept every assumption and prepare it, and the supervisor approve it', async () => {
    await sitDown('p001');
    await openApproval();
    const assumptions = page.locator('.assumptions li');
    for (let index = 0; index < (await assumptions.count()); index += 1) {
      const one = assumptions.nth(index);
      await one.getByRole('checkbox').check();
      await one.locator('input.ant-input').fill('县医保局 2017-03-01 书面答复');
    }
    await page.keyboard.press('F8');
    await expect.poll(approvalState).toBe('prepared');
    await look('prepared');
    await sitDown('s001');
    await openApproval();
    await page.keyboard.press('F8');
    await expect.poll(approvalState).toBe('approved');
    await look('approved');
  });

  it('then settles as ever', async () => {
    await sitDown('c001');
    await page.keyboard.press('Control+1');
    await page.clock.install();
    await page.getByTestId('queue-row').click();
    await expect.poll(() => page.getByTestId('patient-pays').innerText()).toContain('1,358.00');
    await moment('checking');
    // A person looks before pressing.
    await page.clock.fastForward(600);
    for (const [key, next] of [
      ['Enter', 'paying'],
      ['F8', 'confirming'],
    ] as const) {
      await page.keyboard.press(key);
      await moment(next);
    }
    await page.keyboard.press('Enter');
    await page.getByTestId('settlement-number').waitFor();
  });
});
