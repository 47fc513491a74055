import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { crashPoint } from '../base/crash-points.ts';
import type { Ids } from '../base/ids.ts';
import type { Repositories, Store } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import type { SavedBill } from '../database/visits-repository.ts';
import { namePinyin } from './name-pinyin.ts';
import { nulIn, nulProblem } from './nul-in-text.ts';

export type IntakeDependencies = {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
};

/** A visit that is on disk now, and what became of its bill. `set-aside`: changed after settlement. */
export type KeptVisit = {
  readonly visitId: string;
  /** Charge lines; 0 where the visit brings only totals. */
  readonly lines: number;
  readonly outcome: SavedBill['kind'];
};

/**
 * Checks one Visit JSON and keeps it in one transaction: its person, its bill, and the year it brings. All of
 * it is kept or nothing. Refused with the codec's codes and places, as `nul-in-text`, or as
 * `year-to-date-ambiguous`.
 */
export async function keepVisitDocument(
  dependencies: IntakeDependencies,
  document: unknown,
  source: string,
): Promise<Result<KeptVisit>> {
  const nul = nulIn(document);
  if (nul !== null) return refused(nulProblem({ place: nul }));
  const reading = settlementInputFromVisitJson(document);
  if (!reading.ok) return reading;
  const { input } = reading.value;
  const kept = await transactResult(dependencies.store, (repositories) =>
    keepInside(dependencies, repositories, input, source),
  );
  if (kept.ok) crashPoint('import:after-commit');
  return kept;
}

async function keepInside(
  { clock, ids }: IntakeDependencies,
  { persons, visits, counters, audit }: Repositories,
  { visit, person, yearToDate }: SettlementInput,
  source: string,
): Promise<Result<KeptVisit>> {
  const at = shanghaiInstant(clock.now());
  const isSettled = (await visits.find(visit.id))?.state === 'settled';
  const personId = await persons.upsertFromVisit({ newId: ids.next(), person, at });
  crashPoint('import:inside-visit');
  const saved = await visits.saveBill({
    visit,
    person,
    personId,
    personPinyin: namePinyin(person.name),
    receivedAt: at,
    source,
    newSetAsideId: ids.next(),
  });
  // What comes after settlement is looked at by a person first; its year must not move before that.
  if (yearToDate !== null && !isSettled) {
    const opened = await counters.openYear({ personId, yearToDate, source });
    if (!opened.ok) return opened;
  }
  const lines = visit.bill.kind === 'charges' ? visit.bill.charges.length : 0;
  if (saved.kind !== 'same') {
    const detail = { outcome: saved.kind, lines, billVersion: saved.billVersion };
    await audit.append({ at, who: 'intake', act: 'take-in-visit', about: visit.id, detail });
  }
  return accepted({ visitId: visit.id, lines, outcome: saved.kind });
}
