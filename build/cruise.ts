import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { dependencyRules, testCode } from './dependency-rules.ts';
import { brokenFloors, type Import } from './floors.ts';

const parts = ['shared', 'drivers', 'electron', 'renderer', 'build'];

/** One import that a rule forbids. */
export type Violation = { readonly rule: string; readonly from: string; readonly to: string };

/** What was found, and how many of our own files were looked at. */
export type Cruise = { readonly looked: number; readonly violations: readonly Violation[] };

/**
 * Holds every import under `folder` (a tree laid out as this repository) against the rules. Throws when the
 * cruiser skipped a source file: with an unknown TypeScript it sees nothing at all and reports success.
 */
export async function cruiseTree(folder: string): Promise<Cruise> {
  const present = parts.filter((part) => existsSync(path.join(folder, part)));
  const { output } = await cruise(present, {
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: [...dependencyRules] },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/fixtures/|^out/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  });
  const { modules, summary } = output as ICruiseResult;
  const seen = new Set(modules.map((module) => module.source));
  const sources = sourceFiles(folder, present);
  const missed = sources.filter((source) => !seen.has(source));
  if (sources.length === 0) throw new Error(`No sources under ${folder}.`);
  if (missed.length > 0) throw new Error(`The cruiser looked past ${missed.join(', ')}.`);
  return {
    looked: sources.length,
    violations: [
      ...summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
      ...brokenFloors(shippedImports(modules, seen)),
    ],
  };
}

/** Who imports whom among our own files; tests may look at anything, and a program's own tools stand in build. */
function shippedImports(
  modules: ICruiseResult['modules'],
  ours: ReadonlySet<string>,
): readonly Import[] {
  const isTest = new RegExp(testCode);
  return modules.flatMap(({ source, dependencies }) =>
    dependencies
      .map(({ resolved }) => ({ from: source, to: resolved }))
      .filter(({ from, to }) => ours.has(to) && !isTest.test(from) && !isTest.test(to)),
  );
}

function sourceFiles(folder: string, present: readonly string[]): string[] {
  return present
    .flatMap((part) => globSync(`${part}/**/*.{ts,tsx,mjs}`, { cwd: folder }))
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => !file.includes('/fixtures/'));
}
