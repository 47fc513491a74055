import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { filesOfShapes } from './write-shapes.ts';

it('What is written from the declaration of a visit is as it is kept; `npm run shapes` writes it again', async () => {
  const files = await filesOfShapes();
  expect(files.size).toBe(2);
  for (const [file, text] of files)
    expect([file, await readFile(file, 'utf8')]).toEqual([file, text]);
});
