import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { refused } from '../../shared/domain/result.ts';
import type { CommandCall } from '../cli/command.ts';
import { callersOf } from '../cli/callers.ts';
import { commands } from '../cli/commands.ts';
import { importFiles, type ImportReport, type IntakeDependencies } from '../intake/import-files.ts';
import { usualIntakeReader, type IntakeReader } from '../intake/intake-reader.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { refusalOf, valueOf } from '../settlement/settlement.test-support.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import { openServices } from './open-services.ts';
import type { Services } from './services.ts';

/** A rule of intake that a later release may bring: no visit without a bed. */
/** Reads as the program does, with a rule more: a new visit needs a bed. */
const readerThatWantsBed: IntakeReader = {
  ...usualIntakeReader(),
  next: async (id) =>
    (await usualIntakeReader().next(id)).map((visit) => {
      const { prepared } = visit;
      const { reading } = prepared;
      if (!reading.ok || reading.value.input.visit.bed !== undefined) return visit;
      const message = { zh: '没有床号', en: 'no bed' };
      const remedy = { zh: '补上床号', en: 'Add the bed' };
      const refusal = refused({ code: 'missing-field', place: '/visit/bed', message, remedy });
      return { ...visit, prepared: { ...prepared, reading: refusal } };
    }),
};

const documentsSchema = z.array(z.looseObject({ visit: z.looseObject({ id: z.string() }) }));

/** The Visit JSON of a file a folder was filled from. */
async function documentsIn(fixture: string, name: string) {
  const file = await readFile(join(fixture, 'imports', name), 'utf8');
  return documentsSchema.parse(JSON.parse(file));
}

/** The visits of the files a folder was filled from. */
async function visitIdsIn(fixture: string): Promise<readonly string[]> {
  const documents = [
    ...(await documentsIn(fixture, 'demo-visits.json')),
    ...(await documentsIn(fixture, 'visits.json')),
  ];
  return [...documents.map(({ visit }) => visit.id), 'ZY20171115905', 'ZY20171115906'];
}

/** Every release's folder; each must open for good. */
const releases = ['0.1.0'];

const madeSchema = z.object({
  importAgain: z.array(z.string()).min(1),
  settlements: z
    .array(z.object({ visitId: z.string(), settlementId: z.string(), number: z.string() }))
    .min(1),
  claims: z.array(z.unknown()).min(1),
});

describe.each(releases)('a folder of %s', (release) => {
  const fixture = fileURLToPath(new URL(`../database/fixtures/folder-${release}`, import.meta.url));
  let folder: string;
  let services: Services;
  let made: z.infer<typeof madeSchema>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'earlier-folder-'));
    await cp(join(fixture, 'home'), join(folder, 'home'), { recursive: true });
    // Folders that are empty are not checked in.
    for (const name of ['locks', 'logs', 'policy-packs', 'hospital-in', 'hospital-out']) {
      await mkdir(join(folder, 'home', name));
    }
    made = madeSchema.parse(JSON.parse(await readFile(join(fixture, 'made.json'), 'utf8')));
    services = valueOf(
      await openServices({
        home: join(folder, 'home'),
        wanted: 'demo',
        whenMissing: 'refuse',
        environment: {},
      }),
    );
  }, 600_000);
  afterAll(async () => {
    await services.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(name: string, words: string[], options: CommandCall['options'] = {}) {
    const command = commands.find((each) => each.name === name);
    if (command?.folder !== 'opened') throw new Error(`no command ${name}`);
    const path = (given: string): string => join(folder, given);
    const { home } = services.folder;
    const none = { next: () => Promise.resolve(null) };
    const call = {
      words,
      options,
      path,
      home,
      environment: {},
      say: () => undefined,
      secrets: none,
    };
    const callers = valueOf(await callersOf(command, call, services));
    const answer = await command.run(call, services, callers);
    if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
    return answer.json;
  }

  /** What importing again must not change: bills, what is set aside, years, the audit. */
  const books = () =>
    services.store.read(async ({ visits, persons, personQuestions, audit, verification }) => {
      const ids = await visitIdsIn(fixture);
      const bills = await Promise.all(ids.map((id) => visits.find(id)));
      return {
        bills: bills.map((bill) => [bill?.visitId, bill?.billVersion, bill?.state]),
        aside: (await visits.openSetAsideBills({ limit: 100 })).map(({ id }) => id),
        openings: (
          await verification.openings({ after: { person_id: '', year: 0 }, limit: 100 })
        ).map(({ opening_json }) => opening_json),
        audited: (await audit.list({ after: 0, limit: 1000 })).length,
        persons: (await Promise.all(bills.map((bill) => persons.find(bill?.personId ?? '')))).map(
          (person) => ({ ...person, updated_at: '' }),
        ),
        asked: await personQuestions.open({ limit: 100 }),
      };
    });

  const importAgain = async (dependencies: IntakeDependencies = services): Promise<ImportReport> =>
    importFiles(
      dependencies,
      made.importAgain.map((name) => join(fixture, 'imports', name)),
    );

  const expectBooksToAddUp = async (): Promise<void> => {
    const { checks } = await verifyFolder(services);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  };

  const statementOf = async (settlementId: string): Promise<number> => {
    await run('statement', [settlementId], { out: 'statement.pdf' });
    return (await stat(join(folder, 'statement.pdf'))).size;
  };

  it('opens, verifies, and lists the same claims', async () => {
    await expectBooksToAddUp();
    expect(await run('claims', [])).toEqual(made.claims);
  });

  it('importing the same files again changes nothing', async () => {
    const before = await books();
    expect(before.aside).toHaveLength(1);
    expect(before.bills.length).toBeGreaterThan(30);
    const report = await importAgain();
    expect(report.refused).toEqual([]);
    expect(await books()).toEqual(before);
    // What was recognised by its old encoding once is recognised again.
    expect((await importAgain()).refused).toEqual([]);
    expect(await books()).toEqual(before);
  }, 600_000);

  it('prints the slip of every settlement, the cancelled ones too, and a statement', async () => {
    for (const { settlementId, number } of made.settlements) {
      await run('receipt', [settlementId], { out: 'slip.bin' });
      expect(await readFile(join(folder, 'slip.bin'), 'latin1')).toContain(number);
    }
    expect(await statementOf(made.settlements[0]?.settlementId ?? '')).toBeGreaterThan(10_000);
  }, 600_000);

  it('does all that under a rule of intake that came later', async () => {
    // One that this program takes in, too.
    const newFile = join(folder, 'new.json');
    const [, plain] = await documentsIn(fixture, 'visits.json');
    await writeFile(newFile, JSON.stringify({ ...plain, visit: { ...plain?.visit, id: 'ZY1' } }));
    expect((await importFiles(services, [newFile])).refused).toEqual([]);
    const before = await books();
    const underRule = { ...services, reader: readerThatWantsBed };
    expect((await importFiles(underRule, [newFile])).refused).toEqual([]);
    // Changed after settlement, or without a bed: known, so not refused.
    expect((await importAgain(underRule)).refused).toEqual([]);
    expect(await books()).toEqual(before);
    for (const { settlementId } of made.settlements) {
      await run('receipt', [settlementId], { out: 'slip.bin' });
    }
    expect(await statementOf(made.settlements.at(-1)?.settlementId ?? '')).toBeGreaterThan(10_000);
    const settled = await settleVisit(services, { visitId: 'ZY20171110902', by: 'cashier1' });
    expect(valueOf(settled).settlement.result.totalFen).toBe(398_000);
    valueOf(await settleVisit(services, { visitId: 'ZY1', by: 'cashier1' }));
    // A bill that is new is under the rule.
    const earlier = await importFiles(underRule, [join(fixture, 'imports/visits-earlier.json')]);
    expect(earlier.refused.map(({ code }) => code)).toEqual(['missing-field']);
  }, 600_000);

  it('a bill written otherwise is the same bill; another one is not', async () => {
    const [, loose] = await documentsIn(fixture, 'visits.json');
    const written = { ...loose, visit: { ...loose?.visit, deposit: '0', procedures: [] } };
    const file = join(folder, 'written-otherwise.json');
    await writeFile(file, JSON.stringify(written));
    const before = await books();
    expect((await importFiles(services, [file])).refused).toEqual([]);
    expect(await books()).toEqual(before);
    await writeFile(file, JSON.stringify({ ...written, visit: { ...written.visit, bed: '7' } }));
    await importFiles(services, [file]);
    expect((await books()).aside).toHaveLength(before.aside.length + 1);
  }, 600_000);

  it('cancels and settles again, and the books add up', async () => {
    const waiting = made.settlements.find(({ visitId }) => visitId === 'ZY20171110904');
    const cancelled = await cancelSettlement(services, {
      settlementId: waiting?.settlementId ?? '',
      reason: '金额有误',
      by: 'cashier1',
      approvedBy: 'supervisor1',
    });
    expect(refusalOf(cancelled)).toBeNull();
    const again = valueOf(
      await settleVisit(services, { visitId: 'ZY20171110904', by: 'cashier1' }),
    );
    expect(again.settlement.settlementId).not.toBe(waiting?.settlementId);
    await run('upload', [], { 'dry-run': true });
    await expectBooksToAddUp();
  }, 600_000);
});
