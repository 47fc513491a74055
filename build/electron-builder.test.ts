import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

type Config = {
  files: string[];
  asarUnpack: string[];
  electronFuses: Record<string, boolean>;
  win: { target: unknown };
  linux: { target: unknown };
  nsis: { include: string };
};

/** electron-builder's own check, the one it makes before it packs. */
type Checker = {
  validateConfiguration: (
    config: unknown,
    log: { isEnabled: boolean; add: () => void },
  ) => Promise<void>;
};

const requireBuilders = createRequire(
  createRequire(import.meta.url).resolve('electron-builder/package.json'),
);
const { validateConfiguration } = requireBuilders(
  'app-builder-lib/out/util/config/config.js',
) as Checker;
const check = (config: unknown): Promise<void> =>
  validateConfiguration(config, { isEnabled: false, add: () => undefined });

const readConfig = (): Config => parse(readFileSync('electron-builder.yml', 'utf8')) as Config;

describe('electron-builder.yml', () => {
  it("keeps to electron-builder's own schema", async () => {
    await expect(check(readConfig())).resolves.toBeUndefined();
  });

  it('is really checked: a misspelt key is refused', async () => {
    await expect(check({ ...readConfig(), asarUnpak: [] })).rejects.toThrow('asarUnpak');
  });

  it('makes an installer for Windows and two packages for Linux', () => {
    const { win, linux } = readConfig();
    expect(win.target).toEqual([{ target: 'nsis', arch: ['x64'] }]);
    expect(linux.target).toEqual([
      { target: 'deb', arch: ['x64', 'arm64'] },
      { target: 'AppImage', arch: ['x64', 'arm64'] },
    ]);
  });

  it('has an installer that says in words that an old Windows is too old, before it copies', () => {
    const script = readFileSync(readConfig().nsis.include, 'utf8');
    const [, init] = /!macro customInit\n([^]*?)!macroend/.exec(script) ?? [];
    expect(init).toMatch(/AtLeastWin10[^]*MessageBox[^]*Windows 7[^]*Quit/);
    expect(script).toMatch(/需要 Windows 10/);
  });

  it("shuts what would let others run as Electron's Node or change the archive", () => {
    expect(readConfig().electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('leaves every package with a native part outside the archive', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const unpacked = readConfig().asarUnpack.join('\n');
    for (const name of ['better-sqlite3', 'node-hid']) {
      expect(Object.keys(dependencies)).toContain(name);
      expect(unpacked).toContain(`node_modules/${name}/**`);
    }
    expect(unpacked).toContain('node_modules/smartcard/**');
    expect(Object.keys(dependencies)).toContain('serialport');
    expect(unpacked).toContain('node_modules/@serialport/bindings-cpp/**');
  });
});
