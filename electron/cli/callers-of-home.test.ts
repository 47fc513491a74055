import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
