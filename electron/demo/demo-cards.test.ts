import { describe, expect, it } from 'vitest';

import { decodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { demoCardOfVisit } from './demo-cards.ts';
import { demoDocuments } from '../intake/demo-data.ts';

describe('the cards of the demo', () => {
  it('has the card of the person of every visit, in the room a card has', async () => {
    for (const document of await demoDocuments()) {
      const { visit, person } = decodeSettlementInput(document);
      const card = await demoCardOfVisit(visit.id);
      expect(card).toMatchObject({
        name: person.name,
        idNumber: person.idNumber,
        birthDate: person.birthDate,
        sex: person.sex,
      });
      expect(card?.name.length).toBeLessThanOrEqual(15);
      expect(card?.address?.length).toBeLessThanOrEqual(35);
    }
  });

  it('gives the old a card without an end, and has none for a visit it does not know', async () => {
    expect((await demoCardOfVisit('ZY20171110001'))?.validUntil).toBe('长期');
    expect((await demoCardOfVisit('ZY20171118024'))?.validUntil).toBe('2099-11-27');
    expect(await demoCardOfVisit('ZY0')).toBeNull();
  });
});
