import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { demoDocuments } from '../intake/demo-data.ts';
import { DeskHarness, patienceMs } from './desk-harness.ts';
import { takePictures } from './take-pictures.ts';

const visitId = 'ZY20171110001';
const billSchema = z.looseObject({
  visit: z.looseObject({
    id: z.string(),
    charges: z.array(z.looseObject({ line: z.int(), code: z.string() })),
  }),
});

describe('the page of intake', { timeout: 4 * patienceMs }, () => {
  let harness: DeskHarness;
  let page: Page;
  beforeAll(async () => {
    harness = await DeskHarness.start();
    await harness.command('settle-visit', visitId);
    await harness.openDesk();
    page = await harness.openPage();
    await page.getByTestId('demo-mark').waitFor();
  }, 4 * patienceMs);
  afterAll(() => harness.end());

  /** Puts a file into the hospital's folder as its system does: whole, under its name at once. */
  const put = async (name: string, text: string): Promise<void> => {
    const file = join(harness.home, 'hospital-in', name);
    await writeFile(`${file}.tmp`, text);
    await rename(`${file}.tmp`, file);
  };
  const bill = async (): Promise<z.output<typeof billSchema>> => {
    const all = (await demoDocuments()).map((each) => billSchema.parse(each));
    const own = all.find(({ visit }) => visit.id === visitId);
    if (own === undefined) throw new Error('the demo has no such visit');
    return own;
  };

  it('is not for the cashier; the clerk sees where bills come from, and a damaged file with what to do', async () => {
    expect(await page.getByTestId('page-intake').count()).toBe(0);
    await page.keyboard.press('F12');
    await page.getByTestId('sit-down-clerk1').click();
    await page.locator('[data-testid=page-intake]:visible').click();
    await page.getByTestId('intake-page').waitFor();
    const folder = page.locator('[data-testid=source-row][data-kind=folder]');
    await expect.poll(() => folder.getAttribute('data-state')).toBe('working');
    await put('damaged.json', '{"visit"');
    await page.getByTestId('refused-file').waitFor();
    expect(await page.getByTestId('refused-detail').innerText()).toContain('damaged.json');
    const problem = page.getByTestId('problem');
    expect(await problem.getAttribute('data-code')).toBe('damaged-json');
    expect(await problem.innerText()).toContain('请从医院系统重新导出');
    // The source is asked for by itself, and may come a moment later than the file.
    await expect.poll(() => folder.innerText()).toContain('damaged.json');
    await takePictures(page, 'intake-refused');
  });

  it('has it taken in again with F8 once it was mended, and nothing waits', async () => {
    const { visit, ...rest } = await bill();
    const changed = { ...rest, visit: { ...visit, charges: visit.charges.slice(1) } };
    await writeFile(
      join(harness.home, 'hospital-in', 'refused', 'damaged.json'),
      JSON.stringify(changed),
    );
    await page.keyboard.press('F8');
    await page.getByTestId('refused-file').waitFor({ state: 'detached' });
    await expect
      .poll(() => page.getByTestId('section-changed-bills').getAttribute('data-waits'), {
        timeout: patienceMs,
      })
      .toBe('true');
    await expect
      .poll(() => page.getByTestId('section-refused-files').getAttribute('data-waits'))
      .toBe('false');
  });

  it('shows the bill that came after settlement beside it, and keeps the settlement with a reason', async () => {
    await page.getByTestId('section-changed-bills').click();
    await page.getByTestId('changed-detail').waitFor();
    const line = page.getByTestId('changed-line');
    expect(await line.count()).toBe(1);
    expect(await line.getAttribute('data-kind')).toBe('removed');
    expect(await page.getByTestId('take-over').count()).toBe(0);
    await takePictures(page, 'intake-changed');
    await page.keyboard.press('F4');
    await page.getByTestId('reason-window').waitFor();
    // Without a reason nothing is done.
    await page.getByTestId('act-reason').press('Enter');
    await page.getByTestId('act-reason').fill('病区核对：这一行本来就没有做');
    await page.getByTestId('act-reason').press('Enter');
    await page.getByTestId('reason-window').waitFor({ state: 'detached' });
    await page.getByTestId('changed-bill').waitFor({ state: 'detached' });
    // The command and the page are one path: the books say the same.
    expect(await harness.command('changed-bills', 'list')).toEqual([]);
    expect(await harness.command('verify')).toMatchObject({ ok: true });
  });

  it('tries a file that is put on the page by the rules of intake, and takes nothing of it', async () => {
    const { visit, ...rest } = await bill();
    const before = (await harness.command('changed-bills', 'list')) as readonly unknown[];
    await page.getByTestId('section-trial').click();
    const [first, ...others] = visit.charges;
    const documents = [
      { ...rest, visit: { ...visit, id: 'ZY-TRIED' } },
      {
        ...rest,
        visit: { ...visit, id: 'ZY-BROKEN', charges: [{ ...first, on: 'x' }, ...others] },
      },
    ];
    await page.getByTestId('trial-file').setInputFiles({
      ...{ name: '试读.json', mimeType: 'application/json' },
      buffer: Buffer.from(JSON.stringify(documents)),
    });
    await page.locator('[data-testid=trial][data-state=tried]').waitFor();
    expect(await page.getByTestId('trial-outcomes').innerText()).toContain('新收 1 次就诊');
    expect(await page.getByTestId('problem').innerText()).toContain('/1/visit/charges/0/on');
    await takePictures(page, 'intake-tried');
    expect(await harness.command('changed-bills', 'list')).toEqual(before);
    expect(await harness.command('verify')).toMatchObject({ ok: true });
  });
});
