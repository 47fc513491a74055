import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { lintKeys } from './lint-keys.ts';

// Lints what has changed since it was last found clean, or what a type it imports has changed for. Runs after the
// check of types, whose declarations tell the latter; exit 1 with what is wrong.

const root = path.resolve(import.meta.dirname, '..');
const cacheFile = path.join(root, 'node_modules/.cache/lint/clean.json');
/** A second thread reads all types once more, which is worth it only for many files. */
const manyFiles = 150;

const files = globSync('{shared,drivers,electron,renderer,build}/**/*.{ts,tsx,mjs}', { cwd: root })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => !file.includes('/fixtures/'))
  .sort();
const keys = lintKeys({ root, types: path.join(root, 'node_modules/.cache/types'), files });
const clean = readClean();
const stale = files.filter((file) => clean[file] !== keys.get(file));
const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: path.join(root, 'build/eslint.config.ts'),
  concurrency: stale.length > manyFiles ? 2 : 'off',
});
const results = stale.length === 0 ? [] : await eslint.lintFiles(stale);
for (const { filePath, messages } of results) {
  const file = path.relative(root, filePath).split(path.sep).join('/');
  if (messages.length === 0) clean[file] = keys.get(file);
}
mkdirSync(path.dirname(cacheFile), { recursive: true });
const kept = Object.entries(clean).filter(([file]) => keys.has(file));
writeFileSync(cacheFile, JSON.stringify(Object.fromEntries(kept)));
const formatter = await eslint.loadFormatter('stylish');
process.stdout.write(await formatter.format(results));
process.exitCode = results.some(({ errorCount }) => errorCount > 0) ? 1 : 0;

/** Each file that was clean, with what it depended on then. */
function readClean(): Record<string, string | undefined> {
  try {
    return JSON.parse(readFileSync(cacheFile, 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}
