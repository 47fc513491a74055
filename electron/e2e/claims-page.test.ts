import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DeskHarness, patienceMs } from './desk-harness.ts';
import { takePictures } from './take-pictures.ts';

describe('the page of claims', { timeout: 4 * patienceMs }, () => {
  let harness: DeskHarness;
  let page: Page;
  beforeAll(async () => {
    harness = await DeskHarness.start();
    await harness.command('settle-visit', 'ZY20171110001');
    await harness.openDesk();
    page = await harness.openPage();
    await page.getByTestId('demo-mark').waitFor();
  }, 4 * patienceMs);
  afterAll(() => harness.end());

  const faults = async (names: readonly string[]): Promise<void> => {
    const answer = await fetch(`${harness.payersUrl}/faults`, {
      method: 'POST',
      body: JSON.stringify({ faults: names }),
    });
    expect(answer.ok).toBe(true);
  };
  const figure = (group: string) => page.getByTestId(`figure-${group}`).innerText();
  const uploaded = (): Promise<void> =>
    expect
      .poll(() => page.getByTestId('upload').getAttribute('data-state'), { timeout: patienceMs })
      .toBe('ended');

  it('is not for the cashier, and says to the clerk in one look what waits', async () => {
    expect(await page.getByTestId('page-claims').count()).toBe(0);
    await page.keyboard.press('F12');
    await page.getByTestId('sit-down-clerk1').click();
    await page.locator('[data-testid=page-claims]:visible').click();
    await page.getByTestId('claims-page').waitFor();
    // What the prepared practice data have settled waits, too.
    const waiting = (await harness.command('claims', '--state', 'waiting')) as readonly unknown[];
    expect(waiting.length).toBeGreaterThanOrEqual(3);
    expect(await figure('not-sent')).toContain(`${String(waiting.length)} 笔`);
    expect(await figure('refused')).toContain('0 笔');
    await page.getByTestId('figure-not-sent').click();
    await expect.poll(() => page.getByTestId('claim-row').count()).toBe(waiting.length);
    expect(await page.getByTestId('claim-advice').innerText()).toContain('自动发出');
    await takePictures(page, 'claims-waiting');
  });

  it('uploads with F9; what a payer took a part of has a way out that takes a supervisor', async () => {
    await faults(['partial']);
    await page.keyboard.press('F9');
    await uploaded();
    await expect.poll(() => figure('not-sent')).toContain('0 笔');
    await page.getByTestId('figure-unanswered').click();
    await expect.poll(() => page.getByTestId('claim-said').innerText()).toContain('只接受了一部分');
    const before = await page.getByTestId('claim-row').count();
    expect(before).toBeGreaterThan(0);
    await page.keyboard.press('F8');
    const decision = page.getByTestId('decision-window');
    await decision.waitFor();
    await page.getByTestId('claim-reason').fill('医保局来电：已撤销入账');
    // Whoever decides is not who confirms.
    await page.getByTestId('supervisor').fill('clerk1');
    await page.keyboard.press('Enter');
    await decision.getByTestId('refusal').waitFor();
    await takePictures(page, 'claims-not-booked');
    await page.getByTestId('supervisor').fill('supervisor1');
    await page.keyboard.press('Enter');
    await decision.waitFor({ state: 'detached' });
    await expect.poll(() => figure('refused')).toContain('1 笔');
    await takePictures(page, 'claims-partly');
  });

  it('has a refused one claimed anew with F8, and the next upload has it accepted', async () => {
    await faults([]);
    await page.getByTestId('figure-refused').click();
    await expect.poll(() => page.getByTestId('claim-row').count()).toBe(1);
    await page.getByTestId('claim-anew').waitFor();
    await page.keyboard.press('F8');
    await page.getByTestId('decision-window').waitFor();
    await page.getByTestId('claim-reason').fill('对方已撤销，重新申报');
    await page.keyboard.press('Enter');
    await page.getByTestId('decision-window').waitFor({ state: 'detached' });
    await expect.poll(() => figure('not-sent')).toContain('1 笔');
    await page.getByTestId('start-upload').click();
    await expect.poll(() => figure('unpaid'), { timeout: patienceMs }).not.toContain('1 笔');
    // The command and the page are one path: the books say the same.
    const told = (await harness.command('claims', '--state', 'corrected')) as readonly unknown[];
    expect(told).toHaveLength(1);
    expect(await harness.command('verify')).toMatchObject({ ok: true });
  });

  it('has a part that a payer took undone by it with F4 and a supervisor; claimed anew it is accepted whole', async () => {
    await page.getByTestId('figure-unanswered').click();
    await page.getByTestId('claim-undo').waitFor();
    await page.keyboard.press('F4');
    const decision = page.getByTestId('decision-window');
    await decision.waitFor();
    await takePictures(page, 'claims-undo');
    await page.getByTestId('claim-reason').fill('只认可了一部分，请对方撤销');
    await page.getByTestId('supervisor').fill('supervisor1');
    await page.keyboard.press('Enter');
    await decision.waitFor({ state: 'detached' });
    await expect.poll(() => figure('refused')).toContain('1 笔');
    await page.getByTestId('figure-refused').click();
    await expect
      .poll(() => page.getByTestId('claim-said').innerText())
      .toContain('支付方已按我们的请求撤销');
    await takePictures(page, 'claims-undone');
    const before = await figure('unpaid');
    await page.getByTestId('claim-anew').click();
    await decision.waitFor();
    await page.getByTestId('claim-reason').fill('对方已撤销，重新申报');
    await page.keyboard.press('Enter');
    await decision.waitFor({ state: 'detached' });
    await expect.poll(() => figure('not-sent')).toContain('1 笔');
    await page.getByTestId('start-upload').click();
    await expect.poll(() => figure('unpaid'), { timeout: patienceMs }).not.toBe(before);
    expect(await harness.command('verify')).toMatchObject({ ok: true });
  });
});
