import { dirname } from 'node:path';

import type { Calculation, ReadablePack } from '../../shared/contracts/policies.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import {
  accepted,
  refused,
  type Refusal,
  type Result,
  type Words,
} from '../../shared/domain/result.ts';
import { whyNot } from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { decide } from '../../shared/policy/decide.ts';
import type { OutputOf } from '../../shared/contracts/contracts.ts';
import { formOf, withForm } from '../../shared/pack-words/calculator.ts';
import { absent, differencesOf } from '../../shared/pack-checks/compare-case.ts';
import { problemsOfBecause } from '../../shared/pack-checks/check-because.ts';
import { packRow, readablePack } from '../../shared/pack-words/describe-pack.ts';
import type { LoadedPack } from '../policy-packs/load-packs.ts';
import type { PreparedCases } from '../../shared/pack-checks/prepared-case.ts';
import { prepareCases } from '../policy-packs/prepare-cases.ts';
import { agrees, runCase } from '../../shared/pack-checks/run-case.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';

/** The packs of this folder as pages to read, with their cases and a calculator. Nothing is kept. */
export function policyCalls({
  services,
}: Pick<DeskParts, 'services'>): Pick<
  CallHandlers,
  'policies:list' | 'policies:show' | 'policies:calculate'
> {
  const { policies, clock } = services;
  const find = (pack: string, version: string) =>
    policies.packs.find(({ compiled }) => compiled.id === pack && compiled.version === version);
  return {
    'policies:list': () =>
      Promise.resolve(
        accepted({
          packs: policies.packs
            .map(({ compiled }) => packRow(compiled, clock.businessDate()))
            .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state)),
          problems: policies.problems.map(({ file, line, message, remedy }) => ({
            file,
            line,
            message,
            remedy,
          })),
        }),
      ),
    'policies:show': async ({ pack, version }) => {
      const found = find(pack, version);
      if (found === undefined) return refused(packUnknown(pack, version));
      return accepted({
        row: packRow(found.compiled, clock.businessDate()),
        ...readablePack(found.compiled.document),
        cases: caseViews(found.compiled, await casesOf(found)),
      });
    },
    'policies:calculate': async ({ pack, version, caseIndex, form }) => {
      const found = find(pack, version);
      if (found === undefined) return refused(packUnknown(pack, version));
      const { cases } = await casesOf(found);
      // A case that shows who is not covered is a poor start for a calculation.
      const start =
        cases.find(({ index }) => index === caseIndex) ??
        cases.find(({ packCase }) => !('notCovered' in packCase.expect));
      if (start === undefined) return refused(packWithoutCases(found.compiled));
      const changed =
        form === null ? accepted(start.input) : withForm(found.compiled, start.input, form);
      if (!changed.ok) return changed;
      return calculated(
        found.compiled,
        start.index,
        start.packCase.case,
        start.input,
        changed.value,
      );
    },
  };
}

/** What counts today stands first. */
const order = ['in-force', 'coming', 'ended'];

function calculated(
  pack: CompiledPack,
  caseIndex: number,
  sentence: string,
  start: SettlementInput,
  now: SettlementInput,
): Result<OutputOf<'policies:calculate'>> {
  return accepted({
    caseIndex,
    sentence,
    form: formOf(pack, now),
    steps: pack.steps.map(({ id, name }) => ({ step: id, name })),
    start: calculationOf(pack, start),
    now: calculationOf(pack, now),
  });
}

function calculationOf(pack: CompiledPack, input: SettlementInput): Calculation {
  const notCovered = whyNot(pack, input);
  if (notCovered !== null) return { result: null, notCovered };
  return {
    result: structuredClone(decide(pack, input)) as Calculation['result'],
    notCovered: null,
  };
}

const prepared = new WeakMap<LoadedPack, Promise<PreparedCases>>();

/** The cases of a pack, read once: a pack does not change while the program runs. */
function casesOf(pack: LoadedPack): Promise<PreparedCases> {
  const known = prepared.get(pack);
  if (known !== undefined) return known;
  const reading = prepareCases(pack.compiled.document, dirname(pack.file));
  prepared.set(pack, reading);
  return reading;
}

function caseViews(pack: CompiledPack, { cases, problems }: PreparedCases): ReadablePack['cases'] {
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
        name: amountName(pack, name),
        text,
      })),
      problems: run?.kind === 'not-covered' && !notCovered ? [...wrong, run.because] : wrong,
    };
  });
}

function amountsOf(
  pack: CompiledPack,
  expect: CompiledPack['document']['cases'][number]['expect'],
  outcome: Parameters<typeof differencesOf>[1],
): ReadablePack['cases'][number]['amounts'] {
  if ('notCovered' in expect) return [];
  const differences = new Map(
    differencesOf(expect, outcome).map(({ name, actual }) => [name, actual]),
  );
  const row = (key: string, name: Words, expected: string) => ({
    name,
    expected,
    actual: differences.get(key) ?? expected,
  });
  const extra = [...differences]
    .filter(([key, actual]) => key.startsWith('shares.') && actual !== absent)
    .filter(([key]) => expect.shares[key.slice('shares.'.length)] === undefined)
    .map(([key, actual]) => ({
      name: amountName(pack, key.slice('shares.'.length)),
      expected: '—',
      actual,
    }));
  return [
    ...Object.entries(expect.shares).map(([step, amount]) =>
      row(`shares.${step}`, amountName(pack, step), amount),
    ),
    ...extra,
    row('patientPays', amountName(pack, 'patientPays'), expect.patientPays),
    ...(expect.hospitalBears === undefined
      ? []
      : [row('hospitalBears', amountName(pack, 'hospitalBears'), expect.hospitalBears)]),
  ];
}

const amountNames: Readonly<Record<string, Words>> = {
  total: { zh: '总费用', en: 'total' },
  eligible: { zh: '政策范围内费用', en: 'in-scope cost' },
  patientPays: { zh: '个人支付', en: 'patient pays' },
  withinCatalogue: { zh: '个人自付', en: 'within the catalogue' },
  outsideCatalogue: { zh: '个人自费', en: 'outside the catalogue' },
  hospitalBears: { zh: '医院承担', en: 'hospital bears' },
  deductible: { zh: '起付标准', en: 'deductible' },
};

function amountName({ steps }: CompiledPack, name: string): Words {
  return steps.find(({ id }) => id === name)?.name ?? amountNames[name] ?? { zh: name, en: name };
}

function packUnknown(pack: string, version: string): Refusal {
  return {
    code: 'pack-unknown',
    message: {
      zh: `没有待遇政策 ${pack}@${version}，可能已被更换。`,
      en: `There is no policy pack ${pack}@${version}; it may have been replaced.`,
    },
    remedy: { zh: '请刷新政策列表', en: 'Open the list of policies again' },
  };
}

function packWithoutCases({ id, version }: CompiledPack): Refusal {
  return {
    code: 'pack-without-cases',
    message: {
      zh: `待遇政策 ${id}@${version} 没有可用的案例，不能从案例开始试算。`,
      en: `The policy pack ${id}@${version} has no case to begin a calculation with.`,
    },
    remedy: { zh: '请政策管理员补写案例', en: 'Ask the policy officer to add a case' },
  };
}
