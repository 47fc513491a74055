import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { DeskHarness, patienceMs } from './desk-harness.ts';
import { takeTroubles } from './page-watch.ts';

let desk: DeskHarness;
let page: Page;
beforeAll(async () => {
  desk = await DeskHarness.start();
  await desk.openDesk();
  page = await desk.openPage();
  await page.getByTestId('queue-row').first().waitFor();
}, 4 * patienceMs);
afterAll(() => desk.end());

describe('what a page must never do', () => {
  it.each([
    ['an error on the console', `console.error('planted error')`, /^console: planted error/],
    [
      'an error nobody catches',
      `setTimeout(() => { throw new Error('planted throw') })`,
      /planted throw/,
    ],
    [
      'a rejection nobody handles',
      `void Promise.reject(new Error('planted rejection'))`,
      /planted rejection/,
    ],
    [
      'a style the policy does not know',
      `document.head.append(Object.assign(document.createElement('style'), { innerHTML: 'a{}' }))`,
      /Content Security Policy/,
    ],
    [
      'a request the policy forbids',
      `void fetch('https://elsewhere.invalid/').catch(() => null)`,
      /Content Security Policy/,
    ],
  ])('is noticed: %s', async (_what, deed, words) => {
    await page.evaluate(deed);
    const noticed: string[] = [];
    await vi.waitFor(
      () => {
        noticed.push(...takeTroubles());
        expect(noticed.join('\n')).toMatch(words);
      },
      { timeout: patienceMs },
    );
    // Whatever else the same deed led to is said before the page answers again.
    await page.evaluate('0');
    takeTroubles();
  });

  it('is not done by any dialog of the desk', async () => {
    const dialog = page.locator('.ant-modal-wrap');
    const moment = () => page.evaluate(() => document.body.dataset['moment']);
    const opens = async (open: () => Promise<void>): Promise<void> => {
      await open();
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    };
    await page.locator('[data-testid=queue-row][data-visit=ZY20171110001]').click();
    await expect.poll(moment, { timeout: patienceMs }).toBe('checking');
    await opens(() => page.keyboard.press('F1'));
    await opens(() => page.keyboard.press('F6'));
    await opens(() => page.locator('[data-testid^=clause-of-]').first().click());
    // An Enter too soon after the patient appeared is not taken.
    const goOn = async () => {
      if ((await moment()) === 'checking') await page.keyboard.press('Enter');
      return moment();
    };
    await expect.poll(goOn, { timeout: patienceMs }).toBe('paying');
    await opens(() => page.keyboard.press('F7'));
    await page.keyboard.press('F8');
    await expect.poll(moment, { timeout: patienceMs }).toBe('confirming');
    await page.keyboard.press('Enter');
    await expect.poll(moment, { timeout: patienceMs }).toBe('done');
    await opens(() => page.keyboard.press('F9'));
  });
});
