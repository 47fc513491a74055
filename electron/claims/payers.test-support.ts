import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { partPath } from '../base/part-path.ts';

type LedgerView = {
  accepted: {
    payer: string;
    messageId: string;
    settlementId: string;
    amountFen: number;
    bodyHash: string;
    repeats: number;
  }[];
  duplicates: { kind: string }[];
};

/** What the payer of files has in its book, in fen, and what should not have come. */
type FilesView = {
  taken: number;
  booked: { claim: string; settlement: string; payer: string; approved: number }[];
  oddities: string[];
};

/** The same of the payer of JSON batches, and where it listens. */
type BatchesView = Omit<FilesView, 'taken'> & { port: number; decided: number };

/**
 * The insurers as a process of their own, which a test may kill and start again on the same ledger; `prepare` may put one into
 * their folder before.
 */
export async function startPayers(
  prepare?: (home: string) => Promise<void>,
  options: { readonly files?: string; readonly certificates?: string } = {},
) {
  const home = await mkdtemp(join(tmpdir(), 'payers-test-'));
  await prepare?.(home);
  let child: ChildProcess;
  let url = '';
  const start = async (): Promise<void> => {
    const program = [partPath('payers-simulator'), '--port', '0', '--home', home];
    if (options.files !== undefined) program.push('--files', options.files);
    if (options.certificates !== undefined) program.push('--certificates', options.certificates);
    child = spawn(process.execPath, [...program, '--end-with-starter'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (child.stdout === null) throw new Error('no output');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    url = line.toString('utf8').trim().replace('ready ', '');
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  await start();
  return {
    url: () => url,
    async restart() {
      await kill();
      await start();
    },
    async faults(asked: object) {
      const response = await fetch(`${url}/faults`, {
        method: 'POST',
        body: JSON.stringify(asked),
      });
      if (!response.ok) throw new Error('faults refused');
    },
    faultsMet: async () =>
      (await (await fetch(`${url}/faults`)).json()) as Readonly<Record<string, number>>,
    /** Somebody at the payer takes a message back. */
    async undo(messageId: string) {
      const response = await fetch(`${url}/undo`, {
        method: 'POST',
        body: JSON.stringify({ messageId }),
      });
      if (!response.ok) throw new Error('nothing to undo');
    },
    /** Has the payer of files take what lies there, or do one thing wrong with the next file. */
    files: async (act: 'take' | `fault/${string}`) =>
      (await (await fetch(`${url}/files/${act}`, { method: 'POST' })).json()) as FilesView,
    /** Has the payer of JSON batches decide what it has, or do one thing wrong with the next batch. */
    batches: async (act: 'decide' | `fault/${string}`) =>
      (await (await fetch(`${url}/batches/${act}`, { method: 'POST' })).json()) as BatchesView,
    post: async (body: string) => (await fetch(`${url}/fsi/api`, { method: 'POST', body })).text(),
    ledger: async () => (await (await fetch(`${url}/ledger`)).json()) as LedgerView,
    async end() {
      await kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}
