import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { visitJsonAsJsonSchema } from '../shared/contracts/visit-json-schema.ts';
import { visitFields } from './visit-fields.ts';
import { filesOfShapes } from './write-shapes.ts';

it('What is written from the declaration of a visit is as it is kept; `npm run shapes` writes it again', async () => {
  const files = await filesOfShapes();
  expect(files.size).toBe(4);
  for (const [file, text] of files)
    expect([file, await readFile(file, 'utf8')]).toEqual([file, text]);
});

it('Every field of a visit file has a name in the guide for policy officers', () => {
  const fields = visitFields(visitJsonAsJsonSchema());
  expect(fields.length).toBeGreaterThan(100);
  expect(fields.filter(({ zh }) => zh === '')).toEqual([]);
  expect(fields.filter(({ form }) => form === '')).toEqual([]);
});
