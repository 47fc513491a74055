import type { Repositories } from '../database/store.ts';
import type { KnownYear } from '../database/counters-repository.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import type { VisitRecord } from '../database/visits-repository.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { yearRuleOf } from '../../shared/policy/choose-pack.ts';
import { settlementYearOf } from '../../shared/policy/facts/visit-facts.ts';
import type { CountingPacks } from './packs-that-count.ts';
import { personOfVisit } from './person-of-visit.ts';

/** A visit with everything that has a say in who pays it. */
export type GatheredVisit = {
  readonly record: VisitRecord;
  /** The visit, the person with all known categories, the year to date from our counters. */
  readonly input: SettlementInput;
  /** Who has said how the year stood before our own settlements. */
  readonly yearSource: YearSource;
};

/** `unknown`: nothing is known of the year; `ours`: only our own settlements are. */
export type YearSource =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ours' }
  | { readonly kind: 'stated'; readonly by: string };

/**
 * Gathers a visit. Reads only. A stay over the turn of the year counts in the year
 * of discharge, unless the pack that applies counts by admission.
 */
export async function gatherVisit(
  { visits, persons, counters }: Pick<Repositories, 'visits' | 'persons' | 'counters'>,
  { chosenAmong }: Pick<CountingPacks, 'chosenAmong'>,
  visitId: string,
): Promise<Result<GatheredVisit, 'visit-unknown'>> {
  const record = await visits.find(visitId);
  if (record === null) return refused(databaseRefusal('visit-unknown', { visitId }));
  const { visit, personId } = record;
  const person = await personOfVisit({ persons }, record);
  const input = { visit, person, yearToDate: null };
  const rule = yearRuleOf(chosenAmong, input);
  const year = await counters.ofYear(personId, settlementYearOf(rule, input));
  return accepted({
    record,
    input: { ...input, yearToDate: year?.yearToDate ?? null },
    yearSource: sourceOf(year),
  });
}

function sourceOf(year: KnownYear | null): YearSource {
  if (year === null) return { kind: 'unknown' };
  const { openingSource } = year;
  return openingSource === null ? { kind: 'ours' } : { kind: 'stated', by: openingSource };
}
