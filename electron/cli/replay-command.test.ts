import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openServices } from '../app/open-services.ts';
import type { Services } from '../app/services.ts';
import { runCommandLine } from '../cli.ts';
import { ownPacksFolder } from '../policy-packs/load-packs.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { readWorkbook } from '../workbooks/read-workbook.ts';
import { fenFromYuanText } from '../../shared/money/yuan-text.ts';

const root = mkdtempSync(join(tmpdir(), 'replay-command-'));
const home = join(root, 'desk');
const environment = { INIT_CWD: root };
let services: Services;

beforeAll(async () => {
  const opened = await openServices({
    ...{ home, wanted: 'demo', whenMissing: 'make-demo', environment },
  });
  if (!opened.ok) throw new Error(opened.refusal.code);
  services = opened.value;
  mkdirSync(join(root, 'empty'));
  const waiting = await services.store.read(({ visits }) => visits.listUnsettled({ limit: 40 }));
  for (const { visitId } of waiting) await settleVisit(services, { visitId, by: 'cashier1' });
});
afterAll(async () => {
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

type Ran = { readonly exitCode: number; readonly json: Answer; readonly said: readonly string[] };
type Answer = {
  readonly error?: { readonly code: string; readonly place?: string };
  readonly visits: number;
  readonly persons: number;
  readonly payers: readonly {
    readonly payer: string;
    readonly before: string;
    readonly after: string;
    readonly difference: string;
    readonly settled: string;
  }[];
  readonly skipped: readonly { readonly visitId: string; readonly code: string }[];
  readonly differences: readonly object[];
  readonly onlyHere: readonly string[];
  readonly agreeing: number;
};

async function run(
  words: readonly string[],
  hear: (line: string) => void = () => undefined,
): Promise<Ran> {
  const documents: string[] = [];
  const said: string[] = [];
  const exitCode = await runCommandLine(['replay', ...words, '--home', home], environment, {
    write: (text) => documents.push(text),
    say: (line) => {
      said.push(line);
      hear(line);
    },
  });
  expect(documents).toHaveLength(1);
  return { exitCode, json: JSON.parse(documents[0] ?? '') as Answer, said };
}

const period = ['--from', '2017-01-01', '--until', '2017-12-31'];

const own = join(ownPacksFolder(), 'pingjiang-2017', '1.2.0');

/** The pack of Pingjiang with assistance at another rate, as an officer would draft it. */
function draftWith(percent: string): string {
  const folder = join(root, `draft-${percent}`);
  cpSync(own, folder, { recursive: true });
  const file = join(folder, 'pack.yaml');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(/(assistanceRate:\n.*\n.*\n +value: )'50'/, `$1'${percent}'`);
  expect(changed).not.toBe(text);
  writeFileSync(file, changed.replace(/^version: .*$/m, 'version: 9.9.0'));
  return folder;
}

const payerIn = ({ json }: Ran, payer: string) => json.payers.find((each) => each.payer === payer);

describe('replay', () => {
  it('under the pack that settled differs nowhere, and names what is not settled', async () => {
    const ran = await run(['--pack', 'pingjiang-2017', ...period]);
    expect(ran.exitCode).toBe(0);
    expect(ran.json.visits).toBeGreaterThan(0);
    for (const { before, after, difference, settled } of ran.json.payers) {
      expect([after, difference, settled]).toEqual([before, '0.00', before]);
    }
    const left = await services.store.read(({ visits }) => visits.countUnsettled());
    expect(ran.json.skipped.filter(({ code }) => code === 'not-settled')).toHaveLength(left);
    expect(ran.said.at(-1)).toContain('100%');
  });

  it('under a draft with another rate says what it costs, on standard output and in a workbook', async () => {
    const ran = await run([...['--pack', draftWith('60'), ...period, '--out', 'result.xlsx']]);
    expect(ran.exitCode).toBe(0);
    const assistance = payerIn(ran, 'medical-assistance');
    expect(fenFromYuanText(assistance?.difference ?? '0')).toBeGreaterThan(0);
    const workbook = readWorkbook(readFileSync(join(root, 'result.xlsx')));
    if ('problem' in workbook) throw new Error(workbook.problem.why);
    const rows = workbook.rows.map(({ cells }) =>
      [...cells.values()].map((cell) => ('text' in cell ? cell.text : '')),
    );
    const row = rows.find(([name]) => name === '医疗救助');
    expect(Number(row?.[4]).toFixed(2)).toBe(assistance?.difference);
    expect(Number(row?.[2]).toFixed(2)).toBe(assistance?.before);
  });

  it('says how it is used, and writes nothing where it does not end well', async () => {
    const wrong: readonly (readonly string[])[] = [
      [],
      ['--pack', 'pingjiang-2017'],
      ['--pack', 'pingjiang-2017', '--from', '2017-13-01', '--until', '2017-12-31'],
      ['--pack', 'pingjiang-2017', '--from', '2017-12-31', '--until', '2017-01-01'],
      ['--pack', 'pingjiang-2017', ...period, '--sample', '0'],
      ['--pack', 'pingjiang-2017', ...period, '--sample', '-1'],
    ];
    for (const words of wrong) expect((await run(words)).exitCode).toBe(2);
    const refused: readonly (readonly [readonly string[], string])[] = [
      [['--pack', 'nowhere', ...period, '--out', 'no.xlsx'], 'unknown-pack'],
      [['--pack', join(root, 'empty'), ...period, '--out', 'no.xlsx'], 'no-packs'],
      [['--pack', 'pingjiang-2017', ...period, '--out', 'no.csv'], 'wrong-file-ending'],
      [['--pack', 'pingjiang-2017', ...period, '--results', 'no.csv'], 'results-refused'],
      [['--pack', 'pingjiang-2017', ...period, '--as', 'cashier1'], 'not-allowed'],
      [['--pack', 'pingjiang-2017', ...period, '--out', 'nowhere/no.xlsx'], 'cannot-write-file'],
    ];
    for (const [words, code] of refused) {
      const ran = await run(words);
      expect([ran.exitCode, ran.json.error?.code]).toEqual([1, code]);
    }
    expect(['no.xlsx', 'no.csv'].filter((name) => existsSync(join(root, name)))).toEqual([]);
  });

  it('ends with one document that says it was stopped when it is interrupted', async () => {
    const before = process.listenerCount('SIGINT');
    const ran = await run(['--pack', 'pingjiang-2017', ...period, '--out', 'no.xlsx'], (line) => {
      if (line.includes('%')) process.emit('SIGINT');
    });
    expect([ran.exitCode, ran.json.error?.code]).toEqual([1, 'replay-stopped']);
    expect(existsSync(join(root, 'no.xlsx'))).toBe(false);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('is run by who decides on policy and who audits it', async () => {
    for (const user of ['policy1', 'supervisor1', 'auditor1']) {
      const ran = await run(['--pack', 'pingjiang-2017', ...period, '--as', user]);
      expect(ran.exitCode).toBe(0);
    }
  });

  it('holds a draft against a file of the payer itself', async () => {
    const [settled] = await services.store.read(({ visits }) => visits.search('ZY', 1));
    const visitId = settled?.visitId ?? '';
    writeFileSync(
      join(root, 'theirs.csv'),
      `就诊号,支付方,支付金额\n${visitId},基本医疗保险,0.01\nZZ-unknown,基本医疗保险,1\n`,
    );
    const ran = await run([
      ...['--pack', 'pingjiang-2017', ...period, '--results', 'theirs.csv', '--out', 'them.xlsx'],
    ]);
    expect(ran.exitCode).toBe(0);
    expect(ran.json).toMatchObject({ unknown: [{ visitId: 'ZZ-unknown', theirs: '1.00' }] });
    expect(existsSync(join(root, 'them.xlsx'))).toBe(true);
  });
});
