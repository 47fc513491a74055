import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { approvePacksCalled } from '../policy-packs/approve-packs.test-support.ts';
import { ownPacksFolder } from '../policy-packs/load-packs.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  keepVisit,
  refusalOf,
  valueOf,
} from '../settlement/settlement.test-support.ts';
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
const settle = async (id: string) => {
  const colon = await colonCancer();
  await keepVisit(services.store, { ...colon, visit: { ...colon.visit, id }, yearToDate: null });
  return refusalOf(await settleVisit(services, { visitId: id, by: 'cashier1' }));
};
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
    await services.close();
    const marker = join(home(), 'folder.json');
    await writeFile(
      marker,
      (await readFile(marker, 'utf8')).replace(/"kind":"\w+"/, `"kind":"${kind}"`),
    );
    await cp(
      kind === 'demo' ? join(folder, 'key') : join(home(), 'key'),
      kind === 'demo' ? join(home(), 'key') : join(folder, 'key'),
    );
    await open('refuse');
    expect(services.folder.kind).toBe(kind);
  };

  it('from a demo to one at work asks for approvals, whatever the demo settled by and approved', async () => {
    await open('make-demo');
    await approvePacksCalled(services, 'pingjiang-2017');
    expect(await settle('V1')).toBeNull();
    await turnInto('live');
    expect(await settle('V2')).toBe('no-pack');
  });

  it('from one at work to a demo asks for them all the same', async () => {
    await open('make-live');
    expect(await settle('V1')).toBe('no-pack');
    await turnInto('demo');
    expect(await settle('V2')).toBe('no-pack');
    await approvePacksCalled(services, 'pingjiang-2017');
    expect(await settle('V3')).toBe('no-pack');
  });
});
