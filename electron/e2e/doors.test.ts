import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { connectRaw, lineRequest } from '../host/raw-connection.test-support.ts';
import { openSession } from './call-desk.ts';
import { DeskHarness, patienceMs } from './desk-harness.ts';
import { readyUrl } from './ready-url.ts';

let desk: DeskHarness;

beforeAll(async () => {
  desk = await DeskHarness.start();
});
afterAll(async () => {
  await desk.end();
});
beforeEach(async () => {
  await desk.freshDesk();
});

const queue = (page: Page) => page.getByTestId('queue-row').first();
const portOf = (url: string): number => Number(new URL(url).port);

describe('the browser that is opened', () => {
  it('finds its token in a file of the owner, and nobody finds it on a command line', async () => {
    const opened = join(desk.folder, 'opened');
    const bin = join(desk.folder, 'bin');
    const opener = join(bin, 'xdg-open');
    mkdirSync(bin);
    writeFileSync(
      opener,
      `#!/bin/sh\nprintf '%s' "$*" > '${opened}.new'\nmv '${opened}.new' '${opened}'\n`,
    );
    chmodSync(opener, 0o755);
    const host = spawn(process.execPath, ['out/electron/host.js', '--home', desk.home], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    });
    const ended = once(host, 'exit');
    try {
      await readyUrl(host);
      let words = '';
      await vi.waitFor(
        () => {
          words = readFileSync(opened, 'utf8');
        },
        { timeout: patienceMs },
      );
      expect(words).toMatch(/^file:\/\/\S+\.html$/);
      const file = fileURLToPath(words);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const token = /#token=([\w-]+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
      expect(token.length).toBeGreaterThan(40);
      expect(words).not.toContain(token);

      const page = await desk.newPage(/net::ERR_/);
      await page.goto(words);
      await queue(page).waitFor();
      expect(page.url()).not.toContain(token);
      // The token is used up, the next one who finds the file finds nothing.
      const second = await desk.newPage(/401|net::ERR_/);
      await second.goto(words);
      await second.getByTestId('no-session').waitFor();
      host.kill('SIGTERM');
      await ended;
      expect(readdirSync(desk.home).filter((name) => name.endsWith('.html'))).toEqual([]);
    } finally {
      host.kill('SIGKILL');
      await ended;
    }
  });
});

describe('a page', () => {
  it('opens with the address that `ready` prints', async () => {
    await desk.openDesk();
    const page = await desk.newPage();
    await page.goto(desk.url);
    await queue(page).waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });

  it('is still let in when it is loaded again, and when the desk was killed and came back', async () => {
    await desk.openDesk();
    const page = await desk.openPage();
    await queue(page).waitFor();
    await page.reload();
    await queue(page).waitFor();
    await desk.killDesk();
    await desk.openDesk();
    await page.reload();
    await queue(page).waitFor();
  });

  it('is let in no more when the desk was stopped', async () => {
    await desk.openDesk();
    const page = await desk.openPage();
    await queue(page).waitFor();
    expect(await desk.command('stop')).toMatchObject({ stopped: true });
    await desk.deskDied();
    await desk.openDesk();
    await page.getByTestId('no-session').waitFor();
  });

  it('keeps its session for itself: a copy in another tab is turned away', async () => {
    await desk.openDesk();
    const page = await desk.openPage();
    await queue(page).waitFor();
    const stolen = await page.evaluate(() => JSON.stringify(sessionStorage));
    const copy = await desk.newPage(/409/);
    await copy.addInitScript((kept) => {
      for (const [name, value] of Object.entries(JSON.parse(kept) as Record<string, string>)) {
        sessionStorage.setItem(name, value);
      }
    }, stolen);
    await copy.goto(new URL('/', desk.url).href);
    await copy.getByTestId('another-page').waitFor();
    await copy.getByTestId('not-this-page-language').click();
    await copy.getByRole('heading', { name: 'This window is open in another page' }).waitFor();
    await page.reload();
    await queue(page).waitFor();
  });
});

describe('a desk that somebody wants to die', () => {
  const openMany = (count: number, write: (port: number) => string) => {
    const port = portOf(desk.url);
    return Array.from({ length: count }, () => {
      const line = connectRaw(port);
      line.write(write(port));
      return line;
    });
  };

  it('serves on and stops, after 1,500 lines of a foreign page and as many that say nothing', async () => {
    await desk.openDesk();
    const call = await openSession(desk.url);
    const foreign = openMany(1500, (port) => lineRequest(port, 'http://evil.example'));
    await Promise.all(foreign.map(({ closed }) => closed));
    const silent = openMany(750, (port) => lineRequest(port, `http://127.0.0.1:${String(port)}`));
    const half = openMany(750, () => 'POST /api/call/desk:state HTTP/1.1\r\nHost: ');
    expect(await call('desk:state', {})).toMatchObject({ ok: true });
    expect(await desk.command('stop')).toMatchObject({ stopped: true });
    await desk.deskDied();
    await Promise.all([...silent, ...half].map(({ closed }) => closed));
    // And the next start works, on the same port.
    const { url } = desk;
    await desk.openDesk();
    expect(portOf(desk.url)).toBe(portOf(url));
    expect(await (await openSession(desk.url))('desk:state', {})).toMatchObject({ ok: true });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends by %s with everything open',
    async (signal) => {
      await desk.openDesk();
      const page = await desk.openPage();
      await queue(page).waitFor();
      const open = openMany(50, (port) => lineRequest(port, `http://127.0.0.1:${String(port)}`));
      desk.signalDesk(signal);
      await desk.deskDied();
      await Promise.all(open.map(({ closed }) => closed));
    },
  );

  it('is ended by `stop` also where it hangs itself', async () => {
    await desk.openDesk();
    desk.signalDesk('SIGSTOP');
    expect(await desk.command('stop')).toMatchObject({ stopped: true });
    await desk.deskDied();
    await desk.openDesk();
  });
});
