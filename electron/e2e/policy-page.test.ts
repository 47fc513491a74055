import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DeskHarness, patienceMs } from './desk-harness.ts';
import { screenshots, takePictures } from './take-pictures.ts';

describe('the policy page', { timeout: 4 * patienceMs }, () => {
  let harness: DeskHarness;
  let page: Page;
  beforeAll(async () => {
    harness = await DeskHarness.start();
    await harness.openDesk();
    page = await harness.openPage();
    await page.getByTestId('demo-mark').waitFor();
  }, 4 * patienceMs);
  afterAll(() => harness.end());

  const look = (name: string) => takePictures(page, `policy-${name}`);
  const textOf = (testId: string) => page.getByTestId(testId).innerText();

  it('is reached with Ctrl+2 and shows the packs, their dates, steps, numbers and sources', async () => {
    await page.keyboard.press('Control+2');
    await page.getByTestId('pack-text').waitFor();
    const packs = await page.getByTestId('pack-list').locator('li').count();
    expect(packs).toBeGreaterThan(6);
    await page.getByTestId('pack-pingjiang-2017').click();
    await expect.poll(() => textOf('pack-text')).toContain('平江县');
    const text = await textOf('pack-text');
    // The demo's business day is in 2017: Pingjiang is in force then.
    expect(text).toContain('湖南省岳阳市平江县');
    expect(text).toContain('2017-01-01 起，2018-01-01 前出院');
    expect(text).toContain('县级 750.00 元');
    expect(text).toContain('假定：出处没有给出');
    expect(await textOf('pack-step-hospital-reduction')).toContain('到十元，四舍五入');
    await look('text');
  });

  it('runs the cases of every pack, and all of them hold', async () => {
    const rows = page.getByTestId('pack-list').locator('button');
    const count = await rows.count();
    for (let index = 0; index < count; index += 1) {
      await rows.nth(index).click();
      await page.getByRole('tab', { name: /^案例/ }).click();
      const cases = page.getByTestId('pack-cases').getByRole('status');
      await cases.waitFor();
      // A version that a higher one replaces is read only.
      expect(await cases.innerText()).toMatch(
        /^✓ [1-9]\d* 个案例全部通过$|^这一版已由版本号更高的代替/,
      );
    }
    await rows.first().click();
    await page.getByRole('tab', { name: /^案例/ }).click();
    await page.getByTestId('case-0').locator('summary').first().click();
    await look('cases');
  });

  it('shows the whole visit of a case, and why a case is not covered', async () => {
    await page.getByTestId('pack-pingjiang-2017').click();
    await page.getByRole('tab', { name: /^案例/ }).click();
    const input = page.getByTestId('case-input-0');
    await page.getByTestId('case-0').locator('summary').first().click();
    await input.locator('summary').click();
    const text = await input.innerText();
    for (const name of ['就诊号', '医院级别', '费用类别 1', '累计住院次数', '参保地'])
      expect(text).toContain(name);
    expect(text).not.toMatch(/\d{17}[\dX]/);
    await look('case-input');
    const notCovered = page.getByTestId(/^why-not-covered-/).last();
    await notCovered.locator('xpath=ancestor::details[1]/summary').click();
    expect(await notCovered.innerText()).toMatch(/不适用本政策：\S/);
  });

  it('shows two versions side by side in words, and how the old cases come out', async () => {
    await page.getByTestId('pack-pingjiang-2017').click();
    await page.getByRole('tab', { name: '版本对比' }).click();
    const words = page.getByTestId('compare-words');
    await words.waitFor();
    expect(await words.innerText()).toMatch(/\d+\.\d+\.\d+\t\d+\.\d+\.\d+/);
    expect(await textOf('compare-count')).toMatch(/^\d+ 个案例，\d+ 个结果不同/);
    const differing = await page.getByTestId('compare-cases').locator('tbody tr').count();
    expect(await textOf('compare-count')).toContain(`${String(differing)} 个结果不同`);
    await look('versions');
  });

  it('calculates: the split and the reckoning move with the bill, the level and the category', async () => {
    await page.getByTestId('pack-pingjiang-2017').click();
    await page.getByRole('tab', { name: '试算' }).click();
    const row = (step: string) => page.getByTestId(`calc-row-${step}`);
    await expect.poll(() => row('patient').innerText()).toContain('1,358.00');
    expect(await row('hospital-reduction').innerText()).toContain('2,718.00 × 50% 取整到十元');
    await look('calculator');
    await page.getByTestId('calc-eligibleFen').fill('20000');
    // (20,000 − 750) × 86 %, and what follows from it.
    await expect.poll(() => row('basic').innerText()).toContain('16,555.00');
    expect(await row('basic').innerText()).toContain('+5,633.00');
    expect(await row('basic').innerText()).toContain('(20,000.00 − 750.00) × 86%');
    await choose('hospitalLevel', '乡镇级');
    await expect.poll(() => row('basic').innerText()).toContain('17,820.00');
    // What the explanation says moves too.
    expect(await textOf('calc-result')).toContain('基本医保起付标准 200.00');
    await look('changed');
  });

  it('takes the day that the figures of the year are up to, and says where no year ends on it', async () => {
    await page.getByTestId('calc-asOf').fill('2017-01-15');
    await expect.poll(() => textOf('calc-result')).toContain('2017 年度累计（截至 2017-01-15）');
    await look('as-of');
    await page.getByTestId('calc-asOf').fill('2016-12-31');
    await page.getByText('累计截至的日期须在 2017 年内').waitFor();
    await look('as-of-impossible');
    await page.getByTestId('calc-reset').click();
    await expect.poll(() => page.getByTestId('calc-row-patient').innerText()).toContain('1,358.00');
  });

  it('says why a person is not covered, and shows nothing as paid', async () => {
    await choose('insurance', '职工医保');
    await page.getByTestId('calc-not-covered').waitFor();
    expect(await textOf('calc-not-covered')).toContain('险种不适用');
    expect(await page.getByTestId('calc-result').count()).toBe(0);
    await look('not-covered');
    await page.getByTestId('calc-reset').click();
    await expect.poll(() => page.getByTestId('calc-row-patient').innerText()).toContain('1,358.00');
  });

  it('shows what the hospital keeps or bears under a quota, so that the rows add up', async () => {
    await page.getByTestId('pack-qingxu-2014').click();
    await page.getByRole('tab', { name: '试算' }).click();
    const [keeps, bears] = ['keeps', 'bears'].map((kind) =>
      page.getByTestId(`calc-row-hospital-${kind}`),
    ) as [Locator, Locator];
    await expect.poll(() => keeps.innerText()).toContain('-1,249.00');
    await page.getByTestId('calc-eligibleFen').fill('6000');
    await page.getByTestId('calc-firstSelfPayFen').fill('0');
    await page.getByTestId('calc-classCFen').fill('0');
    await expect.poll(() => bears.innerText()).toContain('+1,600.00');
    expect(await keeps.innerText()).toContain('+1,249.00');
    await look('quota');
    await page.getByTestId('pack-pingjiang-2017').click();
    await page.getByRole('tab', { name: '试算' }).click();
  });

  it('keeps a wrong amount in its field, says so, and calculates with the last good one', async () => {
    const field = page.getByTestId('calc-classCFen');
    await field.fill('12.345');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByText('金额最多两位小数').count()).toBe(1);
    await field.press('Escape');
    expect(await field.inputValue()).toBe('479.00');
    expect(await page.getByTestId('policy-page').count()).toBe(1);
  });

  it('leaves the desk as it was: a card laid down meanwhile waits there, and no key of the page reached it', async () => {
    await harness.reader.place(await harness.cardOf('ZY20171110001'));
    await page.getByTestId('desk-waits').waitFor();
    await page.keyboard.press('F8');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByTestId('policy-page').count()).toBe(0);
    await expect.poll(() => page.getByTestId('patient-pays').innerText()).toContain('1,358.00');
    expect(await page.evaluate(() => document.body.dataset['moment'])).toBe('checking');
  });

  it('lets the policy officer accept what is assumed and prepare a pack, by the keyboard', async () => {
    await sitDown('policy1');
    await page.getByTestId('pack-pingjiang-2017').click();
    await page.getByRole('tab', { name: '批准' }).click();
    const approval = page.getByTestId('approval');
    await approval.waitFor();
    // A demo asks for no approval; it is done there to be tried.
    expect(await approvalState()).toBe('draft');
    expect(await textOf('fingerprint')).toMatch(/^([0-9a-f]{8} ){7}[0-9a-f]{8}$/);
    const assumption = page.getByTestId('assumption-parameters.basicRate');
    await assumption.getByRole('checkbox').focus();
    await page.keyboard.press('Space');
    // Without a reason nothing is prepared.
    await page.keyboard.press('F8');
    expect(await approvalState()).toBe('draft');
    expect(await page.getByTestId('pack-prepare').isDisabled()).toBe(true);
    await look('approval-open');
    await page.keyboard.press('Tab');
    await page.keyboard.insertText('县医保局 2017-03-01 书面答复');
    await page.keyboard.press('F8');
    await expect.poll(approvalState).toBe('prepared');
    expect(await assumption.innerText()).toContain('已认可');
    await look('approval-prepared');
  });

  it('lets a supervisor approve it, prints the sheet they sign, and stops it with a reason', async () => {
    await sitDown('supervisor1');
    // The button is there when it can be pressed; a key may be pressed before the page listens.
    await page.locator('[data-testid=page-policy]:visible').click();
    await page.getByTestId('pack-pingjiang-2017').click();
    await page.getByRole('tab', { name: '批准' }).click();
    expect(await textOf('assumption-parameters.basicRate')).toContain('书面答复');
    await page.keyboard.press('F8');
    await expect.poll(approvalState).toBe('approved');
    const row = page.getByTestId('pack-pingjiang-2017');
    await expect.poll(() => row.innerText()).toContain('已批准');
    await look('approval-approved');
    const printed = page.waitForEvent('download');
    await page.keyboard.press('F9');
    const sheet = await printed;
    expect(sheet.suggestedFilename()).toBe('待遇政策签批单-pingjiang-2017-1.2.0.pdf');
    if (screenshots !== undefined) await sheet.saveAs(join(screenshots, 'sheet.pdf'));
    await page.getByTestId('pack-stop').click();
    await page.getByTestId('pack-stop-reason').fill('县里通知停用');
    await page.keyboard.press('Enter');
    await expect.poll(approvalState).toBe('withdrawn');
    expect(await page.getByTestId('approval').innerText()).toContain('县里通知停用');
    await look('approval-withdrawn');
  });

  const approvalState = () => page.getByTestId('approval-state').getAttribute('data-state');

  async function sitDown(userId: string): Promise<void> {
    await page.keyboard.press('F12');
    await page.getByTestId(`sit-down-${userId}`).click();
    await page.getByTestId('sign-in').waitFor({ state: 'detached' });
  }

  async function choose(field: string, option: string): Promise<void> {
    await page.getByTestId(`calc-${field}`).click();
    await page.locator('.ant-select-item-option', { hasText: option }).first().click();
  }
});

describe('settling again under a draft on the policy page', { timeout: 4 * patienceMs }, () => {
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

  it('is for who decides on policy, shows what every payer would pay, and settles nothing', async () => {
    await page.keyboard.press('Control+2');
    await page.getByTestId('pack-text').waitFor();
    // A cashier sits here first.
    expect(await page.getByRole('tab', { name: '重算' }).count()).toBe(0);
    await page.keyboard.press('F12');
    await page.getByTestId('sit-down-policy1').click();
    await page.getByTestId('pack-pingjiang-2017').click();
    await page.getByRole('tab', { name: '重算' }).click();
    await page.getByTestId('replay-start').click();
    const patient = page.getByTestId('replay-row-patient');
    // The page and the command are one path.
    const asked = ['--pack', 'pingjiang-2017', '--from', '2017-01-01', '--until', '2017-11-27'];
    const told = (await harness.command('replay', ...asked)) as { patient: { after: string } };
    const after = Number(told.patient.after).toLocaleString('en', { minimumFractionDigits: 2 });
    expect(Number(told.patient.after)).toBeGreaterThanOrEqual(1358);
    await expect.poll(() => patient.innerText()).toContain(after);
    expect(await page.getByTestId('replay-row-basic-medical-insurance').innerText()).toContain(
      '0.00',
    );
    await takePictures(page, 'policy-replay');
    const saving = page.waitForEvent('download');
    await page.getByTestId('replay-export').click();
    expect((await saving).suggestedFilename()).toMatch(/^replay-pingjiang-2017-.*\.xlsx$/);
    expect(await harness.command('verify')).toMatchObject({ ok: true });
  });

  it('is held against a payer’s own results as a shadow run: each step, and where they differ', async () => {
    const file = join(harness.folder, 'payer-results.csv');
    const rows = [
      'visit.id,payer,step,amount',
      'ZY20171110001,basic-medical-insurance,basic,10900.00',
      'ZY20171110001,medical-assistance,medical-assistance,1264.00',
      'ZY-NOWHERE,basic-medical-insurance,basic,1.00',
    ];
    await writeFile(file, `${rows.join('\n')}\n`);
    await page.getByText('与支付方自己的结果比（影子运行）').click();
    await page.getByTestId('replay-results').fill(file);
    await page.getByTestId('replay-start').click();
    const differences = page.getByTestId('shadow-differences');
    await expect.poll(() => differences.innerText()).toContain('ZY20171110001');
    // The page and the command are one path.
    const asked = ['--pack', 'pingjiang-2017', '--from', '2017-01-01', '--until', '2017-11-27'];
    const told = (await harness.command('replay', ...asked, '--results', file)) as {
      readonly visits: number;
      readonly differences: readonly { readonly difference: string }[];
    };
    expect(told.differences.map(({ difference }) => difference)).toEqual(['22.00']);
    expect(await differences.innerText()).toContain('22.00');
    expect(await differences.innerText()).toContain('文件第 2 行');
    expect(await page.getByTestId('shadow-notes').innerText()).toContain('ZY-NOWHERE');
    expect(await page.getByTestId('shadow-steps').innerText()).toContain('1,264.00');
    await takePictures(page, 'policy-shadow-run');
    const saving = page.waitForEvent('download');
    await page.getByTestId('replay-export').click();
    expect((await saving).suggestedFilename()).toMatch(/^shadow-pingjiang-2017-.*\.xlsx$/);
    await writeFile(file, `${rows.join('\n').replace('10900.00', '1,0900.0.0')}\n`);
    await page.getByTestId('replay-start').click();
    await expect.poll(() => page.getByTestId('refusal').innerText()).toContain('payer-results.csv');
    expect(await harness.command('verify')).toMatchObject({ ok: true });
  });

  it('says what is wrong with the folder of a draft, and begins nothing', async () => {
    await page.getByText('草案文件夹', { exact: true }).click();
    await page.getByTestId('replay-folder').fill('/nowhere/at-all');
    await page.getByTestId('replay-start').click();
    await expect.poll(() => page.getByTestId('refusal').innerText()).toContain('/nowhere/at-all');
  });
});
