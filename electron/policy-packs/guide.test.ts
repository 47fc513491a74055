import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepBases } from '../../shared/policy/pack/pack-steps.ts';
import { checkPacks } from './check-packs.ts';
import { ownPacksFolder } from './load-packs.ts';

/** The files a guide shows: a line that names the file in backticks, then its text as a block. */
function filesIn(guide: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [, name, text] of guide.matchAll(/^`(\S+\/\S+)`[^\n]*\n+```\w+\n(.*?)^```$/gms)) {
    if (name !== undefined && text !== undefined) files.set(name, text);
  }
  return files;
}

describe('the guide for policy officers', () => {
  let english: string;
  let chinese: string;
  let folder: string;
  beforeAll(async () => {
    english = await readFile(join(ownPacksFolder(), 'README.md'), 'utf8');
    chinese = await readFile(join(ownPacksFolder(), 'README.zh-CN.md'), 'utf8');
    folder = await mkdtemp(join(tmpdir(), 'guide-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('shows an example that is sound, and whose cases notice every change', async () => {
    const files = filesIn(english);
    expect([...files.keys()].sort()).toEqual([
      'qingshi-2025/1.0.0/cases/stay.json',
      'qingshi-2025/1.0.0/pack.yaml',
    ]);
    for (const [name, text] of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const report = await checkPacks(folder, { mutate: true });
    expect(report.packs.flatMap((pack) => pack.problems)).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.packs[0]?.mutation?.survivors).toEqual([]);
    expect(report.packs[0]?.mutation?.total).toBeGreaterThan(50);
  });

  it('shows the same example in both languages', () => {
    expect(filesIn(chinese)).toEqual(filesIn(english));
  });

  it('names every pack of the program and every base', async () => {
    const packs = (await readdir(ownPacksFolder(), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(packs.length).toBeGreaterThan(10);
    for (const name of [...packs, ...stepBases]) expect(english).toContain(`\`${name}\``);
    for (const base of stepBases) expect(chinese).toContain(`\`${base}\``);
  });
});
