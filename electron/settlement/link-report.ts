import type { YearToDate } from '../../shared/domain/person.ts';
import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import type { Day } from '../../shared/domain/visit.ts';
import type { Fen } from '../../shared/money/fen.ts';
import { documentNumberOf } from '../database/kept-number.ts';
import type { PersonTable } from '../database/schema.ts';
import type { Repositories } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import { maskIdNumber, maskName, type MaskedNumber } from '../security/mask.ts';
import { laterSettlementsThatDiffer } from './later-settlements.ts';
import { linkRefusal } from './link-refusals.ts';
import type { SettlementDependencies } from './settlement-dependencies.ts';

export type LinkDependencies = Pick<SettlementDependencies, 'store' | 'packs' | 'clock' | 'ids'>;

/** An act on a number that is somebody's besides the own one. */
export type NumberAct = {
  readonly number: string;
  readonly reason: string;
  readonly by: string;
  /** What would change is answered, and nothing is kept. */
  readonly isPreview: boolean;
};

/** One of two who are one person, or are not after all. Masked. */
export type Side = {
  readonly name: string;
  /** Empty where there is none. */
  readonly idNumber: MaskedNumber;
  readonly birthDate: Day;
  readonly sex: PersonTable['sex'];
};

/** How one year of a person stood, and how it stands. */
export type YearOfPerson = {
  readonly personId: string;
  readonly was: YearToDate | null;
  readonly now: YearToDate | null;
};

/** A settlement that stands and would come out differently on the year as it is now. */
export type SettledOtherwise = {
  readonly settlementId: string;
  readonly number: string;
  readonly visitId: string;
  readonly patientPaysFen: { readonly was: Fen; readonly now: Fen | null };
  /** Why it cannot be decided again. */
  readonly refusal: Refusal | null;
};

/** What linking a number, or taking it back, changes. */
export type LinkReport = {
  readonly act: 'linked' | 'unlinked';
  readonly isPreview: boolean;
  readonly known: Side;
  /** The one who had the number, or has it again; null: nobody. */
  readonly other: Side | null;
  /** Visits that come to the other person. */
  readonly visits: readonly string[];
  readonly years: readonly { readonly year: number; readonly of: readonly YearOfPerson[] }[];
  /** Listed, never changed: who has paid stays so until a person cancels and settles anew. */
  readonly settledOtherwise: readonly SettledOtherwise[];
  /** Years whose statement came in since the link: the insurer has to state them again. */
  readonly yearsToStateAgain: readonly number[];
};

export function sideOf({ name, id_number, birth_date, sex }: PersonTable): Side {
  return {
    name: maskName(name),
    idNumber: maskIdNumber(documentNumberOf(id_number)),
    ...{ birthDate: birth_date, sex },
  };
}

/** Does an act in one unit of work; of a preview the report is given and everything is taken back. */
export async function shownOrDone<Code extends string>(
  { store }: Pick<LinkDependencies, 'store'>,
  isPreview: boolean,
  act: (repositories: Repositories) => Promise<Result<LinkReport, Code>>,
): Promise<Result<LinkReport, Code>> {
  if (!isPreview) return transactResult(store, act);
  const shown: LinkReport[] = [];
  const ended = await transactResult<LinkReport, Code | 'link-preview'>(
    store,
    async (repositories) => {
      const done = await act(repositories);
      if (!done.ok) return done;
      shown.push(done.value);
      return refused(linkRefusal('link-preview'));
    },
  );
  const [report] = shown;
  if (report !== undefined) return accepted(report);
  return ended as Result<LinkReport, Code>;
}

type Standing = ReadonlyMap<string, ReadonlyMap<number, YearToDate>>;

/** How all years of some persons stand, by person. */
export async function yearsStanding(
  repositories: Pick<Repositories, 'settlements' | 'counters' | 'personYears'>,
  personIds: readonly (string | undefined)[],
): Promise<Standing> {
  const { settlements, counters, personYears } = repositories;
  const standing = new Map<string, ReadonlyMap<number, YearToDate>>();
  for (const personId of personIds) {
    if (personId === undefined) continue;
    const settled = (await settlements.ofPerson(personId)).map(({ year }) => year);
    const stated = (await personYears.openingsOf(personId)).keys();
    const years = new Map<number, YearToDate>();
    for (const year of [...new Set([...settled, ...stated])].sort()) {
      const known = await counters.ofYear(personId, year);
      if (known !== null) years.set(year, known.yearToDate);
    }
    standing.set(personId, years);
  }
  return standing;
}

/** The years an act may have changed. */
export function yearsOf(
  was: Standing,
  touched: readonly number[],
  openings: readonly { readonly year: number }[],
): readonly number[] {
  const known = [...was.values()].flatMap((years) => [...years.keys()]);
  const changed = new Set([...touched, ...openings.map(({ year }) => year)]);
  return [...new Set([...known.filter((year) => changed.has(year)), ...changed])].sort();
}

/** What an act has changed, told once it is done and before it is kept. */
export async function reportOfLink(
  { packs }: Pick<LinkDependencies, 'packs'>,
  repositories: Pick<Repositories, 'settlements' | 'counters' | 'personYears'>,
  {
    sides,
    was,
    years,
    persons,
    ...said
  }: Pick<LinkReport, 'act' | 'isPreview' | 'visits' | 'yearsToStateAgain'> & {
    readonly sides: Pick<LinkReport, 'known' | 'other'>;
    readonly was: Standing;
    readonly years: readonly number[];
    readonly persons: readonly string[];
  },
): Promise<LinkReport> {
  const settledOtherwise: SettledOtherwise[] = [];
  for (const personId of persons) {
    for (const year of years) {
      const { differing } = await laterSettlementsThatDiffer(repositories, packs, personId, year, {
        since: 'start',
      });
      for (const { settlement, wouldBe, refusal } of differing) {
        const { settlementId, number, visitId, result } = settlement;
        settledOtherwise.push({
          ...{ settlementId, number, visitId, refusal },
          patientPaysFen: { was: result.patientPaysFen, now: wouldBe?.patientPaysFen ?? null },
        });
      }
    }
  }
  const now = await yearsStanding(repositories, [...was.keys()]);
  return {
    ...said,
    ...sides,
    years: years.map((year) => ({
      year,
      of: [...was.keys()].map((personId) => ({
        personId,
        was: was.get(personId)?.get(year) ?? null,
        now: now.get(personId)?.get(year) ?? null,
      })),
    })),
    settledOtherwise,
  };
}
