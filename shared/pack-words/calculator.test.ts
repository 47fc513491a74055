import { describe, expect, it } from 'vitest';
import { calculatorFormSchema } from '../contracts/policies.ts';
import type { SettlementInput, YearToDate } from '../domain/person.ts';
import { decide } from '../policy/decide.ts';
import { packOf } from '../policy/packs.test-support.ts';
import { freshYear } from '../policy/rules/advance-year.ts';
import { plainInput } from '../policy/visits.test-support.ts';
import { formOf, withForm } from './calculator.ts';

const pack = packOf();
const byAdmission = packOf({ year: 'admission' });

function stay(admittedOn: string, dischargedOn: string, yearToDate: YearToDate | null = null) {
  const input = plainInput(100);
  return { ...input, visit: { ...input.visit, admittedOn, dischargedOn }, yearToDate };
}

/** The visit with another day that the year's figures are up to. */
function upTo(input: SettlementInput, asOf: string, of = pack) {
  const form = formOf(of, input);
  return withForm(of, input, { ...form, year: { ...form.year, known: true, asOf } });
}

describe('the day that the figures of the year are up to', () => {
  const input = stay('2017-05-01', '2017-05-10');

  it('is that of the case, and counts as it is changed', () => {
    const known = { ...freshYear(pack, input), asOf: '2017-02-03' };
    expect(formOf(pack, { ...input, yearToDate: known }).year.asOf).toBe('2017-02-03');
    const changed = upTo({ ...input, yearToDate: known }, '2017-04-30');
    if (!changed.ok) throw new Error(changed.refusal.message.en);
    expect(changed.value.yearToDate).toEqual({ ...known, asOf: '2017-04-30' });
    const opening = decide(pack, changed.value).trace.find(({ id }) => id === 'year');
    expect(opening?.text.zh).toBe('2017 年度累计（截至 2017-04-30）');
  });

  it('is the admission where nothing is known of the year', () => {
    expect(formOf(pack, input).year).toMatchObject({ known: false, asOf: '2017-05-01' });
  });

  it('lies in the year that counts also of a stay over New Year', () => {
    const overNewYear = stay('2016-12-20', '2017-01-05');
    expect(formOf(pack, overNewYear).year.asOf).toBe('2017-01-01');
    expect(upTo(overNewYear, '2017-01-01').ok).toBe(true);
    expect(formOf(byAdmission, overNewYear).year.asOf).toBe('2016-12-20');
    expect(upTo(overNewYear, '2016-12-20', byAdmission).ok).toBe(true);
  });

  it.each(['2016-12-31', '2017-05-11', '2018-01-01'])(
    'is refused where no year of this visit can end: %s',
    (asOf) => {
      const changed = upTo(input, asOf);
      expect(changed).toMatchObject({ ok: false, refusal: { code: 'form-impossible' } });
      if (changed.ok) return;
      expect(changed.refusal.message.zh).toContain('2017 年内，不晚于出院日期 2017-05-10');
    },
  );

  it.each(['2017-02-30', '2017-13-01', '2017-5-1', ''])('is a day of the calendar: %s', (asOf) => {
    const form = formOf(pack, input);
    expect(calculatorFormSchema.safeParse(form).success).toBe(true);
    const year = { ...form.year, asOf };
    expect(calculatorFormSchema.safeParse({ ...form, year }).success).toBe(false);
  });

  it('is not asked about where the year is not known', () => {
    const form = formOf(pack, input);
    const year = { ...form.year, known: false, asOf: '1999-01-01' };
    const changed = withForm(pack, input, { ...form, year });
    expect(changed).toMatchObject({ ok: true, value: { yearToDate: null } });
  });
});
