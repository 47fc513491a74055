import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { extractAll, listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { readFuses } from './fuses.ts';
import { makeStandInRuntime, packWithStandIn } from './pack-with-stand-in.ts';
import { packedIntoPage } from '../bill-of-materials.ts';
import { startPtyPair, type PtyPair } from '../../drivers/card-reader/simulator/pty-pair.ts';
import { startSimulator } from '../../drivers/card-reader/simulator/start-simulator.ts';
import { startPrinterSimulator } from '../../drivers/receipt-printer/simulator/escpos-simulator.ts';
import { demoCardOfVisit } from '../../electron/demo/demo-cards.ts';
import { startStandIn, type StandIn } from '../../electron/e2e/electron-stand-in/start-stand-in.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** Half a minute of a core; on a machine with much else to do that can be a long while. */
const packingMs = 3_600_000;

type Manifest = {
  version: string;
  devDependencies: Record<string, string>;
};
const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const manifest = readJson(path.join(root, 'package.json')) as Manifest;

/** Bounds of what a hospital downloads and unpacks, without Electron itself. */
const megabytesMax = { archive: 80, unpacked: 30 };

describe('the packed program', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'packed-'));
  const app = path.join(folder, 'app');
  let packed: string;
  let archive: string;
  let inside: readonly string[];

  beforeAll(() => {
    const runtime = path.join(folder, 'runtime');
    // Every fuse stands the wrong way round, so that each one has to be flipped.
    makeStandInRuntime(runtime, manifest.devDependencies['electron'] ?? '', '101100110');
    packed = packWithStandIn(root, runtime, path.join(folder, 'dist'));
    archive = path.join(packed, 'resources/app.asar');
    inside = listPackage(archive, { isPack: false });
    extractAll(archive, app);
  }, packingMs);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has every fuse as the configuration says, the snapshot one too', () => {
    const { electronFuses } = parse(
      readFileSync(path.join(root, 'electron-builder.yml'), 'utf8'),
    ) as { electronFuses: Record<string, boolean> };
    const fuses = readFuses(path.join(packed, 'settlement-window'));
    expect(fuses).toEqual(electronFuses);
  });

  it('holds program, page, packs and demo, and nothing of ours besides', () => {
    const own = inside.filter((file) => !file.startsWith('/node_modules'));
    for (const file of [
      '/package.json',
      '/LICENSE',
      '/out/electron/main.js',
      '/out/page/index.html',
    ])
      expect(own).toContain(file);
    expect(own.some((file) => /^\/out\/policy-packs\/.+\/pack\.ready\.json$/.test(file))).toBe(
      true,
    );
    const stray = own.filter(
      (file) =>
        !/^\/(?:package\.json|LICENSE|out(?:\/(?:electron|page|policy-packs|demo-data)(?:\/.*)?)?)$/.test(
          file,
        ),
    );
    expect(stray).toEqual([]);
    expect(own.filter((file) => /\.map$|\.test\.|test-support/.test(file))).toEqual([]);
  });

  it('holds no package that only developing needs', () => {
    const names = new Set(
      inside.flatMap(
        (file) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(file)?.[1] ?? [],
      ),
    );
    expect(names.size).toBeGreaterThan(50);
    const development = [...Object.keys(manifest.devDependencies), ...packedIntoPage];
    expect(development.filter((name) => names.has(name))).toEqual([]);
    // By the lock file: nothing that npm would leave out with --omit=dev.
    const { packages } = readJson(path.join(root, 'package-lock.json')) as {
      packages: Record<string, { dev?: boolean }>;
    };
    const needed = new Set(
      Object.entries(packages)
        .filter(([, { dev }]) => dev !== true)
        .map(([place]) => place.split('node_modules/').at(-1)),
    );
    expect([...names].filter((name) => !needed.has(name))).toEqual([]);
  });

  it('has its native parts beside the archive, for this system, and each can be loaded', () => {
    const unpacked = `${archive}.unpacked`;
    const natives = globSync('**/*.node', { cwd: unpacked });
    for (const name of ['better-sqlite3', 'node-hid', '@serialport/bindings-cpp'])
      expect(
        natives.some((file) => file.includes(`node_modules/${name}/`)),
        name,
      ).toBe(true);
    // In the archive stands only where they are: the system cannot load what lies in it.
    expect(inside.filter((file) => file.endsWith('.node')).length).toBe(natives.length);
    expect(natives.filter((file) => /darwin|android|musl/.test(file))).toEqual([]);
    const ours = natives.filter((file) => /linux/.test(file) && file.includes(process.arch));
    expect(ours.length).toBeGreaterThanOrEqual(3);
    const load = `process.dlopen({ exports: {} }, process.argv[1])`;
    for (const file of ours) {
      const ran = spawnSync(process.execPath, ['-e', load, path.join(unpacked, file)], {
        encoding: 'utf8',
      });
      expect([file, ran.status, ran.stderr]).toEqual([file, 0, '']);
    }
    const require = createRequire(path.join(app, 'package.json'));
    const Database = require('better-sqlite3') as new (file: string) => {
      prepare(sql: string): { get(): unknown };
      close(): void;
    };
    const database = new Database(':memory:');
    expect(database.prepare('select 1 as one').get()).toEqual({ one: 1 });
    database.close();
  });

  it('is no larger than what a hospital can be sent', () => {
    const megabytes = (files: readonly string[]): number =>
      files.reduce((sum, file) => sum + statSync(file).size, 0) / 1024 / 1024;
    const beside = globSync('**/*', { cwd: `${archive}.unpacked`, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    const sizes = { archive: megabytes([archive]), unpacked: megabytes(beside) };
    console.error(
      `packed: ${sizes.archive.toFixed(1)} MB, beside it ${sizes.unpacked.toFixed(1)} MB`,
    );
    expect(sizes.archive).toBeLessThan(megabytesMax.archive);
    expect(sizes.unpacked).toBeLessThan(megabytesMax.unpacked);
  });

  it('does not start with a door open for a debugger', async () => {
    const main = path.join(app, 'out/electron/main.js');
    const start = startStandIn(main, ['--remote-debugging-port=9222'], { STAND_IN_PACKAGED: '1' });
    await expect(start).rejects.toThrow('--remote-debugging-port=9222');
    expect(existsSync(path.join(folder, 'desk'))).toBe(false);
  });

  describe('in the stand-in for Electron', () => {
    const home = path.join(folder, 'desk');
    let line: PtyPair;
    let reader: Awaited<ReturnType<typeof startSimulator>>;
    let printer: Awaited<ReturnType<typeof startPrinterSimulator>>;
    let desk: StandIn;

    const command = (...argv: string[]): unknown => {
      const cli = path.join(app, 'out/electron/cli.js');
      const ran = spawnSync(process.execPath, [cli, ...argv, '--home', home], { encoding: 'utf8' });
      if (ran.status !== 0) throw new Error(`${argv.join(' ')}: ${ran.stdout}${ran.stderr}`);
      return JSON.parse(ran.stdout);
    };

    beforeAll(async () => {
      line = await startPtyPair(folder);
      reader = await startSimulator(line.deviceEnd);
      printer = await startPrinterSimulator();
      const readerUrl = `serial://${line.programEnd}?protocol=sam-v&baud=115200`;
      command('settings', '--demo', 'reader-url', readerUrl);
      command('settings', 'printer-url', `tcp://127.0.0.1:${String(printer.port)}`);
      const main = path.join(app, 'out/electron/main.js');
      desk = await startStandIn(main, ['--home', home], { STAND_IN_PACKAGED: '1' });
    });
    afterAll(async () => {
      await desk.stop();
      await reader.stop();
      await line.unplug();
      await printer.close();
    });

    it('runs one discharge from the card to the paper', async () => {
      const { page } = desk;
      const moment = (wanted: string) =>
        page.waitForFunction((name) => document.body.dataset['moment'] === name, wanted, {
          timeout: 300_000,
        });
      await moment('waiting');
      await page.clock.install();
      const card = await demoCardOfVisit('ZY20171110001');
      if (card === null) throw new Error('the demo has no such visit');
      await reader.place(card);
      await moment('checking');
      // A person looks before pressing.
      await page.clock.fastForward(600);
      await page.keyboard.press('Enter');
      await moment('paying');
      await page.keyboard.press('F8');
      await moment('confirming');
      await page.keyboard.press('Enter');
      await moment('done');
      expect(await page.getByTestId('patient-pays').innerText()).toContain('1,358.00');
      expect(printer.sheets[0]?.lines.join('\n')).toContain('1,358.00');
      expect(command('settle-visit', 'ZY20171110001')).toMatchObject({ already: true });
    });
  });
});
