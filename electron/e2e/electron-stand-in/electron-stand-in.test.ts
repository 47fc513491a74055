import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startStandIn, type StandIn } from './start-stand-in.ts';

const folders: string[] = [];
const running: StandIn[] = [];
afterEach(async () => {
  for (const standIn of running.splice(0)) await standIn.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const main = `
  import { app, BrowserWindow, ipcMain, protocol, session } from 'electron';
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true } }]);
  const files = {
    '/': ['text/html', '<title>t</title><script src="page.js"></script>'],
    '/page.js': ['text/javascript', 'window.started = typeof window.bridge;'],
  };
  app.whenReady().then(async () => {
    const desk = session.fromPartition('desk');
    desk.protocol.handle('app', async (request) => {
      const file = files[new URL(request.url).pathname];
      return file ? new Response(file[1], { headers: { 'content-type': file[0] } })
        : new Response('', { status: 404 });
    });
    desk.webRequest.onBeforeRequest((details, answer) =>
      answer({ cancel: !details.url.startsWith('app://desk/') }));
    ipcMain.handle('add', (event, a, b) => ({ sum: a + b, from: event.senderFrame.url }));
    ipcMain.handle('fail', () => { throw new Error('no luck'); });
    const window = new BrowserWindow({ webPreferences: { sandbox: true, contextIsolation: true,
      partition: 'desk', preload: new URL('./PRELOAD', import.meta.url).pathname } });
    ipcMain.handle('tell', (_event, text) => { window.webContents.send('told', text); });
    process.on('SIGTERM', () => app.quit());
    await window.loadURL('app://desk/');
    process.stdout.write('ready app://desk/\\n');
  });
`;

const preload = `
  const { contextBridge, ipcRenderer } = require('electron');
  globalThis.hidden = 'in the preload';
  contextBridge.exposeInMainWorld('bridge', {
    add: (a, b) => ipcRenderer.invoke('add', a, b),
    fail: () => ipcRenderer.invoke('fail'),
    nobody: () => ipcRenderer.invoke('nobody'),
    tell: (text) => ipcRenderer.invoke('tell', text),
    listen: (listener) => {
      const pass = (_event, text) => listener(text);
      ipcRenderer.on('told', pass);
      return () => ipcRenderer.off('told', pass);
    },
  });
`;

async function start(
  mainText: string,
  preloadText: string,
  name = 'preload.cjs',
): Promise<StandIn> {
  const folder = mkdtempSync(path.join(tmpdir(), 'stand-in-test-'));
  folders.push(folder);
  writeFileSync(path.join(folder, 'main.mjs'), mainText.replace('PRELOAD', name));
  writeFileSync(path.join(folder, name), preloadText);
  const standIn = await startStandIn(path.join(folder, 'main.mjs'), []);
  running.push(standIn);
  return standIn;
}

describe('the stand-in for Electron', () => {
  it('carries calls, failures and events between the page and the main process', async () => {
    const { page } = await start(main, preload);
    const told = await page.evaluate(async () => {
      const { bridge } = window as unknown as {
        bridge: {
          add(a: number, b: number): Promise<unknown>;
          fail(): Promise<unknown>;
          nobody(): Promise<unknown>;
          tell(text: string): Promise<void>;
          listen(listener: (text: string) => void): () => void;
        };
      };
      const problem = (error: unknown): string => (error as Error).message;
      const heard: string[] = [];
      const stop = bridge.listen((text) => heard.push(text));
      await bridge.tell('one');
      stop();
      await bridge.tell('two');
      return {
        sum: await bridge.add(19, 23),
        fail: await bridge.fail().catch(problem),
        nobody: await bridge.nobody().catch(problem),
        heard,
      };
    });
    expect(told).toEqual({
      sum: { sum: 42, from: 'app://desk/' },
      fail: 'no luck',
      nobody: "No handler registered for 'nobody'",
      heard: ['one'],
    });
  });

  it("exposes the bridge before the page's first script and hides the rest of the preload", async () => {
    const { page } = await start(main, preload);
    expect(await page.evaluate('window.started')).toBe('object');
    expect(await page.evaluate('typeof window.hidden')).toBe('undefined');
    expect(await page.evaluate('typeof window.require')).toBe('undefined');
  });

  it('lets no request past the filter', async () => {
    const { page, watched } = await start(main, preload);
    watched.allow(/elsewhere\.invalid/, 'the next line asks for it');
    const reached = await page.evaluate(() =>
      fetch('https://elsewhere.invalid/').then(
        () => 'reached',
        () => 'stopped',
      ),
    );
    expect(reached).toBe('stopped');
  });

  it.each([
    [
      'an ES-module preload',
      main,
      `import { contextBridge } from 'electron';`,
      'preload.mjs',
      'Unable to load preload script',
    ],
    [
      'a preload that is an ES module by content',
      main,
      `import 'electron';`,
      'preload.cjs',
      'Unable to load preload script',
    ],
    [
      'a scheme registered too late',
      main.replace(/(protocol.register.*)\n/, 'app.whenReady().then(() => { $1 });\n'),
      preload,
      'preload.cjs',
      'before the app is ready',
    ],
    [
      'a part that Electron does not have',
      main.replace('ipcMain,', 'ipcMane,'),
      preload,
      'preload.cjs',
      "does not provide an export named 'ipcMane'",
    ],
    [
      'waiting for ready while it is being loaded',
      `${main}\nawait app.whenReady();`,
      preload,
      'preload.cjs',
      'unsettled top-level await',
    ],
  ])('finds %s', async (_what, mainText, preloadText, name, message) => {
    await expect(start(mainText, preloadText, name)).rejects.toThrow(message);
  });

  it('ends when it is told to', async () => {
    const standIn = await start(main, preload);
    expect(await standIn.stop()).toBe(0);
    running.pop();
  });
});
