import type { BenchShares, BenchVisit } from './bench-visit.ts';

/** What is used of json-rules-engine 7.3.1. */
type Almanac = { readonly factValue: (fact: string) => Promise<unknown> };
type Fact = (parameters: unknown, almanac: Almanac) => unknown;
type RulesEngine = {
  readonly addFact: (name: string, fact: Fact) => unknown;
  readonly addRule: (rule: unknown) => unknown;
  readonly addOperator: (
    name: string,
    holds: (fact: string, value: readonly string[]) => boolean,
  ) => unknown;
  readonly run: (facts: Readonly<Record<string, unknown>>) => Promise<{
    readonly events: readonly { readonly type: string }[];
    readonly almanac: Almanac;
  }>;
};
type Library = { readonly Engine: new (rules: readonly unknown[]) => RulesEngine };

const steps = [
  'basic',
  'critical-illness',
  'supplement',
  'medical-assistance',
  'hospital-reduction',
  'government-guarantee',
];

/**
 * The six steps as six rules, made once; the arithmetic stands in facts, each worked out once in a run,
 * because conditions of this engine compare and do not reckon. Shares are read from the facts of the rules
 * that held: handing them over in the events costs this engine half as much again.
 */
export function settleByRules(library: unknown): (visit: BenchVisit) => Promise<BenchShares> {
  const { Engine } = library as Library;
  const engine = new Engine([]);
  engine.addOperator('startsWithAnyOf', (code, prefixes) =>
    prefixes.some((prefix) => code.startsWith(prefix)),
  );
  addBill(engine);
  addShares(engine);
  for (const [index, step] of steps.entries()) {
    engine.addRule({
      name: step,
      priority: steps.length - index,
      conditions: { all: conditionsOf(step) },
      event: { type: step },
    });
  }
  return async (visit) => {
    const { disease, age } = visit;
    const { events, almanac } = await engine.run({ visit, disease, age });
    const shares: number[] = [];
    let left = await amountOf(almanac, 'total');
    for (const step of steps) {
      const pays = events.some(({ type }) => type === step);
      const share = pays ? await amountOf(almanac, step) : 0;
      shares.push(share);
      left -= share;
    }
    return [...shares, left];
  };
}

const amountOf = async (almanac: Almanac, fact: string): Promise<number> =>
  (await almanac.factValue(fact)) as number;

const visitOf = async (almanac: Almanac): Promise<BenchVisit> =>
  (await almanac.factValue('visit')) as BenchVisit;

function conditionsOf(step: string): readonly unknown[] {
  const pays = { fact: step, operator: 'greaterThan', value: 0 };
  if (step !== 'hospital-reduction') return [pays];
  const startsWith = (value: readonly string[]) => ({
    fact: 'disease',
    operator: 'startsWithAnyOf',
    value,
  });
  return [
    {
      any: [
        startsWith(['C15', 'C16', 'C18', 'C20', 'N18.0']),
        {
          all: [
            { fact: 'age', operator: 'lessThan', value: 18 },
            startsWith(['C91.0', 'C92.4', 'Q21.0', 'Q21.1']),
          ],
        },
      ],
    },
    pays,
  ];
}

function addBill(engine: RulesEngine): void {
  engine.addFact('total', async (_none, almanac) => {
    let total = 0;
    for (const { amount } of (await visitOf(almanac)).lines) total += amount;
    return total;
  });
  engine.addFact('eligible', async (_none, almanac) => {
    let eligible = 0;
    for (const line of (await visitOf(almanac)).lines) {
      if (line.class === 'C') continue;
      const { amount, percent, quantity, price, ceiling } = line;
      const tooDear = ceiling !== null && price > ceiling;
      const allowed = tooDear ? Math.min(amount, quantity * ceiling) : amount;
      eligible += allowed - Math.round((allowed * percent) / 100);
    }
    return eligible;
  });
}

const deductibles: Readonly<Record<string, number>> = {
  village: 20_000,
  township: 20_000,
  county: 75_000,
  city: 120_000,
  province: 200_000,
  'outside-province': 200_000,
};
const percents: Readonly<Record<string, number>> = {
  village: 90,
  township: 90,
  county: 86,
  city: 70,
  province: 60,
  'outside-province': 50,
};
const bands = [
  { above: 0, until: 3_000_000, percent: 50 },
  { above: 3_000_000, until: 8_000_000, percent: 60 },
  { above: 8_000_000, until: 15_000_000, percent: 70 },
  { above: 15_000_000, until: Infinity, percent: 80 },
];

function addShares(engine: RulesEngine): void {
  engine.addFact('basic', async (_none, almanac) => {
    const { level } = await visitOf(almanac);
    const above = (await amountOf(almanac, 'eligible')) - (deductibles[level] ?? 0);
    return Math.round((Math.max(0, above) * (percents[level] ?? 0)) / 100);
  });
  engine.addFact('critical-illness', async (_none, almanac) => {
    const { yearEligible, yearBasic, yearCritical } = await visitOf(almanac);
    const left = (await amountOf(almanac, 'eligible')) - (await amountOf(almanac, 'basic'));
    const carried = Math.max(0, yearEligible - yearBasic);
    const from = Math.max(0, carried - 1_000_000);
    const to = Math.max(0, carried + left - 1_000_000);
    let share = 0;
    for (const { above, until, percent } of bands) {
      const part = Math.max(0, Math.min(to, until) - Math.max(from, above));
      share += Math.round((part * percent) / 100);
    }
    return Math.min(share, Math.max(0, 20_000_000 - yearCritical), left);
  });
  engine.addFact('supplement', () => 0);
  engine.addFact('medical-assistance', async (_none, almanac) => {
    const paid = (await amountOf(almanac, 'basic')) + (await amountOf(almanac, 'critical-illness'));
    return Math.round((((await amountOf(almanac, 'eligible')) - paid) * 50) / 100);
  });
  engine.addFact('hospital-reduction', async (_none, almanac) => {
    const left =
      (await amountOf(almanac, 'total')) -
      (await amountOf(almanac, 'basic')) -
      (await amountOf(almanac, 'critical-illness')) -
      (await amountOf(almanac, 'medical-assistance'));
    return Math.min(left, Math.round((left * 50) / 100_000) * 1000);
  });
  engine.addFact('government-guarantee', () => 0);
}
