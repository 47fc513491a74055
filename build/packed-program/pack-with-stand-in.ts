import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { fuseSentinel } from './fuses.ts';

/**
 * A folder that electron-builder takes for an unpacked Electron: the files it copies and renames, and a binary that
 * is nothing but a fuse wire. Electron's own cannot be had everywhere, and what is looked at is what was packed.
 */
export function makeStandInRuntime(folder: string, version: string, fuses: string): void {
  mkdirSync(path.join(folder, 'resources'), { recursive: true });
  mkdirSync(path.join(folder, 'locales'));
  const wire = Buffer.concat([
    Buffer.from(fuseSentinel, 'latin1'),
    Buffer.from([1, fuses.length]),
    Buffer.from(fuses, 'latin1'),
  ]);
  const binary = path.join(folder, 'electron');
  writeFileSync(binary, Buffer.concat([Buffer.from('a stand-in\n'), wire, Buffer.from('\n')]));
  chmodSync(binary, 0o755);
  writeFileSync(path.join(folder, 'version'), version);
  writeFileSync(path.join(folder, 'LICENSE'), 'a stand-in');
  writeFileSync(path.join(folder, 'LICENSES.chromium.html'), 'a stand-in');
}

/** Packs what is built, for Linux on this machine's processor, around that runtime; answers the packed folder. */
export function packWithStandIn(root: string, runtime: string, output: string): string {
  const packed = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/electron-builder/cli.js'),
      ...['--config', 'electron-builder.yml', '--publish', 'never', '--linux', '--dir'],
      `-c.electronDist=${runtime}`,
      `-c.directories.output=${output}`,
    ],
    { cwd: root, encoding: 'utf8' },
  );
  if (packed.status !== 0) throw new Error(`electron-builder: ${packed.stdout}${packed.stderr}`);
  return path.join(
    output,
    process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`,
  );
}
