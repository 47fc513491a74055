import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openReceiptPrinter } from '../../drivers/receipt-printer/open-printer.ts';
import type { PrintOutcome, ReceiptPrinter } from '../../drivers/receipt-printer/port.ts';
import {
  startPrinterSimulator,
  type PrinterSimulator,
} from '../../drivers/receipt-printer/simulator/escpos-simulator.ts';
import { printJobSchema } from '../../shared/contracts/documents.ts';
import type { Clock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { manualTimer } from '../base/timer.test-support.ts';
import type { PrintJob, PrintState } from '../database/print-jobs-repository.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { documentFiles } from './document-files.ts';
import { startDocumentMaker, type DocumentMaker } from './document-maker.ts';
import { openStatement } from './open-statement.ts';
import { printJobViews } from './print-job-view.ts';
import { startPrintQueue, type PrintQueue } from './print-queue.ts';
import type { PrintDependencies } from './print-sheet.ts';
import { startPrinterService, type PrinterService } from './printer-service.ts';
import { storePublishedSettlement } from './testing/stored-settlement.ts';

const ids = timeOrderedIds();
const clock: Clock = {
  now: () => new Date('2017-11-27T02:15:02.000Z'),
  businessDate: () => '2017-11-27',
};
const pauses = { firstMs: 5, longestMs: 40, lookMs: 20 };
/** Longer than any answer takes on a busy machine: nothing here waits for one that does not come. */
const patient = {
  ...{ connectMs: 30_000, writeMs: 30_000, answerMs: 10_000 },
  ...{ confirmMs: 30_000, helpMs: 30_000, askAgainMs: 20 },
};
const depth = Number(process.env['TEST_DEPTH'] ?? '1');

let store: TestStore;
/** One thread for all tests: starting it and loading fonts takes most of a second. */
const maker: DocumentMaker = startDocumentMaker();
let simulator: PrinterSimulator;
let dependencies: PrintDependencies;
let faults: unknown[];
const undo: (() => Promise<void>)[] = [];

beforeEach(async () => {
  store = await createTestStore();
  simulator = await startPrinterSimulator();
  faults = [];
  const files = documentFiles(store.folder, store.key);
  const onFault = (fault: unknown): void => void faults.push(fault);
  dependencies = { store, clock, maker, files, demo: false, onFault };
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await simulator.close();
  await store.remove();
});
afterAll(() => maker.close());

function open(url: string): ReceiptPrinter {
  const printer = openReceiptPrinter(url, patient);
  if (!printer.ok) throw new Error(printer.refusal.message.en);
  return printer.value;
}

function service(printer = open(`tcp://127.0.0.1:${String(simulator.port)}`)): PrinterService {
  const started = startPrinterService(printer, 30);
  undo.push(() => started.close());
  return started;
}

async function start(printer: PrinterService | null = service()): Promise<PrintQueue> {
  const queue = await startPrintQueue({ ...dependencies, ids, printer, pauses });
  undo.push(() => queue.close());
  return queue;
}

const settle = (visitId?: string): Promise<string> =>
  storePublishedSettlement(store, ids, visitId === undefined ? {} : { visitId });

const jobsOf = (settlementId: string): Promise<readonly PrintJob[]> =>
  store.read(({ printJobs }) => printJobs.ofSettlement(settlementId));

/** Waits, however slow the machine is, until a sheet is in a state. */
async function reaches(
  settlementId: string,
  state: PrintState,
  document: PrintJob['document'] = 'receipt',
): Promise<PrintJob> {
  for (;;) {
    const jobs = (await jobsOf(settlementId)).filter((job) => job.document === document);
    const job = jobs.at(-1);
    if (job?.state === state) return job;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const slips = (): readonly string[] => simulator.sheets.map(({ lines }) => lines.join('\n'));

describe('the print queue', () => {
  it('prints the slip, makes the statement, and says so', async () => {
    const settlementId = await settle();
    const queue = await start();
    const changes: number[] = [];
    queue.onChange(() => changes.push(1));
    expect(await reaches(settlementId, 'confirmed')).toMatchObject({ copyNumber: 0, attempts: 1 });
    await reaches(settlementId, 'confirmed', 'statement');
    expect(slips()).toHaveLength(1);
    expect(slips()[0]).toContain('1,358.00');
    expect(slips()[0]).not.toMatch(/补打|演示/);
    await queue.settled();
    expect(changes.length).toBeGreaterThanOrEqual(1);
    expect(faults).toEqual([]);
  });

  it('shows its sheets with number and masked name, and names the cashier on paper', async () => {
    const settlementId = await settle();
    await start();
    await reaches(settlementId, 'confirmed');
    const views = await store.read(async (repositories) =>
      printJobViews(repositories, await repositories.printJobs.ofSettlement(settlementId)),
    );
    const [view] = views.filter(({ document }) => document === 'receipt');
    expect(printJobSchema.parse(view)).toMatchObject({ maskedName: '曾*厚', state: 'confirmed' });
    expect(view?.settlementNumber).not.toBe('');
    expect(slips()[0]).toMatch(/收费员 +收费员一/);
  });

  it('finds what is queued while it runs, also by another program', async () => {
    await start();
    const settlementId = await settle();
    await reaches(settlementId, 'confirmed');
    expect(slips()).toHaveLength(1);
  });

  it('keeps slips in their order', async () => {
    simulator.change({ paper: 'out' });
    const first = await settle('ZY1');
    const second = await settle('ZY2');
    const queue = await start();
    simulator.change({ paper: 'in' });
    queue.wake();
    await reaches(first, 'confirmed');
    await reaches(second, 'confirmed');
    expect(slips().map((text) => /ZY\d/.exec(text)?.[0])).toEqual(['ZY1', 'ZY2']);
  });

  it('waits for a printer without paper, and goes on by itself', async () => {
    simulator.change({ paper: 'out' });
    const settlementId = await settle();
    const printer = service();
    await start(printer);
    await reaches(settlementId, 'confirmed', 'statement');
    expect(await printer.look()).toMatchObject({ state: 'paper-out' });
    expect(printer.deviceState()).toMatchObject({ state: 'warning', code: 'paper-out' });
    expect((await jobsOf(settlementId))[0]).toMatchObject({ state: 'queued', attempts: 0 });
    simulator.change({ paper: 'in' });
    await reaches(settlementId, 'confirmed');
    expect(slips()).toHaveLength(1);
  });

  it('tries a slip again of which nothing was sent, and only such a one', async () => {
    const outcomes: PrintOutcome[] = [
      { kind: 'failed', status: { state: 'gone', paperLow: false, detail: null } },
      { kind: 'failed', status: { state: 'cover-open', paperLow: false, detail: null } },
      { kind: 'unknown', bytesSent: 10, status: { state: 'gone', paperLow: false, detail: null } },
    ];
    const printer = pretending(outcomes);
    const settlementId = await settle();
    await start(service(printer));
    expect(await reaches(settlementId, 'unknown')).toMatchObject({
      attempts: 3,
      problem: { code: 'maybe-printed' },
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect((await jobsOf(settlementId))[0]).toMatchObject({ state: 'unknown', attempts: 3 });
    expect(outcomes).toHaveLength(0);
  });

  it('asks when the printer dies in a slip, whichever byte it is', async () => {
    const length = 1200;
    const step = Math.max(1, Math.floor(length / (12 * depth)));
    let visit = 0;
    await start();
    for (let bytes = 1; bytes <= length; bytes += step) {
      simulator.change({ dieAfterBytes: bytes });
      visit += 1;
      const settlementId = await settle(`ZY${String(visit)}`);
      const job = await reaches(settlementId, 'unknown');
      expect(job.problem?.code).toBe('maybe-printed');
      simulator.change({ dieAfterBytes: null });
    }
    // Nothing of it was printed a second time by itself.
    const whole = simulator.sheets.filter(({ wasCut }) => wasCut);
    expect(whole.length).toBeLessThanOrEqual(visit);
    const cut = new Set(whole.map(({ lines }) => lines.find((line) => line.startsWith('就诊号'))));
    expect(cut.size).toBe(whole.length);
  });

  it('does not make a sheet that does not add up, and does not try again', async () => {
    const settlementId = await settle();
    const writer = store.writer;
    if (writer === null) throw new Error('a test store can be written');
    await writer.deleteFrom('settlement_tenders').execute();
    await start();
    for (const document of ['receipt', 'statement'] as const) {
      expect(await reaches(settlementId, 'failed', document)).toMatchObject({
        attempts: 1,
        problem: { code: 'document-does-not-foot' },
      });
    }
    expect(slips()).toHaveLength(0);
  });

  it('leaves receipts waiting where no printer is set up', async () => {
    const settlementId = await settle();
    const queue = await start(null);
    await reaches(settlementId, 'confirmed', 'statement');
    await queue.settled();
    expect((await jobsOf(settlementId))[0]).toMatchObject({ document: 'receipt', state: 'queued' });
  });
});

describe('after a crash', () => {
  /** As a program leaves it that died while sending. */
  async function leftSending(): Promise<string> {
    const settlementId = await settle();
    const jobs = await jobsOf(settlementId);
    await store.transact(async ({ printJobs }) => {
      for (const { id } of jobs) await printJobs.begin(id, 'tcp://printer', '2017-11-27T10:15:03');
    });
    return settlementId;
  }

  it('asks whether a slip came out, and prints nothing by itself', async () => {
    const settlementId = await leftSending();
    const queue = await start();
    expect(await reaches(settlementId, 'unknown')).toMatchObject({
      problem: { code: 'print-interrupted' },
    });
    expect((await jobsOf(settlementId))[0]?.problem?.message.zh).toContain('可能已打印');
    await reaches(settlementId, 'confirmed', 'statement');
    await queue.settled();
    expect(slips()).toHaveLength(0);
  });

  it('takes "it came out" for an answer', async () => {
    const settlementId = await leftSending();
    const queue = await start();
    const { id } = await reaches(settlementId, 'unknown');
    const answer = { printJobId: id, cameOut: true, who: 'cashier1' };
    expect(await queue.answerUnknown(answer)).toMatchObject({
      ok: true,
      value: { state: 'confirmed' },
    });
    expect(await queue.answerUnknown(answer)).toMatchObject({
      ok: false,
      refusal: { code: 'print-job-not-unknown' },
    });
    expect(slips()).toHaveLength(0);
    const audited = await store.read(({ audit }) => audit.about(id));
    expect(audited).toMatchObject([{ act: 'answer-unknown-print', who: 'cashier1' }]);
  });

  it('prints a copy that says so when it did not come out: the original may lie somewhere', async () => {
    const settlementId = await leftSending();
    const queue = await start();
    const { id } = await reaches(settlementId, 'unknown');
    const answer = { printJobId: id, cameOut: false, who: 'cashier1' };
    expect(await queue.answerUnknown(answer)).toMatchObject({ ok: true, value: { copyNumber: 1 } });
    expect(await queue.answerUnknown(answer)).toMatchObject({ ok: false });
    expect(await reaches(settlementId, 'confirmed')).toMatchObject({ copyNumber: 1, attempts: 1 });
    expect(slips()).toHaveLength(1);
    expect(slips()[0]).toContain('补打 第1次');
    // Its number is never given again, whatever happens to it.
    expect((await jobsOf(settlementId))[0]).toMatchObject({ copyNumber: 0, state: 'withdrawn' });
  });

  it('prints the original once more when the printer had lost it and it did not come out', async () => {
    simulator.change({ dieAfterBytes: 20 });
    const settlementId = await settle();
    const queue = await start();
    const { id } = await reaches(settlementId, 'unknown');
    simulator.change({ dieAfterBytes: null });
    await queue.answerUnknown({ printJobId: id, cameOut: false, who: 'cashier1' });
    expect(await reaches(settlementId, 'confirmed')).toMatchObject({ copyNumber: 0, attempts: 2 });
    expect(slips().at(-1)).not.toContain('补打');
  });

  it('prints a copy that says so from the second time on that it did not come out', async () => {
    simulator.change({ dieAfterBytes: 20 });
    const settlementId = await settle();
    const queue = await start();
    const { id } = await reaches(settlementId, 'unknown');
    const answer = { printJobId: id, cameOut: false, who: 'cashier1' };
    // Switched on again, it dies once more.
    simulator.change({ dieAfterBytes: null });
    simulator.change({ dieAfterBytes: 20 });
    expect(await queue.answerUnknown(answer)).toMatchObject({ ok: true, value: { id } });
    expect(await reaches(settlementId, 'unknown')).toMatchObject({ copyNumber: 0, attempts: 2 });
    simulator.change({ dieAfterBytes: null });
    expect(await queue.answerUnknown(answer)).toMatchObject({ ok: true, value: { copyNumber: 1 } });
    expect(await reaches(settlementId, 'confirmed')).toMatchObject({ copyNumber: 1 });
    expect(slips().at(-1)).toContain('补打 第1次');
    expect((await jobsOf(settlementId))[0]).toMatchObject({ copyNumber: 0, state: 'withdrawn' });
  });
});

describe('a sheet whose end the books cannot be told', () => {
  /** A store that writes no end of a sheet as long as `broken` says so. */
  function failing(): { broken: boolean; refusedWrites: number } {
    const fault = { broken: true, refusedWrites: 0 };
    const transact: typeof store.transact = (work, scope) => store.transact(work, scope);
    dependencies = {
      ...dependencies,
      store: {
        ...store,
        transact: (work, scope) =>
          transact(async (repositories) => {
            const { printJobs } = repositories;
            const finish: typeof printJobs.finish = (...given) => {
              if (!fault.broken) return printJobs.finish(...given);
              fault.refusedWrites += 1;
              return Promise.reject(new Error('the disk is full'));
            };
            return work({ ...repositories, printJobs: { ...printJobs, finish } });
          }, scope),
      },
    };
    return fault;
  }

  it('is told again and again, and no second sheet comes of it', async () => {
    const fault = failing();
    const settlementId = await settle();
    await start();
    await expect.poll(() => fault.refusedWrites, { timeout: 300_000 }).toBeGreaterThan(3);
    expect((await jobsOf(settlementId))[0]).toMatchObject({ state: 'sending' });
    fault.broken = false;
    expect(await reaches(settlementId, 'confirmed')).toMatchObject({ attempts: 1 });
    expect(slips()).toHaveLength(1);
  });

  it('is asked about at once where it is uncertain, and the answer counts once the books take it', async () => {
    const fault = failing();
    simulator.change({ dieAfterBytes: 30 });
    const settlementId = await settle();
    const queue = await start();
    await expect.poll(() => queue.uncertain().length, { timeout: 300_000 }).toBe(1);
    const [asked] = queue.uncertain();
    expect(asked).toMatchObject({ state: 'unknown', problem: { code: 'maybe-printed' } });
    const answer = { printJobId: asked?.id ?? '', cameOut: true, who: 'cashier1' };
    await expect(queue.answerUnknown(answer)).rejects.toThrow('the disk is full');
    fault.broken = false;
    expect(await queue.answerUnknown(answer)).toMatchObject({ ok: true });
    expect((await jobsOf(settlementId))[0]).toMatchObject({ state: 'confirmed' });
    expect(queue.uncertain()).toEqual([]);
  });
});

describe('a sheet of which nothing is heard', () => {
  let uptimeMs = 0;
  const timers = manualTimer();
  /** The desk, looking only when the test lets it. */
  async function startByHand(printer: PrinterService | null): Promise<PrintQueue> {
    uptimeMs = 0;
    const monotonicMs = () => uptimeMs;
    const hand = { timer: timers.timer, monotonicMs };
    const queue = await startPrintQueue({ ...dependencies, ids, printer, ...hand });
    undo.push(() => queue.close());
    return queue;
  }
  async function after(ms: number, settlementId: string, state: PrintState): Promise<void> {
    uptimeMs += ms;
    await expect
      .poll(
        async () => {
          timers.expire();
          return (await jobsOf(settlementId))[0]?.state;
        },
        { timeout: 300_000 },
      )
      .toBe(state);
  }
  /** As a command leaves it that was killed while it sent the slip. */
  async function takenByCommand(): Promise<string> {
    const settlementId = await settle();
    const id = (await jobsOf(settlementId))[0]?.id ?? '';
    await store.transact(({ printJobs }) => printJobs.begin(id, 'tcp://other', '2017-11-27'));
    return settlementId;
  }

  it('is asked about within a minute while the desk goes on, whatever the clock says', async () => {
    await startByHand(null);
    const settlementId = await takenByCommand();
    // The clock stands still in all these tests; only the uptime moves.
    await after(0, settlementId, 'sending');
    await after(2000, settlementId, 'sending');
    await after(57_000, settlementId, 'unknown');
    expect((await jobsOf(settlementId))[0]?.problem?.code).toBe('print-interrupted');
  });

  it('still counts as printed when the printer says so later', async () => {
    let say: (outcome: PrintOutcome) => void = () => undefined;
    const status = { state: 'ready', paperLow: false, detail: null } as const;
    const slow: ReceiptPrinter = {
      ...pretending([]),
      status: () => Promise.resolve(status),
      print: () =>
        new Promise((resolve) => {
          say = resolve;
        }),
    };
    const settlementId = await settle();
    await startByHand(service(slow));
    await after(0, settlementId, 'sending');
    await after(1, settlementId, 'sending');
    await after(59_000, settlementId, 'unknown');
    say({ kind: 'confirmed', bytesSent: 10 });
    await after(0, settlementId, 'confirmed');
    expect((await jobsOf(settlementId))[0]).toMatchObject({ attempts: 1, problem: null });
  });
});

describe('printing again', () => {
  it('is a new sheet, marked and counted, with who and why in the audit', async () => {
    const settlementId = await settle();
    const queue = await start();
    await reaches(settlementId, 'confirmed');
    for (const copyNumber of [1, 2]) {
      const order = {
        settlementId,
        document: 'receipt',
        reason: '患者遗失',
        who: 'cashier1',
      } as const;
      const again = await queue.printAgain(order);
      expect(again).toMatchObject({ ok: true, value: { copyNumber } });
      await reaches(settlementId, 'confirmed');
      expect(slips().at(-1)).toContain(`补打 第${String(copyNumber)}次`);
    }
    const audited = await store.read(({ audit }) => audit.about(settlementId));
    expect(audited.map(({ act, who }) => [act, who])).toEqual([
      ['print-again', 'cashier1'],
      ['print-again', 'cashier1'],
    ]);
    expect(audited[0]?.detail_json).toContain('患者遗失');
  });

  it('is refused for a settlement that is not there', async () => {
    const queue = await start();
    const order = { settlementId: 'nothing', document: 'receipt', reason: '', who: 'a' } as const;
    expect(await queue.printAgain(order)).toMatchObject({
      ok: false,
      refusal: { code: 'settlement-not-found' },
    });
  });

  it('is taken back with the settlement while it has not been sent', async () => {
    const settlementId = await settle();
    const at = '2017-11-27T10:20:00.000+08:00';
    const withdrawn = await store.transact(({ printJobs }) =>
      printJobs.withdrawForCancellation(settlementId, at),
    );
    expect(withdrawn).toBe(2);
    const queue = await start();
    await queue.settled();
    expect((await jobsOf(settlementId)).map(({ state }) => state)).toEqual([
      'withdrawn',
      'withdrawn',
    ]);
    expect(slips()).toHaveLength(0);
  });
});

describe('a statement in the data folder', () => {
  const shownTo = { who: 'cashier1', where: 'a test', page: 'page 1' };
  it('is encrypted, bound to its name, and opened again', async () => {
    const settlementId = await settle();
    await start(null);
    await reaches(settlementId, 'confirmed', 'statement');
    const opened = await openStatement(dependencies, settlementId, shownTo);
    if (!opened.ok) throw new Error(opened.refusal.message.en);
    expect(opened.value.fileName).toMatch(/^结算单-.+\.pdf$/);
    expect(Buffer.from(opened.value.pdf).subarray(0, 5).toString()).toBe('%PDF-');
    const folder = join(store.folder, 'documents');
    const [name, ...others] = await readdir(folder);
    expect(others).toEqual([]);
    const sealed = await readFile(join(folder, name ?? ''));
    expect(sealed.includes('%PDF')).toBe(false);
    const stranger = documentFiles(store.folder, new Uint8Array(32));
    await expect(stranger.read(`${settlementId}-0.pdf`)).rejects.toThrow();
    await expect(dependencies.files.read('../key')).rejects.toThrow('not the name of a document');
    expect(await dependencies.files.read('none.pdf')).toBeNull();
  });

  it('is made at once when somebody wants it before the queue has come to it', async () => {
    const settlementId = await settle();
    const opened = await openStatement(dependencies, settlementId, shownTo);
    expect(opened).toMatchObject({ ok: true });
    expect(await openStatement(dependencies, 'nothing', shownTo)).toMatchObject({
      ok: false,
      refusal: { code: 'settlement-not-found' },
    });
  });
});

/** A printer that is always ready and ends each document as it was told beforehand. */
function pretending(outcomes: PrintOutcome[]): ReceiptPrinter {
  const { model } = open('sim://printer');
  const ready = { state: 'ready', paperLow: false, detail: null } as const;
  return {
    url: 'sim://printer',
    model,
    status: () => Promise.resolve(ready),
    print: () => Promise.resolve(outcomes.shift() ?? { kind: 'confirmed', bytesSent: 0 }),
    close: () => Promise.resolve(),
  };
}
