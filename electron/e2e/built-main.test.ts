import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SettlementWindowBridge } from '../../shared/contracts/contract-names.ts';
import { startStandIn, type StandIn } from './electron-stand-in/start-stand-in.ts';

/**
 * The built main process and preload, in Electron's stand-in: what is missing from the bundle, lies at another
 * path or does not fit the other side shows here.
 */
describe('the built Electron desk', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'built-main-'));
  let desk: StandIn;
  beforeAll(async () => {
    desk = await startStandIn('out/electron/main.js', [
      '--home',
      path.join(folder, 'desk'),
      '--demo',
    ]);
  });
  afterAll(async () => {
    await desk.stop();
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
});
