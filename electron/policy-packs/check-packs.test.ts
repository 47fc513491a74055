import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPacks } from './check-packs.ts';
import { loadPacks, ownPacksFolder, packFolders } from './load-packs.ts';
import { packList } from './pack-list.ts';
import { packFiles, soundPack, soundVisit, writeFiles } from './sound-pack.test-support.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packs-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function problemsOf(path = folder) {
  const check = await checkPacks(path);
  return check.packs.flatMap(({ problems }) => problems);
}

async function codesOf(path = folder): Promise<string[]> {
  return (await problemsOf(path)).map(({ code }) => code);
}

/** The sound pack in another version, in force from and until other days. */
function version(name: string, from: string, until: string, edit = (text: string) => text) {
  const text = soundPack
    .replace('version: 1.0.0', `version: ${name}`)
    .replace('inForceFrom: 2017-01-01', `inForceFrom: ${from}`)
    .replace('inForceUntil: 2018-01-01', `inForceUntil: ${until}`);
  const move = (what: string) =>
    what
      .replaceAll('2017-05', `${from.slice(0, 4)}-05`)
      .replace('"year": 2017', `"year": ${from.slice(0, 4)}`);
  return {
    ...packFiles(edit(text), move(soundVisit), `a-county/${name}`),
    'a-county/changelog.yaml': changelogOf(name, '1.0.0'),
  };
}

/** A changelog with an entry for each version. */
function changelogOf(...versions: readonly string[]): string {
  const rest =
    'kind: law, concerns: { from: 2017-01-01, until: null }, sources: [a-notice], what: { zh: 改, en: changed }';
  return versions.map((name) => `- { version: '${name}', ${rest} }\n`).join('');
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

  it('finds a small pack sound, wherever the folder given begins', async () => {
    await writeFiles(folder, packFiles());
    for (const below of ['.', 'a-county', 'a-county/1.0.0']) {
      const check = await checkPacks(join(folder, below));
      expect(check).toMatchObject({
        ok: true,
        packs: [{ id: 'a-county', version: '1.0.0', ok: true, cases: 4, failed: 0, problems: [] }],
      });
    }
  });

  it('counts a case once however much is wrong with it', async () => {
    await writeFiles(folder, packFiles(soundPack.replace("value: '80'", "value: '81'")));
    const check = await checkPacks(folder);
    expect(check.packs[0]).toMatchObject({ ok: false, cases: 4, failed: 3 });
  });

  it('refuses a pack without cases', async () => {
    await writeFiles(folder, {
      'a-county/1.0.0/pack.yaml': soundPack.replace(/\ncases:[\s\S]*$/, '\ncases: []\n'),
    });
    expect(await codesOf()).toEqual(['no-cases']);
  });

  it('says which folder holds no packs', async () => {
    expect(await codesOf()).toEqual(['no-packs']);
    expect(await codesOf(join(folder, 'nowhere'))).toEqual(['folder-missing']);
  });

  it.each([
    ['a-county/1.0.0/pack.yml', 'pack-not-taken'],
    ['a-county/1.0.0/pack.yaml.txt', 'pack-not-taken'],
    ['a/b/c/d/pack.yaml', 'pack-not-taken'],
    ['a-county/1.0.0/cases/old.json', 'case-file-unused'],
  ])('says that %s is not used', async (name, code) => {
    await writeFiles(folder, { ...packFiles(), [name]: soundPack });
    const problems = await problemsOf();
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]?.file).toBe(join(folder, name));
  });

  it('asks for the version as the folder name where only the folder of one pack is given', async () => {
    await writeFiles(folder, packFiles(soundPack, soundVisit, 'a-county'));
    expect(await codesOf()).toEqual(['folder-differs']);
    expect(await codesOf(join(folder, 'a-county'))).toEqual([]);
  });

  it('lists the same pack twice as one too many', async () => {
    await writeFiles(folder, { ...packFiles(), ...packFiles(soundPack, soundVisit, 'b/1.0.0') });
    const codes = await codesOf();
    expect(codes).toContain('duplicate-pack');
  });
});

describe('versions of one pack', () => {
  it('stand side by side where one ends as the next begins', async () => {
    await writeFiles(folder, {
      ...packFiles(),
      ...version('1.1.0', '2018-01-01', 'null'),
    });
    expect(await problemsOf()).toEqual([]);
  });

  it('may be in force on one day: the text of the lower one stays as it settled, and the higher counts', async () => {
    const open = soundPack.replace('inForceUntil: 2018-01-01', 'inForceUntil: null');
    await writeFiles(folder, { ...packFiles(open), ...version('1.1.0', '2018-01-01', 'null') });
    expect(await problemsOf()).toEqual([]);
  });

  it('are refused where the later one has the lower number, for it would never count', async () => {
    const open = soundPack.replace('inForceUntil: 2018-01-01', 'inForceUntil: null');
    await writeFiles(folder, { ...packFiles(open), ...version('0.9.0', '2018-01-01', 'null') });
    const problems = await problemsOf();
    expect(problems.map(({ code, file }) => [code, file])).toEqual([
      ['dates-overlap', join(folder, 'a-county/0.9.0/pack.yaml')],
    ]);
    expect(problems[0]?.message.en).toContain('a-county@1.0.0');
  });

  it('are refused where days lie between them, unless the pack accepts it', async () => {
    await writeFiles(folder, { ...packFiles(), ...version('1.1.0', '2018-02-01', 'null') });
    const problems = await problemsOf();
    expect(problems.map(({ code, line }) => [code, line])).toEqual([['dates-gap', 5]]);
    expect(problems[0]?.message.en).toContain('from 2018-01-01 until 2018-02-01');
    const accepts =
      "accepts:\n  - { check: dates-gap, about: '1.0.0', reason: { zh: 停办, en: none } }\ncases:\n";
    await writeFiles(
      folder,
      version('1.1.0', '2018-02-01', 'null', (text) => text.replace('cases:\n', accepts)),
    );
    expect(await problemsOf()).toEqual([]);
  });
});

describe('packs for the same persons', () => {
  const other = soundPack.replace('id: a-county', 'id: b-county');
  const of = (text: string) => packFiles(text, soundVisit, 'b-county/1.0.0');

  it('are refused: at the desk neither could be chosen', async () => {
    await writeFiles(folder, { ...packFiles(), ...of(other) });
    const problems = await problemsOf();
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['packs-overlap', 9],
      ['packs-overlap', 9],
    ]);
    expect(problems[0]?.message.en).toContain('b-county@1.0.0');
  });

  it('are refused where a person who holds two categories falls under both', async () => {
    const scope = (name: string) => (text: string) =>
      text.replace(
        'kinds: [inpatient]\n',
        `kinds: [inpatient]\n  categories: { any: [${name}] }\n`,
      );
    const poor = scope('low-income-edge')(other)
      .replaceAll('[subsistence-allowance]', '[low-income-edge]')
      .replaceAll('[subsistence-allowance, ', '[low-income-edge, ');
    await writeFiles(folder, {
      ...packFiles(scope('subsistence-allowance, extremely-poor')(soundPack)),
      ...of(poor),
    });
    const codes = await codesOf();
    expect(codes).toContain('packs-overlap');
  });

  it('are taken side by side where the scope tells them apart, or their dates', async () => {
    const elsewhere = other.replace("places: ['430626']", "places: ['430602']");
    const cases = elsewhere
      .replace(/\n {2}- case: 县外[\s\S]*$/, '\n')
      .replaceAll('expect:\n', 'expect:\n')
      .replaceAll('visit: cases/stay.json\n    with: {', 'visit: cases/stay.json\n    with: {');
    const visit = soundVisit.replace('"insuredPlace": "430626"', '"insuredPlace": "430602"');
    await writeFiles(folder, {
      ...packFiles(),
      'b-county/1.0.0/pack.yaml': cases,
      'b-county/1.0.0/cases/stay.json': visit,
    });
    expect(await problemsOf()).toEqual([]);
  });
});

describe('what a pack accepts', () => {
  const hurting = soundPack.replace(
    '{ diseases: serious, hospitals: designated }',
    '{ diseases: serious, hospitals: designated, categories: { none: [extremely-poor] } }',
  );

  it('is no problem any more', async () => {
    const accepts =
      'accepts:\n  - { check: category-hurts, about: extremely-poor, reason: { zh: 规定如此, en: so it is } }\ncases:\n';
    await writeFiles(folder, packFiles(hurting));
    expect(await codesOf()).toContain('category-hurts');
    await writeFiles(folder, packFiles(hurting.replace('cases:\n', accepts)));
    const codes = await codesOf();
    expect(codes).not.toContain('category-hurts');
    expect(codes).not.toContain('accepts-nothing');
  });
});

describe('what is noted of a pack', () => {
  const noted = async () => {
    const [check] = (await checkPacks(folder)).packs;
    return { ok: check?.ok, notes: (check?.notes ?? []).map(({ code }) => code) };
  };
  const steps = ['critical-illness', 'assistance', 'reduction'];
  const checks = ['reaches-further', 'exception-not-shared'];

  it('makes it no less sound: a step that pays where the one before it does not', async () => {
    await writeFiles(folder, packFiles(soundPack));
    const { ok, notes } = await noted();
    expect(ok).toBe(true);
    expect(notes.toSorted()).toEqual(steps.flatMap(() => checks).toSorted());
  });

  it('is gone once the pack says that it is meant', async () => {
    const reason = '{ zh: 出处就是这样, en: as the source says }';
    const meant = steps.flatMap((step) =>
      checks.map((check) => `  - { check: ${check}, about: ${step}, reason: ${reason} }\n`),
    );
    const text = soundPack.replace('\ncases:', `\naccepts:\n${meant.join('')}cases:`);
    await writeFiles(folder, packFiles(text));
    expect(await noted()).toEqual({ ok: true, notes: [] });
  });
});

describe('loading packs', () => {
  it("takes the program's own and the data folder's, and lists them", async () => {
    await writeFiles(join(folder, 'policy-packs'), packFiles());
    const { packs, problems } = await loadPacks({ folders: packFolders(folder) });
    expect(problems).toEqual([]);
    const list = packList(packs.map(({ compiled }) => compiled));
    expect(list.map(({ id }) => id)).toEqual(expect.arrayContaining(['pingjiang-2017']));
    expect(list.find(({ id }) => id === 'a-county')).toEqual({
      id: 'a-county',
      version: '1.0.0',
      locality: '某县',
      inForceFrom: '2017-01-01',
      inForceUntil: '2018-01-01',
      payers: [
        'basic-medical-insurance',
        'critical-illness-insurance',
        'medical-assistance',
        'hospital-reduction',
        'county-fund',
      ],
      cases: 4,
    });
  });

  it('keeps the sound ones in use where another is broken', async () => {
    await writeFiles(
      join(folder, 'policy-packs'),
      packFiles(soundPack.replace('base: in-scope\n', 'base: all\n')),
    );
    const { packs, problems } = await loadPacks({ folders: packFolders(folder) });
    expect(packs.map(({ compiled }) => compiled.id)).toContain('pingjiang-2017');
    expect(problems.map(({ code }) => code)).toEqual(['not-in-list']);
  });

  it('counts the first where the same version stands twice', async () => {
    await writeFiles(join(folder, 'policy-packs'), packFiles());
    const twice = await loadPacks({
      folders: [join(folder, 'policy-packs'), join(folder, 'policy-packs')],
    });
    expect(twice.packs).toHaveLength(1);
    expect(twice.problems.map(({ code }) => code)).toEqual(['duplicate-pack']);
  });
});
