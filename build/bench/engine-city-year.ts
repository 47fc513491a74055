import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isDeepStrictEqual } from 'node:util';
import type { SettlementInput, YearToDate } from '../../shared/domain/person.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { ChargeLine } from '../../shared/domain/visit.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { decide, decideFigures } from '../../shared/policy/decide.ts';
import { chanceFrom, randomCharges, randomVisit } from './engine-inputs.ts';
import { lineCount } from './engine-packs.ts';
import { ourShares } from './engine-peers.ts';
import { rounded } from './engine-timing.ts';
import { plainVisit } from './peers/bench-visit.ts';
import { settleStraight } from './peers/straight-line.ts';

/** The admissions of one city in one year. */
const admissions = 171_600;
const bills = 2_000;
/** How often one person is admitted in a year: many once, a few often. */
const staysOfOnePerson = [1, 1, 1, 1, 2, 2, 3, 5, 12] as const;

type Settle = (pack: CompiledPack, input: SettlementInput) => SettlementResult;

/**
 * A city's year of admissions, each person's counters handed on from stay to stay: the seconds spent in
 * the engine alone, and the memory held before and after with all garbage collected.
 */
export function settleCityYear(pack: CompiledPack) {
  const chance = chanceFrom(171_600);
  const pool = Array.from({ length: bills }, () =>
    randomCharges(chance, 20 + Math.floor(chance() * 81)),
  );
  assertChain(pack, pool);
  runYear(pack, pool, admissions / 20, figures);
  const before = heapMegabytes();
  const first = runYear(pack, pool, admissions / 10, figures);
  const afterTenth = heapMegabytes();
  const year = runYear(pack, pool, admissions, figures);
  const after = heapMegabytes();
  const traced = runYear(pack, pool, admissions / 10, decide);
  return {
    admissions,
    persons: year.persons,
    meanLines: rounded(year.lines / admissions),
    figuresSeconds: rounded(year.milliseconds / 1000),
    figuresMeanUs: rounded((year.milliseconds * 1000) / admissions),
    withTraceMeanUs: rounded((traced.milliseconds * 1000) / first.admissions),
    heapMegabytes: { before, afterTenth, after },
  };
}

const figures: Settle = (pack, input) => decideFigures(pack, input).result;

function runYear(
  pack: CompiledPack,
  pool: readonly (readonly ChargeLine[])[],
  count: number,
  settle: Settle,
) {
  const chance = chanceFrom(2017);
  let milliseconds = 0;
  let persons = 0;
  let lines = 0;
  let done = 0;
  while (done < count) {
    persons += 1;
    const wanted = staysOfOnePerson[Math.floor(chance() * staysOfOnePerson.length)] ?? 1;
    const stays = Math.min(count - done, wanted);
    let year: YearToDate | null = null;
    for (let stay = 1; stay <= stays; stay += 1) {
      const input = stayOf(chance, pool, stay, year);
      const from = performance.now();
      const result = settle(pack, input);
      milliseconds += performance.now() - from;
      year = result.yearToDate;
      lines += lineCount(input);
    }
    done += stays;
  }
  return { milliseconds, persons, lines, admissions: done };
}

function stayOf(
  chance: () => number,
  pool: readonly (readonly ChargeLine[])[],
  stay: number,
  year: YearToDate | null,
): SettlementInput {
  const charges = pool[Math.floor(chance() * pool.length)] ?? [];
  const input = randomVisit(chance, charges, year);
  return { ...input, visit: { ...input.visit, id: `ZY${stay}` } };
}

/** Throws unless the straight-line reference, fed with our counters, comes to the same over many stays. */
function assertChain(pack: CompiledPack, pool: readonly (readonly ChargeLine[])[]): void {
  runYear(pack, pool, 2_000, (_pack, input) => {
    const result = figures(pack, input);
    const straight = settleStraight(plainVisit(input));
    if (!isDeepStrictEqual([...straight], ourShares(result))) {
      throw new Error('the straight-line reference differs in the city year');
    }
    return result;
  });
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is held with all garbage collected. */
function heapMegabytes(): number {
  collectGarbage();
  collectGarbage();
  return Math.round((process.memoryUsage().heapUsed / 1_048_576) * 100) / 100;
}
