import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { CardRead } from '../../drivers/card-reader/card.ts';
import { withCheckCharacter } from '../../drivers/card-reader/simulator/invented-cards.ts';
import type { RegisteredCard } from '../database/cards-repository.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { accepted, refused } from '../../shared/domain/result.ts';
import type { Person, SettlementInput } from '../../shared/domain/person.ts';
import {
  colonCancer,
  keepVisit,
  refusalOf,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { identifyCard, questionWords } from './identify-card.ts';

let store: TestStore;
let colon: SettlementInput;
beforeEach(async () => {
  store = await createTestStore();
  colon = await colonCancer();
  await keepVisit(store, colon);
});
afterEach(() => store.remove());

const nobody = () =>
  Promise.resolve(
    refused({
      code: 'e-voucher-not-set',
      message: questionWords('name-differs', { onCard: '', onVisit: '' }),
      remedy: { zh: '', en: '' },
    }),
  );
const identify = (
  card: Partial<CardRead>,
  askVoucherOwner: Parameters<typeof identifyCard>[0]['askVoucherOwner'] = nobody,
) =>
  identifyCard(
    { store, askVoucherOwner },
    {
      card: 'resident-id',
      reader: 'sim://desk',
      readAt: '2026-11-23T09:00:00.000+08:00',
      elapsedMs: 300,
      validUntil: null,
      longTerm: true,
      warnings: [],
      ...card,
    },
  );
const ownCard = () => ({ idNumber: colon.person.idNumber, name: colon.person.name });
const register = (cards: readonly RegisteredCard[], source = '社保局') =>
  store.transact(async (repositories) => {
    const of = { kind: 'cards', source } as const;
    const counts = await repositories.registers.version(of);
    await repositories.registers.begin(of, 'a test');
    const changes = cards.map((add) => ({ add, remove: [], stay: [], drop: [] }));
    await repositories.cards.write({ source, counts }, changes);
    await repositories.registers.finish(of);
  });
const number = 'B12345678';
const cardOf = (idNumber: string, state: RegisteredCard['state'] = 'valid'): RegisteredCard => ({
  kind: 'social-security',
  number,
  idNumber,
  name: colon.person.name,
  state,
});
async function keepOther(person: Partial<Person>, visit: Partial<SettlementInput['visit']> = {}) {
  const other = {
    ...colon,
    person: { ...colon.person, ...person },
    visit: { ...colon.visit, id: 'ZY-OTHER', ...visit },
  };
  await keepVisit(store, other);
  return other;
}

describe('who a card belongs to', () => {
  it('is known by its ID number, and nothing is asked where all fits', async () => {
    const found = valueOf(await identify(ownCard()));
    expect(found.visits.map(({ visitId }) => visitId)).toEqual([colon.visit.id]);
    expect(found.questions).toEqual([]);
  });

  it('is the same person however the register writes the dot of the name', async () => {
    const birthDate = '1950-01-01';
    await keepOther({ name: '阿依古丽·买买提', idNumber: '430626195001010032', birthDate });
    const card = { idNumber: '430626195001010032', name: '阿依古丽•买买提 ' };
    expect(valueOf(await identify(card)).questions).toEqual([]);
  });

  it('is the same person without the comma that only the card of a foreigner has', async () => {
    const idNumber = withCheckCharacter('91112419881209004');
    await keepOther({ name: 'Mueller Anna Lena', idNumber, birthDate: '1988-12-09' });
    const card = { idNumber, name: 'MUELLER, ANNA LENA' };
    expect(valueOf(await identify(card)).questions).toEqual([]);
  });

  it('is asked of the cashier where the same number has another name', async () => {
    const found = valueOf(await identify({ ...ownCard(), name: '张山' }));
    expect(found.questions).toEqual([{ visitId: colon.visit.id, code: 'name-differs' }]);
  });

  it('is asked of the cashier where the same number has another day of birth or sex', async () => {
    const { visit, person } = colon;
    const card = { ...ownCard(), birthDate: '1951-01-01' };
    const asked = valueOf(await identify(card)).questions;
    expect(asked).toEqual([
      {
        ...{ visitId: visit.id, code: 'birth-date-differs' },
        facts: { birthDate: { onCard: '1951-01-01', onVisit: person.birthDate } },
      },
    ]);
    const sex = person.sex === 'male' ? 'female' : 'male';
    const found = valueOf(await identify({ ...ownCard(), birthDate: person.birthDate, sex }));
    expect(found.questions).toMatchObject([{ visitId: visit.id, code: 'sex-differs' }]);
    const [question] = valueOf(await identify({ ...card, sex, name: '张山' })).questions;
    expect(question).toMatchObject({ code: 'name-differs' });
    const names = { onCard: '张山', onVisit: '张三' };
    const { zh, en } = questionWords('name-differs', names, question?.facts);
    for (const each of ['张山', '张三', '1951-01-01', person.birthDate, '男', '女']) {
      expect(zh).toContain(each);
    }
    expect(en).toContain('another sex');
  });

  it('is not asked about what was said of a number whose own birth day it is', async () => {
    const sex = colon.person.sex;
    const found = valueOf(await identify({ ...ownCard(), birthDate: colon.person.birthDate, sex }));
    expect(found.questions).toEqual([]);
  });

  it('is asked of the cashier where the ward has written another number', async () => {
    const born = colon.person.birthDate.replaceAll('-', '');
    const idNumber = withCheckCharacter(`430626${born}003`);
    const found = valueOf(await identify({ idNumber, name: colon.person.name }));
    expect(found.questions).toEqual([{ visitId: colon.visit.id, code: 'number-differs' }]);
    // Another day of birth is another person of the same name.
    const other = withCheckCharacter('43062619880808003');
    expect(valueOf(await identify({ idNumber: other, name: colon.person.name })).visits).toEqual(
      [],
    );
  });

  it('is found by the day of birth on a card whose number does not tell it', async () => {
    // A permanent residence card of 2017; the ward has the number of the card that came after it.
    const { name, birthDate } = colon.person;
    const found = valueOf(await identify({ idNumber: 'CAN110175022801', name, birthDate }));
    expect(found.questions).toEqual([{ visitId: colon.visit.id, code: 'number-differs' }]);
    expect(valueOf(await identify({ idNumber: 'CAN110175022801', name })).visits).toEqual([]);
  });

  it('is asked of the cashier where a newborn is kept under the number of the mother', async () => {
    const mother = withCheckCharacter('43062619880808004');
    await keepOther(
      { name: '李四之女', idNumber: mother, birthDate: colon.visit.admittedOn, sex: 'female' },
      { id: 'ZY-BABY' },
    );
    const found = valueOf(await identify({ idNumber: mother, name: '李四' }));
    expect(found.questions).toEqual([{ visitId: 'ZY-BABY', code: 'newborn-on-card' }]);
    expect(questionWords('newborn-on-card', { onCard: '李*', onVisit: '李*女' }).zh).toContain(
      '母亲',
    );
  });

  it('is looked up where the card bears no ID number', async () => {
    const card = { card: 'social-security', cardNumber: number } as const;
    expect(refusalOf(await identify(card))).toBe('card-unknown');
    await register([cardOf(colon.person.idNumber)]);
    expect(valueOf(await identify(card))).toMatchObject({ idNumber: colon.person.idNumber });
    // The number of one kind of card says nothing of another kind.
    expect(refusalOf(await identify({ ...card, card: 'preferential' }))).toBe('card-unknown');
  });

  it.each(['lost', 'replaced', 'cancelled'] as const)(
    'is not asked for where one register says the card is %s',
    async (state) => {
      await register([cardOf(colon.person.idNumber)]);
      await register([cardOf(colon.person.idNumber, state)], '公安');
      const read = await identify({ ...ownCard(), card: 'social-security', cardNumber: number });
      expect(refusalOf(read)).toBe(`card-${state}`);
    },
  );

  it('is not certain where two owners are named', async () => {
    await register([cardOf('430626195001010032')]);
    const read = await identify({ ...ownCard(), card: 'social-security', cardNumber: number });
    expect(refusalOf(read)).toBe('card-of-two-persons');
  });

  it('is asked of the service behind an e-voucher', async () => {
    const voucher = { card: 'e-voucher', code: '4241234567890123456789430000' } as const;
    expect(refusalOf(await identify(voucher))).toBe('e-voucher-not-set');
    const found = await identify(voucher, () => Promise.resolve(accepted(ownCard())));
    expect(valueOf(found).visits).toHaveLength(1);
  });
});
