import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { approvePacksCalled } from '../policy-packs/approve-packs.test-support.ts';
import { ownPacksFolder } from '../policy-packs/load-packs.ts';
import { valueOf } from '../settlement/settlement.test-support.ts';
import { openServices } from './open-services.ts';
import type { Services } from './services.ts';

let folder: string;
let services: Services;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-policies-'));
  await writeFile(join(folder, 'key'), randomBytes(32).toString('hex'), { mode: 0o600 });
});
afterEach(async () => {
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

const home = () => join(folder, 'home');
const own = (...path: string[]) => join(home(), 'policy-packs', ...path);
const open = async (whenMissing: 'make-demo' | 'make-live' | 'refuse') =>
  (services = valueOf(
    await openServices({
      ...{ home: home(), wanted: null, whenMissing },
      environment: { SETTLEMENT_KEY_FILE: join(folder, 'key') },
    }),
  ));
const names = () =>
  services.policies.packs.flatMap(({ compiled: { id, version } }) =>
    id === 'guyuan-2027' ? [`${id}@${version}`] : [],
  );

/** A pack of the hospital's own, as an officer copies one: its id and its days are others. */
async function writeOwnPack(remark = ''): Promise<void> {
  await cp(join(ownPacksFolder(), 'guyuan-2017', '1.1.0'), own('guyuan-2027', '1.1.0'), {
    recursive: true,
  });
  const file = own('guyuan-2027', '1.1.0', 'pack.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, `${text.replace('id: guyuan-2017', 'id: guyuan-2027')}${remark}`);
}

describe('the packs of a folder that is open', () => {
  it('are read again where a file of its own was changed, and only then', async () => {
    await open('make-live');
    expect(await services.reloadPacks()).toBe(false);
    await writeOwnPack();
    expect(names()).toEqual([]);
    expect(await services.reloadPacks()).toBe(true);
    expect(names()).toEqual(['guyuan-2027@1.1.0']);
    expect(await services.reloadPacks()).toBe(false);
    const before = services.approvedOnly?.get('guyuan-2027@1.1.0');
    // A draft may be edited as long as nobody has approved it.
    await writeOwnPack('# another remark\n');
    expect(await services.reloadPacks()).toBe(true);
    expect(services.approvedOnly?.get('guyuan-2027@1.1.0')).not.toBe(before);
    expect(services.policies.problems).toEqual([]);
    await approvePacksCalled(services, 'guyuan-2027');
    await writeOwnPack('# edited after it was approved\n');
    expect(await services.reloadPacks()).toBe(true);
    expect(services.policies.problems.map(({ code }) => code)).toEqual(['pack-differs']);
    await writeFile(own('guyuan-2027', '1.1.0', 'pack.yaml'), 'id: [');
    expect(await services.reloadPacks()).toBe(true);
    expect(names()).toEqual([]);
  });

  it('are asked for once by however many ask at once', async () => {
    await open('make-live');
    await writeOwnPack();
    expect(await Promise.all([services.reloadPacks(), services.reloadPacks()])).toEqual([
      true,
      true,
    ]);
    expect(names()).toHaveLength(1);
  });
});

describe('a folder whose marker somebody edited', () => {
  const turnInto = async (kind: 'demo' | 'live') => {
    const marker = join(home(), 'folder.json');
    await writeFile(
      marker,
      (await readFile(marker, 'utf8')).replace(/"kind":"\w+"/, `"kind":"${kind}"`),
    );
    const keys = [join(folder, 'key'), join(home(), 'key')] as const;
    await cp(...(kind === 'demo' ? keys : ([keys[1], keys[0]] as const)));
    const environment = { SETTLEMENT_KEY_FILE: join(folder, 'key') };
    return openServices({ home: home(), wanted: null, whenMissing: 'refuse', environment });
  };

  it.each(['demo', 'live'] as const)(
    'is not opened: it says %s and the books do not',
    async (kind) => {
      const [was, made] = kind === 'demo' ? ['live', 'make-live'] : ['demo', 'make-demo'];
      await open(made === 'make-live' ? 'make-live' : 'make-demo');
      await services.close();
      expect(await turnInto(kind)).toMatchObject({ refusal: { code: 'folder-kind-differs' } });
      // Put back, it is what it was.
      services = valueOf(await turnInto(was === 'live' ? 'live' : 'demo'));
      expect(services.folder.kind).toBe(was);
    },
  );
});
