import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPacks } from '../policy-packs/check-packs.ts';
import { ownPacksFolder } from '../policy-packs/load-packs.ts';
import { settleCommand } from './settle.ts';

/** Inputs of invented persons that once came out wrong; each stands for a kind of fault. */
const cases = fileURLToPath(new URL('settle-cases', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settle-cases-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** One pack alone is read: all of them would be read again for every line here. */
async function settledFrom(visitFile: string, pack: string) {
  const isOurs = !pack.startsWith('packs/');
  return settleCommand({
    pack: isOurs ? pack : join(cases, pack),
    visitFile,
    folders: isOurs ? [join(ownPacksFolder(), pack)] : [],
  });
}

const settled = (file: string, pack: string) => settledFrom(join(cases, `${file}.json`), pack);

type Document = { visit: Record<string, unknown>; person: object; yearToDate: unknown };

async function documentOf(file: string): Promise<Document> {
  return JSON.parse(await readFile(join(cases, `${file}.json`), 'utf8')) as Document;
}

async function settledWith(document: unknown, pack: string) {
  const file = join(folder, 'visit.json');
  await writeFile(file, JSON.stringify(document));
  return settledFrom(file, pack);
}

/** Settles the stay before, and then this one on the year that came of it. */
async function settledAfter(earlier: string, file: string, pack: string) {
  const before = await settled(earlier, pack);
  if (!before.ok) return before;
  return settledWith({ ...(await documentOf(file)), yearToDate: before.value.yearToDate }, pack);
}

type Answer = Awaited<ReturnType<typeof settled>>;

/** Each share, then the patient's part and the hospital's where it is not nothing; or why not. */
function amounts(answer: Answer) {
  if (!answer.ok) return { code: answer.refusal.code, place: answer.refusal.place };
  const { shares, patientPays, hospitalBears } = answer.value;
  return {
    ...Object.fromEntries(shares.map(({ step, amount }) => [step, amount])),
    patient: patientPays,
    ...(hospitalBears === '0.00' ? {} : { hospital: hospitalBears }),
  };
}

describe('the year: each step counts for itself', () => {
  it('only what the patient bore fills a yearly deductible, not what a quota left to the hospital', async () => {
    const earlier = 'W1-quota-loss-fills-deductible-earlier';
    const file = 'W1-quota-loss-fills-deductible';
    const right = {
      basic: '8400.00',
      'critical-illness': '840.00',
      'medical-assistance': '1380.00',
      patient: '1380.00',
    };
    expect(amounts(await settledAfter(earlier, file, 'baishan-2017'))).toEqual(right);
    // The plain amounts of a register say the same here.
    expect(amounts(await settled(file, 'baishan-2017'))).toEqual(right);
  });

  it('a stay uses up no deductible of outpatient visits', async () => {
    const earlier = 'E2-outpatient-deductible-earlier';
    const right = { outpatient: '0.00', patient: '300.00' };
    expect(amounts(await settledAfter(earlier, 'E2-outpatient-deductible', 'packs/x-out'))).toEqual(
      right,
    );
    expect(amounts(await settled('E2-outpatient-deductible', 'packs/x-out'))).toEqual(right);
  });

  it('ordinary outpatient cost fills no deductible of stays', async () => {
    for (const file of ['ci0', 'ci1']) {
      expect(amounts(await settled(file, 'packs/yunxi-2026'))).toMatchObject({
        critical: '300.00',
      });
    }
  });

  it('a target on the self-pay of stays does not count outpatient visits', async () => {
    const right = { 'government-guarantee': '7920.00', patient: '5000.00' };
    expect(amounts(await settled('W3-guyuan-outpatient-self-pay', 'guyuan-2017'))).toMatchObject(
      right,
    );
    // The outpatient visit itself is no visit of the pack: it is settled as all self-pay.
    expect(amounts(await settled('gy-op', 'guyuan-2017'))).toMatchObject({ code: 'no-pack' });
  });

  it('a year that contradicts itself is refused', async () => {
    expect(amounts(await settled('calc-wrong', 'packs/yanan-2020'))).toEqual({
      code: 'year-contradicts-itself',
      place: '/yearToDate/eligible',
    });
    expect(amounts(await settled('calc-right', 'packs/yanan-2020'))).toMatchObject({
      basic: '7500.00',
    });
    expect(amounts(await settled('ytdbad', 'packs/yanan-2020'))).toMatchObject({
      code: 'year-contradicts-itself',
    });
  });
});

describe('a stay settled in parts', () => {
  it('comes to the quota of the whole', async () => {
    const whole = await documentOf('W10-quota-part2');
    const visit = { ...whole.visit };
    delete visit.earlierParts;
    const totals = { classBFirstSelfPay: '0.00', classC: '0.00', aboveCeiling: '0.00' };
    const first = await settledWith(
      {
        ...whole,
        visit: { ...visit, totals: { ...totals, total: '1000.00', eligible: '1000.00' } },
      },
      'qingxu-2014',
    );
    expect(amounts(first)).toEqual({ basic: '3432.00', patient: '220.00', hospital: '-2652.00' });
    const right = { basic: '0.00', patient: '396.00', hospital: '1403.00' };
    expect(amounts(await settled('W10-quota-part2', 'qingxu-2014'))).toEqual(right);
    if (!first.ok) throw new Error('the first part is settled');
    const { earlierParts, yearToDate } = first.value;
    const second = { ...whole, visit: { ...whole.visit, earlierParts }, yearToDate };
    expect(amounts(await settledWith(second, 'qingxu-2014'))).toEqual(right);
  });

  it('has its limits per visit once', async () => {
    expect(amounts(await settled('E5-ceiling-per-visit-in-parts', 'packs/x-ceil'))).toEqual({
      basic: '0.00',
      floor: '15000.00',
      patient: '0.00',
    });
  });
});

describe('what a pack cannot decide', () => {
  it('is refused: rates by class on totals, rates finer than the arithmetic', async () => {
    expect(amounts(await settled('E3-class-rate-on-totals', 'packs/x-class'))).toEqual({
      code: 'classes-unknown',
      place: '/visit/totals',
    });
    expect(amounts(await settled('fine', 'packs/x-fine'))).toMatchObject({ code: 'rate-too-fine' });
  });

  it('is told by check-packs before the day it comes: rates finer than the arithmetic', async () => {
    const codesOf = async (folder: string) =>
      (await checkPacks(folder)).packs.flatMap(({ problems }) => problems.map(({ code }) => code));
    expect(await codesOf(join(cases, 'packs/x-fine'))).toContain('rate-too-fine');
    expect(await codesOf(join(cases, 'packs/x-class'))).not.toContain('rate-too-fine');
  });

  it('what is paid first counts as paid by nobody', async () => {
    expect(amounts(await settled('E4-first-pay-counts-as-paid', 'packs/x-firstpay'))).toMatchObject(
      {
        basic: '4000.00',
        floor: '4000.00',
      },
    );
  });

  it('a file that is no visit, or gives a key twice', async () => {
    expect(amounts(await settled('dupkey', 'pingjiang-2017'))).toEqual({
      code: 'duplicate-key',
      place: '/visit/totals/total',
    });
    expect((await settled('ids', 'pingjiang-2017')).ok).toBe(false);
  });
});

describe('the scope of a pack', () => {
  it.each([
    ['W2-guyuan-outside-province', 'guyuan-2017'],
    ['W4-township-pack-anywhere', 'tiered-care-township'],
    ['W11-jiujiang-ordinary-outpatient', 'jiujiang-2023'],
  ])('a visit outside it is refused: %s', async (file, pack) => {
    expect(amounts(await settled(file, pack))).toMatchObject({ code: 'no-pack' });
  });

  it('a referral never costs the patient anything', async () => {
    const document = await documentOf('W5-liangdang-referral-costs');
    const paidBy = async (visit: object) => {
      const answer = await settledWith({ ...document, visit }, 'liangdang');
      return answer.ok ? Number(answer.value.patientPays) : Number.NaN;
    };
    const without = await paidBy({ ...document.visit, referral: null });
    expect(await paidBy(document.visit)).toBeLessThanOrEqual(without);
  });

  it('a hospital of another county is outside, whatever its level', async () => {
    const document = await documentOf('W6-liangdang-other-county');
    const there = await settled('W6-liangdang-other-county', 'liangdang');
    const hospital = { ...(document.visit['hospital'] as object), level: 'city' };
    const out = await settledWith(
      { ...document, visit: { ...document.visit, hospital } },
      'liangdang',
    );
    expect(amounts(there)).toEqual(amounts(out));
  });

  it('the reduction is of the hospitals the source names', async () => {
    expect(
      amounts(await settled('W7-pingjiang-reduction-not-designated', 'pingjiang-2017')),
    ).toMatchObject({ 'hospital-reduction': '0.00', patient: '14700.00' });
  });

  it('silence about filing outside the own area is no filing', async () => {
    expect(
      amounts(await settled('W8-national-outside-province-unfiled', 'national-2022')),
    ).toMatchObject({ 'medical-assistance': '0.00' });
  });

  it('consultations are waived, the daily fee of the ward is not', async () => {
    expect(amounts(await settled('W13-luzhou-ward-fee', 'luzhou-2017'))).toMatchObject({
      basic: '128.00',
      'zero-payment': '32.00',
      patient: '0.00',
    });
  });

  it('one city has one basic insurance: the poor pay no more than others', async () => {
    const document = await documentOf('W14-guyuan-poor-pays-more');
    const poor = await settledWith(document, 'guyuan-2017');
    const other = await settledWith(
      { ...document, person: { ...document.person, categories: [] } },
      'guyuan-general-2017',
    );
    if (!poor.ok || !other.ok) throw new Error('both are covered');
    expect(Number(poor.value.patientPays)).toBeLessThanOrEqual(Number(other.value.patientPays));
  });
});
