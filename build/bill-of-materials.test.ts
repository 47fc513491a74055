import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { billOfMaterials, packedIntoPage } from './bill-of-materials.ts';

const root = path.resolve(import.meta.dirname, '..');
type Packages = Record<string, { dev?: boolean; version: string; integrity?: string }>;
const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
  packages: Packages;
};
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
};
const production = [
  ...Object.keys(manifest.dependencies),
  ...Object.keys(manifest.optionalDependencies),
];

/** Types that a package names as its peer: npm counts them with the program, and nothing of them runs or leaves with it. */
const typesOnly = ['@types/node', 'undici-types'];

/** What the lock file says npm installs for the program alone: the other way to the same list. */
const installed = Object.entries(packages)
  .filter(([place, { dev }]) => place !== '' && dev !== true)
  .map(([place, { version }]) => ({ name: place.split('node_modules/').at(-1) ?? '', version }))
  .filter(({ name }) => !typesOnly.includes(name))
  .map(({ name, version }) => `${name} ${version}`);

describe('the bill of materials', () => {
  const bill = billOfMaterials(root, production);
  // A package under another name is named by the place it is installed in.
  const named = bill.components.map(({ name, version }) => `${name} ${version}`);

  it('is CycloneDX and names everything npm installs for the program', () => {
    expect([bill.bomFormat, bill.metadata.component.name]).toEqual([
      'CycloneDX',
      'settlement-window',
    ]);
    const missing = installed.filter((each) => !named.includes(each));
    expect(missing).toEqual([]);
  });

  it('names what is bundled into the page, and the runtime, and no tool of ours', () => {
    const names = bill.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...packedIntoPage, 'electron']));
    for (const tool of ['vitest', 'eslint', 'typescript', 'electron-builder', 'playwright-core'])
      expect(names, tool).not.toContain(tool);
  });

  it('gives each its version, its address, a hash and a licence', () => {
    const poor = bill.components.filter(
      ({ version, purl, hashes, licenses }) =>
        version === '' || !purl.startsWith('pkg:npm/') || !hashes?.length || !licenses?.length,
    );
    expect(poor.map(({ name }) => name)).toEqual([]);
  });

  it('knows every package that the page imports', () => {
    const imported = globSync('renderer/{app,api,components,i18n,pages,theme}/**/*.{ts,tsx}', {
      cwd: root,
    })
      .filter((file) => !/\.test\./.test(file))
      .flatMap((file) => [
        ...readFileSync(path.join(root, file), 'utf8').matchAll(
          /from '((?:@[^/']+\/)?[^./'][^/']*)/g,
        ),
      ])
      .map(([, name]) => name);
    expect(
      [...new Set(imported)].filter((name) => !packedIntoPage.some((each) => each === name)),
    ).toEqual([]);
  });
});
