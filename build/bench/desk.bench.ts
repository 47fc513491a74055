import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { DeskHarness } from '../../electron/e2e/desk-harness.ts';

// The built desk as a cashier meets it: start to ready, first paint, card to screen, a preview of an 85-line
// bill through the contract, the host's memory. `cardToScreen` runs from laying the card on the simulated
// plate to the patient's name on the screen: the reader's polling and the bytes on the line are in it.

const runs = 5;
const golden = 'ZY20171110001';
const visits = [golden, 'ZY20171103002', 'ZY20171122016', 'ZY20171113015', 'ZY20171114018'];

const desk = await DeskHarness.start();
try {
  const startToReadyMs: number[] = [];
  for (let run = 0; run < runs; run += 1) startToReadyMs.push(await startToReady(desk.home));
  await desk.openDesk();
  const firstPaintMs: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const window = await desk.openPage();
    await window.getByTestId('queue-row').first().waitFor();
    firstPaintMs.push(
      await window.evaluate(
        () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1,
      ),
    );
    await window.context().close();
  }
  const page = await desk.openPage();
  await page.getByTestId('queue-row').first().waitFor();
  const cardToScreenMs: number[] = [];
  for (const visit of visits) {
    const card = await desk.cardOf(visit);
    const beganMs = performance.now();
    await desk.reader.place(card);
    await page.getByTestId('person-name').waitFor();
    cardToScreenMs.push(performance.now() - beganMs);
    await desk.reader.lift();
    // The reader must have seen the plate empty before the next card is news.
    await page.waitForTimeout(800);
    await page.keyboard.press('F10');
    await page.waitForFunction(() => document.body.dataset['moment'] === 'waiting');
  }
  const previewMs = await page.evaluate(
    async ({ visitId, times, headers }) => {
      const took: number[] = [];
      for (let time = 0; time < times; time += 1) {
        const beganMs = performance.now();
        const answer = await fetch('/api/call/settlement:preview', {
          method: 'POST',
          headers,
          body: JSON.stringify({ input: { visitId } }),
        });
        await answer.json();
        took.push(performance.now() - beganMs);
      }
      return took;
    },
    { visitId: golden, times: 30, headers: desk.proofOf(page) },
  );
  say('npm start on a built tree → ready', startToReadyMs);
  say('first contentful paint', firstPaintMs);
  say('card laid down → patient on screen', cardToScreenMs);
  say('preview of 85 lines, page to page', previewMs);
  const { pid } = JSON.parse(readFileSync(join(desk.home, 'run.json'), 'utf8')) as { pid: number };
  console.log(`host memory ${String(residentMb(pid))} MB (demo folder)`);
} finally {
  await desk.end();
}

/** How long `npm start` takes until it prints its line; the desk is ended at once. */
async function startToReady(home: string): Promise<number> {
  const beganMs = performance.now();
  const child = spawn('npm', ['start', '--', '--no-open', '--host', '--home', home], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready ')) break;
  }
  const tookMs = performance.now() - beganMs;
  const ended = once(child, 'exit');
  await desk.command('stop');
  await ended;
  return tookMs;
}

function say(what: string, figures: readonly number[]): void {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  console.log(
    `${what.padEnd(40)} median ${at(0.5)} ms   p95 ${at(0.95)} ms   (${String(sorted.length)} runs)`,
  );
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
