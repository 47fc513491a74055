import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DeskHarness, patienceMs } from './desk-harness.ts';
import { takePictures } from './take-pictures.ts';

const visitId = 'ZY20171110001';

describe('the page of devices', { timeout: 4 * patienceMs }, () => {
  let harness: DeskHarness;
  let page: Page;
  beforeAll(async () => {
    harness = await DeskHarness.start();
    await harness.openDesk();
    page = await harness.openPage();
    await page.getByTestId('demo-mark').waitFor();
  }, 4 * patienceMs);
  afterAll(() => harness.end());

  const look = (name: string) => takePictures(page, `devices-${name}`);
  const patiently = { timeout: patienceMs };
  const textOf = (testId: string) => page.getByTestId(testId).innerText();
  const rowOf = (kind: string) =>
    page.locator(`[data-testid=device-row][data-kind="${kind}"]`).first();
  const stateOf = (kind: string) => rowOf(kind).getAttribute('data-state');
  const result = () => page.getByTestId('trial-result');
  const moment = () => page.evaluate(() => document.body.dataset['moment']);
  /** What waits for the desk is said in the head of every page that lies over it. */
  const deskHeard = () => page.getByTestId('desk-waits').count();

  it('is reached with Ctrl+3 and lists the readers and the printer with their state', async () => {
    await page.keyboard.press('Control+3');
    await page.getByTestId('devices-page').waitFor();
    await expect.poll(() => stateOf('resident-id-reader'), patiently).toBe('ready');
    await expect.poll(() => stateOf('printer'), patiently).toBe('ready');
    expect(await rowOf('resident-id-reader').innerText()).toContain('身份证读卡器');
    expect(await rowOf('resident-id-reader').innerText()).toContain(harness.readerUrl);
    expect(await rowOf('printer').innerText()).toContain(harness.printerUrl);
    // The first stands chosen, and its line is seen to work.
    expect(await rowOf('resident-id-reader').getAttribute('aria-current')).toBe('true');
    await page.locator('[data-testid=frames] tr[data-what=sent]').first().waitFor();
    await page.locator('[data-testid=frames] tr[data-what=came]').first().waitFor();
    await look('reader');
  });

  it('says that no card came, after a countdown', async () => {
    await page.keyboard.press('F2');
    await page.getByTestId('countdown').waitFor();
    expect(await textOf('countdown')).toMatch(/^还剩 \d+ 秒$/);
    await look('countdown');
    await result().waitFor();
    expect(await result().getAttribute('data-result')).toBe('refused');
    expect(await result().getByTestId('refusal').getAttribute('data-code')).toBe('no-card');
    await look('no-card');
  });

  it('is stopped with Esc, and the page stays', async () => {
    await page.keyboard.press('F2');
    await page.getByTestId('countdown').waitFor();
    await page.keyboard.press('Escape');
    await result().waitFor();
    expect(await result().getAttribute('data-result')).toBe('stopped');
    expect(await page.getByTestId('devices-page').count()).toBe(1);
  });

  it('reads a card for a test, says what kind and whose with the name masked; the desk hears nothing', async () => {
    const card = await harness.cardOf(visitId);
    await page.keyboard.press('F2');
    await page.getByTestId('countdown').waitFor();
    await harness.reader.place(card);
    await result().waitFor();
    expect(await result().getAttribute('data-result')).toBe('card');
    const said = await result().innerText();
    expect(said).toContain('居民身份证');
    expect(said).toContain('*');
    expect(said).toMatch(/用时 \d+ 毫秒/);
    await expect.poll(() => textOf('last-read'), patiently).toContain('居民身份证');
    expect(await moment()).toBe('waiting');
    expect(await deskHeard()).toBe(0);
    await look('read');
    await harness.reader.lift();
  });

  it('shows what went over the line, and nothing of the person', async () => {
    const { name, idNumber } = await harness.cardOf(visitId);
    const frames = page.locator('[data-testid=frames] tbody tr');
    // The read is in the log: the longest answer of a card is over a kilobyte.
    const bytes = async (): Promise<number> =>
      Math.max(
        0,
        ...(await frames.evaluateAll((rows) =>
          rows.map((row) => Number(row.children[2]?.textContent ?? 0)),
        )),
      );
    await expect.poll(bytes, patiently).toBeGreaterThan(1000);
    const shown = (await page.getByTestId('devices-page').innerHTML()).replace(/\s/g, '');
    expect(shown).toContain('AAAAAA9669');
    for (const secret of [name, idNumber]) {
      expect(shown).not.toContain(secret);
      // As the chip holds it, and as a program might write it.
      for (const encoding of ['utf16le', 'utf8'] as const) {
        const hexadecimal = Buffer.from(secret, encoding).toString('hex').toUpperCase();
        expect(shown).not.toContain(hexadecimal);
      }
    }
  });

  it('stands still while one reads it, and runs on afterwards', async () => {
    const frames = page.getByTestId('frames');
    await page.keyboard.press('F4');
    await expect.poll(() => textOf('log-state')).toContain('已停住');
    const held = await frames.innerText();
    await expect.poll(() => textOf('log-state'), patiently).toMatch(/又来了 [1-9]\d* 条/);
    expect(await frames.innerText()).toBe(held);
    await page.keyboard.press('F6');
    await expect.poll(() => textOf('log-state'), patiently).toMatch(/已复制|没有复制成/);
    await look('held');
    await page.keyboard.press('F4');
    await expect.poll(() => frames.innerText(), patiently).not.toBe(held);
  });

  it('tells how to connect it, and turns back', async () => {
    await page.keyboard.press('F1');
    const help = await textOf('set-up');
    expect(help).toContain('dialout');
    expect(help).toContain('COM3');
    expect(help).toContain(`npm run -s cli -- settings reader-url '${harness.readerUrl}'`);
    await look('set-up');
    await page.keyboard.press('F1');
    await page.getByTestId('frames').waitFor();
  });

  it('shows at once that the line was pulled, what to do, and that it is back', async () => {
    await harness.line.unplug();
    await expect.poll(() => stateOf('resident-id-reader'), patiently).toBe('gone');
    await expect.poll(() => textOf('device-head'), patiently).toContain('✕ 断开');
    await page.keyboard.press('F2');
    await result().waitFor();
    expect(await result().getAttribute('data-result')).toBe('refused');
    await page.locator('[data-testid=frames] tr[data-what=lost]').first().waitFor();
    await look('gone');
    await harness.line.plug();
    await expect.poll(() => stateOf('resident-id-reader'), patiently).toBe('ready');
    await expect.poll(() => textOf('device-head'), patiently).toContain('✓ 就绪');
  });

  it('prints a test page, and says when there is no paper', async () => {
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => rowOf('printer').getAttribute('aria-current')).toBe('true');
    await page.keyboard.press('F2');
    await result().waitFor();
    expect(await result().getAttribute('data-result')).toBe('confirmed');
    await look('printer');
    harness.printer.change({ paper: 'out' });
    await page.keyboard.press('F2');
    await page.locator('[data-testid=trial-result][data-result=failed]').waitFor();
    expect(await result().innerText()).toContain('缺纸');
    await look('no-paper');
    harness.printer.change({ paper: 'in' });
    await expect.poll(() => stateOf('printer'), patiently).toBe('ready');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => rowOf('printer').getAttribute('aria-current')).toBe('false');
  });

  it('speaks English too', async () => {
    await page.getByTestId('page-language').click();
    await expect
      .poll(() => rowOf('resident-id-reader').innerText())
      .toContain('Resident ID reader');
    await look('english');
    await page.getByTestId('page-language').click();
    await expect.poll(() => rowOf('printer').innerText()).toContain('凭条打印机');
  });

  it('goes back with Esc, and the next card is the desk’s', async () => {
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByTestId('devices-page').count()).toBe(0);
    await harness.reader.place(await harness.cardOf(visitId));
    await expect.poll(moment, patiently).toBe('checking');
  });

  it('ends a test read when one leaves the page', async () => {
    await harness.reader.lift();
    await page.keyboard.press('F10');
    await expect.poll(moment, patiently).toBe('waiting');
    await page.keyboard.press('Control+3');
    await page.getByTestId('trial-start').waitFor();
    await page.keyboard.press('F2');
    await page.getByTestId('countdown').waitFor();
    await page.keyboard.press('Control+1');
    await expect.poll(() => page.getByTestId('devices-page').count()).toBe(0);
    await harness.reader.place(await harness.cardOf(visitId));
    await expect.poll(moment, patiently).toBe('checking');
  });

  it('lists several readers by kind, and says of one that is not there what to do', async () => {
    const absent = join(harness.folder, 'absent');
    await restartWith(
      [
        harness.readerUrl,
        `serial://${absent}-1?protocol=ccid`,
        `serial://${absent}-2?protocol=scanner`,
        'hid://0000:0000?protocol=magnetic-stripe',
      ].join(' '),
    );
    for (const kind of ['social-security-reader', 'scanner', 'stripe-reader']) {
      await expect.poll(() => stateOf(kind), patiently).toBe('gone');
      await rowOf(kind).click();
      await expect
        .poll(() => page.getByTestId('device-head').getAttribute('data-state'))
        .toBe('gone');
      await page.keyboard.press('F1');
      expect(await textOf('set-up')).toContain(harness.readerUrl);
      await look(kind);
    }
    await expect.poll(() => stateOf('resident-id-reader'), patiently).toBe('ready');
  });

  it('says how to set a reader where none is set', async () => {
    await restartWith('');
    await expect.poll(() => stateOf('reader'), patiently).toBe('not-configured');
    expect(await textOf('set-up')).toContain('还没有设置读卡器');
    expect(await textOf('set-up')).toContain('pcsc://');
    expect(await page.getByTestId('trial').count()).toBe(0);
    await look('none');
  });

  async function restartWith(readerUrl: string): Promise<void> {
    await harness.killDesk();
    await page.close();
    await harness.command('settings', 'reader-url', readerUrl);
    await harness.openDesk();
    page = await harness.openPage();
    await page.getByTestId('demo-mark').waitFor();
    await page.keyboard.press('Control+3');
    await page.getByTestId('device-row').first().waitFor();
  }
});
