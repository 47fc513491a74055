import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve('node_modules/electron');
/** Kept within node_modules: a new installation tries again. */
const triedFile = path.join(folder, '.install-tried');

/**
 * Electron's program, if it is here. Asked of the file the package itself keeps: requiring the package would
 * start a download.
 */
export function electronBinary(): string | null {
  const pathFile = path.join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = path.join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

/**
 * Whether the desk is to open in Electron: there is a screen, the user is not root (Chromium's sandbox
 * refuses root), and no option asks for what only the host has.
 */
export function mayUseElectron(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  userId: number | undefined,
): boolean {
  const asksForHost = argv.some((word) => /^--(host|no-open|port)(=|$)/.test(word));
  const hasScreen =
    process.platform !== 'linux' ||
    Boolean(environment['DISPLAY']) ||
    Boolean(environment['WAYLAND_DISPLAY']);
  return !asksForHost && hasScreen && userId !== 0;
}

/** True once per installation: a machine that cannot reach the download must not wait for it at every start. */
export function mayInstallElectron(): boolean {
  if (!existsSync(folder) || existsSync(triedFile)) return false;
  writeFileSync(triedFile, '');
  return true;
}
