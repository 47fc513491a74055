import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPacks, ownPacksFolder } from './load-packs.ts';
import { readVisitFile } from './read-visit-file.ts';
import { packsThatHold } from './packs-that-hold.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-packs-'));
  const version = join('guyuan-2017', '1.1.0');
  await cp(join(ownPacksFolder(), version), join(folder, version), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const packFile = () => join(folder, 'guyuan-2017', '1.1.0', 'pack.yaml');
const taken = async () => packsThatHold(await loadPacks({ folders: [folder] }));

describe("a hospital's own pack", () => {
  it('is in use when all its cases come out as they say', async () => {
    const { packs, problems } = await taken();
    expect(packs.map(({ compiled }) => compiled.id)).toEqual(['guyuan-2017']);
    expect(problems).toEqual([]);
  });

  it('is not in use when one of its figures was changed and its cases were not', async () => {
    const text = await readFile(packFile(), 'utf8');
    const changed = text.replace("value: '5000.00'", "value: '6000.00'");
    expect(changed).not.toBe(text);
    await writeFile(packFile(), changed);
    const { packs, problems } = await taken();
    expect(packs).toEqual([]);
    expect(problems[0]).toMatchObject({ code: 'cases-do-not-hold', file: packFile() });
    expect(problems.slice(1).map(({ code }) => code)).toContain('case-failed');
  });

  it('is refused in GBK, and so is a visit: their words would be misread', async () => {
    const gbk = Buffer.concat([Buffer.from('# '), Buffer.from('d5c5', 'hex'), Buffer.from('\n')]);
    await writeFile(packFile(), Buffer.concat([gbk, await readFile(packFile())]));
    const { problems } = await taken();
    expect(problems.map(({ code }) => code)).toEqual(['not-utf8']);
    const visit = join(folder, 'visit.json');
    await writeFile(visit, Buffer.concat([Buffer.from('{"a":"'), gbk, Buffer.from('"}')]));
    expect(await readVisitFile(visit)).toMatchObject({ ok: false, refusal: { code: 'not-utf8' } });
  });
});
