import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { originUnknown } from '../../shared/domain/bill-order.ts';
import { billIdentityOf, receivedAsJson } from './bill-identity.ts';
import type { NewBill, VisitAndPerson } from './visits-repository.ts';

/** A visit and its person with the Visit JSON they could have been received as. */
export function receivedBill({
  visit,
  person,
}: VisitAndPerson): VisitAndPerson &
  Pick<NewBill, 'document' | 'identity' | 'warnings' | 'origin'> {
  const document = encodeSettlementInput({ visit, person, yearToDate: null });
  const identity = billIdentityOf(receivedAsJson(document));
  if (identity === null) throw new Error('a visit has an identity');
  return { visit, person, document, identity, warnings: [], origin: originUnknown };
}
