import { insurances } from '../../domain/person.ts';
import { visitKinds } from '../../domain/visit.ts';
import { conditionsOf } from '../../policy/pack/pack-conditions-of.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import { movedDay } from './condition-mutants.ts';
import { movedNumber } from './moved-number.ts';
import { without, withEntry, withValue, type Mutant } from './mutant.ts';

/** Places, insurance, kinds of visit, dates in force and the days that decide. */
export function scopeMutants(document: PackDocument): Mutant[] {
  const { inForceFrom, inForceUntil, decidingDay, year } = document;
  return [
    ...ofPlaces(document),
    ...ofKindsAndInsurance(document),
    ...movedDay(document, ['inForceFrom'], inForceFrom),
    ...(inForceUntil === null ? [] : movedDay(document, ['inForceUntil'], inForceUntil)),
    ...(decidesAnything(document)
      ? [
          {
            path: ['decidingDay'],
            before: decidingDay,
            after: other[decidingDay],
            missing: {
              zh: '加一个入院日和出院日之间人员类别或年龄有变化的案例',
              en: 'add a case whose category or age changes between admission and discharge',
            },
            data: withValue(document, ['decidingDay'], other[decidingDay]),
          },
        ]
      : []),
    ...(year === undefined ? [] : [otherYear(document, year)]),
    ...ofReferrals(document),
  ];
}

const other = { admission: 'discharge', discharge: 'admission' } as const;

function otherYear(document: PackDocument, year: 'admission' | 'discharge'): Mutant {
  return {
    path: ['year'],
    before: year,
    after: other[year],
    missing: {
      zh: '加一个跨年住院的案例，年度累计会影响结果，或写明 expect.yearToDate.year',
      en: 'add a case of a stay over the turn of the year, whose year to date matters or is expected',
    },
    data: withValue(document, ['year'], other[year]),
  };
}

/** What is asked of a referral certificate, and by which day care away from home is filed. */
function ofReferrals({ referralCertificate, filingDay, ...rest }: PackDocument): Mutant[] {
  const document = {
    ...rest,
    ...(referralCertificate === undefined ? {} : { referralCertificate }),
    ...(filingDay === undefined ? {} : { filingDay }),
  };
  const mutants: Mutant[] = [];
  if (filingDay !== undefined) {
    mutants.push({
      path: ['filingDay'],
      before: filingDay,
      after: other[filingDay],
      missing: {
        zh: '加一个入院以后、出院以前才备案的案例（outOfArea.filedOn）',
        en: 'add a case that was filed between admission and discharge (outOfArea.filedOn)',
      },
      data: withValue(document, ['filingDay'], other[filingDay]),
    });
  }
  const { validDays, ...asked } = referralCertificate ?? {};
  if (validDays !== undefined) {
    const words = { zh: '转诊证明开具的天数', en: 'the days since the referral' };
    mutants.push(...movedNumber(document, ['referralCertificate', 'validDays'], validDays, words));
  }
  for (const [part, value] of Object.entries(asked)) {
    mutants.push({
      path: ['referralCertificate', part],
      before: String(value),
      after: '',
      missing: {
        zh: `加一个转诊证明只有“${part}”不符的案例`,
        en: `add a case whose referral fails "${part}" alone`,
      },
      data: without(document, ['referralCertificate', part]),
    });
  }
  return mutants;
}

/** Categories and ages are all the deciding day decides: a pack that speaks of neither cannot show it. */
function decidesAnything(document: PackDocument): boolean {
  const lists = Object.values(document.diseaseLists ?? {});
  const quotas = Object.values(document.quotaLists ?? {});
  return (
    conditionsOf(document).some(
      ({ condition: { categories, age } }) => categories !== undefined || age !== undefined,
    ) ||
    lists.some(({ codes }) => codes.some(({ youngerThan }) => youngerThan !== undefined)) ||
    quotas.some(({ entries }) => entries.some(({ age }) => age !== undefined))
  );
}

function ofPlaces(document: PackDocument): Mutant[] {
  const { places } = document.appliesTo;
  return places.flatMap((place, index) => {
    const path = ['appliesTo', 'places', index];
    const wider = place.slice(0, -2);
    return [
      ...(places.length === 1
        ? []
        : [
            {
              path,
              before: place,
              after: '',
              missing: {
                zh: `加一个参保地在 ${place} 的案例`,
                en: `add a case of a person insured in ${place}`,
              },
              data: without(document, path),
            },
          ]),
      ...(wider === ''
        ? []
        : [
            {
              path,
              before: place,
              after: wider,
              missing: {
                zh: `加一个参保地在 ${wider} 内、${place} 外的案例（notCovered）`,
                en: `add a case of a person insured within ${wider}, outside ${place} (notCovered)`,
              },
              data: withValue(document, path, wider),
            },
          ]),
    ];
  });
}

function ofKindsAndInsurance(document: PackDocument): Mutant[] {
  const { kinds, insurance } = document.appliesTo;
  const parts = [
    { part: 'kinds', values: kinds, all: visitKinds, zh: '就诊类型', en: 'the kind of visit' },
    {
      part: 'insurance',
      values: insurance,
      // Persons without insurance are refused before any pack is asked.
      all: insurances.filter((each) => each !== 'none'),
      zh: '险种',
      en: 'the insurance',
    },
  ] as const;
  return parts.flatMap(({ part, values, all, zh, en }) => {
    const path = ['appliesTo', part];
    const stated: readonly string[] = values;
    const removed = stated.length === 1 ? [] : stated;
    return [
      ...removed.map((value) => ({
        path,
        before: value,
        after: '',
        missing: { zh: `加一个${zh}为 ${value} 的案例`, en: `add a case with ${en} ${value}` },
        data: without(document, [...path, stated.indexOf(value)]),
      })),
      ...all
        .filter((value) => !stated.includes(value))
        .map((value) => ({
          path,
          before: '',
          after: value,
          missing: {
            zh: `加一个${zh}为 ${value} 的案例（notCovered）`,
            en: `add a case with ${en} ${value} (notCovered)`,
          },
          data: withEntry(document, path, value),
        })),
    ];
  });
}
