import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { ContractName } from '../../shared/contracts/contract-names.ts';
import { contracts, type InputOf, type OutputOf } from '../../shared/contracts/contracts.ts';
import { sumFen } from '../../shared/money/fen.ts';
import { demoDocuments } from '../intake/demo-data.ts';
import type { Application } from './application.ts';
import { startApplication } from './start-application.ts';

const longBill = 'ZY20171018003';
const goldenVisit = 'ZY20171110001';
const notReady = 'ZY20171118012';

describe('the desk of a demo folder, through its contracts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'application-'));
  const home = join(folder, 'desk');
  const options = { home, wanted: null, whenMissing: 'make-demo', environment: {} } as const;
  const heard: string[] = [];
  let desk: Application;

  beforeAll(async () => {
    const started = await startApplication(options);
    if (!started.ok) throw new Error(started.refusal.code);
    desk = started.value;
  });
  afterAll(async () => {
    await desk.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A call that must be accepted; everything that was answered is kept for the search for names. */
  async function ask<Name extends ContractName>(
    name: Name,
    input: InputOf<Name>,
  ): Promise<OutputOf<Name>> {
    const answer = await desk.callFromWindow(name, input);
    heard.push(JSON.stringify(answer));
    if (!answer.ok) throw new Error(`${name}: ${answer.refusal.code}`);
    return contracts[name].output.parse(answer.value) as OutputOf<Name>;
  }

  async function codeOf(name: ContractName, input: unknown): Promise<string | null> {
    const answer = await desk.callFromWindow(name, input);
    heard.push(JSON.stringify(answer));
    return answer.ok ? null : answer.refusal.code;
  }

  it('says what the world is like', async () => {
    expect(await ask('desk:state', {})).toMatchObject({
      folder: { kind: 'demo' },
      businessDate: '2017-11-27',
      businessDateIsFixed: true,
      operator: { role: 'cashier' },
      attention: { unknownPrints: [], setAsideBills: 0, intakeRefusals: 0 },
    });
  });

  it('lists the queue page by page, each visit once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    const totals = new Set<number>();
    do {
      const page: OutputOf<'visits:list-unsettled'> = await ask('visits:list-unsettled', {
        after,
        limit: 7,
      });
      seen.push(...page.visits.map(({ visitId }) => visitId));
      after = page.next;
      totals.add(page.total);
    } while (after !== null);
    expect([...totals]).toEqual([seen.length]);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(20);
  });

  it('finds a patient by number, name, pinyin and initials', async () => {
    const { visits } = await ask('visits:find', { text: goldenVisit });
    expect(visits).toHaveLength(1);
    const document = documentSchema.parse(
      (await demoDocuments()).find((each) => documentSchema.parse(each).visit.id === goldenVisit),
    );
    for (const text of [document.person.name, document.person.idNumber]) {
      const found = await ask('visits:find', { text });
      expect(found.visits.map(({ visitId }) => visitId)).toContain(goldenVisit);
    }
    expect(await ask('visits:find', { text: '%' })).toMatchObject({ visits: [] });
  });

  it('previews every visit, and the lines of a long bill add up to what is in scope', async () => {
    for (const document of await demoDocuments()) {
      const { visit } = documentSchema.parse(document);
      await ask('settlement:preview', { visitId: visit.id });
    }
    const { result } = await ask('settlement:preview', { visitId: longBill });
    const { lines } = await ask('visits:bill-lines', { visitId: longBill, category: null });
    expect(lines).toHaveLength(600);
    expect(sumFen(lines.map(({ amountFen }) => amountFen))).toBe(result.totalFen);
    expect(sumFen(lines.map(({ eligibleFen }) => eligibleFen))).toBe(result.eligibleFen);
  });

  it('settles what was seen and nothing else, and once', async () => {
    const { bill, result } = await ask('settlement:preview', { visitId: goldenVisit });
    const input = {
      visitId: goldenVisit,
      billVersion: bill.version,
      patientPaysFen: result.patientPaysFen,
      tenders: [],
    };
    const outdated = { ...input, patientPaysFen: result.patientPaysFen + 1 };
    expect(await codeOf('settlement:settle-visit', outdated)).toBe('preview-outdated');
    const answers = await Promise.all([1, 2, 3].map(() => ask('settlement:settle-visit', input)));
    const ids = new Set(answers.map(({ settlement }) => settlement.settlementId));
    expect(ids.size).toBe(1);
    expect(answers.filter(({ already }) => !already)).toHaveLength(1);
    expect(answers[0]?.settlement.result.patientPaysFen).toBe(135_800);
  });

  it('does not settle what the hospital marks not ready', async () => {
    const { bill, result, confirmRefusal } = await ask('settlement:preview', { visitId: notReady });
    expect(confirmRefusal?.code).toBe('visit-not-ready');
    const { patientPaysFen } = result;
    const input = { visitId: notReady, billVersion: bill.version, patientPaysFen, tenders: [] };
    expect(await codeOf('settlement:settle-visit', input)).toBe('visit-not-ready');
  });

  it('tells a second desk who holds the folder, also when its locks were deleted', async () => {
    rmSync(join(home, 'locks'), { recursive: true });
    const second = await startApplication(options);
    expect(second).toMatchObject({ ok: false, refusal: { code: 'busy' } });
    expect(JSON.stringify(second)).toContain(String(process.pid));
  });

  it('lets no whole name and no whole ID number out', async () => {
    for (const document of await demoDocuments()) {
      const { person } = documentSchema.parse(document);
      for (const answer of heard) {
        expect(answer).not.toContain(person.idNumber);
        expect(answer).not.toContain(`"${person.name}"`);
      }
    }
  });
});

const documentSchema = z.object({
  visit: z.object({ id: z.string() }),
  person: z.object({ name: z.string(), idNumber: z.string() }),
});
