import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';

import type { SimulatedCard } from '../../drivers/card-reader/simulator/sam-v-module.ts';
import { startPtyPair, type PtyPair } from '../../drivers/card-reader/simulator/pty-pair.ts';
import { startSimulator } from '../../drivers/card-reader/simulator/start-simulator.ts';
import { pageHeaders } from '../../shared/contracts/page-line.ts';
import { demoCardOfVisit } from '../demo/demo-cards.ts';
import { startPrinterSimulator } from '../../drivers/receipt-printer/simulator/escpos-simulator.ts';
import { CommandSession } from './command-session.ts';
import { launchChromium } from './launch-chromium.ts';
import { watchPage, type WatchedPage } from './page-watch.ts';
import { preparedDeskOf } from './prepared-desk.ts';
import { readyUrl } from './ready-url.ts';

/** How long anything may take before the test gives up; never a promise of speed. */
export const patienceMs = 300_000;

/** One window's surroundings: a data folder, a reader on a serial line, a printer, insurers, a browser. */
export class DeskHarness {
  readonly folder: string;
  /** The desk's data folder. */
  home: string;
  readonly line: PtyPair;
  readonly reader: Awaited<ReturnType<typeof startSimulator>>;
  readonly printer: Awaited<ReturnType<typeof startPrinterSimulator>>;
  readonly payersUrl: string;
  readonly #payers: ChildProcess;
  readonly #browser: Browser;
  readonly #commands = new CommandSession();
  /** The prepared folder with this window's devices, which no desk ever opens. */
  readonly #pristine: string;
  readonly #pages: WatchedPage[] = [];
  readonly #headersOf = new WeakMap<Page, Record<string, string>>();
  #desks = 0;
  #sheetsBefore = 0;
  #host: ChildProcess | null = null;
  #said = '';
  /** Where the desk is open; the same after a restart, since a folder keeps its port. */
  url = '';

  private constructor(parts: {
    folder: string;
    line: PtyPair;
    reader: Awaited<ReturnType<typeof startSimulator>>;
    printer: Awaited<ReturnType<typeof startPrinterSimulator>>;
    payers: ChildProcess;
    payersUrl: string;
    browser: Browser;
  }) {
    this.folder = parts.folder;
    this.#pristine = join(parts.folder, 'pristine');
    this.home = this.#pristine;
    this.line = parts.line;
    this.reader = parts.reader;
    this.printer = parts.printer;
    this.#payers = parts.payers;
    this.payersUrl = parts.payersUrl;
    this.#browser = parts.browser;
  }

  static async start(): Promise<DeskHarness> {
    const folder = await mkdtemp(join(tmpdir(), 'desk-e2e-'));
    const line = await startPtyPair(folder);
    const reader = await startSimulator(line.deviceEnd);
    const printer = await startPrinterSimulator();
    const payers = spawn(
      process.execPath,
      [
        'out/electron/payers-simulator.js',
        '--port',
        '0',
        '--home',
        join(folder, 'payers'),
        '--end-with-starter',
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const payersUrl = await readyUrl(payers);
    const browser = await launchChromium();
    const harness = new DeskHarness({ folder, line, reader, printer, payers, payersUrl, browser });
    const prepared = preparedDeskOf(process.env);
    if (prepared !== null) await cp(prepared, harness.home, { recursive: true });
    await harness.command('settings', '--demo', 'reader-url', harness.readerUrl);
    await harness.command('settings', 'printer-url', harness.printerUrl);
    await harness.command('settings', 'payers-url', payersUrl);
    await harness.freshDesk();
    return harness;
  }

  /** A desk nobody has worked at, with the same devices: its folder is new, the tray and the plate are empty. */
  async freshDesk(): Promise<void> {
    await this.killDesk();
    for (const context of this.#browser.contexts()) await context.close();
    await this.reader.lift();
    this.#sheetsBefore = this.printer.sheets.length;
    this.#said = '';
    this.#desks += 1;
    this.home = join(this.folder, `desk-${String(this.#desks)}`);
    await cp(this.#pristine, this.home, { recursive: true });
  }

  /** What came out of the printer for this desk, oldest first. */
  get sheets(): DeskHarness['printer']['sheets'] {
    return this.printer.sheets.slice(this.#sheetsBefore);
  }

  get readerUrl(): string {
    return `serial://${this.line.programEnd}?protocol=sam-v&baud=115200`;
  }

  get printerUrl(): string {
    return `tcp://127.0.0.1:${String(this.printer.port)}?model=generic-80`;
  }

  /** A command of the built program; its JSON answer, also where it refuses. */
  async command(name: string, ...rest: string[]): Promise<unknown> {
    const { json, exitCode, said } = await this.#commands.run([name, '--home', this.home, ...rest]);
    if (json === null) throw new Error(`${name} exited with ${String(exitCode)}: ${said}`);
    return json;
  }

  /** Runs a command as a program of its own that dies at a crash point; answers with its exit code. */
  async commandKilled(name: string, point: string): Promise<number | null> {
    const child = spawn(process.execPath, ['out/electron/cli.js', name, '--home', this.home], {
      stdio: 'ignore',
      env: { ...process.env, CRASH_AT: point },
    });
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    return exitCode;
  }

  /** Opens the desk's program; `CRASH_AT` may be in the environment. */
  async openDesk(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const host = spawn(
      process.execPath,
      ['out/electron/host.js', '--home', this.home, '--no-open'],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } },
    );
    host.stderr.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    this.#host = host;
    this.url = await readyUrl(host).catch((problem: unknown) => {
      throw new Error(`${String(problem)}\n${this.#said}`);
    });
  }

  /** Pulls the desk's plug. */
  async killDesk(): Promise<void> {
    const host = this.#host;
    this.#host = null;
    if (host === null || host.exitCode !== null || host.signalCode !== null) return;
    const ended = once(host, 'exit');
    host.kill('SIGKILL');
    await ended;
    this.#expectLostConnections();
  }

  /** Sends the desk's program a signal. */
  signalDesk(signal: NodeJS.Signals): void {
    this.#host?.kill(signal);
  }

  /** Resolves when the desk's program has died by itself; answers with what it said. */
  async deskDied(): Promise<string> {
    const host = this.#host;
    this.#host = null;
    if (host !== null && host.exitCode === null && host.signalCode === null) {
      await once(host, 'exit');
    }
    this.#expectLostConnections();
    return this.#said;
  }

  #expectLostConnections(): void {
    for (const page of this.#pages.splice(0)) {
      page.allow(/net::ERR_/, 'its desk was killed, and it tries to reach it again');
    }
  }

  /**
   * A fresh browser window on the desk, with no storage of an earlier one, opened with an address of its own. With `ownTime` a test may move the
   * page's clock on (`page.clock`) instead of waiting.
   */
  async openPage({ ownTime = false } = {}): Promise<Page> {
    const page = await this.newPage(null, { ownTime });
    for (;;) {
      await page.goto(await this.freshUrl());
      await page.locator('#root > *').first().waitFor();
      const isLetIn = await page.evaluate(() => sessionStorage.length > 0);
      if (isLetIn) return page;
      this.#pages.at(-1)?.allow(/401/, 'this machine took more than a minute to open the page');
    }
  }

  /** A window on nothing yet; `refused`: what its desk is to refuse it with. */
  async newPage(refused: RegExp | null = null, { ownTime = false } = {}): Promise<Page> {
    const viewport = { width: 1366, height: 768 };
    const context = await this.#browser.newContext({ viewport, locale: 'zh-CN' });
    const page = await context.newPage();
    if (ownTime) await page.clock.install();
    page.setDefaultTimeout(patienceMs);
    page.on('request', (request) => {
      if (request.url().includes('/api/call/')) this.#headersOf.set(page, request.headers());
    });
    // A browser that has only just been started loads its first page last of all on a busy machine.
    page.setDefaultNavigationTimeout(3 * patienceMs);
    const watched = watchPage(page);
    if (refused !== null) watched.allow(refused, 'the test asks for what is refused');
    this.#pages.push(watched);
    return page;
  }

  /** How a page showed who it is with its last call: a test may ask in its name. */
  proofOf(page: Page): Record<string, string> {
    const headers = this.#headersOf.get(page) ?? {};
    const names = ['content-type', pageHeaders.secret, pageHeaders.page];
    return Object.fromEntries(names.map((name) => [name, headers[name] ?? '']));
  }

  /**
   * A fresh address: each opens one window, within a minute. On a busy machine the desk may not answer within the four
   * seconds that the command waits; while it runs it is asked again.
   */
  async freshUrl(): Promise<string> {
    for (;;) {
      const answer = (await this.command('open')) as {
        url?: string;
        error?: { code: string };
      };
      if (answer.url !== undefined) return answer.url;
      if (answer.error?.code !== 'desk-out-of-reach' || this.#host?.exitCode !== null)
        throw new Error(`no address: ${JSON.stringify(answer)}`);
    }
  }

  /** The resident card of a demo patient, as its chip would hold it. */
  async cardOf(visitId: string): Promise<SimulatedCard> {
    const card = await demoCardOfVisit(visitId);
    if (card === null) throw new Error(`the demo has no visit ${visitId}`);
    return card;
  }

  async ledger(): Promise<{
    accepted: { payer: string; messageId: string; settlementId: string; amountFen: number }[];
    duplicates: unknown[];
  }> {
    const answer = await fetch(`${this.payersUrl}/ledger`);
    return (await answer.json()) as Awaited<ReturnType<DeskHarness['ledger']>>;
  }

  async end(): Promise<void> {
    await this.killDesk();
    await this.#commands.end();
    await this.#browser.close();
    await this.reader.stop();
    await this.line.unplug();
    await this.printer.close();
    const ended = once(this.#payers, 'exit');
    this.#payers.kill('SIGKILL');
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
