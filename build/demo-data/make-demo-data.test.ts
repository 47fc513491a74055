import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { demoDocuments, demoVisitsToSettle } from '../../electron/intake/demo-data.ts';
import type { VisitJson } from '../../shared/contracts/visit-json-schema.ts';
import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import { demoDataFile, makeDemoData } from './make-demo-data.ts';

const visits = (await demoDocuments()) as readonly VisitJson[];

function amountOf({ visit }: VisitJson): number {
  const fen = (visit.charges ?? []).map(({ amount }) => Math.round(Number(amount) * 100));
  return fen.reduce((sum, each) => sum + each, 0) / 100;
}
const withId = (id: string): VisitJson | undefined => visits.find(({ visit }) => visit.id === id);

describe('the demo data', () => {
  it('is made the same every time, as it is kept', () => {
    expect(makeDemoData()).toBe(readFileSync(demoDataFile, 'utf8'));
  });

  it('is taken without a refusal, and warned of only where the year is not known on purpose', () => {
    const warned: string[] = [];
    for (const json of visits) {
      const read = settlementInputFromVisitJson(json);
      expect(read.ok, json.visit.id).toBe(true);
      if (!read.ok) continue;
      for (const { code } of read.value.warnings) warned.push(`${json.visit.id} ${code}`);
    }
    expect(warned).toEqual([
      'ZY20171120007 year-to-date-unknown',
      'ZY20171119008 year-to-date-unknown',
      'ZY20171116009 year-to-date-unknown',
      'MZ20171127021 year-to-date-unknown',
    ]);
  });

  it('has the published stay as the policy pack has it', () => {
    const file = '../../shared/policy-packs/pingjiang-2017/1.0.0/cases/colon-cancer-17-days.json';
    const published: unknown = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
    expect(withId('ZY20171110001')).toEqual(published);
    expect(amountOf(visits[0] ?? expect.fail('no visits'))).toBe(14904);
  });

  it('has no visit twice, and no two people under one number', () => {
    expect(new Set(visits.map(({ visit }) => visit.id)).size).toBe(visits.length);
    const names = new Map<string, Set<string>>();
    for (const {
      person: { idNumber = '', name },
    } of visits) {
      names.set(idNumber, (names.get(idNumber) ?? new Set()).add(name));
    }
    expect(names.size).toBeGreaterThanOrEqual(24);
    expect([...names.values()].filter(({ size }) => size > 1)).toEqual([]);
    expect(visits.every(({ visit }) => visit.dischargedOn <= '2017-11-27')).toBe(true);
  });

  it('has every case a desk meets', () => {
    const lengths = visits.map(({ visit }) => visit.charges?.length);
    expect(lengths.filter((length) => length === 600)).toHaveLength(1);
    expect(visits.filter(({ person }) => /[\u{20000}-\u{3FFFF}]/u.test(person.name))).toHaveLength(
      1,
    );
    expect(new Set(visits.map(({ person }) => person.insurance))).toEqual(
      new Set(['resident', 'employee', 'none']),
    );
    expect(visits.filter(({ person }) => person.insuredPlace !== '430626')).toHaveLength(1);
    expect(new Set(visits.flatMap(({ person }) => person.categories))).toEqual(
      new Set(['registered-poor', 'extremely-poor', 'subsistence-allowance']),
    );
    const codes = visits.flatMap(({ visit }) => visit.blockers ?? []).map(({ code }) => code);
    expect(codes).toEqual(['orders-not-stopped', 'items-not-executed', 'no-discharge-diagnosis']);
    const refunds = visits.filter(({ visit }) =>
      visit.charges?.some(({ refundsLine }) => refundsLine !== undefined),
    );
    expect(refunds).toHaveLength(2);
    expect(visits.some((json) => amountOf(json) > 90_000)).toBe(true);
    expect(visits.some(({ yearToDate }) => (yearToDate?.admissions ?? 0) > 0)).toBe(true);
    expect(visits.some(({ visit }) => visit.kind === 'outpatient')).toBe(true);
  });

  it('leaves those that are settled at the start free of blockers', () => {
    expect(demoVisitsToSettle.length).toBeGreaterThanOrEqual(3);
    for (const id of demoVisitsToSettle) {
      expect(withId(id), id).toBeDefined();
      expect(withId(id)?.visit.blockers, id).toBeUndefined();
    }
  });
});
