import { fen } from '../../shared/money/fen.ts';
import type { Repositories } from './store.ts';

/** A remittance, its file, lines and differences, every kind of change in them. */
export async function remittancesOnce(
  { remittances, differences, dayCloses }: Repositories,
  claimIds: readonly string[],
  at: string,
): Promise<void> {
  const [claimId = ''] = claimIds;
  const of = { payer: 'x', sha256: '0'.repeat(64) };
  const file = { ...of, file_name: 'f.csv', content_base64: '', refused_as: null };
  await remittances.keepFile({ ...file, received_at: at, received_by: 'clerk1' });
  await remittances.file('x', of.sha256);
  const none = { taken_back_at: null, taken_back_by: null, taken_back_reason: null };
  const figures = { claimed_fen: 5, approved_fen: 5, adjusted_fen: 0, paid_fen: 5 };
  await remittances.insert(
    {
      ...{ id: 'r', ...of, number: 'N1', paid_on: '2017-12-01', line_count: 1, ...figures },
      ...{ business_date: '2017-11-27', taken_at: at, taken_by: 'clerk1', entry: 0 },
      ...{ state: 'taken', ...none },
    },
    [
      {
        ...{ remittance_id: 'r', position: 1, reference: claimId, step: null, claim_id: null },
        ...{ ...figures, code: null, words: null, state: 'difference' },
      },
    ],
  );
  await remittances.setEntry('r', 1);
  await remittances.ofNumber('x', 'N1');
  await remittances.ofFile('x', of.sha256);
  await remittances.find('r');
  await remittances.list({ before: 'z', limit: 1 });
  await remittances.linesOf('r', { after: 0, limit: 1 });
  await remittances.line('r', 1);
  await remittances.claimsNamed(claimIds);
  await remittances.claims(claimIds);
  await remittances.approvedAtAcceptance(claimId);
  await remittances.destinations();
  const seen = {
    ...{ business_date: '2017-11-27', payer: 'x', class: 'paid-unknown-claim' as const },
    ...{ subject: 'r 1', claim_id: null, settlement_id: null, step: null, remittance_id: 'r' },
    ...{ position: 1, ours_fen: null, theirs_fen: 5, claim_state: null, said: null },
  };
  const seeing = { by: 'r', at, who: 'clerk1', nextId: () => 'd' };
  await differences.see([seen], seeing);
  await differences.see([{ ...seen, theirs_fen: 6 }], seeing);
  await differences.find('d');
  await differences.close('d', { state: 'explained', at, who: 'clerk1', reason: 'x' });
  await differences.see([{ ...seen, theirs_fen: 6 }], seeing);
  await differences.see([seen], seeing);
  await differences.list({
    ...{ businessDate: '2017-11-27', payer: 'x', states: ['open'], after: 'a', limit: 5 },
  });
  await differences.counts(['open']);
  const day = { businessDate: '2017-11-27', payer: 'x', seenIn: 'r', at, who: 'clerk1' };
  await differences.letGo(day);
  await differences.letGoOfRemittance('r', at, 'clerk1');
  const businessDate = '2017-11-27';
  await dayCloses.claims({ businessDate, payer: 'x', after: '', limit: 1 });
  await dayCloses.claimsOfMessages(['H43062600001201711271015000001']);
  await dayCloses.claimsOfSettlements('basic-medical-insurance', [claimId]);
  await dayCloses.payersOfDay(businessDate);
  await dayCloses.payersOfDay();
  await dayCloses.cash(businessDate);
  await dayCloses.wrongTenders(businessDate, 1);
  const compared = {
    compared_at: at,
    compared_by: 'clerk1',
    ledger: 'asked',
    problem: null,
  } as const;
  const sums = { claims_here: 1, claimed_fen: 1, claims_there: 1, there_fen: 1 };
  await dayCloses.keepComparison({
    business_date: '2017-01-01',
    payer: 'x',
    id: 'c',
    ...compared,
    ...sums,
  });
  await dayCloses.comparisons(businessDate);
  await dayCloses.openDays(1);
  await dayCloses.close({
    ...{ business_date: '2017-01-01', closed_at: at, closed_by: 'clerk1', entry: 1, explained: 0 },
  });
  await dayCloses.closedDays(1);
  await dayCloses.closeOf(businessDate);
  await remittances.bookLine('r', 1, claimId);
  // It was replaced before: of a settlement and a destination one is live.
  const paid = { approvedFen: fen(5), adjustedFen: fen(0), paidFen: fen(5) };
  await remittances.keepFigures(claimId, at, 'remitted', { ...paid, state: 'corrected' });
  await remittances.takeBack('r', { at, who: 'clerk1', reason: 'x' });
}
