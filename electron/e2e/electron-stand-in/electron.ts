import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserWindowConstructorOptions } from 'electron';
import {
  chromium,
  type BrowserContext,
  type CDPSession,
  type Page,
  type Request as PageRequest,
} from 'playwright-core';
import { pageWorld, preloadWorld } from './injected-worlds.ts';

/**
 * The few parts of Electron that main.ts uses, over a real Chromium page. It is as strict as Electron where a
 * mistake would otherwise show only on a machine that has Electron: what must happen before `ready`, what a
 * sandboxed preload may be, and that nothing is answered that was not set up.
 */

type Handler = (event: unknown, ...given: unknown[]) => unknown;
type SchemeHandler = (request: Request) => Promise<Response>;
type Decide = (details: { url: string }, answer: (decision: { cancel?: boolean }) => void) => void;

/** Chromium knows no scheme of ours: the page sees this origin, and everything else the scheme. */
const shownOrigin = 'https://desk.stand-in.invalid';
const shown = (url: string): string => url.replace(/^app:\/\/desk/, shownOrigin);
const own = (url: string): string => url.replace(shownOrigin, 'app://desk');

const profile = mkdtempSync(path.join(tmpdir(), 'electron-stand-in-'));
let isReady = false;
let becomeReady: () => void;
const ready = new Promise<void>((resolve) => {
  becomeReady = resolve;
});
const windows = new Set<BrowserWindow>();
let context: BrowserContext | null = null;

/** Called by run.ts once main.js has been loaded to its end, as Electron does. */
export function markReady(): void {
  isReady = true;
  becomeReady();
}

function onlyBeforeReady(what: string): void {
  if (isReady) throw new Error(`${what} must be called before the app is ready.`);
}

class App extends EventEmitter {
  /** As a packed program sees itself; only then does it keep to the switches it allows. */
  readonly isPackaged = process.env['STAND_IN_PACKAGED'] === '1';
  readonly paths = new Map<string, string>([['appData', profile]]);
  setPath = (name: string, value: string): void => void this.paths.set(name, value);
  getPath(name: string): string {
    const value = this.paths.get(name);
    if (value === undefined) throw new Error(`Failed to get '${name}' path`);
    return value;
  }
  requestSingleInstanceLock = (): boolean => true;
  enableSandbox = (): void => {
    onlyBeforeReady('app.enableSandbox()');
  };
  whenReady = (): Promise<void> => ready;
  quit(): void {
    const preventDefault = (): void => {
      event.prevented = true;
    };
    const event = { prevented: false, preventDefault };
    this.emit('before-quit', event);
    if (!event.prevented) this.exit(0);
  }
  exit(code: number): void {
    void (async () => {
      await context?.close();
      rmSync(profile, { recursive: true, force: true });
      process.exit(code);
    })();
  }
}
export const app = new App();

export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { scheme: string }[]): void {
    onlyBeforeReady('protocol.registerSchemesAsPrivileged');
    for (const { scheme } of schemes) privileged.add(scheme);
  },
};
const privileged = new Set<string>();

class Session {
  readonly schemes = new Map<string, SchemeHandler>();
  decide: Decide | null = null;
  readonly protocol = {
    handle: (scheme: string, handler: SchemeHandler): void => {
      if (!privileged.has(scheme)) throw new Error(`${scheme} was not registered before ready.`);
      this.schemes.set(scheme, handler);
    },
  };
  readonly webRequest = {
    onBeforeRequest: (decide: Decide): void => {
      this.decide = decide;
    },
  };
  // Chromium asks for no permission in these tests; main.test.ts asks each of them.
  setPermissionRequestHandler(): void {
    mustBeReady('session');
  }
  setPermissionCheckHandler(): void {
    mustBeReady('session');
  }
  setDevicePermissionHandler(): void {
    mustBeReady('session');
  }
}

function mustBeReady(what: string): void {
  if (!isReady) throw new Error(`${what} can be used only after the app is ready.`);
}

const sessions = new Map<string, Session>();
export const session = {
  fromPartition(name: string): Session {
    mustBeReady('session');
    const known = sessions.get(name) ?? new Session();
    sessions.set(name, known);
    return known;
  },
};

export const Menu = {
  setApplicationMenu: (menu: null): void => {
    mustBeReady(`Menu ${String(menu)}`);
  },
};

export const dialog = {
  showErrorBox: (title: string, content: string): void => {
    process.stderr.write(`dialog: ${title} ${content}\n`);
  },
};

const handlers = new Map<string, Handler>();
export const ipcMain = {
  handle(channel: string, handler: Handler): void {
    if (handlers.has(channel))
      throw new Error(`Attempted to register a second handler: ${channel}`);
    handlers.set(channel, handler);
  },
};

class WebContents extends EventEmitter {
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  /** Runs an expression in the preload's world; set once the page is there. */
  inPreload: ((expression: string) => Promise<void>) | null = null;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
  send(channel: string, ...given: unknown[]): void {
    void this.inPreload?.(`standInSend(${JSON.stringify(channel)}, ${JSON.stringify(given)})`);
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents();
  readonly #options: BrowserWindowConstructorOptions;
  #page: Page | null = null;
  constructor(options: BrowserWindowConstructorOptions) {
    super();
    mustBeReady('BrowserWindow');
    this.#options = options;
    windows.add(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  isDestroyed = (): boolean => this.#page?.isClosed() ?? false;
  isMinimized = (): boolean => false;
  restore = (): void => undefined;
  focus = (): void => undefined;
  show = (): void => undefined;

  async loadURL(address: string): Promise<void> {
    const { webPreferences = {} } = this.#options;
    if (webPreferences.sandbox !== true || webPreferences.contextIsolation !== true) {
      throw new Error('The stand-in knows only sandboxed, isolated windows.');
    }
    context ??= await launchChromium();
    const page = context.pages()[0] ?? (await context.newPage());
    this.#page = page;
    page.on('close', () => {
      windows.delete(this);
      if (windows.size === 0) app.emit('window-all-closed');
    });
    const partition = session.fromPartition(webPreferences.partition ?? '');
    await page.route('**/*', async (route) => {
      await answer(partition, route.request(), route);
    });
    await installPreload(page, this.webContents, webPreferences.preload ?? '');
    await page.goto(shown(address));
    this.emit('ready-to-show');
  }
}

/** Chromium with an empty profile; the test drives the same page through the port it writes down. */
async function launchChromium(): Promise<BrowserContext> {
  const flags =
    '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking ' +
    '--disable-component-update --disable-sync --remote-debugging-port=0';
  const opened = await chromium.launchPersistentContext(path.join(profile, 'chromium'), {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: flags.split(' '),
    viewport: { width: 1366, height: 768 },
    locale: 'zh-CN',
  });
  const [port] = readFileSync(path.join(profile, 'chromium/DevToolsActivePort'), 'utf8').split(
    '\n',
  );
  const told = process.env['STAND_IN_ENDPOINT_FILE'];
  if (told !== undefined) writeFileSync(told, `http://127.0.0.1:${port ?? ''}`);
  return opened;
}

type Route = {
  abort(): Promise<void>;
  fulfill(response: {
    status: number;
    headers: Record<string, string>;
    body: Buffer;
  }): Promise<void>;
};

/** Every request of the page goes the way Electron's would: first the filter, then the scheme's handler. */
async function answer(partition: Session, request: PageRequest, route: Route): Promise<void> {
  const url = own(request.url());
  const cancelled = await new Promise<boolean>((resolve) => {
    if (partition.decide === null) resolve(false);
    partition.decide?.({ url }, ({ cancel }) => {
      resolve(cancel === true);
    });
  });
  const handler = partition.schemes.get(new URL(url).protocol.replace(':', ''));
  if (cancelled || handler === undefined) {
    await route.abort();
    return;
  }
  const response = await handler(new Request(url, { method: request.method() }));
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
}

/** Puts the preload into a world of its own in every document and connects it with ipcMain. */
async function installPreload(page: Page, contents: WebContents, file: string): Promise<void> {
  const worldName = 'preload';
  const cdp = await page.context().newCDPSession(page);
  let worldId = 0;
  cdp.on('Runtime.executionContextCreated', ({ context: created }) => {
    if (created.name === worldName) worldId = created.id;
  });
  contents.inPreload = async (expression) => {
    try {
      await cdp.send('Runtime.evaluate', { expression, contextId: worldId });
    } catch (problem) {
      // As in Electron, what is sent while the page changes documents reaches nobody.
      if (!isOfGoneDocument(problem)) throw problem;
    }
  };
  cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === 'standInIpc') void answerInvoke(page, contents, payload);
  });
  await cdp.send('Runtime.enable');
  await cdp.send('Page.enable');
  await cdp.send('Runtime.addBinding', { name: 'standInIpc', executionContextName: worldName });
  await addScript(cdp, pageWorld);
  await addScript(cdp, preloadWorld(readPreload(file)), worldName);
}

function isOfGoneDocument(problem: unknown): boolean {
  return /Cannot find context|context was destroyed|has been closed/.test(String(problem));
}

async function addScript(cdp: CDPSession, source: string, worldName?: string): Promise<void> {
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
    source,
    ...(worldName === undefined ? {} : { worldName }),
  });
}

/** A sandboxed preload is a CommonJS script; anything else Electron reports and leaves out. */
function readPreload(file: string): string {
  const source = readFileSync(file, 'utf8');
  if (file.endsWith('.mjs') || /^\s*(import|export)\s/m.test(source)) {
    throw new Error(`Unable to load preload script: ${file}: Cannot use import outside a module`);
  }
  return source.replace(/^\/\/# sourceMappingURL=.*$/m, '');
}

async function answerInvoke(page: Page, contents: WebContents, payload: string): Promise<void> {
  const { id, channel, given } = JSON.parse(payload) as {
    id: number;
    channel: string;
    given: unknown[];
  };
  const senderFrame = { parent: null, url: own(page.mainFrame().url()) };
  let answered: { id: number; value?: unknown; failed?: string };
  try {
    const handler = handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    answered = { id, value: await handler({ sender: contents, senderFrame }, ...given) };
  } catch (problem) {
    answered = { id, failed: problem instanceof Error ? problem.message : String(problem) };
  }
  await contents.inPreload?.(`standInAnswer(${JSON.stringify(answered)})`);
}
