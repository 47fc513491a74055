import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';

import { watchPage, type WatchedPage } from '../page-watch.ts';

/** A built main process running in the stand-in, and the page it opened. */
export type StandIn = {
  readonly page: Page;
  readonly watched: WatchedPage;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Ends it as a terminal would and gives its exit code. */
  readonly stop: () => Promise<number | null>;
};

/** How long a cold start of everything may take on a loaded machine. */
const readyWithinMs = 240_000;

/** Starts `main` (a built main process) with Electron's stand-in; rejects with what it said if it ends early. */
export async function startStandIn(
  main: string,
  options: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<StandIn> {
  const folder = mkdtempSync(path.join(tmpdir(), 'stand-in-'));
  const endpointFile = path.join(folder, 'endpoint');
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'run.ts'), main, ...options],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment, STAND_IN_ENDPOINT_FILE: endpointFile },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      rmSync(folder, { recursive: true, force: true });
      resolve(code);
    });
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;

  const until = Date.now() + readyWithinMs;
  while (!/^ready /m.test(stdout) || !existsSync(endpointFile)) {
    if (hasEnded() || Date.now() > until) {
      child.kill('SIGKILL');
      await ended;
      throw new Error(`The main process did not become ready.\n${stdout}${stderr}`);
    }
    await wait(20);
  }
  const browser = await chromium.connectOverCDP(readFileSync(endpointFile, 'utf8'));
  const page = browser.contexts()[0]?.pages()[0];
  if (page === undefined) throw new Error('The main process opened no page.');
  return {
    page,
    watched: watchPage(page),
    stdout: () => stdout,
    stderr: () => stderr,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
