import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runProgram } from './bootstrap/run-program.mjs';
import { starterPids } from './bootstrap/starters.mjs';
import { electronBinary, mayUseElectron, mayInstallElectron } from './electron-binary.ts';
import { buildPage, buildParts, builtPart } from './outputs.ts';

/** What out/electron/host.js offers; its sources belong to another part and are checked there. */
type Host = {
  hostProgram: (argv: readonly string[], environment: NodeJS.ProcessEnv) => Promise<void>;
};

const argv = process.argv.slice(2);
await buildParts();
await buildPage();

const wanted = mayUseElectron(argv, process.env, process.getuid?.());
if (wanted && electronBinary() === null && mayInstallElectron()) installElectron();
const electron = wanted ? electronBinary() : null;
if (electron === null) {
  // In this very process: a killed starter then leaves no second one behind.
  const { hostProgram } = (await import(pathToFileURL(builtPart('host.js')).href)) as Host;
  await hostProgram(argv, process.env);
} else {
  process.exitCode = await runProgram(electron, [builtPart('main.js'), ...argv], {
    starters: starterPids(),
  });
}

/** Fetches Electron's own binary, once: it is large and comes from outside the package registry. */
function installElectron(): void {
  console.error(
    '正在下载 Electron，只需一次；不成功则在浏览器中打开 (downloading Electron, once)…',
  );
  const script = path.resolve('node_modules/electron/install.js');
  if (!existsSync(script)) return;
  spawnSync(process.execPath, [script], { stdio: ['ignore', 2, 2], timeout: 300_000 });
}
