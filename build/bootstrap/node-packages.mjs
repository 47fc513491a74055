// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { holdingLock } from './lock.mjs';
import { runProgram } from './run-program.mjs';

/**
 * The Node everything runs on, the same major as Electron's; the machine's own only gets us this far.
 * @param {string} root
 */
export function pinnedNode(root) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(root, 'node_modules', 'node', 'bin', name);
}

/**
 * Installs the packages of the lock file unless they are there already. No package runs a script of its own
 * while installing (one would want headers a bare machine lacks, another would start a download), except
 * `node`, which brings the pinned Node in.
 * @param {string} root
 * @param {readonly number[]} starters
 */
export async function installNodePackages(root, starters) {
  if (isInstalled(root)) return;
  await holdingLock(path.join(root, 'out', '.install-lock'), async () => {
    // Another command may have installed them while this one waited.
    if (isInstalled(root)) return;
    console.error('正在安装程序所需的软件包，约需一分钟 (installing packages, about a minute)…');
    const asPinnedNode = path.join(root, 'build', 'bootstrap', 'as-pinned-node.cjs');
    await npm(root, starters, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      NODE_OPTIONS: `--require=${JSON.stringify(asPinnedNode)}`,
    });
    await npm(root, starters, ['rebuild', 'node']);
    const missing = [pinnedNode(root), ...nativeParts(root)].filter((file) => !existsSync(file));
    if (missing.length > 0) {
      console.error(`npm 没有装上 (npm left out): ${missing.join(', ')}`);
      process.exit(1);
    }
    writeFileSync(stampFile(root), stamp(root));
  });
}

/** @param {string} root */
function isInstalled(root) {
  const file = stampFile(root);
  return (
    existsSync(file) && readFileSync(file, 'utf8') === stamp(root) && existsSync(pinnedNode(root))
  );
}

/**
 * Kept within node_modules, so that it goes when they go.
 * @param {string} root
 */
const stampFile = (root) => path.join(root, 'node_modules', '.settlement-window-installed');

/**
 * What the installed packages must agree with: the lock file, and the machine they were installed for.
 * @param {string} root
 */
function stamp(root) {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  return `${hash} ${process.platform} ${process.arch}\n`;
}

/**
 * What is read of package-lock.json.
 * @typedef {{ optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * The optional packages made for this very machine: native parts, which npm may leave out in silence.
 * @param {string} root
 * @returns {string[]}
 */
function nativeParts(root) {
  const lock = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const { packages } = /** @type {Lock} */ (JSON.parse(lock));
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (
    process.report.getReport()
  );
  const libc = report.header?.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  return Object.entries(packages)
    .filter(
      ([, { optional, os, cpu, libc: wanted }]) =>
        optional === true &&
        os?.includes(process.platform) === true &&
        cpu?.includes(process.arch) === true &&
        wanted?.includes(libc) !== false,
    )
    .map(([name]) => path.join(root, name));
}

/**
 * The Node to run npm with: the one npm itself was started with. Where packages are installed already this very
 * program runs on the pinned one, which `npm ci` takes away before it puts the new one in its place.
 * @param {string} root
 */
function nodeOfNpm(root) {
  const own = process.env.npm_node_execpath;
  const isPinned = process.execPath.startsWith(path.join(root, 'node_modules') + path.sep);
  return own !== undefined && isPinned ? own : process.execPath;
}

/**
 * @param {string} root
 * @param {readonly number[]} starters
 * @param {readonly string[]} args
 * @param {Record<string, string>} environment
 */
async function npm(root, starters, args, environment = {}) {
  mkdirSync(path.join(root, 'out'), { recursive: true });
  const script = process.env.npm_execpath;
  const viaScript = script !== undefined && /npm-cli\.c?js$/.test(script);
  const [file, first] = viaScript ? [nodeOfNpm(root), [script]] : ['npm', []];
  const code = await runProgram(file, [...first, ...args, '--loglevel', 'error'], {
    starters,
    quiet: true,
    // `npm run -s` would hand its silence down, and a failure would say nothing.
    environment: { npm_config_loglevel: 'error', ...environment },
  });
  if (code === 0) return;
  console.error(`npm ${args.join(' ')} 失败 (failed, exit ${String(code)})。`);
  process.exit(1);
}
