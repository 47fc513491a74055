import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownPacksFolder, loadPacks } from './load-packs.ts';
import { problemsOfPackChangelog } from './check-changelog.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'changelog-'));
  await mkdir(join(folder, 'county-2025', '1.0.0'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const first = { version: '1.0.0', sources: [{ id: 'notice' }] };
const second = { version: '1.1.0', sources: [{ id: 'notice' }, { id: 'amendment' }] };
const entry = (version: string, sources = 'notice', kind = 'new') =>
  `- version: ${version}\n  kind: ${kind}\n  concerns: { from: 2025-01-01, until: 2026-01-01 }\n` +
  `  sources: [${sources}]\n  what: { zh: 改, en: changed }\n`;

async function problems(text: string | null, versions = [first, second]) {
  const pack = join(folder, 'county-2025', '1.0.0', 'pack.yaml');
  if (text !== null) await writeFile(join(folder, 'county-2025', 'changelog.yaml'), text);
  return problemsOfPackChangelog(pack, versions).map(({ code, line }) => `${code}:${String(line)}`);
}

describe('the changelog of a pack', () => {
  it('may be absent while there is one version, not from the second on', async () => {
    expect(await problems(null, [first])).toEqual([]);
    expect(await problems(null)).toEqual(['changelog-missing:1']);
  });

  it('is sound with an entry for every version', async () => {
    expect(await problems(entry('1.1.0', 'amendment', 'law') + entry('1.0.0'))).toEqual([]);
  });

  it.each([
    ['a version left out', entry('1.0.0'), 'changelog-lacks-version:1'],
    [
      'a version twice',
      entry('1.1.0') + entry('1.0.0') + entry('1.0.0'),
      'changelog-version-twice:11',
    ],
    [
      'a document the pack does not name',
      entry('1.1.0') + entry('1.0.0', 'amendment'),
      'changelog-source:9',
    ],
    ['an unknown kind', entry('1.1.0') + entry('1.0.0', 'notice', 'better'), 'changelog-form:7'],
    [
      'dates the wrong way round',
      entry('1.1.0') + entry('1.0.0').replace('2026', '2024'),
      'changelog-dates:8',
    ],
    ['no YAML', '- version: "1.0.0\n', 'not-yaml:2'],
  ])('is refused with %s', async (_what, text, expected) => {
    const [code] = expected.split(':');
    expect((await problems(text)).filter((each) => each.startsWith(code ?? ''))).toEqual([
      expected,
    ]);
  });

  it('is there for every pack of ours', async () => {
    const { packs } = await loadPacks({ folders: [ownPacksFolder()] });
    expect(packs.length).toBeGreaterThan(0);
    for (const { file, compiled } of packs) {
      // Held against two versions, an absent file is a problem; a present one lacks only the invented version.
      const invented = { ...compiled.document, version: 'not-there' };
      const found = problemsOfPackChangelog(file, [compiled.document, invented]);
      expect(found.map(({ code }) => code)).toEqual(['changelog-lacks-version']);
    }
  });
});
