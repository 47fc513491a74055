import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openServices } from '../app/open-services.ts';
import { DeskHarness, patienceMs } from './desk-harness.ts';
import { takePictures } from './take-pictures.ts';

const day = '2017-11-27';
const insurance = 'basic-medical-insurance';

type Listed = readonly {
  readonly id: string;
  readonly payer: string;
  readonly state: string;
  readonly claimed: string;
}[];

describe('the closing of days', { timeout: 4 * patienceMs }, () => {
  let harness: DeskHarness;
  let page: Page;
  beforeAll(async () => {
    harness = await DeskHarness.start();
    await harness.command('settle-visit', 'ZY20171110001');
    await harness.command('upload');
    // A demo stands still at one day: the night is over now.
    const services = await openServices({
      ...{ home: harness.home, wanted: null, whenMissing: 'refuse', environment: process.env },
    });
    if (!services.ok) throw new Error(services.refusal.message.en);
    await services.value.store.transact(({ folderFacts }) =>
      folderFacts.set('business-date', '2017-11-28'),
    );
    await services.value.close();
    await harness.openDesk();
    page = await harness.openPage();
    await page.getByTestId('demo-mark').waitFor();
  }, 4 * patienceMs);
  afterAll(() => harness.end());

  const claims = async (state: string): Promise<Listed> =>
    (await harness.command('claims', '--state', state, '--payer', insurance)) as Listed;
  const hindrance = () => page.getByTestId('day-sides').getAttribute('data-hindrance');
  const drop = async (name: string, rows: readonly string[]): Promise<void> => {
    await page.getByTestId('remittance-file').setInputFiles({
      ...{ name, mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) },
    });
  };
  const explain = async (reason: string): Promise<void> => {
    const before = await page.getByTestId('difference-row').count();
    await page.getByTestId('difference-explain').click();
    await page.getByTestId('day-act-reason').fill(reason);
    await page.keyboard.press('Enter');
    await page.getByTestId('day-act-window').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByTestId('difference-row').count()).toBe(before - 1);
  };

  it('shows the clerk the day that is over and not compared yet', async () => {
    await page.keyboard.press('F12');
    await page.getByTestId('sit-down-clerk1').click();
    await page.locator('[data-testid=page-claims]:visible').click();
    await page.getByTestId('claims-page').waitFor();
    await page.getByTestId('claims-room-days').click();
    await page.getByTestId('days-room').waitFor();
    await expect.poll(hindrance).toBe('not-compared');
    expect(await page.getByTestId('day-close').isDisabled()).toBe(true);
  });

  it('takes in a remittance: a short payment, a denial, and money for nobody', async () => {
    const accepted = await claims('accepted');
    const [short, denied] = accepted;
    if (short === undefined || denied === undefined) throw new Error('two claims are needed');
    const fenOf = (yuan: string): number => Math.round(Number(yuan) * 100);
    const yuan = (amount: number): string => (amount / 100).toFixed(2);
    const paid = fenOf(short.claimed) - 10_000;
    const sums = [short, denied].reduce((sum, { claimed }) => sum + fenOf(claimed), 0) + 500;
    const rows = [
      '拨付单号,拨付日期,申报编号,笔数,申报金额,核定金额,扣款金额,拨付金额,扣款原因',
      `BF-1,2017-11-28,${short.id},,${short.claimed},${short.claimed},100.00,${yuan(paid)},超限用药`,
      `BF-1,2017-11-28,${denied.id},,${denied.claimed},0.00,0.00,0.00,材料不全`,
      'BF-1,2017-11-28,NOBODY,,5.00,5.00,0.00,5.00,',
    ];
    const trailer = `BF-1,2017-11-28,合计,3,${yuan(sums)},${yuan(fenOf(short.claimed) + 500)},100.00,${yuan(paid + 500)},`;
    const result = page.getByTestId('remittance-result');
    await page.getByTestId('remittance-payer').click();
    await page
      .locator('.ant-select-item-option')
      .filter({ hasText: '基本医疗保险' })
      .first()
      .click();
    await drop('cut.csv', rows);
    await expect.poll(() => result.getAttribute('data-state')).toBe('refused');
    await drop('whole.csv', [...rows, trailer]);
    await expect.poll(() => result.getAttribute('data-state')).toBe('taken');
    expect(await result.innerText()).toContain('少拨付 1 笔、拒付 1 笔；1 行对不上');
    expect((await claims('short-paid')).map(({ id }) => id)).toEqual([short.id]);
    expect((await claims('denied')).map(({ id }) => id)).toEqual([denied.id]);
    await drop('again.csv', [...rows, trailer]);
    await expect.poll(() => result.innerText()).toContain('以前采用过');
  });

  it('compares the day, shows what only the payer has, and takes a reason for it', async () => {
    const booked = await fetch(`${harness.payersUrl}/ledger/by-hand`, {
      method: 'POST',
      body: JSON.stringify({
        ...{ payer: insurance, setl_date: day, msgid: 'H43062600001201711279999999999' },
        ...{ setl_id: 'nobody', amountFen: 123_400 },
      }),
    });
    expect(booked.ok).toBe(true);
    await page.getByTestId(`day-${day}`).click();
    await page.getByTestId('day-reconcile').click();
    await expect.poll(hindrance, { timeout: patienceMs }).toBe('differences');
    await expect
      .poll(() => page.getByTestId('difference-row').getAttribute('data-class'))
      .toBe('only-there');
    await takePictures(page, 'days-differences');
    await explain('医保局来电：别院的，对方今天撤销');
    await expect.poll(hindrance).toBe('none');
  });

  it('is closed with a supervisor, and then refuses what would change it', async () => {
    await page.getByTestId('day-close').click();
    await page.getByTestId('day-act-window').waitFor();
    await page.getByTestId('supervisor').fill('clerk1');
    await page.keyboard.press('Enter');
    await page.getByTestId('day-act-window').getByTestId('refusal').waitFor();
    await page.getByTestId('supervisor').fill('supervisor1');
    await page.keyboard.press('Enter');
    await page.getByTestId('day-act-window').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByTestId('closed-days').innerText()).toContain(day);
    expect(await page.getByTestId(`day-${day}`).count()).toBe(0);
    await takePictures(page, 'days-closed');
    // The commands and the page are one path.
    expect(await harness.command('reconcile', '--business-date', day)).toMatchObject({
      error: { code: 'day-closed' },
    });
    const differences = await harness.command('differences', '--state', 'explained');
    expect(differences).toMatchObject([
      { class: 'only-there', reason: '医保局来电：别院的，对方今天撤销' },
    ]);
    expect(await harness.command('verify')).toMatchObject({ ok: true });
  });

  it('leaves the money for nobody to the day it came on', async () => {
    await page.getByTestId('day-2017-11-28').click();
    await expect
      .poll(() => page.getByTestId('difference-row').getAttribute('data-class'))
      .toBe('paid-unknown-claim');
    await page.getByTestId('difference-book-line').click();
    await page.getByTestId('day-act-reason').fill('试一次');
    await page.keyboard.press('Enter');
    await page.getByTestId('day-act-window').getByTestId('refusal').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('day-act-window').waitFor({ state: 'detached' });
    await explain('问过支付方：下月冲回');
    expect(await hindrance()).toBe('not-over');
  });
});
