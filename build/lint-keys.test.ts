import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lintKeys } from './lint-keys.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const sources = {
  'desk/page.ts': `import { settle } from './settle.ts';\nvoid settle();`,
  'desk/settle.ts': `import { half } from '../money/fen.ts';\nexport const settle = () => half(2);`,
  'desk/settle.test.ts': `const { settle } = await import('./settle.ts');\nsettle();`,
  'money/fen.ts': `import { words } from './words.ts';\nexport const half = (n) => n / 2; words();`,
  'money/words.ts': `export const words = () => 'yuan';`,
  'money/ambient.d.ts': `declare const today: string;`,
  'types/desk/settle.d.ts': `export declare const settle: () => import("../money/fen.ts").Fen;`,
  'types/money/fen.d.ts': `export type Fen = number;`,
  'types/money/words.d.ts': `export declare const words: () => string;`,
  'package-lock.json': `{}`,
};

/** The files that are linted again when these texts take the place of others. */
function staleAfter(changed: Partial<Record<keyof typeof sources, string>>): readonly string[] {
  const keysOf = (texts: Readonly<Record<string, string>>) => {
    const root = mkdtempSync(path.join(tmpdir(), 'lint-keys-'));
    folders.push(root);
    for (const [file, text] of Object.entries(texts)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
    const files = Object.keys(sources).filter((file) => /^(desk|money)\//.test(file));
    return lintKeys({ root, types: path.join(root, 'types'), files });
  };
  const before = keysOf(sources);
  const after = keysOf({ ...sources, ...changed });
  return [...before.keys()].filter((file) => before.get(file) !== after.get(file));
}

describe('what is linted again', () => {
  it('is nothing where nothing has changed', () => {
    expect(staleAfter({})).toEqual([]);
  });

  it('is the file alone where a body has changed, but no type', () => {
    const text = `${sources['money/fen.ts']}\n// half a fen is none`;
    expect(staleAfter({ 'money/fen.ts': text })).toEqual(['money/fen.ts']);
  });

  it('is whatever a changed type reaches, through the declarations of others too', () => {
    const declaration = `export type Fen = number & { readonly unit: 'fen' };`;
    expect(staleAfter({ 'types/money/fen.d.ts': declaration })).toEqual([
      'desk/page.ts',
      'desk/settle.ts',
      'desk/settle.test.ts',
    ]);
  });

  it('is not what imports something that only uses the type inside', () => {
    const declaration = `export declare const words: () => 'yuan';`;
    expect(staleAfter({ 'types/money/words.d.ts': declaration })).toEqual(['money/fen.ts']);
  });

  it('is all where what is installed or known everywhere has changed', () => {
    expect(staleAfter({ 'package-lock.json': `{"a":1}` })).toHaveLength(6);
    expect(staleAfter({ 'money/ambient.d.ts': `declare const today: Date;` })).toHaveLength(6);
  });
});
