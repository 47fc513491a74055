import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { holdingLock } from './bootstrap/lock.mjs';
import assets from './assets.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '..');
const out = path.join(root, 'out');

/** One of the things that are built: what it is made of and how. */
type Output = {
  readonly folder: string;
  readonly sources: readonly string[];
  readonly build: () => Promise<void>;
};

const ignored = (file: string): boolean =>
  /\.(test|test-support|reference)\.tsx?$|\/e2e\/|\/testing\/|\/fixtures\/|\.md$|tsconfig/.test(
    file,
  );

const parts: Output = {
  folder: 'electron',
  sources: [
    'electron/**/*.{ts,json,yaml,sql}',
    'shared/**/*.{ts,json,yaml}',
    'drivers/**/*.{ts,json}',
    'build/demo-data/**/*',
    'build/{parts,assets}.json',
    'build/vite.{parts,preload}.config.ts',
    'build/outputs.ts',
    'package-lock.json',
  ],
  build: async () => {
    const { build } = await import('vite');
    const { default: partsConfig } = await import('./vite.parts.config.ts');
    const { default: preloadConfig } = await import('./vite.preload.config.ts');
    await build(partsConfig);
    await build(preloadConfig);
    copyAssets();
    await readyPacks();
  },
};

const page: Output = {
  folder: 'page',
  sources: [
    'renderer/**/*',
    'shared/{contracts,domain,money}/**/*.ts',
    'build/vite.page.config.ts',
    'build/outputs.ts',
    'package-lock.json',
  ],
  build: async () => {
    const { build } = await import('vite');
    const { default: pageConfig } = await import('./vite.page.config.ts');
    await build(pageConfig);
  },
};

/** Builds main process, preload, host, command line and workers into out/electron/ if a source changed. */
export async function buildParts(): Promise<void> {
  await buildIfChanged(parts);
}

/** Builds the page into out/page/ if a source changed. */
export async function buildPage(): Promise<void> {
  await buildIfChanged(page);
}

/** Where a built part is. */
export function builtPart(name: string): string {
  return path.join(out, 'electron', name);
}

async function buildIfChanged(output: Output): Promise<void> {
  if (isFresh(output)) return;
  await holdingLock(path.join(out, `.${output.folder}-lock`), async () => {
    // Another command may have built it while this one waited.
    if (isFresh(output)) return;
    console.error(`正在生成 out/${output.folder} (building)…`);
    const startedAt = performance.now();
    const hash = hashOf(output);
    rmSync(stampFile(output), { force: true });
    await output.build();
    writeFileSync(stampFile(output), hash);
    console.error(`out/${output.folder}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  });
}

function isFresh(output: Output): boolean {
  const file = stampFile(output);
  return existsSync(file) && readFileSync(file, 'utf8') === hashOf(output);
}

const stampFile = (output: Output): string => path.join(out, output.folder, '.built-from');

function hashOf(output: Output): string {
  const hash = createHash('sha256');
  const found = globSync([...output.sources], { cwd: root, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !ignored(file))
    .sort();
  for (const file of files) {
    hash.update(`${file}\0`);
    hash.update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

/** Each pack of the program in the form a start reads at once. */
async function readyPacks(): Promise<void> {
  const { writeReadyPack } = await import('../electron/policy-packs/ready-pack.ts');
  for (const file of globSync('policy-packs/**/pack.yaml', { cwd: out })) {
    await writeReadyPack(path.join(out, file));
  }
}

/** What the parts read at run time is kept beside out/electron, under the names of build/assets.json. */
function copyAssets(): void {
  for (const [name, source] of Object.entries(assets)) {
    const target = path.join(out, name);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    if (!existsSync(path.join(root, source))) continue;
    cpSync(path.join(root, source), target, {
      recursive: true,
      dereference: true,
      filter: (file) => !ignored(file),
    });
  }
}
