import './base/small-nursery.ts';
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import type { Refusal } from '../shared/domain/result.ts';
import { systemTimer } from './base/timer.ts';
import { armCrashPoints } from './base/crash-points.ts';
import { openNoDebugger } from './base/no-debugger.ts';
import { keepFilesPrivate } from './base/private-files.ts';
import { folderRefusal } from './app/folder-refusals.ts';
import { startApplication } from './app/start-application.ts';
import { openInBrowser, writeBrowserFile } from './host/browser-file.ts';
import { leaveWithin } from './host/leave.ts';
import { openingTokens } from './host/opening-tokens.ts';
import { lastPort, removeRunFile, writeRunFile } from './host/run-file.ts';
import { serveDesk, type DeskServer } from './host/serve-desk.ts';
import { endWithStarter } from './host/starter.ts';
import { windowAddress } from './host/window-address.ts';

/**
 * The desk on loopback: the same services and the same page as in Electron, for machines without it and for
 * the end-to-end tests. Prints exactly one line `ready <url>` on standard output when the page can be opened.
 */
async function runHost(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  armCrashPoints(environment);
  // What is said may go to a file on a full disk; nobody's settlement ends for that.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const options = readOptions(argv, environment);
  const started = await startApplication({
    home: options.home,
    wanted: options.wanted,
    whenMissing: options.wanted === 'live' ? 'make-live' : 'make-demo',
    environment,
    onProgress: (words) => process.stderr.write(`${words.zh}\n`),
  });
  if (!started.ok) {
    fail(started.refusal);
    return;
  }
  const application = started.value;
  const tokens = openingTokens(() => performance.now());
  const ownerSecret = randomBytes(24).toString('hex');
  let isEnding = false;
  let server: DeskServer | null = null;
  // Whoever stops the desk ends its pages; a program that is merely ended leaves them, and they find it again.
  const end = (isStopped: boolean): void => {
    if (isEnding) return;
    isEnding = true;
    const close = async (): Promise<void> => {
      removeRunFile(options.home);
      await server?.close();
      if (isStopped) await application.pageSessions.endAll('stopped');
      await application.close();
    };
    void leaveWithin(close, () => process.exit(0));
  };
  const stop = (): void => {
    end(true);
  };
  const leave = (): void => {
    end(false);
  };
  // While no desk was here anybody on the machine could have its port, and an open page shows its secret to whoever has
  // it. So whoever sat at a page signs in anew; and where the port is not the same no page of ours can be left.
  if (application.folder.kind === 'live') await application.pageSessions.leaveAll();
  const before = lastPort(options.home);
  server = await listen(options, { application, tokens, ownerSecret, onStop: stop });
  if (server.port !== before) await application.pageSessions.endAll('stopped');
  const isFound = writeRunFile(options.home, {
    pid: process.pid,
    port: server.port,
    since: new Date().toISOString(),
    ownerSecret,
  });
  if (!isFound) {
    process.stderr.write('磁盘写不进去：窗口照常打开，但 stop 和 open 命令找不到它。\n');
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave);
  endWithStarter(environment, leave);
  const { port } = server;
  process.stdout.write(`ready http://127.0.0.1:${String(port)}/#token=${tokens.make()}\n`);
  if (options.open) openPage(options.home, windowAddress(port, tokens.make()));
}

type HostOptions = {
  readonly home: string;
  readonly wanted: 'demo' | 'live' | null;
  readonly port: number | null;
  readonly open: boolean;
};

function readOptions(argv: readonly string[], environment: NodeJS.ProcessEnv): HostOptions {
  const { values } = parsedOptions(argv);
  for (const name of ['home', 'port'] as const) {
    const given = values[name];
    if (given === '' || /\p{Cc}/u.test(given ?? '')) wrongUsage(`--${name} 是空的或含有控制字符。`);
  }
  const port = values.port === undefined ? null : Number(values.port);
  if (port !== null && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    wrongUsage(`--port 应为 0 到 65535 的整数：${(values.port ?? '').slice(0, 60)}`);
  }
  return {
    home:
      values.home === undefined
        ? join(homedir(), '.settlement-window')
        : resolve(environment['INIT_CWD'] ?? process.cwd(), values.home),
    wanted: values.demo === undefined ? null : values.demo ? 'demo' : 'live',
    port,
    open: values.open,
  };
}

function parsedOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        home: { type: 'string' },
        port: { type: 'string' },
        open: { type: 'boolean', default: true },
        demo: { type: 'boolean' },
        host: { type: 'boolean' },
      },
      allowNegative: true,
    });
  } catch (problem) {
    return wrongUsage(problem instanceof Error ? problem.message.slice(0, 200) : '');
  }
}

function wrongUsage(why: string): never {
  process.stderr.write(
    `${why}\n写法 (usage): npm start -- [--port N] [--no-open] [--home DIR] [--demo | --no-demo] [--host]\n`,
  );
  process.exit(2);
}

type Served = Omit<Parameters<typeof serveDesk>[0], 'port'>;

/** The port asked for, else the one the desk had last (an open page finds it again), else any free one. */
async function listen(options: HostOptions, served: Served): Promise<DeskServer> {
  if (options.port !== null) return serveDesk({ ...served, port: options.port });
  const before = lastPort(options.home);
  try {
    return await serveDesk({ ...served, port: before });
  } catch (problem) {
    if (before === 0 || (problem as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw problem;
    process.stderr.write(
      `窗口上次的端口 ${String(before)} 现在被别的程序占着，这次换了一个。以前打开的窗口页面已经不是本程序的：请全部关掉，不要在里面输入密码；请信息科查明是谁占用。没有动钱。\n`,
    );
    return serveDesk({ ...served, port: 0 });
  }
}

function fail(refusal: Refusal): void {
  process.stderr.write(`${refusal.message.zh}\n${refusal.remedy.zh}\n`);
  process.stderr.write(`${JSON.stringify({ error: refusal })}\n`);
  process.exit(1);
}

function openPage(home: string, url: string): void {
  // A machine without a browser, or a full disk, is no fault: the address stands on the screen.
  const say = (): void => {
    process.stderr.write('没有打开浏览器：请在浏览器中打开上面 ready 后面的地址，一分钟内有效。\n');
  };
  try {
    openInBrowser(writeBrowserFile(home, url, systemTimer), say);
  } catch {
    say();
  }
}

/** The whole program of the desk: what it makes is its user's alone, and what the system refuses is told in words. */
export async function hostProgram(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  keepFilesPrivate();
  openNoDebugger();
  try {
    await runHost(argv, environment);
  } catch (problem) {
    const { code, path } = problem as NodeJS.ErrnoException;
    const taken = code === 'EADDRINUSE' ? portOf(problem) : null;
    if (taken !== null) {
      fail(folderRefusal('port-taken', { port: taken }));
      return;
    }
    // A fault of the program is told with its place; what the system refused is a trouble of the folder.
    if (code === undefined || !/^(?:E[A-Z0-9]+|SQLITE_[A-Z_]+)$/.test(code)) throw problem;
    fail(folderRefusal('folder-unusable', { place: path ?? '--home', why: code }));
  }
}

/** Which port somebody else has; the system's error names it. */
function portOf(problem: unknown): number | null {
  const port: unknown =
    typeof problem === 'object' && problem !== null ? Reflect.get(problem, 'port') : null;
  return typeof port === 'number' ? port : null;
}

if (import.meta.main) await hostProgram(process.argv.slice(2), process.env);
