import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** The folder for pictures; absent: none are taken. */
export const screenshots = process.env['SCREENSHOTS'];

/** Takes a picture of a page in both sizes of screen where SCREENSHOTS names a folder; else nothing. */
export async function takePictures(page: Page, name: string): Promise<void> {
  if (screenshots === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height });
    // Only how far an animation is depends on it, never whether a test holds.
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(screenshots, `${name}-${String(width)}.png`) });
  }
  await page.setViewportSize({ width: 1366, height: 768 });
}
