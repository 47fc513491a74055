import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import type { Claim } from '../database/claims-repository.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import type { Actor } from '../security/second-person.ts';
import { fen } from '../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import type { ReconcilingParts } from './take-in-remittance.ts';

const packs = await ownPacks();
const input = await colonCancer();

/** The payer whose claim of the published case is 10,922.00. */
export const insurance = 'basic-medical-insurance';
/** The payer whose claim of it is 1,264.00. */
export const assistance = 'medical-assistance';

export const clerk: Actor = { userId: 'clerk1', page: 'a page' };
export const supervisor = { kind: 'present', approvedBy: 'supervisor1' } as const;

/** A store in which the published case is settled again and again. */
export async function reconcilingStore(clock: Clock = testClock) {
  const store: TestStore = await createTestStore();
  const parts: ReconcilingParts = { store, clock, ids: timeOrderedIds() };
  /** Settles it as another visit and gives its claim on a payer. */
  const claimOf = async (visitId: string, payer = insurance): Promise<Claim> => {
    const known = await store.read(({ settlements }) => settlements.ofVisit(visitId));
    if (known.length === 0) {
      const visit = { ...input.visit, id: visitId };
      await keepVisit(store, { ...input, visit, yearToDate: null });
      valueOf(
        await settleVisit({ ...dependenciesOn(store, packs), clock }, { visitId, by: 'cashier1' }),
      );
    }
    const [settlement] = await store.read(({ settlements }) => settlements.ofVisit(visitId));
    const claims = await store.read((all) =>
      all.claims.ofSettlement(settlement?.settlementId ?? ''),
    );
    const claim = claims.find(({ destination }) => destination === payer);
    if (claim === undefined) throw new Error(`nothing is claimed from ${payer}`);
    return claim;
  };
  /** The same, accepted by its payer under a reference. */
  const acceptedClaim = async (visitId: string, payer = insurance): Promise<Claim> => {
    const claim = await claimOf(visitId, payer);
    const at = shanghaiInstant(clock.now());
    await store.transact(async ({ claims }) => {
      await claims.markSent(claim.id, at, '{}');
      await claims.keepOutcome(claim.id, at, {
        ...{ kind: 'accepted', reference: `R-${visitId}-${payer}`, approvedFen: claim.claimedFen },
      });
    });
    return claimOf(visitId, payer);
  };
  const stateOf = async (claim: Claim): Promise<Claim> => {
    const now = await store.read(({ claims }) => claims.find(claim.id));
    if (now === null) throw new Error('the claim is gone');
    return now;
  };
  return { store, parts, claimOf, acceptedClaim, stateOf };
}

/** A line of a remittance: amounts in fen. */
export type TestLine = {
  readonly claim: string;
  readonly item?: string;
  readonly claimed: number;
  readonly approved?: number;
  readonly adjusted?: number;
  readonly paid: number;
  readonly reason?: string;
};

const yuan = (amount: number): string => yuanTextFromFen(fen(amount));

/** The CSV of a remittance with its trailer, as a payer writes it. */
export function remittanceCsv(
  lines: readonly TestLine[],
  { number = 'BF-2017-12', paidOn = '2017-12-15' } = {},
): Buffer {
  const rows = lines.map(({ claim, item = '', claimed, paid, reason = '', ...line }) => {
    const { approved = claimed, adjusted = approved - paid } = line;
    return { claim, item, claimed, approved, adjusted, paid, reason };
  });
  const sum = (of: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  const trailer = {
    ...{ claim: '合计', item: '', reason: '', claimed: sum((row) => row.claimed) },
    ...{ approved: sum((row) => row.approved), adjusted: sum((row) => row.adjusted) },
    paid: sum((row) => row.paid),
  };
  const text = (row: typeof trailer, count: string): string =>
    [
      ...[number, paidOn, row.claim, row.item, count, yuan(row.claimed), yuan(row.approved)],
      ...[yuan(row.adjusted), yuan(row.paid), row.reason],
    ].join(',');
  return Buffer.from(
    [
      '拨付单号,拨付日期,申报编号,支付环节,笔数,申报金额,核定金额,扣款金额,拨付金额,扣款原因',
      ...rows.map((row) => text(row, '')),
      text(trailer, String(rows.length)),
    ].join('\r\n'),
  );
}
