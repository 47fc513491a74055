import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, Privileges } from 'electron';
import { beforeAll, describe, expect, it, vi } from 'vitest';

/**
 * A record of what main.ts asks of Electron; nothing here shows a window. The built program runs against a
 * stand-in with a real Chromium page in the end-to-end tests.
 */
const electron = vi.hoisted(() => {
  const seen = {
    windows: [] as { options: BrowserWindowConstructorOptions; address: string }[],
    calls: new Map<string, (event: unknown, ...rest: unknown[]) => unknown>(),
    schemes: [] as { scheme: string; privileges?: Privileges }[],
    handledSchemes: [] as string[],
    partitions: [] as string[],
    refusals: {} as Record<string, (...given: never[]) => unknown>,
    sandboxEnabledWhenReady: null as boolean | null,
    sandboxEnabled: false,
    menu: undefined as unknown,
    sent: [] as unknown[],
    exits: [] as number[],
  };
  const made: { contents: unknown; app: unknown } = { contents: undefined, app: undefined };
  return { seen, made };
});

const application = vi.hoisted(() => ({
  callFromWindow: vi.fn(() => Promise.resolve({ ok: true, value: 'answered' })),
  listeners: [] as ((event: unknown) => void)[],
  subscribe(listener: (event: unknown) => void) {
    application.listeners.push(listener);
    return () => undefined;
  },
  close: vi.fn(() => Promise.resolve()),
}));

class FakeContents extends EventEmitter {
  openHandler: ((details: unknown) => { action: string }) | null = null;
  setWindowOpenHandler(handler: (details: unknown) => { action: string }): void {
    this.openHandler = handler;
  }
  send(...message: unknown[]): void {
    electron.seen.sent.push(message);
  }
}

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  const app = Object.assign(new Emitter(), {
    isPackaged: true,
    setPath: () => undefined,
    getPath: () => '/nowhere',
    requestSingleInstanceLock: () => true,
    enableSandbox: () => {
      electron.seen.sandboxEnabled = true;
    },
    whenReady: () => {
      electron.seen.sandboxEnabledWhenReady = electron.seen.sandboxEnabled;
      return Promise.resolve();
    },
    exit: (code: number) => electron.seen.exits.push(code),
  });
  electron.made.app = app;
  const contents = new FakeContents();
  electron.made.contents = contents;
  class BrowserWindow extends Emitter {
    webContents = contents;
    options: BrowserWindowConstructorOptions;
    constructor(options: BrowserWindowConstructorOptions) {
      super();
      this.options = options;
      app.emit('web-contents-created', {}, contents);
    }
    isDestroyed = () => false;
    isMinimized = () => true;
    restore = vi.fn();
    focus = vi.fn();
    show = vi.fn();
    loadURL(address: string): Promise<void> {
      electron.seen.windows.push({ options: this.options, address });
      return Promise.resolve();
    }
  }
  const { seen } = electron;
  return {
    app,
    BrowserWindow,
    dialog: { showErrorBox: () => undefined },
    ipcMain: {
      handle: (name: string, handler: (event: unknown, ...rest: unknown[]) => unknown) =>
        seen.calls.set(name, handler),
    },
    Menu: { setApplicationMenu: (menu: unknown) => (seen.menu = menu) },
    protocol: {
      registerSchemesAsPrivileged: (schemes: typeof seen.schemes) => seen.schemes.push(...schemes),
    },
    session: {
      fromPartition: (partition: string) => {
        seen.partitions.push(partition);
        return {
          protocol: { handle: (scheme: string) => seen.handledSchemes.push(scheme) },
          setPermissionRequestHandler: (handler: never) => (seen.refusals['ask'] = handler),
          setPermissionCheckHandler: (handler: never) => (seen.refusals['check'] = handler),
          setDevicePermissionHandler: (handler: never) => (seen.refusals['device'] = handler),
          webRequest: {
            onBeforeRequest: (handler: never) => (seen.refusals['request'] = handler),
          },
        };
      },
    },
  };
});

vi.mock('./app/start-application.ts', () => ({
  startApplication: () => Promise.resolve({ ok: true, value: application }),
}));

const { seen } = electron;
const contents = (): FakeContents => electron.made.contents as FakeContents;

beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await import('./main.ts');
  await vi.waitFor(() => {
    expect(seen.windows).toHaveLength(1);
  }, 300_000);
  vi.restoreAllMocks();
});

describe("the desk's window", () => {
  it('keeps the page in a sandbox, away from Node and from Electron itself', () => {
    expect(seen.windows[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      devTools: false,
    });
    expect(seen.sandboxEnabledWhenReady).toBe(true);
  });

  it('uses a CommonJS preload, since a sandboxed one cannot be an ES module', () => {
    expect(seen.windows[0]?.options.webPreferences?.preload).toMatch(/preload\.cjs$/);
  });

  it('opens the page over our own secure scheme and keeps nothing of it on disk', () => {
    expect(seen.windows[0]?.address).toBe('app://desk/');
    expect(seen.handledSchemes).toEqual(['app']);
    expect(seen.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
    ]);
    expect(seen.partitions).toEqual([seen.windows[0]?.options.webPreferences?.partition]);
    expect(seen.partitions[0]).not.toMatch(/^persist:/);
  });

  it('goes nowhere, opens no second window and embeds no guest', () => {
    for (const event of ['will-navigate', 'will-redirect', 'will-attach-webview']) {
      const preventDefault = vi.fn();
      contents().emit(event, { preventDefault });
      expect(preventDefault, event).toHaveBeenCalledOnce();
    }
    expect(contents().openHandler?.({ url: 'https://example.com' })).toEqual({ action: 'deny' });
  });

  it('grants no permission and no device', () => {
    const ask = seen.refusals['ask'] as unknown as (
      contents: null,
      permission: string,
      answer: (granted: boolean) => void,
    ) => void;
    for (const permission of ['media', 'geolocation', 'notifications', 'hid', 'openExternal']) {
      const answer = vi.fn();
      ask(null, permission, answer);
      expect(answer, permission).toHaveBeenCalledExactlyOnceWith(false);
    }
    expect((seen.refusals['check'] as () => boolean)()).toBe(false);
    expect((seen.refusals['device'] as () => boolean)()).toBe(false);
  });

  it.each([
    ['app://desk/assets/index.js', false],
    ['data:image/png;base64,AA', false],
    ['blob:app://desk/2f7c', false],
    ['https://example.com/', true],
    ['http://127.0.0.1:9/', true],
    ['file:///etc/passwd', true],
    ['app://elsewhere/', true],
    ['ws://127.0.0.1:9/', true],
  ])('lets the request %s leave only where it is our own', (url, cancel) => {
    const answer = vi.fn();
    const request = seen.refusals['request'] as unknown as (
      details: { url: string },
      answer: (decision: { cancel: boolean }) => void,
    ) => void;
    request({ url }, answer);
    expect(answer).toHaveBeenCalledExactlyOnceWith({ cancel });
  });

  it('has no menu with reload and developer tools', () => {
    expect(seen.menu).toBeNull();
  });
});

describe('a call from the page', () => {
  const call = (event: unknown): unknown =>
    seen.calls.get('settlement-window:call')?.(event, 'desk:state', { a: 1 });
  const frame = { parent: null, url: 'app://desk/index.html' };

  it('is answered as from the window of the program', async () => {
    await expect(call({ sender: contents(), senderFrame: frame })).resolves.toEqual({
      ok: true,
      value: 'answered',
    });
    expect(application.callFromWindow).toHaveBeenCalledWith('desk:state', { a: 1 });
  });

  it.each([
    ['another window', { sender: {}, senderFrame: frame }],
    ['another address', { senderFrame: { parent: null, url: 'https://example.com/' } }],
    ['a look-alike address', { senderFrame: { parent: null, url: 'app://desk.example/' } }],
    ['a frame within the page', { senderFrame: { parent: frame, url: 'app://desk/' } }],
    ['a frame that is gone', { senderFrame: null }],
  ])('is refused from %s', (_from, event) => {
    application.callFromWindow.mockClear();
    expect(() => call({ sender: contents(), ...event })).toThrow('did not come from the desk');
    expect(application.callFromWindow).not.toHaveBeenCalled();
  });
});

describe('an event of the services', () => {
  it('reaches the page as topic and version', () => {
    application.listeners[0]?.({ topic: 'visits', version: 3 });
    expect(seen.sent).toEqual([['settlement-window:event', { topic: 'visits', version: 3 }]]);
  });
});

describe('the end of the desk', () => {
  it('closes the services before the program goes, once', async () => {
    const preventDefault = vi.fn();
    (electron.made.app as EventEmitter).emit('before-quit', { preventDefault });
    (electron.made.app as EventEmitter).emit('window-all-closed');
    await vi.waitFor(() => {
      expect(seen.exits).toEqual([0]);
    }, 300_000);
    expect(preventDefault).toHaveBeenCalledOnce();
    expect(application.close).toHaveBeenCalledOnce();
  });
});
