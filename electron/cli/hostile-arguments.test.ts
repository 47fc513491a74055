import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openServices } from '../app/open-services.ts';
import type { Services } from '../app/services.ts';
import { runCommandLine } from '../cli.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { optionsOf } from './read-call.ts';

const root = mkdtempSync(join(tmpdir(), 'hostile-arguments-'));
const home = join(root, 'desk');
/** Where the caller stands: what a command makes by mistake is made here. */
const cwd = join(root, 'cwd');
const keyFile = join(root, 'key');
/** A file of the desk's user beside it, which no command has any business with. */
const fileOfOthers = 'passwd';
const asItWas = 'root:x:0:0:root:/root:/bin/sh\n';
const environment = { INIT_CWD: cwd, SETTLEMENT_KEY_FILE: keyFile };
let services: Services;

beforeAll(async () => {
  mkdirSync(join(cwd, 'a-folder'), { recursive: true });
  writeFileSync(keyFile, 'ab'.repeat(32), { mode: 0o600 });
  writeFileSync(join(root, fileOfOthers), asItWas);
  const opened = await openServices({
    home,
    wanted: 'demo',
    whenMissing: 'make-demo',
    environment,
  });
  if (!opened.ok) throw new Error(opened.refusal.code);
  services = opened.value;
});
afterAll(async () => {
  await services.close();
  // An export of the audit once replaced such a file, and with it this machine's users.
  expect(readFileSync(join(root, fileOfOthers), 'utf8')).toBe(asItWas);
  rmSync(root, { recursive: true, force: true });
});

const isDeep = Number(process.env['TEST_DEPTH'] ?? '1') >= 10;

/** A few of many, others with each turn, so that all have theirs; in the deep run all of them each time. */
function some<Each>(many: readonly Each[], turn: number, count: number): readonly Each[] {
  if (isDeep) return many;
  return Array.from({ length: count }, (_, at) => many[(turn * count + at) % many.length] as Each);
}

type Ran = { readonly exitCode: number; readonly out: string; readonly said: string };

/** Runs a command as the program does, on a folder that stays open between two. */
async function run(argv: readonly string[], keepsOpen = true): Promise<Ran> {
  let out = '';
  let said = '';
  const exitCode = await runCommandLine(argv, environment, {
    write: (text) => {
      out += text;
    },
    say: (line) => {
      said += `${line}\n`;
    },
    secrets: { next: () => Promise.resolve(null) },
    ...(keepsOpen ? { open: openKept } : {}),
  });
  return { exitCode, out, said };
}

const openKept: typeof openServices = (options) =>
  options.home === home
    ? Promise.resolve({ ok: true, value: { ...services, close: () => Promise.resolve() } })
    : openServices(options);

/** One document, an exit code of the contract, words in both languages, no stack and no flood. */
function expectOneDocument(argv: readonly string[], { exitCode, out, said }: Ran): string | null {
  const called = argv.map((word) => word.slice(0, 40)).join(' ');
  expect([0, 1, 2], called).toContain(exitCode);
  const json: unknown = JSON.parse(out);
  expect(`${out}${said}`, called).not.toMatch(/\n\s+at |node:internal|\bundefined\b/);
  expect(out.length + said.length, called).toBeLessThan(200_000);
  const { error } = json as { error?: Record<string, unknown> };
  if (exitCode === 0) {
    expect(error, called).toBeUndefined();
    return null;
  }
  if (error === undefined) return null;
  expect(error, called).toMatchObject({
    code: expect.stringMatching(/^[a-z0-9-]+$/) as string,
    message: {
      zh: expect.stringMatching(/\S/) as string,
      en: expect.stringMatching(/\S/) as string,
    },
  });
  // Whatever was typed, the program did not fail of it.
  expect(error['code'], called).not.toBe('program-fault');
  return String(error['code']);
}

/** A program that goes on until it is ended is not begun: its arguments alone are tried. */
const isProgram = (command: Command): boolean => command.name === 'payers-simulator';

/** All that its declaration names but the folder, which is tried by itself. */
const ownOptions = (command: Command) =>
  Object.entries(optionsOf(command)).filter(([name]) => !['home', 'demo', 'init'].includes(name));
/** What makes a call whole but for the word that is tried. */
const wordsFor = (command: Command): string[] =>
  Array.from({ length: command.words[0] }, () => 'no-such-thing');
const withHome = (...argv: string[]): string[] => [...argv, '--home', home];

/** What is wrong by itself and must be said before anything is done. */
const unfit: Readonly<Record<string, string>> = {
  'NUL in it': 'a\0b',
  'a line break in it': 'a\nb',
  'an escape in it': 'a\u001b[2Jb',
  'half a character': 'a\ud800b',
  'a hundred thousand characters': 'x'.repeat(100_000),
};
/** What could be meant, and is refused where it is no such thing. */
const odd: readonly string[] = [
  'garbage',
  '0',
  '1e999',
  '99999999999999999999',
  '2017-02-30',
  '0000-00-00',
  `../${fileOfOthers}`,
  'a-folder',
  'a-folder/no/such/file',
  "'; drop table visits; --",
  '%00%2e%2e',
  '\u202E人\u200B',
  '＝=＝',
  'cash=-1.00',
  'x'.repeat(4000),
];

describe.each(commands.map((command) => [command.name, command] as const))(
  '%s',
  (name, command) => {
    it('with words missing, too many or of no meaning is wrong usage', async () => {
      const [fewest, most] = command.words;
      const calls = [
        ...(fewest > 0 ? [withHome(name)] : []),
        withHome(name, ...Array.from({ length: most + 1 }, () => 'x')),
        withHome(name, ...wordsFor(command), '--no-such-option'),
        [name, ...wordsFor(command), '--home', ''],
        [name, ...wordsFor(command), '--home'],
        withHome(name, ...wordsFor(command), '--home', home),
        withHome(name, ...wordsFor(command), '--demo', '--init'),
        ...(fewest > 0 && command.emptyWords !== true
          ? [withHome(name, ...wordsFor(command).map(() => ''))]
          : []),
      ];
      for (const argv of calls) {
        const ran = await run(argv);
        expect(expectOneDocument(argv, ran)).toBe('wrong-usage');
        expect(ran.exitCode).toBe(2);
      }
    });

    it.each(ownOptions(command))(
      'with --%s missing its value, twice, empty or unfit is wrong usage',
      async (option, how) => {
        const flag = `--${option}`;
        const calls =
          how.type === 'boolean'
            ? [[flag, flag], [`${flag}=yes`]]
            : [
                [flag],
                [flag, ''],
                [`${flag}=`],
                ...(how.multiple === true ? [] : [[flag, 'a', flag, 'b']]),
                ...Object.values(unfit).map((value) => [flag, value]),
                ...Object.values(unfit).map((value) => [`${flag}=${value}`]),
              ];
        for (const words of calls) {
          const argv = withHome(name, ...wordsFor(command), ...words);
          const ran = await run(argv);
          expect(expectOneDocument(argv, ran)).toBe('wrong-usage');
          expect(ran.exitCode).toBe(2);
        }
      },
    );

    it('with a word that is unfit is wrong usage', async () => {
      for (const value of Object.values(unfit)) {
        const argv = withHome(
          name,
          ...Array.from({ length: Math.max(1, command.words[0]) }, () => value),
        );
        const ran = await run(argv);
        expect(expectOneDocument(argv, ran)).toBe('wrong-usage');
      }
    });

    if (isProgram(command)) return;

    it('with odd words answers one document whatever they are', async () => {
      const texts = ownOptions(command).filter(([, { type }]) => type === 'string');
      for (const value of odd) {
        const filled = texts.flatMap(([option]) => [`--${option}=${value}`]);
        const words = Array.from(
          { length: Math.max(command.words[0], Math.min(1, command.words[1])) },
          () => value,
        );
        // What waits for a card waits no longer than it must.
        const shortly = texts.some(([option]) => option === 'timeout') ? ['--timeout=0.01'] : [];
        const calls = [withHome(name, ...words, ...shortly), withHome(name, ...words, ...filled)];
        for (const [option] of texts) {
          const also = option === 'timeout' ? [] : shortly;
          calls.push(withHome(name, ...wordsFor(command), `--${option}=${value}`, ...also));
        }
        for (const argv of calls) expectOneDocument(argv, await run(argv));
      }
    });

    it('on a home that is no folder of ours answers one document', async () => {
      const file = join(root, 'a-file');
      writeFileSync(file, 'mine');
      const loop = join(root, 'loop');
      rmSync(loop, { force: true });
      symlinkSync(loop, loop);
      const homes = [
        file,
        join(file, 'below'),
        join(cwd, 'a-folder'),
        loop,
        join(root, 'x'.repeat(300)),
        join(root, 'x/'.repeat(1900)),
        '/dev/null',
        '/proc/self/no-such',
      ];
      const required = ownOptions(command).flatMap(([option, { type }]) =>
        type === 'string' ? [`--${option}=no-such-thing`] : [],
      );
      for (const where of some(homes, commands.indexOf(command), 3)) {
        for (const how of [[], ['--init']]) {
          const argv = [name, ...wordsFor(command), ...required, '--home', where, ...how];
          if (how.length > 0 && where === join(cwd, 'a-folder')) continue;
          expectOneDocument(argv, await run(argv));
        }
      }
    });
  },
);

describe('a command on a folder whose parts are not what they should be', () => {
  /** The folder as it lies on the disk, without the lock files of the open one. */
  function copyOf(name: string): string {
    const copy = join(root, name);
    rmSync(copy, { recursive: true, force: true });
    cpSync(home, copy, { recursive: true });
    return copy;
  }
  const spoils: readonly (readonly [string, (path: string) => void])[] = [
    [
      'a file',
      (path) => {
        writeFileSync(path, 'x');
      },
    ],
    [
      'a folder',
      (path) => {
        mkdirSync(path);
      },
    ],
    [
      'a link to nothing',
      (path) => {
        symlinkSync(`${path}-nowhere`, path);
      },
    ],
  ];
  const folderCommands = ['verify', 'claims', 'backup', 'settings'];

  it.each([
    'locks',
    'logs',
    'documents',
    'policy-packs',
    'settlement.db',
    'settlement.anchor',
    'folder.json',
  ])(
    'answers one document where %s is something else',
    async (part) => {
      for (const [at, [what, spoil]] of spoils.entries()) {
        for (const name of some(folderCommands, at + part.length, 1)) {
          const copy = copyOf('spoiled');
          rmSync(join(copy, part), { recursive: true, force: true });
          spoil(join(copy, part));
          const words = name === 'backup' ? [join(root, `${what}-${part}.db`)] : [];
          const argv = [name, ...words, '--home', copy];
          expectOneDocument(argv, await run(argv, false));
        }
      }
    },
    300_000,
  );

  it('answers one document where another program’s database bears the name of ours', async () => {
    const copy = copyOf('foreign');
    for (const name of readdirSync(copy)) {
      if (name.startsWith('settlement.db')) rmSync(join(copy, name));
    }
    new DatabaseSync(join(copy, 'settlement.db')).exec('create table theirs (a)');
    const argv = ['verify', '--home', copy];
    expectOneDocument(argv, await run(argv, false));
  });
});
