// @ts-check
/**
 * The door of every npm script: `node build/run.mjs COMMAND …`. Plain JavaScript without dependencies, for
 * Node 18 and later, because on a fresh machine nothing else is there yet. It installs what is missing, then
 * hands over to the pinned Node with the command's own program. Standard output belongs to that program
 * alone; whatever is said here goes to standard error.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCardServicePart } from './bootstrap/card-service-part.mjs';
import { needsOfTests } from './bootstrap/chosen-tests.mjs';
import { deskEnvironment } from './bootstrap/desk-environment.mjs';
import { installNodePackages, pinnedNode } from './bootstrap/node-packages.mjs';
import { runProgram } from './bootstrap/run-program.mjs';
import { starterPids } from './bootstrap/starters.mjs';
import { installSystemPackages } from './bootstrap/system-packages.mjs';

const devices = ['libusb-1.0-0', 'udev', 'fonts-hanazono'];
const cardService = ['pcscd', 'vsmartcard-vpcd', 'libpcsclite-dev', 'g++'];
const testing = [
  ...devices,
  ...cardService,
  'python3-virtualsmartcard',
  'python3-pycryptodome',
  'chromium',
  'fonts-noto-cjk',
  'socat',
  'poppler-utils',
  'postgresql',
  'mariadb-server-core',
  'openssh-server',
];

/**
 * What each command runs, and the Debian packages a feature of it needs. `must`: without them the command is
 * of no use; otherwise it runs and only that feature is missing.
 * @typedef {{ program: string, environment?: Record<string, string>, must?: boolean, packages: readonly string[] }} Command
 * @type {Record<string, Command>}
 */
const commands = {
  start: { program: 'build/start.ts', environment: deskEnvironment, packages: devices },
  test: { program: 'build/test.ts', must: true, packages: testing },
  'test:deep': {
    program: 'build/test.ts',
    environment: { TEST_DEPTH: '10' },
    must: true,
    packages: [...testing, 'nsis'],
  },
  'test:trust': {
    program: 'build/test.ts',
    environment: { TEST_TRUST: '1' },
    must: true,
    packages: testing,
  },
  check: { program: 'build/check.ts', packages: [] },
  cli: { program: 'build/cli.ts', packages: devices },
  bench: { program: 'build/bench.ts', must: true, packages: testing },
  shapes: { program: 'build/write-shapes.ts', packages: [] },
  dist: { program: 'build/dist.ts', packages: [] },
};

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [name = '', ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) {
  console.error(`build/run.mjs knows ${Object.keys(commands).join(', ')}, not "${name}".`);
  process.exit(2);
}

// Programs resolve the caller's relative paths against this folder; npm moves to the package's.
const calledFrom = process.env.INIT_CWD ?? process.cwd();
process.chdir(root);
const starters = starterPids();
// A test of one file waits for nothing that this file does not need.
const packages =
  command.program === 'build/test.ts'
    ? needsOfTests(root, rest, command.packages).packages
    : command.packages;
installSystemPackages(packages, command.must === true);
await installNodePackages(root, starters);
if (packages === command.packages || packages.includes('pcscd')) buildCardServicePart(root);
process.exitCode = await runProgram(pinnedNode(root), [command.program, ...rest], {
  starters,
  environment: {
    ...command.environment,
    INIT_CWD: calledFrom,
    SETTLEMENT_STARTER_PIDS: [...starters, process.pid].join(','),
    PATH: `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
    // One message per run that some feature is experimental means nothing to a cashier.
    NODE_NO_WARNINGS: '1',
  },
});
