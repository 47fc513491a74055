import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import { choosePack } from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { decide } from '../../shared/policy/decide.ts';
import { ownPacksFolder } from '../policy-packs/load-packs.ts';
import { ownPacks } from './settlement.test-support.ts';

type Fields = Record<string, unknown>;
type Document = {
  readonly visit: Fields;
  readonly person: Fields;
  readonly yearToDate: Fields | null;
};

let packs: readonly CompiledPack[];
let base: Document;
beforeAll(async () => {
  packs = await ownPacks();
  const file = join(ownPacksFolder(), 'pingjiang-2017/1.0.0/cases/colon-cancer-17-days.json');
  base = JSON.parse(await readFile(file, 'utf8')) as Document;
});

const restored: (() => void)[] = [];
afterEach(() => {
  for (const restore of restored.splice(0)) restore();
});

/** How many elements the searches of lists look at while something is done. */
function looksDuring(act: () => void): number {
  let looks = 0;
  const prototype = Array.prototype as unknown as Record<string, (...given: unknown[]) => unknown>;
  for (const name of ['find', 'findIndex', 'findLast', 'some', 'every', 'filter']) {
    const real = prototype[name];
    if (real === undefined) throw new Error(`no ${name}`);
    prototype[name] = function (this: unknown, test: unknown, ...more: unknown[]) {
      const counted = (...each: unknown[]): unknown => {
        looks += 1;
        return (test as (...each: unknown[]) => unknown)(...each);
      };
      return real.call(this, counted, ...more);
    };
    restored.push(() => {
      prototype[name] = real;
    });
  }
  for (const name of ['includes', 'indexOf', 'lastIndexOf']) {
    const real = prototype[name];
    if (real === undefined) throw new Error(`no ${name}`);
    prototype[name] = function (this: unknown, ...given: unknown[]) {
      looks += (this as unknown[]).length;
      return real.apply(this, given);
    };
    restored.push(() => {
      prototype[name] = real;
    });
  }
  try {
    act();
  } finally {
    for (const restore of restored.splice(0)) restore();
  }
  return looks;
}

const many = <Each>(count: number, each: (index: number) => Each): Each[] =>
  Array.from({ length: count }, (_, index) => each(index));

const charge = (line: number, more: Fields = {}): Fields => ({
  ...{ line, code: 'XA01', name: '药', category: 'western-drug', catalogueClass: 'A' },
  ...{ firstSelfPayRatio: null, priceCeiling: null, unit: '支', quantity: '1' },
  ...{ unitPrice: '10.00', amount: '10.00', on: '2017-11-12', ...more },
});
const approval = (step: string) => ({
  ...{ step, form: '表', number: '1', decision: 'approved', amount: '1.00', on: '2017-11-27' },
});

/** A document with one of its lists that long. */
const lists: Readonly<
  Record<string, (count: number) => { visit?: Fields; person?: Fields; yearToDate?: Fields }>
> = {
  charges: (count) => ({ visit: { charges: many(count, (index) => charge(index + 1)) } }),
  refunds: (count) => ({
    visit: {
      charges: many(count, (index) =>
        index % 2 === 0
          ? charge(index + 1)
          : charge(index + 1, { quantity: '-1', amount: '-10.00', refundsLine: index }),
      ),
    },
  }),
  'refunds of one line': (count) => ({
    visit: {
      charges: many(count, (index) =>
        index === 0
          ? charge(1, { quantity: String(count), amount: `${String(count * 10)}.00` })
          : charge(index + 1, { quantity: '-1', amount: '-10.00', refundsLine: 1 }),
      ),
    },
  }),
  diagnoses: (count) => ({
    visit: {
      diagnoses: many(count, (index) => ({
        code: `C${String(index)}`,
        name: '病',
        principal: index === 0,
      })),
    },
  }),
  procedures: (count) => ({
    visit: { procedures: many(count, (index) => ({ code: `P${String(index)}`, name: '术' })) },
  }),
  deposits: (count) => ({
    visit: {
      deposit: `${String(count)}.00`,
      deposits: many(count, (index) => ({
        receipt: String(index),
        amount: '1.00',
        on: '2017-11-10',
        tender: 'cash',
      })),
    },
  }),
  blockers: (count) => ({
    visit: { blockers: many(count, (index) => ({ code: `b${String(index)}`, text: '未停' })) },
  }),
  approvals: (count) => ({
    visit: { approvals: many(count, (index) => approval(`step-${String(index)}`)) },
  }),
  'approvals of one step': (count) => ({
    visit: { approvals: many(count, () => approval('government-guarantee')) },
  }),
  'figures of payers': (count) => ({
    visit: {
      payerFigures: {
        ...{ from: '医保局', receivedOn: '2017-11-27', patientPays: '0.00' },
        shares: many(count, (index) => ({ payer: `payer-${String(index)}`, amount: '0.00' })),
      },
    },
  }),
  categories: (count) => ({
    person: {
      categories: many(count, (index) => ({
        name: 'registered-poor',
        from: `2016-01-${String((index % 28) + 1).padStart(2, '0')}`,
      })),
    },
  }),
  'visits in the year': (count) => ({
    yearToDate: { includesVisits: many(count, (index) => `ZY${String(index)}`) },
  }),
};

function documentWith(name: string, count: number): Document {
  const { visit = {}, person = {}, yearToDate } = lists[name]?.(count) ?? {};
  const year = {
    ...{
      year: 2017,
      asOf: '2017-11-09',
      includesVisits: [],
      admissions: 1,
      deductiblePaid: '0.00',
    },
    ...{
      eligible: '0.00',
      paid: {},
      byStep: {},
      selfPay: '0.00',
      eligibleSelfPay: '0.00',
      levels: [],
    },
  };
  return {
    visit: { ...base.visit, ...visit },
    person: { ...base.person, ...person },
    yearToDate: yearToDate === undefined ? base.yearToDate : { ...year, ...yearToDate },
  };
}

/** What intake and the engine do with a document. */
function readAndDecide(document: Document): void {
  const reading = settlementInputFromVisitJson(document);
  if (!reading.ok) return;
  const { input } = reading.value;
  const pack = choosePack(packs, input);
  if (pack.ok) decide(pack.value, input);
}

describe('a list of a visit that is four times as long', () => {
  it.each(Object.keys(lists))('takes four times the looks and not sixteen: %s', (name) => {
    const short = documentWith(name, 200);
    const long = documentWith(name, 800);
    // What is made once for all documents is made before.
    readAndDecide(documentWith(name, 2));
    const looks = looksDuring(() => {
      readAndDecide(short);
    });
    const looksLong = looksDuring(() => {
      readAndDecide(long);
    });
    expect(looksLong).toBeLessThanOrEqual(looks * 6 + 1000);
  });
});
