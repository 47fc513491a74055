import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What every answer of the linter depends on: its rules, the compiler's settings, what is installed. */
const common = [
  'package-lock.json',
  'build/{eslint.config,no-text-parsing}.ts',
  'build/tsconfig*.json',
];

type Sources = {
  readonly root: string;
  /** Where the declarations are, file by file at the same places. */
  readonly types: string;
  /** What is linted, by its path from the root, as is all that the answer names. */
  readonly files: readonly string[];
};

/**
 * For each file a key that changes with its text and with every type its answers may come from: the declarations
 * of what it imports, of what those name in their turn, and so on. A change inside a function is none of them.
 */
export function lintKeys({ root, types, files }: Sources): ReadonlyMap<string, string> {
  const declared = new Map<string, Declared>();
  const declarationOf = (file: string): Declared => {
    const known = declared.get(file);
    if (known !== undefined) return known;
    const declaration = path.join(types, file.replace(/\.(tsx?|mjs)$/, declarationEnding));
    // A test's helper or a file of data may have no declaration: then it counts as it stands.
    const place = existsSync(declaration) ? declaration : path.join(root, file);
    const text = existsSync(place) ? readFileSync(place, 'utf8') : '';
    const found: Declared = { hash: hashOf(text), names: importsOf(file, text) };
    declared.set(file, found);
    return found;
  };
  const ambient = files.filter((file) => file.endsWith('.d.ts'));
  const everywhere = [...globSync(common, { cwd: root }).sort(), ...ambient]
    .map((file) => readFileSync(path.join(root, file), 'utf8'))
    .join('\0');
  return new Map(
    files.map((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      const reached = new Set(importsOf(file, text));
      for (const each of reached) for (const next of declarationOf(each).names) reached.add(next);
      const dependencies = [...reached].sort().map((each) => `${each} ${declarationOf(each).hash}`);
      return [file, hashOf([hashOf(everywhere), text, ...dependencies].join('\0'))];
    }),
  );
}

type Declared = { readonly hash: string; readonly names: readonly string[] };

const declarationEnding = (ending: string): string => (ending === '.mjs' ? '.d.mts' : '.d.ts');

/** Our own files that a text imports from, in any of the ways there are. */
function importsOf(file: string, text: string): readonly string[] {
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']/g);
  return [...found].map(([, target = '']) =>
    path.posix.normalize(path.posix.join(path.posix.dirname(file), target)),
  );
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
