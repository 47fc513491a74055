import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';

import { startPrinterSimulator } from '../../drivers/receipt-printer/simulator/escpos-simulator.ts';
import { openDataFolder } from '../../electron/app/data-folder.ts';
import { openFolderStore } from '../../electron/app/open-folder-store.ts';
import { startPayers } from '../../electron/claims/payers.test-support.ts';
import type { OpenedStore } from '../../electron/database/open-store.ts';
import { preparedDeskOf } from '../../electron/e2e/prepared-desk.ts';
import { colonCancer } from '../../electron/settlement/settlement.test-support.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { builtPart } from '../outputs.ts';
import { lostAcks, problemsInBooks, promisesLeft, type Promised } from './check-books.ts';
import { problemsInHandOver } from './check-hand-over.ts';
import { problemsInLedger } from './check-ledger.ts';
import type { Ack, Act, KillOrder } from './kill-order.ts';
import type { Death, DeskRun } from './run-desk.ts';
import { runHost } from './run-host.ts';
import {
  actsLeft,
  answerUnknownSlips,
  faultsOf,
  importOf,
  pointsInOrder,
  returningIdNumbers,
  seededRandom,
  settlementsExpected,
  wordsOf,
  type KillReport,
} from './run-kill-test.ts';

export type KillHostOptions = {
  /** Each kills the desk once. */
  readonly points: readonly string[];
  /** How often it is killed from outside besides, at random moments. */
  readonly outside: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
};

/**
 * Kills the real host again and again on one folder: at every crash point, then from outside. After each kill what
 * was acknowledged is looked for, and the next start goes on with the work; at the end books, paper, files for the
 * hospital, the payers' ledger and the log are compared with what was acknowledged.
 */
export async function killHost(options: KillHostOptions): Promise<KillReport> {
  const { outside, seed, say = () => undefined } = options;
  const points = pointsInOrder(options.points);
  const folder = mkdtempSync(path.join(tmpdir(), 'settlement-kill-host-'));
  const home = path.join(folder, 'desk');
  const printer = await startPrinterSimulator();
  const payers = await startPayers();
  const slips = (): readonly string[] => printer.sheets.map(({ lines }) => lines.join('\n'));
  const problems: string[] = [];
  const hits: Record<string, number> = Object.fromEntries(points.map((point) => [point, 0]));
  const acks: Ack[] = [];
  const promised: Promised[] = [];
  const settled: Record<string, string> = {};
  let kills = 0;
  try {
    fillHome(home, `tcp://127.0.0.1:${String(printer.port)}?model=generic-80`, payers.url());
    const random = seededRandom(seed);
    const acts = actsFor(await colonCancer(), points, outside, random);
    const order: Omit<KillOrder, 'from' | 'settled'> = {
      databaseFile: '',
      keyText: '',
      folder: home,
      acts,
      handOverFolder: path.join(home, 'hospital-out'),
      printerUrl: '',
      payersUrl: payers.url(),
    };
    const run = async (death: Death, more: Partial<KillOrder> = {}): Promise<DeskRun> => {
      const from = acks.length;
      const played = await runHost({ ...order, from, settled, ...more }, death);
      problems.push(...faultsOf(played, death));
      for (const hit of played.hits) hits[hit] = (hits[hit] ?? 0) + 1;
      return played;
    };
    const deaths = [...points, ...Array.from({ length: outside }, () => null), undefined];
    for (const point of deaths) {
      const death = deathOf(point, acks.length, acts.length, random);
      const played = await run(death);
      acks.push(...played.acks);
      if (death.kind !== 'none') kills += 1;
      for (const ack of played.acks) {
        if (ack.act === 'settle') settled[ack.visitId] = ack.settlementId;
      }
      const books = await openBooks(home);
      const lost = await lostAcks(books, acks);
      problems.push(...lost);
      promised.push(...(await promisesLeft(books)));
      await answerUnknownSlips(books, slips());
      const left = await actsLeft(books);
      await books.close();
      say(`killed ${wordsOf(death)}: ${lost.length === 0 ? 'nothing lost' : lost.join('; ')}`);
      if (problems.length > 0) break;
      if (death.kind === 'none' && left.length > 0) {
        await run({ kind: 'none' }, { acts: left, from: 0 });
      }
    }
    const settlementsOf = settlementsExpected(acts);
    const visitIds = Object.keys(settlementsOf);
    const books = await openBooks(home);
    if (problems.length === 0) {
      problems.push(
        ...(await problemsInBooks(books, { acks, promised, settlementsOf }, slips())),
        ...(await problemsInLedger(books, visitIds, await payers.ledger())),
        ...(await problemsInHandOver(books, visitIds, order.handOverFolder)),
        ...problemsInLog(home),
      );
    }
    await books.close();
  } finally {
    await printer.close();
    await payers.end();
    rmSync(folder, { recursive: true, force: true });
  }
  const neverHit = points.filter((point) => (hits[point] ?? 0) === 0);
  return { rounds: 1, kills, acknowledged: acks.length, hits, neverHit, problems };
}

/** A filled demo folder with this printer and these payers. */
function fillHome(home: string, printerUrl: string, payersUrl: string): void {
  const prepared = preparedDeskOf(process.env);
  if (prepared !== null) cpSync(prepared, home, { recursive: true });
  const set = (...words: readonly string[]): void => {
    const argv = [builtPart('cli.js'), 'settings', '--home', home, ...words];
    const ran = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`settings ${words.join(' ')}: ${ran.stderr}`);
  };
  if (prepared === null) set('--demo');
  set('printer-url', printerUrl);
  set('payers-url', payersUrl);
}

async function openBooks(home: string): Promise<OpenedStore> {
  const folder = openDataFolder(home, null, process.env);
  if (!folder.ok) throw new Error(folder.refusal.message.en);
  return openFolderStore(folder.value, { mustExist: true, onAnchorFault: () => undefined });
}

/**
 * Bills first, then for each death what leads to it: whatever a restart goes on with, all of the acts that pass a
 * point still follow. One more of everything at the end.
 */
function actsFor(
  colon: SettlementInput,
  points: readonly string[],
  outside: number,
  random: () => number,
): readonly Act[] {
  const kinds = [...points, ...Array.from({ length: outside }, () => 'settle:outside'), 'cancel:'];
  const sequences = kinds.map((point, index) => {
    const visitId = `KILL-HOST-${String(index)}`;
    const idNumber = returningIdNumbers[Math.floor(random() * returningIdNumbers.length)] ?? '';
    const bill = importOf({ ...colon, person: { ...colon.person, idNumber } }, visitId);
    return { bill, isImport: point.startsWith('import:'), acts: actsAround(point, visitId) };
  });
  const early = sequences.filter(({ isImport }) => !isImport).map(({ bill }) => bill);
  const importing = sequences.filter(({ isImport }) => isImport);
  return [
    ...importing.flatMap(({ bill, acts }) => [bill, ...acts]),
    ...early,
    ...sequences.filter(({ isImport }) => !isImport).flatMap(({ acts }) => acts),
    { act: 'hand-over' },
    { act: 'print' },
    { act: 'upload' },
  ];
}

function actsAround(point: string, visitId: string): readonly Act[] {
  const settle: Act = { act: 'settle', visitId };
  switch (point.replace(/:.*$/, '')) {
    case 'cancel':
      return [settle, { act: 'cancel', visitId }, settle];
    case 'hospital-file':
      return [settle, { act: 'hand-over' }];
    case 'print':
      return [settle, { act: 'print' }];
    case 'upload':
      return [settle, { act: 'upload' }];
    default:
      return [settle, settle];
  }
}

/** A point; null: from outside, at a random act and moment; undefined: not at all. */
function deathOf(
  point: string | null | undefined,
  acknowledged: number,
  acts: number,
  random: () => number,
): Death {
  if (typeof point === 'string') return { kind: 'at-point', point };
  // The last acts are left for the run that ends well.
  const left = Math.min(acts - 4 - acknowledged, 3);
  if (point === undefined || left <= 0) return { kind: 'none' };
  const index = acknowledged + Math.floor(random() * left);
  return { kind: 'after-ack', index, ms: random() < 0.5 ? 0 : Math.floor(random() * 40) };
}

/** Every line of the log is whole: one is written in a single piece, and a kill leaves it out or in. */
function problemsInLog(home: string): readonly string[] {
  const logs = path.join(home, 'logs');
  const problems: string[] = [];
  const seen = { lines: 0, torn: 0 };
  for (const name of readdirSync(logs)) {
    for (const line of readFileSync(path.join(logs, name), 'utf8').split('\n')) {
      if (line === '') continue;
      seen.lines += 1;
      if (!isJson(line)) seen.torn += 1;
      if (/\d{17}[\dX]/.test(line)) problems.push(`log: an ID number in ${name}`);
    }
  }
  if (seen.lines === 0) problems.push('log: nothing was written');
  if (seen.torn > 0) problems.push(`log: ${String(seen.torn)} lines are torn`);
  return problems;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
