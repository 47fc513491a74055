import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packFiles, soundPack, writeFiles } from '../policy-packs/sound-pack.test-support.ts';
import { checkPacksCommand } from './check-packs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-packs-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** The command as the caller in the folder above calls it, and what was said to people. */
async function run(mutate: boolean) {
  if (checkPacksCommand.folder !== 'none') throw new Error('it needs no data folder');
  const said: string[] = [];
  const answer = await checkPacksCommand.run({
    words: ['packs'],
    options: { mutate },
    path: (given) => join(folder, given),
    home: join(folder, 'no-home'),
    environment: {},
    secrets: { next: () => Promise.resolve(null) },
    say: (line) => said.push(line),
  });
  return { answer, said };
}

describe('the command check-packs', () => {
  it('ends well on sound packs, and says for people how it went and how long it took', async () => {
    await writeFiles(join(folder, 'packs'), packFiles());
    const { answer, said } = await run(false);
    expect(answer).toMatchObject({ kind: 'done', allWell: true, json: { ok: true } });
    expect(said).toEqual([
      'a-county@1.0.0 ok: 4 cases, 0 failed',
      expect.stringMatching(/^\d+\.\d s$/),
    ]);
  });

  it('does not end well on a broken one', async () => {
    await writeFiles(join(folder, 'packs'), packFiles(soundPack.replace("'80'", "'81'")));
    const { answer, said } = await run(true);
    expect(answer).toMatchObject({ kind: 'done', allWell: false });
    expect(said[0]).toMatch(/^a-county@1\.0\.0 NOT OK: 4 cases, 3 failed, \d+ problems$/);
  });

  it('does not end well where a change went unnoticed', async () => {
    await writeFiles(join(folder, 'packs'), packFiles());
    const { answer, said } = await run(true);
    expect(answer).toMatchObject({ kind: 'done', allWell: false, json: { ok: false } });
    expect(said[0]).toMatch(/NOT OK: 4 cases, 0 failed, \d+ of \d+ changes noticed$/);
  });
});
