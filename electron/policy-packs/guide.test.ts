import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { stepBases } from '../../shared/policy/pack/pack-steps.ts';
import { checkPacks } from './check-packs.ts';
import { ownPacksFolder } from './load-packs.ts';
import { readPackFile } from './read-pack-file.ts';

/** The files a guide shows: a line that names the file in backticks, then its text as a block. */
function filesIn(guide: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [, name, text] of guide.matchAll(/^`(\S+\/\S+)`[^\n]*\n+```\w+\n(.*?)^```$/gms)) {
    if (name !== undefined && text !== undefined) files.set(name, text);
  }
  return files;
}

type PackParts = {
  readonly parameters: object;
  readonly steps: readonly { readonly id: string }[];
};

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

  it('shows other parts that fit into the example, the same in both languages', async () => {
    const [parts, theirs] = [english, chinese].map(
      (guide) => /^parameters:\n {2}criticalBands:.*?(?=^```$)/ms.exec(guide)?.[0] ?? '',
    );
    expect(parts).toBe(theirs);
    const example = filesIn(english).get('qingshi-2025/1.0.0/pack.yaml') ?? '';
    const [whole, added] = [parse(example) as PackParts, parse(parts ?? '') as PackParts];
    const steps = [
      ...whole.steps.filter(({ id }) => !added.steps.some((step) => step.id === id)),
      ...added.steps,
    ];
    const parameters = { ...whole.parameters, ...added.parameters };
    const text = stringify({ ...whole, ...added, parameters, steps });
    const file = join(folder, 'other-parts', 'pack.yaml');
    await mkdir(dirname(file));
    await writeFile(file, text);
    const reading = await readPackFile(file);
    expect(reading.ok ? [] : reading.problems).toEqual([]);
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
