import type { ReadablePack } from '../contracts/policies.ts';
import type { Words } from '../domain/result.ts';
import { problemsOfBecause } from '../pack-checks/check-because.ts';
import { differencesOf } from '../pack-checks/compare-case.ts';
import type { PreparedCases } from '../pack-checks/prepared-case.ts';
import { agrees, runCase } from '../pack-checks/run-case.ts';
import { visitLines } from './describe-visit.ts';
import type { CompiledPack } from '../policy/compile/compiled-pack.ts';

/** The cases of a pack for the page: each with its sentence, what was expected and what comes out. */
export function caseViews(
  pack: CompiledPack,
  { cases, problems }: PreparedCases,
): ReadablePack['cases'] {
  return pack.document.cases.map((packCase, index): ReadablePack['cases'][number] => {
    const ready = cases.find((each) => each.index === index);
    const wrong = [
      ...problems.filter(({ path }) => path[0] === 'cases' && path[1] === index),
      ...problemsOfBecause(packCase, ['cases', index]),
    ].map(({ message }) => message);
    const run = ready === undefined ? null : runCase(pack, ready);
    const notCovered = 'notCovered' in packCase.expect;
    return {
      index,
      sentence: packCase.case,
      ok: run !== null && wrong.length === 0 && agrees(packCase, run),
      notCovered,
      amounts: run?.kind === 'decided' ? amountsOf(pack, packCase.expect, run.outcome) : [],
      because: Object.entries(packCase.because ?? {}).map(([name, text]) => ({
        amount: name,
        name: amountName(pack, name),
        text,
      })),
      whyNotCovered: run?.kind === 'not-covered' ? run.because : null,
      input: ready === undefined ? [] : visitLines(ready.data, packCase.with ?? {}),
      problems: run?.kind === 'not-covered' && !notCovered ? [...wrong, run.because] : wrong,
    };
  });
}

function amountsOf(
  pack: CompiledPack,
  expect: CompiledPack['document']['cases'][number]['expect'],
  outcome: Parameters<typeof differencesOf>[1],
): ReadablePack['cases'][number]['amounts'] {
  if ('notCovered' in expect || 'notWorkedOut' in expect) return [];
  const differences = differencesOf(expect, outcome);
  const ofSteps = Object.entries(expect.shares).map(([step, expected]) => ({
    amount: step,
    name: amountName(pack, step),
    expected,
    actual: differences.find((each) => each.step === step)?.actual ?? expected,
  }));
  const extra = differences.flatMap(({ step, actual }) =>
    step === undefined || Object.hasOwn(expect.shares, step)
      ? []
      : [{ amount: step, name: amountName(pack, step), expected: '—', actual }],
  );
  const row = (amount: 'patientPays' | 'hospitalBears', expected: string) => ({
    amount,
    name: amountName(pack, amount),
    expected,
    actual: differences.find(({ name }) => name === amount)?.actual ?? expected,
  });
  return [
    ...ofSteps,
    ...extra,
    row('patientPays', expect.patientPays),
    ...(expect.hospitalBears === undefined ? [] : [row('hospitalBears', expect.hospitalBears)]),
  ];
}

const amountNames: Readonly<Record<string, Words>> = {
  total: { zh: '总费用', en: 'total' },
  eligible: { zh: '政策范围内费用', en: 'in-scope cost' },
  patientPays: { zh: '个人负担', en: 'patient pays' },
  withinCatalogue: { zh: '个人自付', en: 'within the catalogue' },
  outsideCatalogue: { zh: '个人自费', en: 'outside the catalogue' },
  hospitalBears: { zh: '医院承担', en: 'hospital bears' },
  deductible: { zh: '起付标准', en: 'deductible' },
};

function amountName({ steps }: CompiledPack, name: string): Words {
  return steps.find(({ id }) => id === name)?.name ?? amountNames[name] ?? { zh: name, en: name };
}
