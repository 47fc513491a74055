import { dirname } from 'node:path';

import type { Calculation } from '../../shared/contracts/policies.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { whyNot } from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { decide } from '../../shared/policy/decide.ts';
import type { OutputOf } from '../../shared/contracts/contracts.ts';
import { formOf, withForm } from '../../shared/pack-words/calculator.ts';
import { caseViews } from '../../shared/pack-words/describe-cases.ts';
import { packRow, readablePack } from '../../shared/pack-words/describe-pack.ts';
import type { LoadedPack } from '../policy-packs/load-packs.ts';
import type { PreparedCases } from '../../shared/pack-checks/prepared-case.ts';
import { packRefusal } from '../policy-packs/pack-refusals.ts';
import { prepareCases } from '../policy-packs/prepare-cases.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';

/** The packs of this folder as pages to read, with their cases and a calculator. Nothing is kept. */
export function policyCalls({ services }: Pick<DeskParts, 'services'>) {
  const { policies, clock } = services;
  const find = (pack: string, version: string) =>
    policies.packs.find(({ compiled }) => compiled.id === pack && compiled.version === version);
  const unknownPack = (pack: string, version: string) =>
    packRefusal('unknown-pack', {
      pack: `${pack}@${version}`,
      known: policies.packs.map(({ compiled }) => `${compiled.id}@${compiled.version}`),
      problems: [],
    });
  const rowOf = (pack: CompiledPack) =>
    packRow(
      pack,
      policies.packs.map(({ compiled }) => compiled),
      clock.businessDate(),
    );
  return {
    'policies:list': () =>
      Promise.resolve(
        accepted({
          packs: policies.packs
            .map(({ compiled }) => rowOf(compiled))
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
      if (found === undefined) return refused(unknownPack(pack, version));
      const row = rowOf(found.compiled);
      return accepted({
        row,
        ...readablePack(found.compiled.document),
        cases: row.state === 'replaced' ? [] : caseViews(found.compiled, await casesOf(found)),
      });
    },
    'policies:calculate': async ({ pack, version, caseIndex, form }) => {
      const found = find(pack, version);
      if (found === undefined) return refused(unknownPack(pack, version));
      const { cases } = await casesOf(found);
      // A case that shows who is not covered is a poor start for a calculation.
      const start =
        cases.find(({ index }) => index === caseIndex) ??
        cases.find(({ packCase }) => !('notCovered' in packCase.expect));
      if (start === undefined) return refused(packRefusal('pack-without-cases', found.compiled));
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
  } satisfies Pick<CallHandlers, 'policies:list' | 'policies:show' | 'policies:calculate'>;
}

/** What counts today stands first. */
const order = ['in-force', 'coming', 'ended', 'replaced'];

function calculated(
  pack: CompiledPack,
  caseIndex: number,
  sentence: string,
  start: SettlementInput,
  now: SettlementInput,
): Result<OutputOf<'policies:calculate'>, never> {
  return accepted({
    caseIndex,
    sentence,
    form: formOf(pack, now),
    steps: pack.steps.map(({ id }) => id),
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
