import { spawnSync } from 'node:child_process';
import { chmodSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Of NSIS itself; the templates call others of electron-builder's own, which come with its download. */
const pluginsOfNsis = ['System', 'nsDialogs', 'nsExec', 'BgImage'];

export type CompiledInstaller = {
  /** Null where it was compiled to its end. */
  readonly problem: string | null;
  /** The installer as a file of Windows; meaningless where there is a problem. */
  readonly file: string;
};

/**
 * The installer for Windows as electron-builder makes it with this repository's configuration and its own templates,
 * compiled by Debian's `makensis` (package `nsis`), warnings being errors. What electron-builder would download stands
 * in: plugins that export the names its templates call and do nothing, an archive without content, and a Wine that
 * leaves the uninstaller's file behind. So it is the scripts that are tried, never the run of an installer. The content
 * is left uncompressed, so that its texts can be read.
 */
export function compileInstaller({
  root,
  folder,
  options = [],
}: {
  readonly root: string;
  /** An empty folder for what is made. */
  readonly folder: string;
  /** More words for electron-builder. */
  readonly options?: readonly string[];
}): CompiledInstaller {
  const tools = makeTools(root, folder);
  const app = path.join(folder, 'app');
  mkdirSync(path.join(app, 'resources'), { recursive: true });
  writeFileSync(path.join(app, 'Settlement Window.exe'), 'a stand-in');
  const output = path.join(folder, 'dist');
  const packed = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/electron-builder/cli.js'),
      ...['--config', 'electron-builder.yml', '--publish', 'never', '--win', 'nsis', '--x64'],
      ...['--prepackaged', app, '-c.compression=store', `-c.directories.output=${output}`],
      ...['-c.nsis.differentialPackage=false', ...options],
    ],
    { cwd: root, encoding: 'utf8', env: { ...process.env, ...tools } },
  );
  const [file] = globSync('*.exe', { cwd: output });
  return {
    problem: packed.status === 0 ? null : `${packed.stdout}${packed.stderr}`,
    file: path.join(output, file ?? ''),
  };
}

/** The tools electron-builder asks for, by the variables it takes in place of its downloads. */
function makeTools(root: string, folder: string): NodeJS.ProcessEnv {
  const nsis = path.join(folder, 'nsis');
  const wine = path.join(folder, 'wine/bin');
  const plugins = path.join(folder, 'resources/plugins/x86-unicode');
  const home = path.join(folder, 'wine/wine-home');
  const libraries = path.join(folder, 'wine/lib');
  for (const each of [nsis, wine, home, libraries, plugins]) mkdirSync(each, { recursive: true });
  writeScript(path.join(nsis, 'makensis'), 'exec makensis "$@"');
  writeFileSync(path.join(nsis, 'elevate.exe'), 'a stand-in');
  // The last word but one of `7za a … ARCHIVE FOLDER` is the archive.
  const archiver = path.join(folder, '7za');
  writeScript(archiver, 'for word; do case "$word" in *.7z) echo stand-in > "$word";; esac; done');
  // Wine runs the first installer so that it writes the uninstaller beside itself.
  const uninstaller = `echo stand-in > "$(dirname "$1")/$(basename "$1" exe)__uninstaller.exe"`;
  writeScript(path.join(wine, 'wine'), uninstaller);
  for (const [name, functions] of pluginCalls(root)) {
    writeFileSync(path.join(plugins, `${name}.dll`), libraryExporting(name, functions));
  }
  return {
    ELECTRON_BUILDER_NSIS_DIR: nsis,
    ELECTRON_BUILDER_NSIS_RESOURCES_DIR: path.join(folder, 'resources'),
    ELECTRON_BUILDER_7ZIP_PATH: archiver,
    ELECTRON_BUILDER_WINE_TOOLSET_DIR: path.dirname(wine),
  };
}

function writeScript(file: string, line: string): void {
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}

/** Every plugin the templates call that NSIS does not bring, with the functions they call of it. */
function pluginCalls(root: string): ReadonlyMap<string, ReadonlySet<string>> {
  const templates = path.join(root, 'node_modules/app-builder-lib/templates/nsis');
  const calls = new Map<string, Set<string>>();
  for (const file of globSync('**/*.{nsi,nsh}', { cwd: templates })) {
    const text = readFileSync(path.join(templates, file), 'utf8');
    // A call of the system's own libraries stands in quotes, as a text for the plugin System.
    for (const [, name = '', called = ''] of text.matchAll(/^[^'"`;#]*?\b(\w+)::(\w+)/gm)) {
      if (pluginsOfNsis.includes(name)) continue;
      calls.set(name, (calls.get(name) ?? new Set()).add(called));
    }
  }
  return calls;
}

/** A library for 32-bit Windows that exports these names and holds nothing else: what makensis looks into. */
function libraryExporting(name: string, functions: ReadonlySet<string>): Uint8Array {
  const address = 0x1000;
  const offset = 0x200;
  const names = [...functions].sort();
  const texts = [`${name}.dll`, ...names].map((text) => Buffer.from(`${text}\0`, 'latin1'));
  const tables = 40 + names.length * 10;
  const content = Buffer.alloc(tables + texts.reduce((sum, text) => sum + text.length, 0));
  let at = tables;
  const places = texts.map((text) => {
    const place = at;
    text.copy(content, at);
    at += text.length;
    return address + place;
  });
  const directory = [places[0] ?? 0, 1, names.length, names.length, address + 40];
  for (const [index, value] of directory.entries()) content.writeUInt32LE(value, 12 + index * 4);
  content.writeUInt32LE(address + 40 + names.length * 4, 32);
  content.writeUInt32LE(address + 40 + names.length * 8, 36);
  for (const index of names.keys()) {
    content.writeUInt32LE(address, 40 + index * 4);
    content.writeUInt32LE(places[index + 1] ?? 0, 40 + (names.length + index) * 4);
    content.writeUInt16LE(index, 40 + names.length * 8 + index * 2);
  }
  const head = Buffer.alloc(offset);
  head.write('MZ', 0, 'latin1');
  head.writeUInt32LE(64, 60);
  head.write('PE\0\0', 64, 'latin1');
  head.writeUInt16LE(0x14c, 68);
  head.writeUInt16LE(1, 70);
  head.writeUInt16LE(224, 84);
  head.writeUInt16LE(0x2102, 86);
  head.writeUInt16LE(0x10b, 88);
  head.writeUInt32LE(16, 88 + 92);
  head.writeUInt32LE(address, 88 + 96);
  head.writeUInt32LE(content.length, 88 + 100);
  head.write('.edata', 312, 'latin1');
  for (const [index, value] of [content.length, address, content.length, offset].entries())
    head.writeUInt32LE(value, 320 + index * 4);
  return Buffer.concat([head, content]);
}
