import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDataFolder } from '../app/data-folder.ts';
import { openServices } from '../app/open-services.ts';
import { takeLock } from '../database/named-lock.ts';
import { makeUser } from '../security/make-user.ts';
import { cheapHasher, goodPassword } from '../security/users.test-support.ts';
import { valueOf } from '../settlement/settlement.test-support.ts';
import { restoreCommand } from './backup-commands.ts';
import { callersOfHome, userParts } from './callers.ts';
import type { CommandCall } from './command.ts';

const root = mkdtempSync(join(tmpdir(), 'callers-of-home-'));
const [home, keyFile] = [join(root, 'live'), join(root, 'key')];
const environment = { SETTLEMENT_KEY_FILE: keyFile };

beforeAll(async () => {
  writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
  const services = valueOf(
    await openServices({ home, wanted: null, whenMissing: 'make-live', environment }),
  );
  const first = { userId: 'boss', name: '管立人', password: goodPassword } as const;
  valueOf(
    await makeUser(userParts(services, cheapHasher), {
      ...first,
      role: 'administrator',
      by: null,
    }),
  );
  await services.close();
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** A restore in the administrator's name by somebody who has no password to give. */
const call: CommandCall = {
  ...{ words: ['old.backup'], home, environment },
  options: { as: 'boss' },
  path: (given) => join(root, given),
  secrets: { next: () => Promise.resolve(null) },
  say: () => undefined,
};

describe('who restores', () => {
  it('is asked for the password', async () => {
    expect(await callersOfHome(restoreCommand, call)).toMatchObject({
      refusal: { code: 'password-not-given' },
    });
  });

  it('is nobody in particular where the books cannot be opened: the key let in, the name was only said', async () => {
    const file = join(home, 'settlement.db');
    renameSync(file, `${file}.away`);
    writeFileSync(file, 'no books');
    try {
      expect(await callersOfHome(restoreCommand, call)).toEqual({ ok: true, value: 'by-key:boss' });
    } finally {
      renameSync(`${file}.away`, file);
    }
    const elsewhere = { ...call, home: join(root, 'nowhere'), options: {} };
    expect(await callersOfHome(restoreCommand, elsewhere)).toEqual({ ok: true, value: 'by-key' });
  });

  it('is let in by no marker that calls the folder a demo, which asks for no password', async () => {
    const marker = join(home, 'folder.json');
    const before = readFileSync(marker, 'utf8');
    writeFileSync(marker, before.replace('"live"', '"demo"'));
    writeFileSync(join(home, 'key'), readFileSync(keyFile));
    try {
      const asDemo = { ...call, options: { as: 'clerk1' } };
      expect(await callersOfHome(restoreCommand, asDemo)).toMatchObject({
        refusal: { code: 'folder-kind-differs' },
      });
    } finally {
      writeFileSync(marker, before);
      rmSync(join(home, 'key'));
    }
  });

  it('is let in on the key alone by no lock that somebody holds for a moment', async () => {
    const folder = valueOf(openDataFolder(home, null, environment));
    const lock = valueOf(await takeLock(folder, 'restore', 'keeping everybody out'));
    try {
      expect(await callersOfHome(restoreCommand, call)).toMatchObject({
        refusal: { code: 'busy' },
      });
    } finally {
      lock.release();
    }
  });
});
