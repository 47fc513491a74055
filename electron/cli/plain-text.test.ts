import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { startPayers } from '../claims/payers.test-support.ts';
import { runCommandLine } from '../cli.ts';
import { demoDocuments } from '../intake/demo-data.ts';
import type { Application } from '../app/application.ts';
import { startApplication } from '../app/start-application.ts';

const root = mkdtempSync(join(tmpdir(), 'plain-text-'));
const home = join(root, 'desk');
const place = join(root, 'second-place');
const incoming = join(root, 'hospital-in');
const outgoing = join(root, 'hospital-out');
/** What a clerk writes and reads: his own files, not the program's. */
const clerk = join(root, 'clerk');
/** Where programs put what they need for a moment. */
const temporary = join(root, 'tmp');
const program = fileURLToPath(new URL('../cli.ts', import.meta.url));

const documentSchema = z.looseObject({
  visit: z.looseObject({ id: z.string() }),
  person: z.looseObject({ name: z.string(), idNumber: z.string() }),
});
type Document = z.infer<typeof documentSchema>;

let documents: readonly Document[];
let payers: Awaited<ReturnType<typeof startPayers>>;
let desk: Application | null = null;
let tmpBefore: string | undefined;
const cardNumber = 'P1234567890123456';
/** Patients that only came through the exchange, one of them in a file that was refused. */
const late = { name: '诸葛慕容', idNumber: '430626198203050028' };
const refusedOne = { name: '欧阳钟离', idNumber: '430626197104060015' };

async function run(...argv: string[]): Promise<Record<string, unknown>> {
  let out = '';
  const exitCode = await runCommandLine([...argv, '--home', home], environment(), {
    write: (text) => {
      out += text;
    },
    say: () => undefined,
  });
  const json = JSON.parse(out) as Record<string, unknown>;
  if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${out.slice(0, 500)}`);
  return json;
}
const environment = () => ({ INIT_CWD: clerk });

beforeAll(async () => {
  for (const folder of [place, incoming, outgoing, clerk, temporary]) mkdirSync(folder);
  tmpBefore = process.env['TMPDIR'];
  process.env['TMPDIR'] = temporary;
  documents = (await demoDocuments()).map((each) => documentSchema.parse(each));
  payers = await startPayers();
});
afterAll(async () => {
  await desk?.close();
  await payers.end();
  if (tmpBefore === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = tmpBefore;
  rmSync(root, { recursive: true, force: true });
});

/** A text in every way that a program of ours, or a library under it, could write it. */
function waysOf(text: string): readonly Buffer[] {
  const ways = [
    Buffer.from(text, 'utf8'),
    iconv.encode(text, 'gb18030'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(text, 'utf16le').swap16(),
    Buffer.from([...text].map((each) => `\\u${each.charCodeAt(0).toString(16)}`).join('')),
    Buffer.from(Buffer.from(text, 'utf8').toString('hex')),
  ];
  return ways.filter((way, index) => ways.findIndex((other) => other.equals(way)) === index);
}

/** Bytes that look like chance: in them four bytes of a short name come up by themselves. */
const sealed =
  /^(?:desk\/(?:settlement\.db(?:-wal)?|backups\/.*\.db|documents\/.*\.enc|replaced\/.*)|second-place\/.*)$/;
const bytesToBeSure = 6;

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Which file holds which text, in the folders that are searched. */
function found(texts: readonly string[], folders: readonly string[]): readonly string[] {
  const hits: string[] = [];
  for (const file of folders.flatMap(filesIn)) {
    const name = relative(root, file);
    const bytes = readFileSync(file);
    for (const text of texts) {
      const isThere = waysOf(text).some(
        (way) => (way.length >= bytesToBeSure || !sealed.test(name)) && bytes.includes(way),
      );
      if (isThere) hits.push(`${name}: ${text}`);
    }
  }
  return hits;
}

const secretTexts = (): readonly string[] => [
  ...new Set([...documents.flatMap(({ person }) => [person.name, person.idNumber])]),
  ...[late, refusedOne].flatMap(({ name, idNumber }) => [name, idNumber]),
  cardNumber,
];

describe('a folder that was used for everything', () => {
  it('holds nobody’s name, ID number or card number in plain text, in whatever file', async () => {
    await run('verify', '--demo');
    const settled = z
      .array(z.looseObject({ visitId: z.string() }))
      .parse(await run('claims'))
      .map(({ visitId }) => visitId);
    const open = documents.filter(({ visit }) => !settled.includes(visit.id));
    await run('settings', 'hospital-in', incoming);
    await run('settings', 'hospital-out', outgoing);
    await run('settings', 'second-place', place);

    // Registers and bills that a clerk hands over.
    const [first, second, third] = open;
    if (first === undefined || second === undefined || third === undefined) throw new Error('none');
    const { name, idNumber } = first.person;
    const cards = [{ kind: 'social-security', number: cardNumber, idNumber, name }];
    writeFileSync(join(clerk, 'cards.json'), JSON.stringify(cards));
    await run('import-cards', 'cards.json', '--source', '卡册');
    writeFileSync(join(clerk, 'visit.json'), JSON.stringify(first));
    await run('import', 'visit.json');

    // Settle, paper, cancel, send, back up.
    const one = String((await run('settle-visit', first.visit.id))['settlementId']);
    await run('statement', one, '--out', 'statement.pdf');
    await run('receipt', one, '--out', 'receipt.svg');
    const other = String((await run('settle-visit', second.visit.id))['settlementId']);
    await run('cancel', other, '--reason', '输错');
    await run('upload', '--payers', payers.url());
    await run('backup', '--nightly');
    await run('backup', join(clerk, 'backup.db'));

    // A program that dies in the middle of settling.
    const died = spawnSync(
      process.execPath,
      [program, 'settle-visit', third.visit.id, '--home', home],
      {
        env: { ...process.env, ...environment(), CRASH_AT: 'settle:before-commit' },
      },
    );
    expect(died.signal).toBe('SIGKILL');

    // The desk: bills of the hospital come and are refused, a card is read, everybody is looked at.
    const started = await startApplication({
      ...{ home, wanted: null, whenMissing: 'refuse', environment: environment() },
    });
    if (!started.ok) throw new Error(started.refusal.code);
    desk = started.value;
    const stay = (id: string, person: typeof late) =>
      JSON.stringify({
        ...second,
        visit: { ...second.visit, id },
        person: { ...second.person, ...person, birthDate: birthOf(person.idNumber) },
      });
    writeFileSync(join(incoming, 'late.json'), stay('LATE1', late));
    writeFileSync(join(incoming, 'refused.json'), `${stay('LATE2', refusedOne)}{`);
    await expect
      .poll(() => existsSync(join(incoming, 'refused', 'refused.json')), { timeout: 300_000 })
      .toBe(true);
    await expect
      .poll(() => existsSync(join(incoming, 'late.json')), { timeout: 300_000 })
      .toBe(false);
    await expect.poll(() => filesIn(join(incoming, 'taking')), { timeout: 300_000 }).toEqual([]);
    expect(await desk.callFromWindow('card:read', {})).toMatchObject({ ok: true });
    for (const { visit } of documents) {
      await desk.callFromWindow('settlement:preview', { visitId: visit.id });
    }
    expect(await desk.callFromWindow('visits:find', { text: late.name })).toMatchObject({
      value: { visits: [{ visitId: 'LATE1' }] },
    });
    const settlement = await desk.callFromWindow('settlement:preview', { visitId: 'LATE1' });
    expect(settlement).toMatchObject({ ok: true });

    const searched = [home, place, temporary];
    expect(filesIn(home).length).toBeGreaterThan(10);
    expect(found(secretTexts(), searched)).toEqual([]);
    await desk.close();
    desk = null;
    expect(found(secretTexts(), searched)).toEqual([]);

    // In the exchange folder a bill lies only while it was refused, for its owner alone.
    const left = found(secretTexts(), [incoming]).map((hit) => hit.replace(/:.*/, ''));
    expect(new Set(left)).toEqual(new Set(['hospital-in/refused/refused.json']));
    for (const name of ['refused.json', 'refused.json.problems.json']) {
      expect(statSync(join(incoming, 'refused', name)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(join(incoming, 'refused')).mode & 0o777).toBe(0o700);

    // The clerk's own file holds what he wrote into it: the search finds what is there.
    expect(found([name], [clerk])).toContain(`clerk/visit.json: ${name}`);
  });

  it('would be found to hold one, in every writing and in every file', () => {
    const planted = join(home, 'logs', 'planted');
    for (const text of [late.name, late.idNumber]) {
      for (const way of waysOf(text)) {
        writeFileSync(planted, Buffer.concat([Buffer.alloc(4097, 7), way, Buffer.alloc(11, 7)]));
        expect(found([text], [home])).toEqual([`desk/logs/planted: ${text}`]);
      }
    }
    rmSync(planted);
    const database = join(home, 'settlement.db');
    const bytes = readFileSync(database);
    writeFileSync(database, Buffer.concat([bytes, Buffer.from(late.name)]));
    expect(found([late.name], [home])).toEqual([`desk/settlement.db: ${late.name}`]);
    writeFileSync(database, bytes);
  });
});

function birthOf(idNumber: string): string {
  return `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`;
}
