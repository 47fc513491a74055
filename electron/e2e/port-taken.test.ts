import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { pageHeaders } from '../../shared/contracts/page-line.ts';
import { openServices } from '../app/open-services.ts';
import { patienceMs } from './desk-harness.ts';
import { launchChromium } from './launch-chromium.ts';
import { readyUrl } from './ready-url.ts';

let root: string;
let home: string;
let environment: Readonly<Record<string, string>>;
let host: ChildProcess;
let said = '';
let browser: Browser | null = null;

/** A live folder that no desk ever opens, and its key; each test gets a copy. */
const prepared = mkdtempSync(join(tmpdir(), 'port-taken-prepared-'));

beforeAll(async () => {
  const keyFile = join(prepared, 'key');
  writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
  environment = { SETTLEMENT_KEY_FILE: keyFile };
  const made = await openServices({
    home: join(prepared, 'live'),
    wanted: null,
    whenMissing: 'make-live',
    environment,
  });
  if (!made.ok) throw new Error(made.refusal.code);
  await made.value.close();
});
afterAll(() => {
  rmSync(prepared, { recursive: true, force: true });
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'port-taken-'));
  home = join(root, 'live');
  cpSync(join(prepared, 'live'), home, { recursive: true });
});
afterEach(async () => {
  await browser?.close();
  browser = null;
  await endDesk();
  rmSync(root, { recursive: true, force: true });
});

/** Opens the desk of the folder; the address of its page. */
async function openDesk(withOpener: Readonly<Record<string, string>> | null = null): Promise<URL> {
  const open = withOpener === null ? ['--no-open'] : [];
  host = spawn(process.execPath, ['out/electron/host.js', '--home', home, ...open], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, ...withOpener },
  });
  said = '';
  host.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new URL(await readyUrl(host));
}

/** The desk ends as with its machine, and its pages stay. */
async function endDesk(): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null) return;
  const ended = once(host, 'exit');
  host.kill('SIGTERM');
  await ended;
}

async function post(
  { origin }: URL,
  path: string,
  body: object,
  secret = '',
): Promise<{ readonly status: number; readonly answer: Record<string, unknown> }> {
  const answer = await fetch(new URL(path, origin), {
    method: 'POST',
    headers: {
      ...{ origin, 'content-type': 'application/json' },
      ...{ [pageHeaders.secret]: secret, [pageHeaders.page]: 'a page' },
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, answer: JSON.parse(text) as Record<string, unknown> };
}

const call = (url: URL, name: string, secret: string, input: object = {}) =>
  post(url, `/api/call/${name}`, { input }, secret);

/** A page at which the administrator sits; its secret. */
async function administratorSits(url: URL): Promise<string> {
  const token = url.hash.replace('#token=', '');
  const { answer: session } = await post(url, '/api/session', { token });
  const first = { userId: 'boss', name: '管立人', password: 'Kapok-tree 7 herons' };
  const { answer } = await call(url, 'people:make-first', String(session['secret']), first);
  const { newSecret } = answer['value'] as { newSecret: string };
  expect((await call(url, 'people:list', newSecret)).answer).toMatchObject({ ok: true });
  return newSecret;
}

/** Somebody else on the machine listens where the desk was, and keeps the secret that an open page shows there. */
async function takePort(
  url: URL,
): Promise<{ readonly stolen: () => string; readonly stop: () => void }> {
  let stolen = '';
  const server: Server = createServer((request, response) => {
    stolen = String(request.headers[pageHeaders.secret]);
    response.setHeader('connection', 'close').end('{}');
  });
  server.listen(Number(url.port), '127.0.0.1');
  await once(server, 'listening');
  return { stolen: () => stolen, stop: () => void server.close() };
}

describe('the port of a desk that is not there', () => {
  it('taken by somebody else who keeps it: the secret of an open page opens nothing at the new one', async () => {
    const before = await openDesk();
    const secret = await administratorSits(before);
    await endDesk();
    const stranger = await takePort(before);
    await call(before, 'people:who', secret);
    expect(stranger.stolen()).toBe(secret);

    const after = await openDesk();
    expect(after.port).not.toBe(before.port);
    expect(said).toContain(before.port);
    expect(await call(after, 'people:who', stranger.stolen())).toMatchObject({ status: 401 });
    stranger.stop();
  });

  it('asked for by its number and taken: that is what is said, and nobody is told that the folder is broken', async () => {
    const before = await openDesk();
    await endDesk();
    const stranger = await takePort(before);
    const asked = [...['--port', before.port], '--no-open'];
    host = spawn(process.execPath, ['out/electron/host.js', '--home', home, ...asked], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...environment },
    });
    said = '';
    host.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(host, 'close');
    expect(host.exitCode).toBe(1);
    expect(said).toContain('"port-taken"');
    expect(said).toContain(before.port);
    stranger.stop();
  });

  it('taken for a while and given back: whoever has the secret is nobody, until somebody signs in', async () => {
    const before = await openDesk();
    const secret = await administratorSits(before);
    await endDesk();
    const stranger = await takePort(before);
    await call(before, 'people:who', secret);
    stranger.stop();

    const after = await openDesk();
    expect(after.port).toBe(before.port);
    expect((await call(after, 'people:list', stranger.stolen())).answer).toMatchObject({
      refusal: { code: 'not-signed-in' },
    });
    // The page itself is still one of ours: what was begun there is kept, and its user signs in.
    expect((await call(after, 'people:who', secret)).answer).toMatchObject({
      value: { user: null },
    });
    const signIn = { userId: 'boss', password: 'Kapok-tree 7 herons' };
    const { answer } = await call(after, 'people:sign-in', secret, signIn);
    const { newSecret } = answer['value'] as { newSecret: string };
    expect((await call(after, 'people:list', newSecret)).answer).toMatchObject({ ok: true });
    expect(await call(after, 'people:list', stranger.stolen())).toMatchObject({ status: 401 });
  });

  it('taken by somebody who leaves a service worker and cached scripts in the browser: the desk’s windows are its own again', async () => {
    const before = await openDesk();
    browser = await launchChromium();
    const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
    page.setDefaultTimeout(patienceMs);
    await page.goto(before.href);
    await page.getByTestId('first-user').waitFor();
    const script = await page.evaluate(
      () => document.querySelector<HTMLScriptElement>('script[type=module]')?.src ?? '',
    );
    await endDesk();

    const stranger = await leaveThings(
      before,
      new URL(script).pathname.replace(/^.*(?=\/assets\/)/, ''),
    );
    await page.reload();
    await page.locator('#left').waitFor();
    await stranger.stop();

    const [bin, opened] = [join(root, 'bin'), join(root, 'opened')];
    mkdirSync(bin);
    const opener = join(bin, 'xdg-open');
    writeFileSync(
      opener,
      `#!/bin/sh\nprintf '%s' "$*" > '${opened}.new'\nmv '${opened}.new' '${opened}'\n`,
    );
    chmodSync(opener, 0o755);
    const after = await openDesk({ PATH: `${bin}:${process.env['PATH'] ?? ''}` });
    expect(after.port).toBe(before.port);
    const file = await vi.waitFor(() => readFileSync(opened, 'utf8'), { timeout: patienceMs });
    const own = await page.context().newPage();
    await own.goto(file);
    await own.getByTestId('first-user').waitFor();
    expect(await own.locator('#left').count()).toBe(0);
  });
});

/** Somebody else has the port and leaves in the browser that comes: a service worker, and his own in the place of our script. */
async function leaveThings(
  { port }: URL,
  script: string,
): Promise<{ readonly stop: () => Promise<void> }> {
  const worker = `self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return;
  const headers = { 'content-type': 'text/html' };
  event.respondWith(new Response('<p id="left">of a stranger</p>', { headers }));
});`;
  const page = `<script type="module">
await import('${script}');
await navigator.serviceWorker.register('/worker.js');
await navigator.serviceWorker.ready;
document.body.innerHTML = '<p id="left">of a stranger</p>';
</script>`;
  const server: Server = createServer(({ url }, response) => {
    response.setHeader('connection', 'close');
    if (url === '/worker.js') response.setHeader('content-type', 'text/javascript').end(worker);
    else if (url === script) {
      response.setHeader('cache-control', 'public, max-age=31536000, immutable');
      response.setHeader('content-type', 'text/javascript');
      response.end(
        `if (document.getElementById('root')) document.body.innerHTML = '<p id="left"></p>';`,
      );
    } else if (url === '/') response.setHeader('content-type', 'text/html').end(page);
    else response.writeHead(404).end();
  });
  server.listen(Number(port), '127.0.0.1');
  await once(server, 'listening');
  return {
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
