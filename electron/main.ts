import './base/small-nursery.ts';
import { createHash } from 'node:crypto';
import { homedir, release } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  protocol,
  session,
  type BrowserWindowConstructorOptions,
  type IpcMainInvokeEvent,
  type WebContents,
} from 'electron';
import type { Application } from './app/application.ts';
import type { Refusal } from '../shared/domain/result.ts';
import { launchProblem } from './app/launch-checks.ts';
import { answerPageRequest } from './app/page-files.ts';
import { keepFilesPrivate } from './base/private-files.ts';
import { startApplication } from './app/start-application.ts';
import { leaveWithin } from './host/leave.ts';
import { endWithStarter } from './host/starter.ts';

const pageAddress = 'app://desk/';
/** Without `persist:` the session lives in memory: Chromium keeps nothing of a patient on disk. */
const partition = 'desk';

function windowOptions(): BrowserWindowConstructorOptions {
  return {
    width: 1366,
    height: 768,
    show: false,
    title: '一站式结算窗口',
    webPreferences: {
      preload: fileURLToPath(new URL('./preload.cjs', import.meta.url)),
      partition,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  };
}

/** No page of any window goes elsewhere, opens another window, embeds a guest or is granted a device. */
function hardenContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
}

function hardenSession(): void {
  const desk = session.fromPartition(partition);
  desk.protocol.handle('app', (request) => answerPageRequest(request));
  desk.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  desk.setPermissionCheckHandler(() => false);
  desk.setDevicePermissionHandler(() => false);
  // Nothing here speaks to the network; what tries to is stopped before it leaves.
  desk.webRequest.onBeforeRequest((details, answer) => {
    const own = /^(app:\/\/desk\/|data:|blob:app:\/\/desk\/|devtools:)/.test(details.url);
    answer({ cancel: !own });
  });
}

/** A call counts only from the desk's own page at the top of its own window. */
function isDeskPage(event: IpcMainInvokeEvent, window: BrowserWindow): boolean {
  const frame = event.senderFrame;
  return (
    event.sender === window.webContents &&
    frame !== null &&
    frame.parent === null &&
    frame.url.startsWith(pageAddress)
  );
}

function bridge(application: Application, window: BrowserWindow): void {
  ipcMain.handle('settlement-window:call', (event, name: unknown, input: unknown) => {
    if (!isDeskPage(event, window)) throw new Error('This call did not come from the desk.');
    return application.callFromWindow(String(name), input);
  });
  application.subscribe((deskEvent) => {
    if (!window.isDestroyed()) window.webContents.send('settlement-window:event', deskEvent);
  });
}

function readOptions(): { home: string; wanted: 'demo' | 'live' | null } {
  const { values } = parseArgs({
    args: process.argv.slice(app.isPackaged ? 1 : 2),
    options: { home: { type: 'string' }, demo: { type: 'boolean' } },
    allowNegative: true,
    // Chromium's own switches stand among ours.
    strict: false,
  });
  const home =
    typeof values.home === 'string' ? values.home : join(homedir(), '.settlement-window');
  return {
    home: resolve(process.env['INIT_CWD'] ?? process.cwd(), home),
    wanted: typeof values.demo === 'boolean' ? (values.demo ? 'demo' : 'live') : null,
  };
}

async function openDesk(home: string, wanted: 'demo' | 'live' | null): Promise<void> {
  const started = await startApplication({
    home,
    wanted,
    whenMissing: wanted === 'live' ? 'make-live' : 'make-demo',
    environment: process.env,
    onProgress: (words) => process.stderr.write(`${words.zh}\n`),
  });
  if (!started.ok) {
    refuse(started.refusal);
    return;
  }
  const application = started.value;
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void leaveWithin(
      () => application.close(),
      () => {
        app.exit(0);
      },
    );
  };
  app.on('before-quit', (event) => {
    event.preventDefault();
    end();
  });
  app.on('window-all-closed', end);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  endWithStarter(process.env, end);

  const window = new BrowserWindow(windowOptions());
  bridge(application, window);
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  await window.loadURL(pageAddress);
  process.stdout.write(`ready ${pageAddress}\n`);
}

/** Tells why the program does not start, on the screen and where it was called from, and ends it. */
function refuse({ message, remedy }: Refusal): void {
  process.stderr.write(`${message.zh}\n${message.en}\n${remedy.zh}\n`);
  dialog.showErrorBox(message.zh, remedy.zh);
  app.exit(1);
}

async function run(): Promise<void> {
  const words = process.argv.slice(app.isPackaged ? 1 : 2);
  const { isPackaged } = app;
  const problem = launchProblem({
    isPackaged,
    words,
    platform: process.platform,
    release: release(),
  });
  if (problem !== null) {
    refuse(problem);
    return;
  }
  const { home, wanted } = readOptions();
  // One desk per folder: the lock belongs to Chromium's own folder, so each of ours gets one.
  const tag = createHash('sha256').update(home).digest('hex').slice(0, 12);
  app.setPath('userData', join(app.getPath('appData'), 'settlement-window', tag));
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
  ]);
  app.on('web-contents-created', (_event, contents) => {
    hardenContents(contents);
  });
  await app.whenReady();
  Menu.setApplicationMenu(null);
  hardenSession();
  await openDesk(home, wanted);
}

keepFilesPrivate();
// Not awaited: Electron becomes ready only after this module has been loaded to its end.
run().catch((problem: unknown) => {
  process.stderr.write(
    `${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}\n`,
  );
  app.exit(1);
});
