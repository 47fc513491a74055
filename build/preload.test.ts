import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Script } from 'node:vm';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import preloadConfig from './vite.preload.config.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'preload-'));
let built: string;
beforeAll(async () => {
  await build({ ...preloadConfig, build: { ...preloadConfig.build, outDir: folder } });
  built = readFileSync(path.join(folder, 'preload.cjs'), 'utf8');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the built preload', () => {
  it('is CommonJS: a sandboxed preload cannot be an ES module', () => {
    // A script, not a module: any import or export would be a syntax error.
    expect(() => new Script(built)).not.toThrow();
    expect(() => new Script(`import 'electron';\n${built}`)).toThrow();
  });

  it('requires nothing but electron, and exposes the bridge when run as Electron runs it', () => {
    const required: string[] = [];
    const exposed: Record<string, unknown> = {};
    const electron = {
      contextBridge: {
        exposeInMainWorld: (name: string, offered: unknown) => (exposed[name] = offered),
      },
      ipcRenderer: {},
    };
    const run = new Script(`(require, module, exports) => {${built}\n}`).runInNewContext() as (
      require: (name: string) => unknown,
      module: object,
      exports: object,
    ) => void;
    run(
      (name) => {
        required.push(name);
        return electron;
      },
      {},
      {},
    );
    expect(required).toEqual(['electron']);
    expect(Object.keys(exposed)).toEqual(['settlementWindow']);
  });

  it('carries no checking library: the names of the calls are enough', () => {
    expect(built.length).toBeLessThan(20_000);
    expect(built).toContain('settlement:settle-visit');
  });
});
