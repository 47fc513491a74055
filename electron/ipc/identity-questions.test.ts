import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { CardRead } from '../../drivers/card-reader/card.ts';
import { withCheckCharacter } from '../../drivers/card-reader/simulator/invented-cards.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import type { LatestCard } from '../card-reading/card-reading.ts';
import { timeOrderedIds } from '../base/ids.ts';
import type { IdentityQuestionCode } from '../identification/identify-card.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import {
  colonCancer,
  keepVisit,
  ownPacks,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { cardCalls } from './card.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Caller } from './handle-call.ts';
import { settlementCalls } from './settlement.ts';

const packs = await ownPacks();
const cashier: Caller = {
  ...{ sessionId: 'page 1', userId: 'cashier1', name: '收费员一', role: 'cashier' },
};
const atAnotherPage: Caller = { ...cashier, sessionId: 'page 2' };

let store: TestStore;
let colon: SettlementInput;
let other: SettlementInput;
let desk: ReturnType<typeof startDesk>;
let sequence = 0;
let latest: LatestCard;

beforeAll(async () => {
  colon = await colonCancer();
});
beforeEach(async () => {
  store = await createTestStore();
  latest = { kind: 'no-card', sequence: 0 };
  other = {
    ...colon,
    person: { ...colon.person, name: '李梅', idNumber: '430626195001010032' },
    visit: { ...colon.visit, id: 'ZY-OTHER' },
  };
  await keepVisit(store, colon);
  await keepVisit(store, other);
  desk = startDesk();
});
afterEach(() => store.remove());

/** The calls of a desk that was just started: it remembers nothing of an earlier start but what is in the books. */
function startDesk() {
  const services = { store, packs, approvedOnly: null, clock: testClock, ids: timeOrderedIds() };
  const parts = {
    services,
    cards: { latestCard: () => latest, forgetCard: () => undefined },
    takeInNow: () => Promise.resolve('taken'),
    decodeEVoucher: () => Promise.reject(new Error('no e-voucher here')),
    wakeAfterSettling: () => undefined,
    monotonicMs: () => 0,
  } as unknown as DeskParts;
  return { ...cardCalls(parts), ...settlementCalls(parts), services };
}

/** A card is put down and the page asks whose it is. */
async function putDown(card: Partial<CardRead>, at: Caller = cashier) {
  sequence += 1;
  latest = {
    ...{ kind: 'card', sequence, onPlate: true },
    card: {
      ...{ card: 'resident-id', reader: 'sim://desk', readAt: '2026-11-23T09:00:00.000+08:00' },
      ...{ elapsedMs: 300, validUntil: null, longTerm: true, warnings: [] },
      ...card,
    },
  };
  return look(at);
}
const look = async (at: Caller = cashier) => valueOf(await desk['card:latest']({}, at));

/** What the page would never do: settle whatever was asked. */
const settle = async (visitId: string = colon.visit.id, at: Caller = cashier) => {
  const previewed = valueOf(await desk['settlement:preview']({ visitId }));
  const refused = previewed.confirmRefusal?.code ?? null;
  const settled = await desk['settlement:settle-visit'](
    {
      ...{ visitId, billVersion: previewed.bill.version, tenders: [] },
      patientPaysFen: previewed.result.patientPaysFen,
    },
    at,
  );
  // The preview says beforehand what settling would be refused with.
  expect(refused).toBe(refusalOf(settled));
  return refused;
};
const confirm = async (
  code: IdentityQuestionCode,
  at: Caller = cashier,
  visitId = colon.visit.id,
) => refusalOf(await desk['card:confirm-person']({ visitId, code }, at));
const acts = async () => {
  const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 100 }));
  return entries.map(({ act }) => act);
};

const ownCard = () => ({ idNumber: colon.person.idNumber, name: colon.person.name });
const anotherName = () => ({ ...ownCard(), name: '张山' });
const born = () => colon.person.birthDate.replaceAll('-', '');

describe.each([
  ['name-differs', anotherName, () => Promise.resolve()],
  [
    'number-differs',
    () => ({ ...ownCard(), idNumber: withCheckCharacter(`430626${born()}003`) }),
    () => Promise.resolve(),
  ],
  [
    'newborn-on-card',
    () => ({ ...ownCard(), name: '王芳' }),
    async () => {
      // Born a week before, kept under the number of the mother.
      const person = { ...colon.person, name: '王芳之子', birthDate: '2017-11-03' };
      await keepVisit(store, { ...colon, person, yearToDate: null });
    },
  ],
] as const)('a question that is open: %s', (code, card, prepare) => {
  beforeEach(async () => {
    await prepare();
    expect(await putDown(card())).toMatchObject({
      questions: [{ visitId: colon.visit.id, code }],
    });
  });

  it('keeps everybody from settling the visit, until it is answered', async () => {
    expect(await settle()).toBe('identity-question-open');
    expect(await confirm(code)).toBeNull();
    expect(await settle()).toBeNull();
    expect(await acts()).toEqual(['confirm-person', 'settle-visit']);
  });

  it('is not answered by the answer to another, nor for another visit', async () => {
    const codes = ['name-differs', 'number-differs', 'newborn-on-card'] as const;
    for (const wrong of codes.filter((each) => each !== code)) {
      expect(await confirm(wrong)).toBe('question-unknown');
    }
    expect(await confirm(code, cashier, other.visit.id)).toBe('question-unknown');
    await putDown({ idNumber: other.person.idNumber, name: '李海' });
    expect(await confirm('name-differs', cashier, other.visit.id)).toBeNull();
    expect(await settle()).toBe('identity-question-open');
    expect(await settle(other.visit.id)).toBeNull();
  });

  it('stays open when another card was put down, and is not answered then', async () => {
    await putDown({ idNumber: other.person.idNumber, name: other.person.name });
    expect(await confirm(code)).toBe('question-unknown');
    expect(await settle()).toBe('identity-question-open');
  });

  it('stays open when nobody looked at the card that was put down since', async () => {
    sequence += 1;
    latest = { kind: 'no-card', sequence };
    expect(await confirm(code)).toBe('question-unknown');
    expect(await settle()).toBe('identity-question-open');
  });

  it('stays open over a restart, and is not answered before it was asked again', async () => {
    desk = startDesk();
    expect(await settle()).toBe('identity-question-open');
    expect(await confirm(code)).toBe('question-unknown');
    await look();
    expect(await confirm(code)).toBeNull();
    expect(await settle()).toBeNull();
  });

  it('keeps a second page from settling, which answers only what it was asked itself', async () => {
    expect(await settle(colon.visit.id, atAnotherPage)).toBe('identity-question-open');
    expect(await confirm(code, atAnotherPage)).toBe('question-unknown');
    await look(atAnotherPage);
    expect(await confirm(code, atAnotherPage)).toBeNull();
    expect(await settle(colon.visit.id, atAnotherPage)).toBeNull();
  });

  it('keeps a command from settling, and a proxy from being noted', async () => {
    const input = { visitId: colon.visit.id, by: 'cashier1' };
    expect(refusalOf(await settleVisit(desk.services, input))).toBe('identity-question-open');
    const noted = await desk['card:note-proxy']({ visitId: colon.visit.id }, cashier);
    expect(refusalOf(noted)).toBe('identity-question-open');
  });

  it('is answered by a card that fits, which is of this very patient', async () => {
    const fits = code === 'newborn-on-card' ? { ...ownCard(), name: '王芳之子' } : ownCard();
    expect(await putDown(fits)).toMatchObject({ questions: [] });
    expect(await settle()).toBeNull();
  });

  it('is set aside only by saying so, which stands in the audit with who said it', async () => {
    valueOf(await desk['card:set-question-aside']({ visitId: other.visit.id }, cashier));
    expect(await settle()).toBe('identity-question-open');
    valueOf(await desk['card:set-question-aside']({ visitId: colon.visit.id }, cashier));
    // The page asks again whose card lies there: the same reading is not asked anew.
    await look();
    expect(await settle()).toBeNull();
    const [entry] = await store.read(({ audit }) => audit.about(colon.visit.id));
    expect(entry).toMatchObject({ act: 'set-question-aside', who: 'cashier1' });
    expect(entry?.detail_json).toContain('page 1');
  });
});

describe('a question that was answered', () => {
  it('is asked anew of another card, and of the same one that was set aside before', async () => {
    await putDown(anotherName());
    expect(await confirm('name-differs')).toBeNull();
    await putDown({ ...ownCard(), name: '章三' });
    expect(await settle()).toBe('identity-question-open');
    valueOf(await desk['card:set-question-aside']({ visitId: colon.visit.id }, cashier));
    await putDown({ ...ownCard(), name: '章三' });
    expect(await settle()).toBe('identity-question-open');
    // The card that was answered yes says nothing of this one.
    await putDown(anotherName());
    expect(await confirm('name-differs')).toBeNull();
    expect(await settle()).toBe('identity-question-open');
  });

  it('is not asked anew of the same card, however often it is read', async () => {
    await putDown(anotherName());
    expect(await confirm('name-differs')).toBeNull();
    await putDown(anotherName());
    desk = startDesk();
    await putDown(anotherName());
    expect(await settle()).toBeNull();
  });

  it('writes nothing where nothing is asked', async () => {
    const before = await store.dataVersion();
    await putDown(ownCard());
    await look();
    expect(await store.dataVersion()).toBe(before);
  });
});

describe('two numbers that have to be compared in full', () => {
  const passport = 'E12345678';
  const shownEntries = async () => {
    const all = await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 }));
    return all.filter(({ act }) => act === 'show-number');
  };
  const card = () => ({ ...ownCard(), idNumber: withCheckCharacter(`430626${born()}003`) });
  beforeEach(async () => {
    // The ward kept the visit under the number of a passport.
    const person = { ...colon.person, idNumber: passport };
    const visit = { ...colon.visit, id: 'ZY-PASSPORT' };
    await keepVisit(store, { ...colon, person, visit, yearToDate: null });
    const settled = await settle();
    expect(settled).toBeNull();
  });
  const textOf = (seen: Awaited<ReturnType<typeof look>>): string => {
    if (seen.kind !== 'person') throw new Error(seen.kind);
    return JSON.stringify(seen.questions.map(({ text }) => text));
  };

  it('are shown with an entry for each in the audit: who, at which page, for which visit, by which call', async () => {
    const text = textOf(await putDown(card()));
    expect(text).toContain(passport);
    expect(text).toContain(card().idNumber);
    const entries = await shownEntries();
    expect(entries.map(({ who, about }) => `${who} ${about}`)).toEqual([
      'cashier1 ZY-PASSPORT',
      'cashier1 ZY-PASSPORT',
    ]);
    const details = entries.map(({ detail_json }) => JSON.parse(detail_json) as object);
    const marks = await store.read(({ audit }) =>
      Promise.resolve([card().idNumber, passport].map((each) => audit.markOf(each))),
    );
    expect(details).toEqual(
      marks.map((patient) => ({ patient, page: 'page 1', where: 'card:latest' })),
    );
  });

  it('are one entry for a page that asks again, and another for another page, person or reading', async () => {
    await putDown(card());
    await look();
    await look();
    expect(await shownEntries()).toHaveLength(2);
    await look(atAnotherPage);
    expect(await shownEntries()).toHaveLength(4);
    await look({ ...cashier, userId: 'cashier2', name: '收费员二' });
    expect(await shownEntries()).toHaveLength(6);
    await putDown(card());
    expect(await shownEntries()).toHaveLength(8);
  });

  it('are not shown where the entry cannot be kept: a disk that takes nothing shows them masked', async () => {
    store.readingOnly = () => ({ code: 'disk-read-only' }) as never;
    const text = textOf(await putDown(card()));
    expect(text).not.toContain(passport);
    expect(text).not.toContain(card().idNumber);
    expect(await shownEntries()).toEqual([]);
  });

  it('are not shown where keeping the entry fails', async () => {
    const kept = store;
    store = { ...kept, transact: () => Promise.reject(new Error('the disk is gone')) };
    desk = startDesk();
    await expect(putDown(card())).rejects.toThrow('the disk is gone');
    store = kept;
    desk = startDesk();
    expect(textOf(await look())).toContain(passport);
    expect(await shownEntries()).toHaveLength(2);
  });
});
