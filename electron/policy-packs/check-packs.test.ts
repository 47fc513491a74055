import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPacks } from './check-packs.ts';
import { loadPacks, ownPacksFolder, packFolders } from './load-packs.ts';
import { packList } from './pack-list.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packs-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A copy of Pingjiang's pack with one text replaced by another. */
async function plant(before: string, after: string, place = 'pingjiang-2017/1.0.0'): Promise<void> {
  const own = join(ownPacksFolder(), 'pingjiang-2017/1.0.0');
  const copy = join(folder, place);
  await mkdir(copy, { recursive: true });
  await cp(own, copy, { recursive: true });
  const file = join(copy, 'pack.yaml');
  const text = await readFile(file, 'utf8');
  expect(text).toContain(before);
  await writeFile(file, text.replace(before, after));
}

async function codesOf(): Promise<string[]> {
  const check = await checkPacks(folder);
  return check.packs.flatMap(({ problems }) => problems.map(({ code }) => code));
}

describe('checking packs', () => {
  it('finds ours sound, every case coming to its amounts', async () => {
    const check = await checkPacks(ownPacksFolder());
    expect(check.packs.flatMap(({ problems }) => problems)).toEqual([]);
    expect(check.ok).toBe(true);
    for (const { cases, failed } of check.packs) {
      expect(cases).toBeGreaterThan(0);
      expect(failed).toBe(0);
    }
  });

  it('notices a changed rate by the cases that no longer come to their amounts', async () => {
    await plant("      county: '86'", "      county: '87'");
    const check = await checkPacks(folder);
    expect(check.ok).toBe(false);
    expect(check.packs[0]?.failed).toBeGreaterThan(3);
    const problem = check.packs[0]?.problems.find(({ message }) =>
      message.en.includes('shares.basic should be 10922.00 and is 11049.00'),
    );
    expect(problem?.code).toBe('case-failed');
    expect(problem?.line).toBeGreaterThan(200);
  });

  it.each([
    ['a share the case does not name', "        supplement: '0.00'\n", '', 'case-failed'],
    [
      'another reason for paying nothing',
      'supplement: rate-is-zero',
      'supplement: nothing-left',
      'case-failed',
    ],
    [
      'a case file that is not there',
      'cases/colon-cancer-17-days.json',
      'cases/none.json',
      'case-visit-refused',
    ],
    ['a case the pack is not for', "places: ['430626']", "places: ['430602']", 'case-not-covered'],
    ['a folder of another name', 'version: 1.0.0', 'version: 1.0.1', 'folder-differs'],
  ])('notices %s', async (_what, before, after, code) => {
    await plant(before, after);
    expect(new Set(await codesOf())).toContain(code);
  });

  it('refuses a pack without cases', async () => {
    const text = await readFile(join(ownPacksFolder(), 'pingjiang-2017/1.0.0/pack.yaml'), 'utf8');
    await mkdir(join(folder, 'pingjiang-2017/1.0.0'), { recursive: true });
    const withoutCases = text.replace(/\ncases:[\s\S]*$/, '\ncases: []\n');
    await writeFile(join(folder, 'pingjiang-2017/1.0.0/pack.yaml'), withoutCases);
    expect(await codesOf()).toEqual(['no-cases']);
  });

  it('refuses two versions in force on one day, and takes them side by side otherwise', async () => {
    await plant('locality:', 'locality:');
    await plant('version: 1.0.0', 'version: 1.1.0', 'pingjiang-2017/1.1.0');
    expect(await codesOf()).toEqual(['dates-overlap', 'dates-overlap']);
    await plant('version: 1.0.0', 'version: 1.1.0 ', 'pingjiang-2017/1.1.0');
    const file = join(folder, 'pingjiang-2017/1.1.0/pack.yaml');
    const later = (await readFile(file, 'utf8'))
      .replace('inForceFrom: 2017-01-01', 'inForceFrom: 2018-01-01')
      .replace('inForceUntil: 2018-01-01', 'inForceUntil: null')
      .replace(/\ncases:[\s\S]*$/, '\ncases: []\n');
    await writeFile(file, later);
    expect(await codesOf()).toEqual(['no-cases']);
  });

  it('says which folder holds no packs', async () => {
    expect(await codesOf()).toEqual(['no-packs']);
    const check = await checkPacks(join(folder, 'nowhere'));
    expect(check.packs[0]?.problems[0]?.code).toBe('folder-missing');
  });
});

describe('loading packs', () => {
  it("takes the program's own and the data folder's, and lists them", async () => {
    await plant('id: pingjiang-2017', 'id: pingjiang-ours', 'policy-packs/pingjiang-ours/1.0.0');
    const { packs, problems } = await loadPacks({ folders: packFolders(folder) });
    expect(problems).toEqual([]);
    expect(packList(packs.map(({ compiled }) => compiled))).toEqual(
      expect.arrayContaining(
        ['pingjiang-2017', 'pingjiang-ours'].map((id) => ({
          id,
          version: '1.0.0',
          locality: '湖南省岳阳市平江县',
          inForceFrom: '2017-01-01',
          inForceUntil: '2018-01-01',
          payers: [
            'basic-medical-insurance',
            'critical-illness-insurance',
            'supplementary-insurance',
            'medical-assistance',
            'hospital-reduction',
            'government-guarantee',
          ],
          cases: 8,
        })),
      ),
    );
  });

  it('keeps the sound ones in use where another is broken', async () => {
    await plant('base: in-scope\n', 'base: all\n', 'policy-packs/broken/1.0.0');
    const { packs, problems } = await loadPacks({ folders: packFolders(folder) });
    expect(packs.map(({ compiled }) => compiled.id)).toContain('pingjiang-2017');
    expect(problems.map(({ code }) => code)).toEqual(['not-in-list']);
  });

  it('counts the first where the same version stands twice', async () => {
    await plant('locality:', 'locality:', 'policy-packs/pingjiang-2017/1.0.0');
    const { packs, problems } = await loadPacks({ folders: packFolders(folder) });
    expect(packs.filter(({ compiled }) => compiled.id === 'pingjiang-2017')).toHaveLength(1);
    expect(problems.map(({ code }) => code)).toEqual(['duplicate-pack']);
  });
});
