import type { BenchShares, BenchVisit } from './bench-visit.ts';

/** What is used of @gorules/zen-engine 0.54.0. */
type Decision = {
  readonly evaluate: (
    context: unknown,
    options: { readonly trace: boolean },
  ) => Promise<{
    readonly result: { readonly shares: readonly number[] };
    readonly trace?: Readonly<Record<string, unknown>>;
  }>;
};
type Library = {
  readonly ZenEngine: new () => { readonly createDecision: (content: unknown) => Decision };
  readonly ZenDecisionContent: new (content: object) => unknown;
};

/** The six steps as a chain of expression nodes, compiled once. */
export function settleByZen(
  library: unknown,
  { trace }: { readonly trace: boolean },
): (visit: BenchVisit) => Promise<BenchShares> {
  const { ZenEngine, ZenDecisionContent } = library as Library;
  const decision = new ZenEngine().createDecision(new ZenDecisionContent(graph()));
  return async (visit) => {
    const answer = await decision.evaluate(visit, { trace });
    if (trace && answer.trace === undefined) throw new Error('zen gave no trace');
    return answer.result.shares;
  };
}

type Expressions = Readonly<Record<string, string>>;

const byLevel = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values).reduceRight(
    (otherwise, [level, value]) => `level == "${level}" ? ${value} : (${otherwise})`,
    '0',
  );

const allowed =
  '(#.ceiling != null and #.price > #.ceiling ? min([#.amount, #.quantity * #.ceiling]) : #.amount)';
const half = (numerator: string, denominator: number) =>
  `floor((${numerator}) / ${denominator} + 0.5)`;
const band = (low: number, high: number, percent: number) =>
  half(`max([0, min([$.to, ${high}]) - max([$.from, ${low}])]) * ${percent}`, 100);

/** Each node hands on what stands in it and what came before; only the first still has the charge lines. */
const nodes: readonly (readonly [name: string, expressions: Expressions])[] = [
  [
    'bill',
    {
      level: 'level',
      disease: 'disease',
      age: 'age',
      yearCritical: 'yearCritical',
      carried: 'max([0, yearEligible - yearBasic])',
      total: 'sum(map(lines, #.amount))',
      eligible: `sum(map(lines, #.class == "A" ? ${allowed} : #.class == "C" ? 0 : ${allowed} - ${half(`${allowed} * #.percent`, 100)}))`,
    },
  ],
  [
    'basic',
    {
      basic: half(
        `max([0, eligible - (${byLevel({
          village: 20_000,
          township: 20_000,
          county: 75_000,
          city: 120_000,
          province: 200_000,
          'outside-province': 200_000,
        })})]) * (${byLevel({
          village: 90,
          township: 90,
          county: 86,
          city: 70,
          province: 60,
          'outside-province': 50,
        })})`,
        100,
      ),
    },
  ],
  [
    'critical-illness',
    {
      from: 'max([0, carried - 1000000])',
      to: 'max([0, carried + eligible - basic - 1000000])',
      critical: `min([${[
        band(0, 3_000_000, 50),
        band(3_000_000, 8_000_000, 60),
        band(8_000_000, 15_000_000, 70),
        band(15_000_000, 1_000_000_000_000, 80),
      ].join(' + ')}, max([0, 20000000 - yearCritical]), eligible - basic])`,
    },
  ],
  ['supplement', { supplement: '0' }],
  ['medical-assistance', { assistance: half('(eligible - basic - critical) * 50', 100) }],
  [
    'hospital-reduction',
    {
      left: 'total - basic - critical - supplement - assistance',
      reduction: `some(["C15", "C16", "C18", "C20", "N18.0"], startsWith(disease, #)) or (age < 18 and some(["C91.0", "C92.4", "Q21.0", "Q21.1"], startsWith(disease, #))) ? min([$.left, ${half('$.left * 50', 100_000)} * 1000]) : 0`,
    },
  ],
  [
    'government-guarantee',
    { shares: '[basic, critical, supplement, assistance, reduction, 0, left - reduction]' },
  ],
];

function graph(): object {
  const expressionNodes = nodes.map(([name, expressions], index) => ({
    id: `node-${index}`,
    name,
    type: 'expressionNode',
    content: {
      expressions: Object.entries(expressions).map(([key, value]) => ({
        id: `${index}-${key}`,
        key,
        value,
      })),
      passThrough: index > 0 && index < nodes.length - 1,
    },
  }));
  const all = [
    { id: 'input', name: 'visit', type: 'inputNode' },
    ...expressionNodes,
    { id: 'output', name: 'shares', type: 'outputNode' },
  ];
  const edges = all.slice(1).map(({ id }, index) => ({
    id: `edge-${index}`,
    type: 'edge',
    sourceId: all[index]?.id,
    targetId: id,
  }));
  return { contentType: 'application/vnd.gorules.decision', nodes: all, edges };
}
