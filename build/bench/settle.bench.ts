import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { timeOrderedIds } from '../../electron/base/ids.ts';
import { openStore, type OpenedStore } from '../../electron/database/open-store.ts';
import type { DeskParts } from '../../electron/ipc/desk-parts.ts';
import { settlementCalls } from '../../electron/ipc/settlement.ts';
import { previewVisit } from '../../electron/settlement/preview-visit.ts';
import { settleVisit } from '../../electron/settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  valueOf,
} from '../../electron/settlement/settlement.test-support.ts';
import { verifyFolder } from '../../electron/settlement/verify-folder.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { multiplySettlements } from './multiply-settlements.ts';

// Preview and confirm as the desk does them, on a real encrypted file and waiting for the disk every time; then
// a folder with 100,000 settlements: what opening it, asking it and verifying it cost. Prints figures.

const settlementsWanted = Number(process.argv[2] ?? '100000');
const samples = 200;
let people = 0;

const folder = await mkdtemp(path.join(tmpdir(), 'settlement-bench-'));
try {
  const file = path.join(folder, 'settlement.db');
  const key = randomBytes(32);
  const packs = await ownPacks();
  const colon = await colonCancer();
  const store = await openStore({ file, key });
  // The one that is copied a hundred thousand times has a short bill, or the file would pass six gigabytes.
  const shortVisit = await keepVisit(store, billOf('SHORT', 8));
  valueOf(await settleVisit(dependenciesOn(store, packs), { visitId: shortVisit, by: 'cashier1' }));
  await timeTheDesk(store, 'small folder');
  const auditKey = store.auditKey();
  await store.close();

  const made = performance.now();
  const count = multiplySettlements({ file, key, auditKey, until: settlementsWanted });
  const size = (await stat(file)).size / 1024 ** 3;
  print(`${String(count)} settlements in the folder`, `${size.toFixed(2)} GB`);
  print('  (made in)', `${((performance.now() - made) / 1000).toFixed(0)} s`);

  const opening = performance.now();
  const full = await openStore({ file, key });
  await full.read(({ visits }) => visits.listUnsettled({ limit: 50 }));
  print('opened, queue listed', `${(performance.now() - opening).toFixed(0)} ms`);
  await timeTheDesk(full, 'full folder');
  const finding = await timed(20, () => full.read(({ visits }) => visits.search('zhang', 20)));
  print('finder among all visits', figures(finding));
  const look = path.join(import.meta.dirname, 'look-at-folder.ts');
  const looked = spawnSync(process.execPath, [look, file, key.toString('hex')]);
  print('memory of a process that works with it', `${looked.stdout.toString().trim()} MB at most`);
  const verifying = performance.now();
  const verification = await verifyFolder({ store: full });
  const seconds = (performance.now() - verifying) / 1000;
  print('verify, all of it', `${seconds.toFixed(1)} s, ok: ${String(verification.ok)}`);
  await full.close();
  if (!verification.ok) {
    console.log(JSON.stringify(verification.checks.filter(({ ok }) => !ok)).slice(0, 2000));
    process.exitCode = 1;
  }

  async function timeTheDesk(opened: OpenedStore, where: string): Promise<void> {
    const dependencies = dependenciesOn(opened, packs);
    const ids = timeOrderedIds();
    const visits: string[] = [];
    for (let index = 0; index < samples; index += 1) visits.push(await keep(opened, ids.next()));
    const longVisit = await keepVisit(opened, billOf(ids.next(), 600));
    const previews = await timed(samples, (index) =>
      previewVisit(dependencies, { visitId: visits[index] ?? '' }).then(valueOf),
    );
    print(`preview of ${String(lineCount(colon))} lines, ${where}`, figures(previews));
    const long = await timed(20, () =>
      previewVisit(dependencies, { visitId: longVisit }).then(valueOf),
    );
    print(`preview of 600 lines, ${where}`, figures(long));
    // As the page is given it: the answer of the call, written out.
    const desk = settlementCalls(deskOf(dependencies));
    const veryLong = await keepVisit(opened, billOf(ids.next(), 20_000));
    let bytes = 0;
    const spent = process.cpuUsage();
    const answers = await timed(20, async () => {
      const answer = await desk['settlement:preview']({ visitId: veryLong });
      bytes = JSON.stringify(valueOf(answer)).length;
    });
    const kilobytes = `${String(Math.round(bytes / 1024))} KB`;
    print(`preview of 20,000 lines, ${where}`, `${figures(answers)}, ${kilobytes}`);
    const { user, system } = process.cpuUsage(spent);
    print('  of the processor', `${((user + system) / 1000 / answers.length).toFixed(0)} ms each`);
    const settlings = await timed(samples, (index) =>
      settleVisit(dependencies, { visitId: visits[index] ?? '', by: 'cashier1' }).then(valueOf),
    );
    print(`confirm (durable), ${where}`, figures(settlings));
  }

  async function keep(opened: OpenedStore, id: string): Promise<string> {
    const person = { ...colon.person, idNumber: nextIdNumber() };
    return keepVisit(opened, { visit: { ...colon.visit, id }, person, yearToDate: null });
  }

  function billOf(id: string, length: number): SettlementInput {
    const { bill } = colon.visit;
    const lines = bill.kind === 'charges' ? bill.charges : [];
    const charged = lines.filter(({ refundsLine }) => refundsLine === undefined);
    const charges = Array.from({ length }, (_, index) => ({
      ...(charged[index % charged.length] ?? never()),
      line: index + 1,
    }));
    const person = { ...colon.person, idNumber: nextIdNumber() };
    const visit = { ...colon.visit, id, bill: { kind: 'charges' as const, charges } };
    return { visit, person, yearToDate: null };
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** A desk of which only previewing is asked. */
function deskOf(services: ReturnType<typeof dependenciesOn>): DeskParts {
  return { services, monotonicMs: () => performance.now() } as unknown as DeskParts;
}

/** Invented ID numbers with their check digit (GB 11643: MOD 11-2), each given once. */
function nextIdNumber(): string {
  people += 1;
  const body = `43062619500101${String(people).padStart(3, '0')}`;
  let sum = 0;
  for (let index = 0; index < 17; index += 1) sum += Number(body[index]) * (2 ** (17 - index) % 11);
  return `${body}${'10X98765432'[sum % 11] ?? ''}`;
}

function never(): never {
  throw new Error('the published case has charge lines');
}

function lineCount({ visit: { bill } }: SettlementInput): number {
  return bill.kind === 'charges' ? bill.charges.length : 0;
}

async function timed(
  times: number,
  act: (index: number) => Promise<unknown>,
): Promise<readonly number[]> {
  const took: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const started = performance.now();
    await act(index);
    took.push(performance.now() - started);
  }
  return took.sort((a, b) => a - b);
}

function figures(sorted: readonly number[]): string {
  const at = (part: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms`;
}

function print(what: string, figure: string): void {
  console.log(`${what.padEnd(44)} ${figure}`);
}
