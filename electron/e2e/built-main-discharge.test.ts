import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startPtyPair, type PtyPair } from '../../drivers/card-reader/simulator/pty-pair.ts';
import { startSimulator } from '../../drivers/card-reader/simulator/start-simulator.ts';
import { startPrinterSimulator } from '../../drivers/receipt-printer/simulator/escpos-simulator.ts';
import { demoCardOfVisit } from '../intake/demo-cards.ts';
import { startStandIn, type StandIn } from './electron-stand-in/start-stand-in.ts';

const goldenVisit = 'ZY20171110001';

/**
 * One whole discharge through the **built** main process and preload, over their own protocol and bridge: no
 * host, no HTTP. A wrong path, a missing handler or a preload of the wrong kind ends it.
 */
describe('a discharge in the built Electron desk', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'built-discharge-'));
  const home = path.join(folder, 'desk');
  let line: PtyPair;
  let reader: Awaited<ReturnType<typeof startSimulator>>;
  let printer: Awaited<ReturnType<typeof startPrinterSimulator>>;
  let desk: StandIn;

  function command(...argv: string[]): unknown {
    const ran = spawnSync(process.execPath, ['out/electron/cli.js', ...argv, '--home', home], {
      encoding: 'utf8',
    });
    if (ran.status !== 0) throw new Error(`${argv.join(' ')}: ${ran.stdout}${ran.stderr}`);
    return JSON.parse(ran.stdout);
  }

  beforeAll(async () => {
    line = await startPtyPair(folder);
    reader = await startSimulator(line.deviceEnd);
    printer = await startPrinterSimulator();
    const readerUrl = `serial://${line.programEnd}?protocol=sam-v&baud=115200`;
    command('settings', '--demo', 'reader-url', readerUrl);
    command('settings', 'printer-url', `tcp://127.0.0.1:${String(printer.port)}?model=generic-80`);
    desk = await startStandIn('out/electron/main.js', ['--home', home]);
  });

  afterAll(async () => {
    await desk.stop();
    await reader.stop();
    await line.unplug();
    await printer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('goes from the card to the paper over the bridge', async () => {
    const { page } = desk;
    const moment = (wanted: string) =>
      page.waitForFunction((name) => document.body.dataset['moment'] === name, wanted, {
        timeout: 120_000,
      });
    await moment('waiting');
    const card = await demoCardOfVisit(goldenVisit);
    if (card === null) throw new Error('the demo has no such visit');
    await reader.place(card);
    await moment('checking');
    // A person looks before pressing.
    await page.waitForTimeout(600);
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
    expect(command('settle-visit', goldenVisit)).toMatchObject({
      already: true,
      result: { patientPays: '1358.00' },
    });
  });
});
