import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The crash points the program's sources really pass, so that a listed one that nobody calls is noticed. */
export function pointsInSources(root: string): ReadonlySet<string> {
  const found = new Set<string>();
  const files = globSync('electron/**/*.ts', {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  });
  for (const file of files) {
    const text = readFileSync(path.join(root, file), 'utf8');
    for (const [, point] of text.matchAll(/crashPoint\('([a-z:-]+)'\)/g)) {
      if (point !== undefined) found.add(point);
    }
  }
  return found;
}
