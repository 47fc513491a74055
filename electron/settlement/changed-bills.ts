import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { sumFen, type Fen } from '../../shared/money/fen.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { OpenSetAsideBill } from '../database/set-aside-bills.ts';
import type { SettlementRecord } from '../database/settlements-repository.ts';
import type { Store } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import type { VisitAndPerson } from '../database/visits-repository.ts';
import { changedBillRefusal } from './changed-bill-refusals.ts';
import { compareBills, type BillDifference } from './compare-bills.ts';
import { decideAgain, wayOf } from './decide-again.ts';

/** A bill that came after settlement, beside the one that was settled. */
export type ChangedBill = {
  readonly bill: OpenSetAsideBill;
  readonly settlement: SettlementRecord;
  readonly difference: BillDifference;
  readonly totalFen: { readonly was: Fen; readonly now: Fen };
  /** `now`: by the way and the year of the settlement, had this been its bill; null: it cannot be decided so. */
  readonly patientPaysFen: { readonly was: Fen; readonly now: Fen | null };
  /** The later bill, for who is asked whether it is the same person. */
  readonly persons: {
    readonly was: VisitAndPerson['person'];
    readonly now: VisitAndPerson['person'];
  };
};

type Dependencies = { readonly store: Store; readonly packs: readonly CompiledPack[] };

/** Bills that came after settlement and wait for a person, oldest first, after one of them. */
export function listChangedBills(
  { store }: Pick<Dependencies, 'store'>,
  page: { readonly limit: number; readonly after?: string },
): Promise<readonly OpenSetAsideBill[]> {
  return store.read(({ visits }) => visits.openSetAsideBills(page));
}

/** One of them beside what was settled, line by line. */
export async function showChangedBill(
  { store, packs }: Dependencies,
  billId: string,
): Promise<Result<ChangedBill, 'changed-bill-unknown' | 'changed-bill-answered'>> {
  const found = await store.read(async ({ visits, settlements }) => {
    const aside = await visits.findSetAsideBill(billId);
    const settlement = aside === null ? null : await settlements.find(aside.settlement_id);
    const input = aside === null ? null : await settlements.inputOf(aside.settlement_id);
    if (aside === null || settlement === null || input === null) return null;
    const { visitId, number, settledAt } = settlement;
    const record = await visits.find(visitId);
    return { aside, settlement, input, number, settledAt, name: record?.person.name ?? '' };
  });
  if (found === null) return refused(changedBillRefusal('changed-bill-unknown'));
  const { aside, settlement, input } = found;
  if (aside.state !== 'open' || settlement.state !== 'settled')
    return refused(changedBillRefusal('changed-bill-answered'));
  const was = { visit: input.visit, person: input.person };
  const now = aside.bill;
  return accepted({
    bill: {
      ...{ id: aside.id, visit_id: aside.visit_id, settlement_id: aside.settlement_id },
      ...{ received_at: aside.received_at, source: aside.source },
      ...{ number: found.number, settled_at: found.settledAt, person_name: found.name },
    },
    settlement,
    difference: compareBills(was, now),
    totalFen: { was: totalOf(was), now: totalOf(now) },
    patientPaysFen: {
      was: settlement.result.patientPaysFen,
      now: await wouldPay(packs, settlement, { ...input, visit: now.visit }),
    },
    persons: { was: was.person, now: now.person },
  });
}

/**
 * Somebody says why a settlement stands although another bill came: it is not asked about again, also where the same bill is
 * sent once more. Taking the later bill over is cancelling the settlement (`cancelSettlement`) and settling anew.
 */
export async function keepSettlement(
  { store, clock }: Pick<Dependencies, 'store'> & { readonly clock: Pick<Clock, 'now'> },
  {
    billId,
    reason: written,
    by,
  }: { readonly billId: string; readonly reason: string; readonly by: string },
): Promise<
  Result<
    { readonly billId: string; readonly settlementId: string },
    'changed-bill-unknown' | 'changed-bill-answered' | 'changed-bill-reason-missing'
  >
> {
  const reason = readReason(written);
  if (reason === '') return refused(changedBillRefusal('changed-bill-reason-missing'));
  // Whose bill it is never changes, so it may be read before the visit is held.
  const known = await store.read(({ visits }) => visits.findSetAsideBill(billId));
  if (known === null) return refused(changedBillRefusal('changed-bill-unknown'));
  assertRoom(store);
  return transactResult(
    store,
    async ({ visits, settlements, audit }) => {
      const bill = await visits.findSetAsideBill(billId);
      if (bill === null) return refused(changedBillRefusal('changed-bill-unknown'));
      const { settlement_id: settlementId, visit_id: visitId } = bill;
      const settlement = await settlements.find(settlementId);
      if (bill.state !== 'open' || settlement?.state !== 'settled')
        return refused(changedBillRefusal('changed-bill-answered'));
      await visits.explainSetAsideBill(bill);
      const at = shanghaiInstant(clock.now());
      const detail = { bill: billId, visitId, source: bill.source, reason };
      await audit.append({ at, who: by, act: 'keep-settlement', about: settlementId, detail });
      return accepted({ billId, settlementId });
    },
    { visits: [known.visit_id] },
  );
}

/** What the patient would bear, had this been the bill when it was settled. */
async function wouldPay(
  packs: readonly CompiledPack[],
  { result }: SettlementRecord,
  input: SettlementInput,
): Promise<Fen | null> {
  const way = wayOf(packs, result);
  if (way === null) return null;
  const year = {
    before: () => Promise.resolve(input.yearToDate),
    isOpened: () => Promise.resolve(true),
  };
  const decided = await decideAgain(way, input, year);
  return decided.ok ? decided.value.result.patientPaysFen : null;
}

function totalOf({ visit: { bill } }: VisitAndPerson): Fen {
  if (bill.kind === 'totals') return bill.totals.totalFen;
  return sumFen(bill.charges.map(({ amountFen }) => amountFen));
}
