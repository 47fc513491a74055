import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  ownPacks,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { FileTrials } from './file-trials.ts';
import { importFiles } from './import-files.ts';

const packs = await ownPacks();
let store: TestStore;
let home: string;
let trials: FileTrials;
let colon: SettlementInput;
beforeAll(async () => {
  colon = await colonCancer();
});
beforeEach(async () => {
  store = await createTestStore();
  home = await mkdtemp(join(tmpdir(), 'trials-'));
  trials = new FileTrials(dependencies(), home);
});
afterEach(async () => {
  await store.remove();
  await rm(home, { recursive: true, force: true });
});

const dependencies = () => ({ store, clock: testClock, ids: timeOrderedIds() });
const stay = (id: string, change: object = {}, name = colon.person.name) => {
  const { visit, person, ...rest } = encodeSettlementInput(colon);
  return { ...rest, person: { ...person, name }, visit: { ...visit, id, ...change } };
};
const textOf = (...documents: readonly unknown[]) => JSON.stringify(documents);
async function tried(text: string | Buffer, name = 'bills.json', session = 'page 1') {
  trials.begin(session, name);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 1000)
    valueOf(trials.add(session, bytes.subarray(at, at + 1000)));
  return trials.run(session);
}
/** What the books hold of anything that comes in. */
const kept = () =>
  store.read(async ({ visits, personQuestions, intakeRefusals, audit }) => ({
    visits: await visits.countUnsettled(),
    setAside: await visits.countOpenSetAsideBills(),
    questions: await personQuestions.countOpen(),
    refusals: (await intakeRefusals.list(100)).length,
    acts: (await audit.list({ after: 0, limit: 1000 })).length,
  }));
/** The same file taken in in earnest. */
async function imported(text: string) {
  const file = join(home, 'earnest.json');
  await writeFile(file, text);
  return importFiles(dependencies(), [file]);
}

describe('a file that is tried', () => {
  it('says what taking it in says, and keeps nothing', async () => {
    await imported(textOf(stay('A')));
    const before = await kept();
    const text = textOf(
      stay('A'),
      stay('B'),
      stay('C', {}, '李春生'),
      stay('D', { admittedOn: 'soon' }),
    );
    const trial = valueOf(await tried(text));
    expect(trial.outcomes).toEqual({ new: 1, replaced: 0, same: 1, 'set-aside': 0 });
    expect(await kept()).toEqual(before);
    expect((await readdir(home)).filter((name) => name.startsWith('trying'))).toEqual([]);
    const earnest = await imported(text);
    expect(trial.accepted).toEqual(earnest.accepted);
    const places = (of: typeof trial.refused) =>
      of.map(({ place, column, row }) => [place, column, row]);
    expect(places(trial.refused)).toEqual(places(earnest.refused));
    expect(trial.refused.map(({ code }) => code)).toEqual(
      earnest.refused.map(({ code }) => (code === 'person-differs' ? 'visit-in-doubt' : code)),
    );
  });

  it('says of a bill that is another one whether it would replace it, or come after settlement', async () => {
    await imported(textOf(stay('A'), stay('B')));
    valueOf(await settleVisit(dependenciesOn(store, packs), { visitId: 'A', by: 'cashier1' }));
    const before = await kept();
    const trial = valueOf(await tried(textOf(stay('A', { bed: '99' }), stay('B', { bed: '99' }))));
    expect(trial.outcomes).toEqual({ new: 0, replaced: 1, same: 0, 'set-aside': 1 });
    expect(await kept()).toEqual(before);
  });

  it('is refused as a whole where intake refuses it so, whatever its name leads to', async () => {
    for (const name of ['damaged.json', '../../out.json', 'con.json', `${'长'.repeat(90)}.json`]) {
      const trial = valueOf(await tried('{"visit"', name));
      expect([name, trial.refused.map(({ code }) => code)]).toEqual([name, ['damaged-json']]);
    }
    expect(await readdir(home)).toEqual([]);
  });

  it('is each page’s own, begun before it is read, and no larger than a workbook may be', async () => {
    expect(refusalOf(await trials.run('page 1'))).toBe('trial-unknown');
    expect(refusalOf(trials.add('page 1', Buffer.from('x')))).toBe('trial-unknown');
    trials.begin('page 1', 'a.json');
    expect(refusalOf(await trials.run('page 2'))).toBe('trial-unknown');
    const large = Buffer.alloc(20 * 1024 * 1024);
    valueOf(trials.add('page 1', large));
    expect(refusalOf(trials.add('page 1', large))).toBe('trial-too-large');
    expect(refusalOf(await trials.run('page 1'))).toBe('trial-unknown');
  });

  it('takes away what a program that was ended while it read has left', async () => {
    await mkdir(join(home, 'trying-left'));
    await writeFile(join(home, 'trying-left', 'bills.json'), 'a patient');
    valueOf(await tried(textOf(stay('A'))));
    expect(await readdir(home)).toEqual([]);
  });
});
