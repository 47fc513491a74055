import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPacks } from '../../../electron/policy-packs/check-packs.ts';
import { loadPacks } from '../../../electron/policy-packs/load-packs.ts';
import { prepareCases } from '../../../electron/policy-packs/prepare-cases.ts';
import {
  packFiles,
  soundPack,
  soundVisit,
  writeFiles,
} from '../../../electron/policy-packs/sound-pack.test-support.ts';
import { completePack } from './complete-pack.test-support.ts';
import { runCase } from '../run-case.ts';
import type { PreparedCase } from '../prepared-case.ts';
import type { CompiledPack } from '../../policy/compile/compiled-pack.ts';
import { yuanTextFromFen } from '../../money/yuan-text.ts';
import { encodeYearToDate } from '../../contracts/stored-visit.ts';
import { packOf, stepOf, yuanParameter } from '../../policy/packs.test-support.ts';
import { hiddenBy } from './hidden-figures.ts';
import { mutantsOf, mutatePack } from './mutate-pack.ts';
import { findTellingVisits } from './telling-visits.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mutants-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A visit of a person without any category. */
const plainVisit = soundVisit.replace('[ "subsistence-allowance" ]', '[]');

async function loadedPack(text: string, visit = soundVisit) {
  await writeFiles(folder, packFiles(text, visit));
  const { packs, problems } = await loadPacks({ folders: [folder] });
  const [pack] = packs;
  if (pack === undefined) throw new Error(JSON.stringify(problems));
  return pack;
}

/** A case that lacks its amounts, with all it comes to. */
function withAmounts(pack: CompiledPack, prepared: PreparedCase): PreparedCase {
  if (!('notWorkedOut' in prepared.packCase.expect)) return prepared;
  const run = runCase(pack, prepared);
  if (run.kind === 'not-covered') {
    return { ...prepared, packCase: { ...prepared.packCase, expect: { notCovered: true } } };
  }
  const { result, zeroReason } = run.outcome;
  const zeros = result.shares.flatMap(({ step }) => {
    const why = zeroReason(step);
    return why === null ? [] : [[step, why] as const];
  });
  const expected = {
    shares: Object.fromEntries(
      result.shares.map(({ step, amountFen }) => [step, yuanTextFromFen(amountFen)]),
    ),
    patientPays: yuanTextFromFen(result.patientPaysFen),
    withinCatalogue: yuanTextFromFen(result.patientPart.withinCatalogueFen),
    deductible: yuanTextFromFen(result.deductibleFen),
    zeroBecause: Object.fromEntries(zeros),
    yearToDate: encodeYearToDate(result.yearToDate) as Record<string, unknown>,
  };
  return { ...prepared, packCase: { ...prepared.packCase, expect: expected } };
}

describe('a pack whose cases notice everything', () => {
  it('has no survivors', async () => {
    await writeFiles(folder, packFiles(completePack, plainVisit));
    const check = await checkPacks(folder, { mutate: true });
    expect(check.packs[0]?.problems).toEqual([]);
    expect(check.packs[0]?.mutation?.survivors.map(({ message }) => message.en)).toEqual([]);
    expect(check.packs[0]?.mutation?.total).toBeGreaterThan(35);
    expect(check.ok).toBe(true);
  });

  it('needs every one of its cases', async () => {
    const pack = await loadedPack(completePack, plainVisit);
    const { cases } = await prepareCases(pack.compiled.document, dirname(pack.file));
    expect(cases).toHaveLength(10);
    for (const left of cases) {
      const others = cases.filter((each) => each !== left);
      const { survivors } = mutatePack(pack, others, { most: 0 });
      expect(
        survivors.map(({ path }) => path),
        left.packCase.case,
      ).not.toEqual([]);
    }
  });
});

describe('a pack whose cases miss something', () => {
  /** Seconds of search, which two of the tests look at. */
  let searched: ReturnType<typeof checkPacks> | null = null;
  const checkOfSoundPack = async (): ReturnType<typeof checkPacks> => {
    await writeFiles(folder, packFiles());
    searched ??= checkPacks(folder, { mutate: true });
    return searched;
  };

  it('is told where, what was changed, and which case is missing', async () => {
    const check = await checkOfSoundPack();
    const { packs } = check;
    expect(check.ok).toBe(false);
    const mutation = packs[0]?.mutation;
    expect(mutation?.killed).toBe((mutation?.total ?? 0) - (mutation?.survivors.length ?? 0));
    const survivor = mutation?.survivors.find(
      ({ path }) => path === 'parameters.criticalCeiling.value',
    );
    expect(survivor).toEqual({
      file: join(folder, 'a-county/1.0.0/pack.yaml'),
      line: soundPack.slice(0, soundPack.indexOf("'8000.00'")).split('\n').length,
      path: 'parameters.criticalCeiling.value',
      before: '8000.00',
      after: '8080.00',
      message: {
        zh: 'parameters.criticalCeiling.value：8000.00 改成 8080.00，没有一个案例的结果不同',
        en: 'parameters.criticalCeiling.value: 8000.00 changed to 8080.00, and no case comes out otherwise',
      },
      remedy: {
        zh: '加一个案例，结果由这个数决定，没有被封顶线、剩余费用或取整盖住',
        en: 'add a case whose result depends on this figure, not hidden by a ceiling, by what is left or by rounding',
      },
    });
    for (const { remedy, message } of mutation?.survivors ?? []) {
      expect(remedy.zh).toMatch(/\p{Script=Han}/u);
      expect(message.zh).toMatch(/\p{Script=Han}/u);
      expect(remedy.en).toMatch(/^add /);
    }
  });

  it('gets the fewest cases that would notice it all, ready but for their amounts', async () => {
    const before = (await checkOfSoundPack()).packs[0]?.mutation;
    const { survivors = [], missing = [] } = before ?? {};
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBeLessThan(survivors.length);
    for (const { notices, message } of missing) {
      expect(notices.length).toBeGreaterThan(0);
      expect(message.zh).toMatch(/\p{Script=Han}/u);
    }
    // Put into the pack as they are printed and worked out, they are cases, and what they promise is noticed.
    const text = `${soundPack.trimEnd()}\n${missing.map(({ yaml }, index) => yaml.replace('待写', `待写 ${String(index)}`)).join('')}`;
    await writeFiles(folder, packFiles(text));
    const [checked] = (await checkPacks(folder)).packs;
    expect(new Set(checked?.problems.map(({ code }) => code))).toEqual(
      new Set(['case-not-worked-out']),
    );
    const pack = await loadedPack(text);
    const { cases, problems } = await prepareCases(pack.compiled.document, dirname(pack.file));
    expect(problems).toEqual([]);
    const workedOut = cases.map((each) => withAmounts(pack.compiled, each));
    const left = mutatePack(pack, workedOut, { most: 0 }).survivors.map(
      ({ path, after }) => `${path} ${after}`,
    );
    const promised = new Set(missing.flatMap(({ notices }) => notices));
    const kept = survivors.flatMap(({ path, after }, index) =>
      promised.has(index) ? [] : [`${path} ${after}`],
    );
    expect(left.filter((each) => !kept.includes(each))).toEqual([]);
  });

  it('is told which ceiling hides a figure', async () => {
    const capped = packOf({
      parameters: { cap: yuanParameter('100.00') },
      steps: [stepOf({ id: 'basic', ceilingPerVisit: 'cap' })],
    });
    const { compiled, file } = await loadedPack(completePack, plainVisit);
    const { cases } = await prepareCases(compiled.document, dirname(file));
    expect(hiddenBy(capped, ['parameters', 'half', 'value'], cases)?.zh).toContain('付到“amount”');
    expect(hiddenBy(capped, ['steps', 0], cases)).toBeNull();
    expect(hiddenBy(packOf(), ['parameters', 'half', 'value'], cases)).toBeNull();
  });

  it('is not believed that a change is equivalent while a visit tells it', async () => {
    const path = 'parameters.criticalCeiling.value';
    const claim = `equivalent: [{ change: ${path}, because: { zh: 看不出, en: nobody can tell } }]\ncases:`;
    await writeFiles(folder, packFiles(soundPack.replace('\ncases:', `\n${claim}`)));
    const mutation = (await checkPacks(folder, { mutate: true })).packs[0]?.mutation;
    expect(mutation?.equivalents).toEqual([]);
    const survivor = mutation?.survivors.find((each) => each.path === path);
    expect(survivor?.message.zh).toContain('equivalent 不成立');
  });

  it('is told of a claim that speaks of nothing', async () => {
    const claim =
      'equivalent: [{ change: steps.9, because: { zh: 看不出, en: nobody can tell } }]\ncases:';
    await writeFiles(folder, packFiles(completePack.replace('\ncases:', `\n${claim}`), plainVisit));
    const [checked] = (await checkPacks(folder, { mutate: true })).packs;
    expect(checked?.problems.map(({ code }) => code)).toEqual(['equivalent-to-nothing']);
    expect(checked?.ok).toBe(false);
  });

  it('is believed where no visit of thousands tells the change', async () => {
    const { compiled, file } = await loadedPack(completePack, plainVisit);
    const { cases } = await prepareCases(compiled.document, dirname(file));
    const searches = findTellingVisits(compiled, cases, [compiled]);
    expect(searches).toEqual([{ visit: null, tried: expect.any(Number) as number }]);
    expect(searches[0]?.tried).toBeGreaterThan(3000);
  });

  it('is not mutated while it has problems: a broken pack fails whatever is changed', async () => {
    await writeFiles(folder, packFiles(soundPack.replace("value: '80'", "value: '81'")));
    const check = await checkPacks(folder, { mutate: true });
    expect(check.packs[0]?.mutation).toBeUndefined();
  });
});

describe('the mutants of a pack', () => {
  it('change one thing each, and none twice', async () => {
    const { compiled } = await loadedPack(soundPack);
    const mutants = mutantsOf(compiled.document);
    for (const { data } of mutants) expect(isDeepStrictEqual(data, compiled.document)).toBe(false);
    const texts = new Set(mutants.map(({ data }) => JSON.stringify(data)));
    expect(texts.size).toBe(mutants.length);
  });

  it.each<[string, string, string]>([
    ['inForceFrom', '2017-01-01', '2016-12-31'],
    ['inForceUntil', '2018-01-01', '2018-01-02'],
    ['decidingDay', 'admission', 'discharge'],
    ['appliesTo.places.0', '430626', '4306'],
    ['appliesTo.insurance', '', 'employee'],
    ['appliesTo.kinds', '', 'outpatient'],
    ['parameters.basicDeductible.byHospitalLevel.county', '500.00', '505.00'],
    ['parameters.basicDeductible.byHospitalLevel.county', '500.00', '495.00'],
    ['parameters.basicRate.value', '80', '81'],
    ['parameters.basicRate.value', '80', '79'],
    ['parameters.basicRate.except.0.value', '60', '61'],
    ['parameters.basicRate.except.0.when.hospitalLevels', 'city', ''],
    ['parameters.criticalBands.value.0.above', '0.00', '100.00'],
    ['parameters.criticalBands.value.1.above', '10000.00', '9900.00'],
    ['parameters.criticalBands.value.0.percent', '50, 60', '60, 50'],
    ['parameters.half.value', '50', '49'],
    ['diseaseLists.serious.codes.0', 'C18', ''],
    ['diseaseLists.serious.codes.1.youngerThan', '18', '19'],
    ['diseaseLists.serious.diagnoses', 'principal', 'any'],
    ['hospitalLists.designated.codes.1', 'H2', ''],
    ['modifiers.0', '未转诊', ''],
    ['modifiers.0.when.referral', 'late', ''],
    ['modifiers.0.when.referral', '', 'valid'],
    ['modifiers.0.multiplyRate.steps', '', 'assistance'],
    ['steps.0.requires.hospitalLevels', 'city', ''],
    ['steps.0.deductible', 'basicDeductible', ''],
    ['steps.0.deductible.per', 'visit', 'year'],
    ['steps.0.base', 'in-scope', 'residual-total'],
    ['steps.0.rounding.unit', 'fen', 'ten-yuan'],
    ['steps.0.rounding.mode', 'half-up', 'down'],
    ['steps.1.ceilingPerYear', 'criticalCeiling', ''],
    ['steps.2.requires.categories.any', 'extremely-poor', ''],
    ['steps.2.variants.0.when.categories.any', '', 'orphan'],
    ['steps.2.variants.0', '特困人员', ''],
    ['steps.3.lowersFirst', 'within-catalogue', 'outside-catalogue'],
    ['steps.3.requires.diseases', 'serious', ''],
    ['steps.2', 'assistance, reduction', 'reduction, assistance'],
  ])('%s: %j becomes %j', async (path, before, after) => {
    const { compiled } = await loadedPack(soundPack);
    const found = mutantsOf(compiled.document).map((mutant) => ({
      path: mutant.path.join('.'),
      before: mutant.before,
      after: mutant.after,
    }));
    expect(found).toContainEqual({ path, before, after });
  });

  it.each<[string, string, string, string]>([
    [
      'the base of a first step that finds all of it left',
      'steps.0.base',
      'in-scope',
      'in-scope-residual',
    ],
    [
      'a level the step is not for, in a modifier of it',
      'modifiers.0.when.hospitalLevels',
      '',
      'village',
    ],
    [
      'a category for which another variant pays more',
      'steps.2.variants.1.when.categories.any',
      '',
      'extremely-poor',
    ],
    ['which variant is taken where the better stands first', 'steps.2.take', 'best', 'first'],
    ['persons without insurance', 'appliesTo.insurance', '', 'none'],
  ])('do not change %s', async (_what, path, before, after) => {
    const { compiled } = await loadedPack(soundPack);
    const found = mutantsOf(compiled.document).map((mutant) => ({
      path: mutant.path.join('.'),
      before: mutant.before,
      after: mutant.after,
    }));
    expect(found).not.toContainEqual({ path, before, after });
  });
});
