import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { holdingLock } from '../../bootstrap/lock.mjs';

export type Peer = {
  readonly name: string;
  readonly version: string;
  /** Parts made for this machine, which must be named because the peer asks for those of all machines. */
  readonly parts: readonly string[];
};

export const peers = {
  rules: { name: 'json-rules-engine', version: '7.3.1', parts: [] },
  zen: {
    name: '@gorules/zen-engine',
    version: '0.54.0',
    parts: [`@gorules/zen-engine-${machine()}`],
  },
} satisfies Record<string, Peer>;

export type PeerLibrary =
  | { readonly ok: true; readonly library: unknown }
  | { readonly ok: false; readonly reason: string };

const folderOfAll = path.resolve(import.meta.dirname, '../../../out/bench-peers');
const installTimeoutMs = 120_000;

/**
 * Gives a peer's library, installed on first use into `out/bench-peers` with exact versions, no scripts and
 * no lock file: peers stand beside our figures and are no dependency. Where it cannot be had it says why.
 */
export async function installPeer(peer: Peer): Promise<PeerLibrary> {
  const folder = path.join(folderOfAll, path.basename(peer.name));
  const reason = await holdingLock(`${folder}.lock`, () =>
    Promise.resolve(isInstalled(folder, peer) ? null : install(folder, peer)),
  );
  if (reason !== null) return { ok: false, reason };
  try {
    return { ok: true, library: createRequire(path.join(folder, 'from-here.cjs'))(peer.name) };
  } catch (problem) {
    return { ok: false, reason: firstLine(String(problem)) };
  }
}

function isInstalled(folder: string, { name, version, parts }: Peer): boolean {
  return [name, ...parts].every((each) => {
    const file = path.join(folder, 'node_modules', each, 'package.json');
    return existsSync(file) && readFileSync(file, 'utf8').includes(`"version": "${version}"`);
  });
}

/** Null when it went well, else why not. */
function install(folder: string, { name, version, parts }: Peer): string | null {
  console.error(`installing ${name} ${version} into ${path.relative('.', folder)} …`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const script = process.env['npm_execpath'];
  const viaScript = script !== undefined && /npm-cli\.c?js$/.test(script);
  const [file, first] = viaScript ? [process.execPath, [script]] : ['npm', []];
  const flags =
    'install --no-save --no-package-lock --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-timeout=20000';
  const wanted = [name, ...parts].map((each) => `${each}@${version}`);
  const { status, error, stderr } = spawnSync(file, [...first, ...flags.split(' '), ...wanted], {
    cwd: folder,
    encoding: 'utf8',
    timeout: installTimeoutMs,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0) return null;
  if (error !== undefined) return firstLine(error.message);
  return stderr
    .replace(/^npm (?:error|warn) /gm, '')
    .trim()
    .split('\n')
    .slice(0, 2)
    .join('; ');
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

/** This machine as zen names its parts. */
function machine(): string {
  const { platform, arch } = process;
  if (platform === 'win32') return `${platform}-${arch}-msvc`;
  if (platform !== 'linux') return `${platform}-${arch}`;
  const musl = existsSync(`/lib/ld-musl-${arch === 'x64' ? 'x86_64' : 'aarch64'}.so.1`);
  return `linux-${arch}-${musl ? 'musl' : 'gnu'}`;
}
