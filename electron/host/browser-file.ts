import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Timer } from '../base/timer.ts';
import { openingTokenMs } from './opening-tokens.ts';

/**
 * A file that sends a browser to the desk. The opening token stands in it and not on the browser's command line, which
 * everybody on the machine can read; only the folder's owner can read the file, and it is gone with the token.
 */
export function writeBrowserFile(home: string, url: string, timer: Timer): string {
  const file = join(home, `open-desk-${randomBytes(8).toString('hex')}.html`);
  const html = `<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url=${url}"><title>一站式结算窗口</title></head><body></body></html>
`;
  // Made by us or not at all: a file or link that waits there is not written to.
  writeFileSync(file, html, { mode: 0o600, flag: 'wx' });
  const remove = (): void => {
    rmSync(file, { force: true });
  };
  const stop = timer(openingTokenMs, remove);
  process.once('exit', () => {
    stop();
    remove();
  });
  return file;
}

/** Opens the file in the user's browser; `onNone` where this machine has none. */
export function openInBrowser(file: string, onNone: () => void): void {
  const opener = { win32: 'explorer', darwin: 'open' }[process.platform as string] ?? 'xdg-open';
  spawn(opener, [pathToFileURL(file).href], { stdio: 'ignore', detached: true })
    .on('error', onNone)
    .unref();
}
