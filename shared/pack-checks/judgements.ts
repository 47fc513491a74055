import type { SettlementInput } from '../domain/person.ts';
import type { Fen } from '../money/fen.ts';
import { formatFen } from '../money/yuan-text.ts';
import { conditionsOf } from '../policy/pack/pack-conditions-of.ts';
import { whyNot } from '../policy/choose-pack.ts';
import type { CompiledPack } from '../policy/compile/compiled-pack.ts';
import { decideFigures } from '../policy/decide.ts';
import { declareProblems, type PackProblem } from '../policy/pack/pack-problem.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import type { PreparedCase } from './prepared-case.ts';

/** Something unlikely to be meant; a pack that means it says so in `accepts`, about the same thing. */
export type About<Code extends string = string> = PackProblem<Code> & { readonly about: string };

type OfCases = About<'category-hurts' | 'step-never-pays'>;

type Category = SettlementInput['person']['categories'][number]['name'];

/**
 * Categories that make a person pay more. Every person of the cases is given each category the pack speaks
 * of, one at a time and open-ended: a category is meant to help.
 */
export function categoriesThatHurt(pack: CompiledPack, cases: readonly PreparedCase[]): OfCases[] {
  return categoriesOf(pack.document).flatMap(({ category, path }) => {
    let worst: {
      readonly sentence: string;
      readonly before: Fen;
      readonly after: Fen;
    } | null = null;
    for (const { input, packCase } of cases) {
      const with_ = withCategory(input, category);
      if (whyNot(pack, input) !== null || whyNot(pack, with_) !== null) continue;
      const before = decideFigures(pack, input).result.patientPaysFen;
      const after = decideFigures(pack, with_).result.patientPaysFen;
      if (after - before <= (worst === null ? 0 : worst.after - worst.before)) continue;
      worst = { sentence: packCase.case, before, after };
    }
    return worst === null ? [] : [hurts(path, category, worst)];
  });
}

function withCategory({ person, ...same }: SettlementInput, name: Category): SettlementInput {
  const others = person.categories.filter((category) => category.name !== name);
  return { ...same, person: { ...person, categories: [...others, { name }] } };
}

/** The categories a pack speaks of, each where it does so first. */
function categoriesOf(
  document: PackDocument,
): { readonly category: Category; readonly path: PackProblem['path'] }[] {
  const found = new Map<Category, PackProblem['path']>();
  for (const { path, condition } of conditionsOf(document)) {
    const { categories } = condition;
    if (categories === undefined) continue;
    const [part, names] = 'any' in categories ? ['any', categories.any] : ['none', categories.none];
    for (const [index, name] of names.entries()) {
      if (!found.has(name)) found.set(name, [...path, 'categories', part, index]);
    }
  }
  return [...found].map(([category, path]) => ({ category, path }));
}

function hurts(
  path: PackProblem['path'],
  category: Category,
  { sentence, before, after }: { sentence: string; before: Fen; after: Fen },
): OfCases {
  const less = formatFen(before);
  const more = formatFen(after);
  return {
    ...judgementProblem(path, 'category-hurts', { category, less, more, sentence }),
    about: category,
  };
}

/** Steps that pay nothing in any case: nothing shows that they can. */
export function stepsThatNeverPay(pack: CompiledPack, cases: readonly PreparedCase[]): OfCases[] {
  const paying = new Set(
    cases
      .filter(({ input }) => whyNot(pack, input) === null)
      .flatMap(({ input }) => decideFigures(pack, input).result.shares)
      .filter(({ amountFen }) => amountFen > 0)
      .map(({ step }) => step),
  );
  return pack.document.steps.flatMap(({ id, rule }, index) =>
    paying.has(id) || rule === 'not-stated' ? [] : [neverPays(['steps', index], id)],
  );
}

function neverPays(path: PackProblem['path'], id: string): OfCases {
  return {
    ...judgementProblem(path, 'step-never-pays', { id }),
    about: id,
  };
}

/** What a pack may say it means all the same. */
const acceptedChecks = [
  'category-hurts',
  'step-never-pays',
  'dates-gap',
  'packs-overlap',
  'reaches-further',
  'exception-not-shared',
];

type AcceptanceCode = 'unknown-check' | 'accepts-nothing';

/** Judgements a pack does not accept, and acceptances that speak of nothing found. */
export function withoutAccepted<Code extends string>(
  { accepts = [] }: PackDocument,
  judgements: readonly About<Code>[],
): PackProblem<Code | AcceptanceCode>[] {
  const isAccepted = ({ code, about }: About) =>
    accepts.some((accepted) => accepted.check === code && accepted.about === about);
  return [
    ...judgements.filter((judgement) => !isAccepted(judgement)),
    ...accepts.flatMap(({ check, about }, index): PackProblem<AcceptanceCode>[] => {
      if (!acceptedChecks.includes(check)) return [unknownCheck(['accepts', index, 'check'])];
      const found = judgements.some((each) => each.code === check && each.about === about);
      return found ? [] : [acceptsNothing(['accepts', index], check, about)];
    }),
  ];
}

function unknownCheck(path: PackProblem['path']) {
  return judgementProblem(path, 'unknown-check');
}

function acceptsNothing(path: PackProblem['path'], check: string, about: string) {
  return judgementProblem(path, 'accepts-nothing', { about, check });
}

const judgementProblem = declareProblems({
  'category-hurts': ({
    category,
    less,
    more,
    sentence,
  }: {
    readonly category: string;
    readonly less: string;
    readonly more: string;
    readonly sentence: string;
  }) => [
    `多一个类别“${category}”，个人反而要多付：${less} 变成 ${more}（案例：${sentence}）`,
    `with the category "${category}" the person pays more: ${more} instead of ${less} (case: ${sentence})`,
    '改正各支付环节的条件或顺序；出处就是这样规定的，在 accepts 里写 check: category-hurts、about 和理由',
    'correct the conditions or the order of variants; where the source means it, say so in accepts: check: category-hurts, about, reason',
  ],
  'step-never-pays': ({ id }: { readonly id: string }) => [
    `没有一个案例里支付环节“${id}”支付过`,
    `the step "${id}" pays nothing in any case`,
    '加一个它支付的案例；出处只列了支付方而没有办法的，用 rule: not-stated',
    'add a case in which it pays; where the source names the payer and no rule, use rule: not-stated',
  ],
  'unknown-check': [
    '没有可以这样接受的检查',
    'there is no such check to accept',
    `改成：${acceptedChecks.join('、')}`,
    `use one of: ${acceptedChecks.join(', ')}`,
  ],
  'accepts-nothing': ({ about, check }: { readonly about: string; readonly check: string }) => [
    `检查没有发现“${about}”的 ${check}，不必接受`,
    `nothing of "${about}" was found by ${check}: there is nothing to accept`,
    '删去这一项，或改正 about',
    'remove this entry, or correct about',
  ],
});
