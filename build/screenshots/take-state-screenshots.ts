import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { createServer } from 'vite';
import { launchChromium } from '../../electron/e2e/launch-chromium.ts';
import pageConfig from '../vite.page.config.ts';

/** Names of states after `--`; none: all of them. */
const wanted = process.argv.slice(2);
const folder = path.resolve(import.meta.dirname, '../../out/screenshots');
const sizes = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
];
/** Longer than the time within which the desk takes no Enter for a new patient. */
const lookMs = 600;

mkdirSync(folder, { recursive: true });
const server = await createServer({ ...pageConfig, server: { host: '127.0.0.1', port: 0 } });
await server.listen();
const address = `${server.resolvedUrls?.local[0] ?? ''}dev/index.html`;
const browser = await launchChromium();
let wide = 0;
try {
  for (const size of sizes) {
    const page = await browser.newPage({ viewport: size, locale: 'zh-CN' });
    // The first page is compiled while it is asked for, as slowly as a busy machine does that.
    page.setDefaultTimeout(600_000);
    page.on('pageerror', (problem) => {
      process.stderr.write(`${String(problem)}\n`);
    });
    await page.goto(address);
    await page.waitForFunction(() => 'devStates' in window);
    const states = await page.evaluate(
      () => (window as unknown as { devStates: { name: string; keys: string[] }[] }).devStates,
    );
    for (const state of states) {
      if (wanted.length > 0 && !wanted.includes(state.name)) continue;
      await showState(page, state);
      await page.screenshot({ path: path.join(folder, `${state.name}-${String(size.width)}.png`) });
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      if (over <= 0) continue;
      wide += 1;
      process.stderr.write(
        `${state.name} is ${String(over)} px too wide at ${String(size.width)}\n`,
      );
    }
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
process.exitCode = wide > 0 ? 1 : 0;

async function showState(page: Page, state: { name: string; keys: string[] }): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${address}#${state.name}`);
  await page.waitForFunction(
    () =>
      document.querySelector(
        '.desk, .sign-in, .users, .devices, [data-testid="no-session"], [data-testid="another-page"]',
      ) !== null,
  );
  await page.waitForTimeout(300);
  for (const key of state.keys) {
    if (key === 'wait') await page.waitForTimeout(lookMs);
    else if (key.startsWith('@')) await page.getByTestId(key.slice(1)).click();
    else await page.keyboard.press(key);
    await page.waitForTimeout(80);
  }
  await page.waitForTimeout(200);
}
