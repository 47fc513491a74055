import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPacks } from './check-packs.ts';
import { readPackFile } from './read-pack-file.ts';
import { writeReadyPack } from './ready-pack.ts';
import { packFiles, soundPack, writeFiles } from './sound-pack.test-support.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'included-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The sound pack with its first step and what that needs in a text that it includes. */
const start = soundPack.indexOf('  basicDeductible:');
const end = soundPack.indexOf('  criticalDeductible:');
const firstStep = soundPack.slice(soundPack.indexOf('  - id: basic'), nextStepAt());
const shared = `parameters:\n${soundPack.slice(start, end)}\nsteps:\n${firstStep}`;
const own = soundPack
  .replace(soundPack.slice(start, end), '')
  .replace(firstStep, '')
  .replace('\nsources:', '\ninclude: county-insurance/1.0.0 # shared\nsources:');

function nextStepAt(): number {
  const first = soundPack.indexOf('  - id: basic');
  return soundPack.indexOf('\n  - id: ', first + 1) + 1;
}

async function write(text = own, included: string | null = shared): Promise<string> {
  await writeFiles(folder, {
    ...packFiles(text),
    ...(included === null ? {} : { 'county-insurance/1.0.0/shared.yaml': included }),
  });
  return join(folder, 'a-county', '1.0.0', 'pack.yaml');
}

async function documentIn(file: string, isOwn = false) {
  const reading = await readPackFile(file, { isOwn });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading;
}

async function codes(file: string): Promise<string[]> {
  const reading = await readPackFile(file);
  return reading.ok ? [] : reading.problems.map(({ code, line }) => `${code} ${String(line)}`);
}

describe('what packs of one place share', () => {
  it('is one text, and the pack is as if it stood in it', async () => {
    const reading = await documentIn(await write());
    await rm(folder, { recursive: true });
    const whole = await documentIn(await write(soundPack, null));
    expect(reading.document.steps).toEqual(whole.document.steps);
    expect(reading.document.parameters).toEqual(whole.document.parameters);
  });

  it('passes every check, and own parts keep their lines', async () => {
    const file = await write();
    const check = await checkPacks(folder);
    expect(check.packs.flatMap(({ problems }) => problems)).toEqual([]);
    const { lineOf, document } = await documentIn(file);
    const lines = (await readFile(file, 'utf8')).split('\n');
    const at = document.steps.length - 1;
    expect(lines[lineOf(['steps', at, 'id']) - 1]).toContain(document.steps[at]?.id);
    expect(lines[lineOf(['steps', 0, 'id']) - 1]).toContain('include:');
    expect(lines[lineOf(['parameters', 'basicRate']) - 1]).toContain('include:');
  });

  it('is part of what is approved and settled by', async () => {
    const file = await write();
    const before = (await documentIn(file)).fingerprint;
    await writeFile(
      join(folder, 'county-insurance/1.0.0/shared.yaml'),
      shared.replace("value: '80'", "value: '81'"),
    );
    expect((await documentIn(file)).fingerprint).not.toBe(before);
  });

  it('is in the ready form, which counts only while it is made of both texts', async () => {
    const file = await write();
    await writeReadyPack(file);
    const rate = async () => (await documentIn(file, true)).document.parameters['basicRate'];
    expect(await rate()).toMatchObject({ value: '80' });
    await writeFile(
      join(folder, 'county-insurance/1.0.0/shared.yaml'),
      shared.replace("value: '80'", "value: '81'"),
    );
    expect(await rate()).toMatchObject({ value: '81' });
  });

  it('is missed where it is not there, and refused where it does not fit', async () => {
    const file = await write(own, null);
    expect(await codes(file)).toEqual(['include-missing 1']);
    await write(own, `${shared}cases: []\n`);
    expect((await codes(file))[0]).toMatch(/^include-does-not-fit/);
    await write(soundPack.replace('\nsources:', '\ninclude: county-insurance/1.0.0\nsources:'));
    expect((await codes(file))[0]).toMatch(/^include-does-not-fit/);
    await write(own.replace('include: county-insurance/1.0.0', 'include: ../../../etc/passwd'));
    expect((await codes(file))[0]).toMatch(/^include-missing/);
    await write(own, shared.replace("'80'", '80.5'));
    expect((await codes(file))[0]).toMatch(/^not-text-amount/);
  });
});

describe('named groups', () => {
  const grouped = soundPack
    .replace(
      'appliesTo:\n',
      'groups:\n  categories: { poorest: [extremely-poor] }\n  hospitalLevels: { far: [city] }\nappliesTo:\n',
    )
    .replaceAll('any: [extremely-poor]', 'any: [poorest]')
    .replaceAll('hospitalLevels: [city]', 'hospitalLevels: [far]');

  it('stand for what they hold wherever they are named', async () => {
    const { document } = await documentIn(await write(grouped, null));
    await rm(folder, { recursive: true });
    const plain = await documentIn(await write(soundPack, null));
    expect(document).toEqual(plain.document);
  });

  it('are told where nothing uses them, and where a member is mistyped', async () => {
    const unused = grouped.replaceAll('any: [poorest]', 'any: [extremely-poor]');
    expect((await codes(await write(unused, null)))[0]).toMatch(/^unused-group/);
    const mistyped = grouped.replace('poorest: [extremely-poor]', 'poorest: [extremly-poor]');
    expect((await codes(await write(mistyped, null)))[0]).toMatch(/^not-in-list/);
  });
});
