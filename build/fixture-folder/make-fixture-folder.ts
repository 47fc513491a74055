import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import iconv from 'iconv-lite';

import { openSession } from '../../electron/e2e/call-desk.ts';
import {
  cardOfOtherName,
  cardRegister,
  changedVisits,
  csvVisits,
  earlierVisits,
  hospitalVisits,
  personRegister,
  refusedVisits,
} from './fixture-imports.ts';

/**
 * Makes a data folder as a release leaves it, by that release's own commands:
 *
 *     node build/fixture-folder/make-fixture-folder.ts --program CHECKOUT --out electron/database/fixtures/folder-VERSION
 *
 * CHECKOUT is a built checkout of the release. `home/` is the folder with its demo key, `imports/` the files it was
 * filled from, `made.json` what the release answered. Every later program must open it: each release adds one.
 */
const { values } = parseArgs({
  options: { program: { type: 'string' }, out: { type: 'string' } },
});
if (values.program === undefined || values.out === undefined) {
  console.error('--program CHECKOUT --out FOLDER');
  process.exit(2);
}
const program = path.resolve(values.program);
const out = path.resolve(values.out);
const home = path.join(out, 'home');
const imports = path.join(out, 'imports');
rmSync(out, { recursive: true, force: true });
mkdirSync(imports, { recursive: true });

type Json = Readonly<Record<string, unknown>>;

/** A command of the release; its answer, once it ends as expected. */
async function command(name: string, ...rest: string[]): Promise<Json> {
  return commandEnding(0, name, ...rest);
}

async function commandEnding(exit: number, name: string, ...rest: string[]): Promise<Json> {
  const child = spawn(
    process.execPath,
    [path.join(program, 'out/electron/cli.js'), name, '--home', home, ...rest],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== exit) throw new Error(`${name} ${rest.join(' ')} ended ${String(code)}: ${text}`);
  return JSON.parse(text) as Json;
}

/** A program of the release that says `ready URL`. */
async function start(
  part: string,
  ...rest: string[]
): Promise<{ child: ChildProcess; url: string }> {
  const file = path.join(program, `out/electron/${part}.js`);
  const child = spawn(process.execPath, [file, ...rest], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^ready (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error(`${part} ended before it was ready`);
}

function importFile(name: string, content: string | Uint8Array | object): string {
  const file = path.join(imports, name);
  const isText = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(file, isText ? content : `${JSON.stringify(content, null, 1)}\n`);
  return file;
}

const settlements: { visitId: string; settlementId: string; number: string }[] = [];
async function settle(visitId: string, ...rest: string[]): Promise<string> {
  const { settlementId, number } = await command('settle-visit', visitId, ...rest);
  settlements.push({ visitId, settlementId: String(settlementId), number: String(number) });
  return String(settlementId);
}

// A new demo folder, some of it settled, no printer: what is settled now waits to be printed.
await command('settings', '--demo', 'printer-url', '');
await command('settings', 'scan-codes', 'barcode:12:YH');
const demoVisits = path.join(imports, 'demo-visits.json');
copyFileSync(path.join(program, 'out/demo-data/data/visits.json'), demoVisits);
await command('import', demoVisits);

await command('import', importFile('visits-earlier.json', earlierVisits));
await command('import', importFile('visits.json', hospitalVisits));
await command('import', importFile('visits-gb18030.csv', iconv.encode(csvVisits, 'gb18030')));
await commandEnding(1, 'import', importFile('refused.json', refusedVisits));
await command('import-cards', importFile('cards.csv', cardRegister), '--source', '优抚卡');

// Settled, printed and copied; one of every optional field; one by a payer's figures.
const whole = await settle('ZY20171110901', '--as', 'cashier1');
const slip = path.join(out, 'slip.svg');
await command('receipt', whole, '--out', slip, '--printer', 'sim://printer');
await command('receipt', whole, '--out', slip, '--printer', 'sim://printer');
const cancelled = await settle('ZY20171115905');
await command('cancel', cancelled, '--reason', '金额有误，重新结算', '--as', 'cashier1');
await settle('ZY20171115905', '--as', 'supervisor1');
const unpaid = await settle('ZY20171112004');
await command('cancel', unpaid, '--reason', '病人要求改日结算');
// Nobody had recognised this patient; the register that comes afterwards is dated back.
await settle('ZY20171122027');
const register = personRegister({ idNumber: '430626198603037260', name: '柯黛' });
await command('import-persons', importFile('persons.csv', register), '--source', '扶贫办');

// Uploaded: all but one accepted.
const payers = await start('payers-simulator', '--port', '0', '--home', path.join(out, 'payers'));
await fetch(`${payers.url}/faults`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ faults: ['lost-answer*1'] }),
});
await command('upload', '--payers', payers.url);
payers.child.kill();
await once(payers.child, 'exit');

// Changed after settlement.
await command('import', importFile('visits-changed.json', changedVisits));

// At the desk: a card that bears another name is confirmed, which stands in the audit.
const desk = await start('host', '--home', home, '--no-open', '--port', '0');
const ask = await openSession(desk.url);
async function call(name: string, input: object): Promise<void> {
  if (!(await ask(name, input)).ok) throw new Error(`${name} was refused`);
}
await call('card:scan', { text: cardOfOtherName });
await call('card:confirm-person', { visitId: 'ZY20171110903', code: 'name-differs' });
await command('stop');

// Settled after the upload: claims and sheets that wait.
await settle('ZY20171110904');
await settle('ZY20171117006');
await settle('MZ20171127021');

const books = await command('verify');
if (books['ok'] !== true) throw new Error('the books of the fixture do not add up');
const made = {
  // The bills in force, or set aside, are of these files: importing them again must change nothing.
  importAgain: ['demo-visits.json', 'visits.json', 'visits-gb18030.csv', 'visits-changed.json'],
  settlements,
  claims: await command('claims'),
  supplements: await command('supplements'),
};
writeFileSync(path.join(out, 'made.json'), `${JSON.stringify(made, null, 1)}\n`);
rmSync(slip, { force: true });
rmSync(path.join(out, 'payers'), { recursive: true, force: true });
// What the hospital's system has taken away, and what only the running program needs.
for (const name of ['hospital-out', 'hospital-in', 'logs', 'locks', 'last-port', 'reserve']) {
  rmSync(path.join(home, name), { recursive: true, force: true });
}
let bytes = 0;
for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
  const facts = statSync(path.join(out, name));
  if (facts.isFile()) bytes += facts.size;
}
console.error(`${out}: ${(bytes / 1024).toFixed(0)} KiB`);
