import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sumFen } from '../../shared/money/fen.ts';
import { fenFromYuanText } from '../../shared/money/yuan-text.ts';
import { packOf, stepOf, yuanParameter } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { openServices } from '../app/open-services.ts';
import type { Services } from '../app/services.ts';
import { packName } from '../settlement/pack-texts.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { keepVisit, valueOf } from '../settlement/settlement.test-support.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import type { CommandAnswer, CommandCall } from './command.ts';
import { callersOf } from './callers.ts';
import { commands } from './commands.ts';
import { importPersonsCommand } from './import.ts';

let folder: string;
let services: Services;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supplements-'));
  services = valueOf(
    await openServices({
      home: join(folder, 'desk'),
      wanted: null,
      whenMissing: 'make-demo',
      environment: {},
    }),
  );
});
afterAll(async () => {
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(
  name: string,
  words: string[],
  options: CommandCall['options'] = {},
  desk: Services = services,
) {
  const command = commands.find((each) => each.name === name);
  if (command?.folder !== 'opened') throw new Error(`no command ${name}`);
  const call = {
    words,
    options,
    path: (given: string) => given,
    home: services.folder.home,
    environment: {},
    secrets: { next: () => Promise.resolve(null) },
    say: () => undefined,
  };
  return command.run(call, desk, valueOf(await callersOf(command, call, desk)));
}

function documentOf(answer: CommandAnswer): unknown {
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  return answer.json;
}

const supplements = async (options: CommandCall['options'] = {}) =>
  documentOf(await run('supplements', [], options));

/** A stay of the demo whose person no office had recognised, and no pack covers. */
const visitId = 'ZY20171122027';
const idNumber = '430626198603037260';

async function takeIn(rows: string) {
  const file = join(folder, 'register.csv');
  await writeFile(file, `身份证号,姓名,人员类别,认定日期,截止日期\n${rows}`);
  return importPersonsCommand({ ...services, takenInBy: 'policy1' }, { file, source: '扶贫办' });
}

describe('supplements', () => {
  it('tells nothing where nobody was recognised late', async () => {
    expect(await supplements()).toMatchObject({ settlements: 0, persons: [], notReckoned: [] });
  });

  it('tells what a register that dates back owes, masked, and the register says how many', async () => {
    expect(documentOf(await run('settle-visit', [visitId]))).toMatchObject({
      result: { pack: 'self-pay' },
    });
    const taken = valueOf(await takeIn(`${idNumber},柯黛,registered-poor,2017-03-01,\n`));
    expect(taken).toMatchObject({ matched: 0, settledVisitsTouched: 1 });
    const told = await supplements({ person: idNumber });
    expect(told).toEqual(await supplements());
    expect(told).toMatchObject({
      settlements: 1,
      persons: [
        {
          name: '柯*',
          idNumber: '430626********7260',
          settlements: [
            {
              visitId,
              pack: { was: 'self-pay@1.0.0', now: 'pingjiang-2017@1.2.0' },
              categories: { was: [], now: ['registered-poor'] },
            },
          ],
        },
      ],
    });
    expect(JSON.stringify(told)).not.toContain(idNumber);
    expect(JSON.stringify(told)).not.toContain('柯黛');
    expectToAddUp(told);
    expect((await verifyFolder(services)).ok).toBe(true);
  });

  it('tells stays from a day on only, and refuses a day or a person that is none', async () => {
    expect(await supplements({ since: '2017-11-28' })).toMatchObject({ settlements: 0 });
    expect((await run('supplements', [], { since: 'November' })).kind).toBe('wrong-usage');
    expect(await run('supplements', [], { person: '430626195001010017' })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'person-unknown' },
    });
  });

  it('says so where it was decided by a pack whose text is not the one in force', async () => {
    const name = 'pingjiang-2017@1.2.0';
    const packTexts = new Map([...services.packTexts, [name, '0'.repeat(64)]]);
    const told = documentOf(await run('supplements', [], {}, { ...services, packTexts }));
    expect(told).toMatchObject({
      settlements: 1,
      warnings: [{ code: 'decided-by-edited-pack', place: name }],
    });
    expect(JSON.stringify(told)).toMatch(/没有改动任何结算，没有动钱/);
    expect(await supplements()).toMatchObject({ settlements: 1, warnings: [] });
  });

  it('is what settling the visit anew gives', async () => {
    const [row] = rowsOf(await supplements());
    const id = String(row?.settlementId);
    documentOf(await run('cancel', [id], { reason: '补录类别' }));
    expect(documentOf(await run('settle-visit', [visitId]))).toMatchObject({
      result: { patientPays: row?.patientPays.now },
    });
    expect(await supplements()).toMatchObject({ settlements: 0 });
  });
});

describe('cancel', () => {
  it('tells the later settlements of the year that would come out differently, in yuan', async () => {
    // Half of what is above 1,000 yuan a year.
    const pack = packOf({
      parameters: { yearly: yuanParameter('1000.00') },
      steps: [
        stepOf({
          id: 'basic',
          base: 'year-in-scope-self-pay',
          deductible: { parameter: 'yearly', per: 'year' },
        }),
      ],
    });
    // Only whether the fingerprint stays the same is looked at.
    const packTexts = new Map([[packName(pack), '0'.repeat(64)]]);
    const desk = { ...services, packs: [pack], packTexts };
    const settled: string[] = [];
    for (const id of ['A', 'B']) {
      const input = plainInput(1000);
      const person = { ...input.person, idNumber: '430626195001010112' };
      await keepVisit(desk.store, { ...input, person, visit: { ...input.visit, id } });
      const { settlement } = valueOf(await settleVisit(desk, { visitId: id, by: 'cashier1' }));
      settled.push(settlement.settlementId);
    }
    const [first = '', second] = settled;
    const cancelled = documentOf(await run('cancel', [first], { reason: '录入有误' }, desk));
    const { changes } = cancelled as { changes: { kind: string }[] };
    const payer = 'basic-medical-insurance';
    expect(changes.filter(({ kind }) => kind === 'later-settlement-differs')).toEqual([
      {
        kind: 'later-settlement-differs',
        settlementId: second,
        visitId: 'B',
        number: expect.stringMatching(/^JS20171127-\d{4}$/) as string,
        was: {
          patientPays: '500.00',
          hospitalBears: '0.00',
          shares: [{ step: 'basic', payer, amount: '500.00' }],
        },
        wouldBe: {
          patientPays: '1000.00',
          hospitalBears: '0.00',
          shares: [{ step: 'basic', payer, amount: '0.00' }],
        },
      },
    ]);
    expect((await verifyFolder(services)).ok).toBe(true);
  });
});

type Amounts = { was: string; now: string; difference: string };
type Row = { settlementId: string; patientPays: Amounts; shares: Amounts[] };
type Told = {
  persons: { settlements: Row[]; supplement: string }[];
  totals: { payers: Amounts[]; patientPays: Amounts; supplement: string };
};

const rowsOf = (told: unknown): Row[] =>
  (told as Told).persons.flatMap(({ settlements }) => settlements);

/** What the patient gets back is what the payers pay more. */
function expectToAddUp(told: unknown): void {
  const { totals } = told as Told;
  const fenOf = (text: string) => fenFromYuanText(text);
  expect(fenOf(totals.supplement)).toBeGreaterThan(0);
  expect(fenOf(totals.supplement)).toBe(0 - fenOf(totals.patientPays.difference));
  expect(sumFen(totals.payers.map(({ difference }) => fenOf(difference)))).toBe(
    fenOf(totals.supplement),
  );
  for (const { shares, patientPays } of rowsOf(told)) {
    for (const side of ['was', 'now'] as const) {
      const paid = sumFen([...shares, patientPays].map((amounts) => fenOf(amounts[side])));
      expect(paid).toBe(fenOf(patientPays.was));
    }
  }
}
