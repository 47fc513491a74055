import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPtyPair, type PtyPair } from '../../drivers/card-reader/simulator/pty-pair.ts';
import { startSimulator } from '../../drivers/card-reader/simulator/start-simulator.ts';
import { startPrinterSimulator } from '../../drivers/receipt-printer/simulator/escpos-simulator.ts';
import type { SettlementWindowBridge } from '../../shared/contracts/contract-names.ts';
import { demoCardOfVisit } from '../demo/demo-cards.ts';
import { CommandSession } from './command-session.ts';
import { startStandIn, type StandIn } from './electron-stand-in/start-stand-in.ts';
import { preparedDeskOf } from './prepared-desk.ts';

const goldenVisit = 'ZY20171110001';

/**
 * The built main process and preload, in Electron's stand-in: what is missing from the bundle, lies at another
 * path or does not fit the other side shows here.
 */
describe('the built Electron desk', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'built-main-'));
  const home = path.join(folder, 'desk');
  const session = new CommandSession();
  let line: PtyPair;
  let reader: Awaited<ReturnType<typeof startSimulator>>;
  let printer: Awaited<ReturnType<typeof startPrinterSimulator>>;
  let desk: StandIn;

  async function command(...argv: string[]): Promise<unknown> {
    const { exitCode, json, said } = await session.run([...argv, '--home', home]);
    if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${JSON.stringify(json)}${said}`);
    return json;
  }

  beforeAll(async () => {
    line = await startPtyPair(folder);
    reader = await startSimulator(line.deviceEnd);
    printer = await startPrinterSimulator();
    const prepared = preparedDeskOf(process.env);
    if (prepared !== null) cpSync(prepared, home, { recursive: true });
    const readerUrl = `serial://${line.programEnd}?protocol=sam-v&baud=115200`;
    const printerUrl = `tcp://127.0.0.1:${String(printer.port)}?model=generic-80`;
    await command('settings', '--demo', 'reader-url', readerUrl);
    await command('settings', 'printer-url', printerUrl);
    desk = await startStandIn('out/electron/main.js', ['--home', home]);
  });

  afterAll(async () => {
    await desk.stop();
    await session.end();
    await reader.stop();
    await line.unplug();
    await printer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  type DeskWindow = { settlementWindow: SettlementWindowBridge };

  it('opens the page and answers its calls', async () => {
    const answer = await desk.page.evaluate(() =>
      (window as unknown as DeskWindow).settlementWindow.call('desk:state', {}),
    );
    expect(answer).toMatchObject({ ok: true });
  });

  it('shows the patients of the demo without any network', async () => {
    await desk.page.getByText('出院未结算').first().waitFor();
    expect(await desk.page.locator('#root').innerText()).not.toBe('');
    desk.watched.allow(/index\.html/, 'the next line asks for what the policy keeps from the page');
    const elsewhere = await desk.page.evaluate(() =>
      fetch('/index.html').then(
        () => 'reached',
        () => 'stopped by the policy',
      ),
    );
    expect(elsewhere).toBe('stopped by the policy');
  });

  it('keeps back what is no contract, and refuses input that was not agreed', async () => {
    const answers = await desk.page.evaluate(async () => {
      const { settlementWindow } = window as unknown as DeskWindow;
      const unknown = await settlementWindow
        .call('fs:read' as 'desk:state', {})
        .catch((problem: unknown) => (problem as Error).message);
      const badInput = await settlementWindow.call('settlement:show', { nothing: 1 });
      return { unknown, badInput };
    });
    expect(answers.unknown).toContain('no call');
    expect(answers.badInput).toMatchObject({ ok: false, refusal: { code: 'bad-input' } });
  });

  it('says ready once, and nothing else on standard output', () => {
    expect(desk.stdout()).toBe('ready app://desk/\n');
  });

  /** No host, no HTTP: a wrong path, a missing handler or a preload of the wrong kind ends it. */
  it('goes from the card to the paper over the bridge', async () => {
    const { page } = desk;
    const moment = (wanted: string) =>
      page.waitForFunction((name) => document.body.dataset['moment'] === name, wanted, {
        timeout: 300_000,
      });
    await moment('waiting');
    await page.clock.install();
    const card = await demoCardOfVisit(goldenVisit);
    if (card === null) throw new Error('the demo has no such visit');
    await reader.place(card);
    await moment('checking');
    // A person looks before pressing.
    await page.clock.fastForward(600);
    await page.keyboard.press('Enter');
    await moment('paying');
    await page.keyboard.press('F8');
    await moment('confirming');
    await page.keyboard.press('Enter');
    await moment('done');
    expect(await page.getByTestId('patient-pays').innerText()).toContain('1,358.00');
    await page.keyboard.press('F10');
    await moment('waiting');
    expect(printer.sheets).toHaveLength(1);
    expect(printer.sheets[0]?.lines.join('\n')).toContain('1,358.00');
    expect(await command('settle-visit', goldenVisit)).toMatchObject({
      already: true,
      result: { patientPays: '1358.00' },
    });
  });
});
