import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownPacksFolder } from './load-packs.ts';
import { readPackFile } from './read-pack-file.ts';
import { writeReadyPack } from './ready-pack.ts';

describe('a pack in its ready form', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ready-pack-'));
    await cp(join(ownPacksFolder(), 'qingxu-2014/1.0.0'), folder, { recursive: true });
    file = join(folder, 'pack.yaml');
    await writeReadyPack(file);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = async (isOwn: boolean) => {
    const reading = await readPackFile(file, { isOwn });
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    return reading;
  };

  it('is the same pack, with the same lines', async () => {
    const [ready, text] = [await read(true), await read(false)];
    expect(ready.document).toEqual(text.document);
    for (const path of [['id'], ['parameters', 'quotaRate'], ['cases', 3, 'expect']]) {
      expect(ready.lineOf(path)).toBe(text.lineOf(path));
    }
  });

  it('counts only for the program’s own, and only while it is made of the text beside it', async () => {
    const forged = JSON.parse(await readFile(join(folder, 'pack.ready.json'), 'utf8')) as {
      data: { locality: { zh: string } };
    };
    forged.data.locality.zh = '别处';
    await writeFile(join(folder, 'pack.ready.json'), JSON.stringify(forged));
    expect((await read(true)).document.locality.zh).toBe('别处');
    expect((await read(false)).document.locality.zh).toBe('山西省清徐县');
    const yaml = await readFile(file, 'utf8');
    await writeFile(file, `${yaml}\n# changed since\n`);
    expect((await read(true)).document.locality.zh).toBe('山西省清徐县');
  });

  it('is read from the text where it is broken', async () => {
    await writeFile(join(folder, 'pack.ready.json'), '{');
    expect((await read(true)).document.id).toBe('qingxu-2014');
  });
});
