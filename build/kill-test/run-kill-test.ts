import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startPrinterSimulator } from '../../drivers/receipt-printer/simulator/escpos-simulator.ts';
import { shanghaiInstant } from '../../electron/base/clock.ts';
import { timeOrderedIds } from '../../electron/base/ids.ts';
import { crashPoints } from '../../electron/base/crash-points.ts';
import { startPayers } from '../../electron/claims/payers.test-support.ts';
import { openStore, type OpenedStore } from '../../electron/database/open-store.ts';
import { colonCancer } from '../../electron/settlement/settlement.test-support.ts';
import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { buildDeskProgram } from './build-desk-program.ts';
import { lostAcks, problemsInBooks, promisesLeft, type Promised } from './check-books.ts';
import { problemsInHandOver } from './check-hand-over.ts';
import { problemsInLedger, type PayersLedger } from './check-ledger.ts';
import type { Ack, Act, KillOrder } from './kill-order.ts';
import { runDesk, type Death, type DeskRun } from './run-desk.ts';

export type KillTestOptions = {
  readonly rounds: number;
  readonly seed: number;
  /** The tree whose desk is killed. It is judged by this tree's code. */
  readonly sources: string;
  readonly points: readonly string[];
  /**
   * At how many crash points the desk dies in one round, each time further on in its work; 1 unless said
   * otherwise. Several cost fewer starts and comparisons; one tells best which point it was.
   */
  readonly pointsPerRound?: number;
  /** Kills from outside only, at no crash point. */
  readonly outsideOnly?: boolean;
  /** Ends at the first round that finds something: enough for a planted fault. */
  readonly stopAtFirst?: boolean;
  readonly say?: (line: string) => void;
};

export type KillReport = {
  readonly rounds: number;
  readonly kills: number;
  readonly acknowledged: number;
  /** How often each crash point killed the program. */
  readonly hits: Readonly<Record<string, number>>;
  readonly neverHit: readonly string[];
  readonly problems: readonly string[];
};

/**
 * Kills the desk in the middle of its work, round after round on one folder, restarts it, and compares what it
 * had acknowledged with what is there, what came out of the printer, and what the books say.
 */
export async function runKillTest(options: KillTestOptions): Promise<KillReport> {
  const { rounds, points, say = () => undefined } = options;
  const desk = await buildDeskProgram(options.sources);
  const folder = mkdtempSync(path.join(tmpdir(), 'settlement-kill-'));
  const databaseFile = path.join(folder, 'settlement.db');
  const handOverFolder = path.join(folder, 'hospital-out');
  mkdirSync(handOverFolder);
  const key = randomBytes(32);
  const printer = await startPrinterSimulator();
  const payers = await startPayers();
  const colon = await colonCancer();
  const random = seededRandom(options.seed);
  const hits: Record<string, number> = Object.fromEntries(points.map((point) => [point, 0]));
  const problems: string[] = [];
  const total = { rounds: 0, kills: 0, acknowledged: 0 };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const acts = actsOf(colon, round, random);
      const order: KillOrder = {
        databaseFile,
        folder,
        keyText: key.toString('hex'),
        handOverFolder,
        printerUrl: `tcp://127.0.0.1:${String(printer.port)}`,
        payersUrl: payers.url(),
        acts,
        from: 0,
        settled: {},
      };
      const slips = () => printer.sheets.map(({ lines }) => lines.join('\n'));
      const played = await playRound(desk.program, order, deathsOf(options, round, random), {
        open: () => openStore({ file: databaseFile, key }),
        slips,
        ledger: payers.ledger,
      });
      for (const hit of played.hits) hits[hit] = (hits[hit] ?? 0) + 1;
      total.rounds += 1;
      total.kills += played.deaths.length;
      total.acknowledged += played.acknowledged;
      problems.push(...played.problems.map((problem) => `round ${String(round + 1)}: ${problem}`));
      const found = played.problems.join('; ');
      say(
        `round ${String(round + 1)}/${String(rounds)}, killed ${played.deaths.map(wordsOf).join(', then ')}: ${found === '' ? 'nothing lost, nothing doubled' : found}`,
      );
      if (problems.length > 0 && options.stopAtFirst === true) break;
    }
  } finally {
    await printer.close();
    await payers.end();
    rmSync(folder, { recursive: true, force: true });
    desk.remove();
  }
  const neverHit = points.filter((point) => (hits[point] ?? 0) === 0);
  return { ...total, hits, neverHit, problems };
}

/** The number of a crash point as `CRASH_AT` takes it. */
export function numberOfPoint(point: string): number {
  return crashPoints.findIndex((name) => name === point) + 1;
}

type Oracle = {
  readonly open: () => Promise<OpenedStore>;
  readonly slips: () => readonly string[];
  readonly ledger: () => Promise<PayersLedger>;
};

/** The kills of one round, the restarts that go on where the acknowledgements ended, and the comparison. */
async function playRound(
  program: string,
  order: KillOrder,
  deaths: readonly DeathInTurn[],
  oracle: Oracle,
) {
  const problems: string[] = [];
  const acks: Ack[] = [];
  const hits: string[] = [];
  const promised: Promised[] = [];
  const died: Death[] = [];
  const settled: Record<string, string> = {};
  for (const deathAfter of [...deaths, (): Death => ({ kind: 'none' })]) {
    const death = deathAfter(acks.length, order.acts.length);
    if (death.kind !== 'none') died.push(death);
    const from = acks.length;
    const run = await runDesk(program, { ...order, from, settled: { ...settled } }, death);
    problems.push(...faultsOf(run, death));
    acks.push(...run.acks);
    hits.push(...run.hits);
    for (const ack of run.acks) {
      if (ack.act === 'settle') settled[ack.visitId] = ack.settlementId;
    }
    const books = await oracle.open();
    problems.push(...(await lostAcks(books, acks)));
    promised.push(...(await promisesLeft(books)));
    await answerUnknownSlips(books, oracle.slips());
    const acts = await actsLeft(books);
    await books.close();
    if (death.kind !== 'none' || acts.length === 0) continue;
    const last = await runDesk(program, { ...order, acts }, { kind: 'none' });
    problems.push(...faultsOf(last, { kind: 'none' }));
  }
  const settlementsOf = settlementsExpected(order.acts);
  const books = await oracle.open();
  problems.push(
    ...(await problemsInBooks(books, { acks, promised, settlementsOf }, oracle.slips())),
  );
  const visitIds = Object.keys(settlementsOf);
  problems.push(...(await problemsInLedger(books, visitIds, await oracle.ledger())));
  problems.push(...(await problemsInHandOver(books, visitIds, order.handOverFolder)));
  await books.close();
  return { deaths: died, hits, acknowledged: acks.length, problems };
}

export function faultsOf(run: DeskRun, death: Death): string[] {
  if (run.killed) return [];
  // What went wrong before is why it was not reached, or why the desk lived on.
  if (death.kind === 'at-point') return [`${death.point} was not reached: ${run.said.trim()}`];
  return run.exitCode === 0 ? [] : [`the program failed: ${run.said.slice(0, 600)}`];
}

/** What the cashier does after a crash: looks whether the slip lies in the tray, and says so. */
const ids = timeOrderedIds();

export async function answerUnknownSlips(
  store: OpenedStore,
  slips: readonly string[],
): Promise<void> {
  const at = shanghaiInstant(new Date());
  await store.transact(async ({ printJobs, settlements }) => {
    const jobs = await printJobs.inState('unknown', 100);
    for (const { id, settlementId } of jobs) {
      const number = (await settlements.find(settlementId))?.number ?? '';
      const cameOut = slips.some((slip) => slip.includes(number));
      await printJobs.answer({ id, cameOut, at, who: 'cashier1', copyId: ids.next() });
    }
  });
}

/** What waits for another go: slips that did not come out, and claims whose payer left no answer. */
export function actsLeft(store: OpenedStore): Promise<readonly Act[]> {
  return store.read(async ({ printJobs, claims }) => {
    const queued = await printJobs.inState('queued', 1000);
    const silent = await claims.list({ states: ['unknown'], limit: 1 });
    return [
      ...(queued.some(({ document }) => document === 'receipt') ? [{ act: 'print' as const }] : []),
      ...(silent.length > 0 ? [{ act: 'upload' as const }] : []),
    ];
  });
}

/** Settling twice gives one settlement; after a cancellation there is another. */
export function settlementsExpected(acts: readonly Act[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const live = new Set<string>();
  for (const act of acts) {
    if (act.act === 'cancel') live.delete(act.visitId);
    if (act.act !== 'settle' || live.has(act.visitId)) continue;
    live.add(act.visitId);
    counts[act.visitId] = (counts[act.visitId] ?? 0) + 1;
  }
  return counts;
}

/** A morning at the window: two patients, one settled twice, cancelled and settled again, the slips. */
function actsOf(colon: SettlementInput, round: number, random: () => number): readonly Act[] {
  const a = `KILL-${String(round)}-A`;
  const b = `KILL-${String(round)}-B`;
  // A few persons come again and again, so that their year's counters are led through many kills.
  const person = { ...colon.person, idNumber: returningIdNumbers[Math.floor(random() * 4)] ?? '' };
  const importing = (id: string): Act => importOf({ ...colon, person }, id);
  return [
    importing(a),
    importing(b),
    { act: 'settle', visitId: a },
    { act: 'settle', visitId: a },
    { act: 'settle', visitId: b },
    { act: 'cancel', visitId: a },
    { act: 'settle', visitId: a },
    { act: 'hand-over' },
    { act: 'print' },
    { act: 'upload' },
  ];
}

/** Takes in the bill of a stay under a number of its own, with nothing of the year. */
export function importOf({ visit, person }: SettlementInput, id: string): Act {
  const encoded = encodeSettlementInput({ visit: { ...visit, id }, person, yearToDate: null });
  return { act: 'import', visit: { visit: encoded.visit, person: encoded.person } };
}

/** Invented, with correct check digits. */
export const returningIdNumbers = [
  '430626195001010016',
  '430626195001010032',
  '430626195001010059',
  '430626195001010075',
];

/** How the next run dies, given how many acts were acknowledged of how many. */
type DeathInTurn = (acknowledged: number, acts: number) => Death;

/**
 * Every point in its turn; in every fourth round also from outside, while it recovers from that. Where a round has
 * several points, they come in the order of the acts, and a round of its own has the kills from outside.
 */
function deathsOf(
  { points, pointsPerRound = 1, outsideOnly = false }: KillTestOptions,
  round: number,
  random: () => number,
): readonly DeathInTurn[] {
  const outside: DeathInTurn = (acknowledged, acts) => {
    // The last act's acknowledgement comes too late to interrupt anything.
    const left = acts - 1 - acknowledged;
    if (left <= 0) return { kind: 'none' };
    const index = acknowledged + Math.floor(random() * left);
    return { kind: 'after-ack', index, ms: random() < 0.5 ? 0 : Math.floor(random() * 40) };
  };
  if (outsideOnly || points.length === 0) return [outside];
  const atPoint = (point: string): DeathInTurn => {
    return () => ({ kind: 'at-point', point });
  };
  if (pointsPerRound === 1) {
    const [point = ''] = points.slice(round % points.length);
    return round % 4 === 3 ? [atPoint(point), outside] : [atPoint(point)];
  }
  const rounds = roundsForAll(points, pointsPerRound);
  const turn = round % rounds;
  if (turn === rounds - 1) return Array.from({ length: pointsPerRound }, () => outside);
  return pointsInOrder(points)
    .filter((_, index) => index % (rounds - 1) === turn)
    .map(atPoint);
}

/** How many rounds it takes until the desk has died at every point once, and from outside. */
function roundsForAll(points: readonly string[], pointsPerRound: number): number {
  return pointsPerRound === 1 ? points.length : Math.ceil(points.length / pointsPerRound) + 1;
}

/** The points as a round comes to them. */
export function pointsInOrder(points: readonly string[]): readonly string[] {
  const acts = ['import', 'settle', 'cancel', 'hospital-file', 'print', 'upload'];
  const turn = (point: string): number => acts.indexOf(point.replace(/:.*$/, ''));
  return points.toSorted((one, other) => turn(one) - turn(other));
}

export function wordsOf(death: Death): string {
  switch (death.kind) {
    case 'none':
      return 'not at all';
    case 'at-point':
      return `at ${String(numberOfPoint(death.point))} ${death.point}`;
    case 'after-ack':
      return `${String(death.ms)} ms after act ${String(death.index + 1)}`;
  }
}

/** Mulberry32: small, and the same on every machine, so that a seed is a run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
