import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { CardRead } from '../../drivers/card-reader/card.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { accepted, refused } from '../../shared/domain/result.ts';
import type { LatestCard } from '../card-reading/card-reading.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { colonCancer, keepVisit, valueOf } from '../settlement/settlement.test-support.ts';
import { identityRefusal } from '../identification/identity-refusals.ts';
import { cardCalls } from './card.ts';
import type { DecodeEVoucher } from '../identification/decode-e-voucher.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Caller } from './handle-call.ts';

const cashier: Caller = {
  sessionId: 'page',
  userId: 'cashier1',
  name: '收费员一',
  role: 'cashier',
};

let store: TestStore;
let first: SettlementInput;
let second: SettlementInput;
beforeEach(async () => {
  store = await createTestStore();
  first = await colonCancer();
  second = {
    ...first,
    person: { ...first.person, name: '李梅', idNumber: '430626195001010032' },
    visit: { ...first.visit, id: 'ZY-SECOND' },
  };
  await keepVisit(store, first);
  await keepVisit(store, second);
});
afterEach(() => store.remove());

const cardOf = ({ person: { idNumber, name } }: SettlementInput): CardRead => ({
  card: 'resident-id',
  reader: 'sim://desk',
  readAt: '2026-11-23T09:00:00.000+08:00',
  elapsedMs: 300,
  idNumber,
  name,
  validUntil: null,
  longTerm: true,
  warnings: [],
});

const unanswered = identityRefusal('e-voucher-unanswered', { why: 'no answer' });
const nobodyAsks: DecodeEVoucher = () => Promise.reject(new Error('no e-voucher here'));

/** A counter whose next bill from the hospital takes as long as the test says. */
function counter(decodeEVoucher: DecodeEVoucher = nobodyAsks, bills: 'taken' | 'late' = 'taken') {
  let latest: LatestCard = { kind: 'no-card', sequence: 0 };
  const intakes: (() => void)[] = [];
  const calls = cardCalls({
    services: {
      ...{ store, ids: timeOrderedIds() },
      clock: { now: () => new Date('2026-11-23T01:00:00Z') },
    },
    cards: { latestCard: () => latest },
    takeInNow: () =>
      new Promise<'taken' | 'late'>((resolve) =>
        intakes.push(() => {
          resolve(bills);
        }),
      ),
    decodeEVoucher,
  } as unknown as DeskParts);
  return {
    calls,
    intakes,
    place: (sequence: number, card: CardRead) => {
      latest = { kind: 'card', sequence, card, onPlate: true };
    },
  };
}

describe('the card on the plate', () => {
  it('keeps its own count where another lies there before its bill has come', async () => {
    const { calls, intakes, place } = counter();
    place(1, cardOf(first));
    const slow = calls['card:latest']({}, cashier);
    place(2, cardOf(second));
    const quick = calls['card:latest']({}, cashier);
    intakes[1]?.();
    const seen = valueOf(await quick);
    expect(seen).toMatchObject({ sequence: 2, unsettled: [{ visitId: 'ZY-SECOND' }] });
    intakes[0]?.();
    expect(valueOf(await slow)).toMatchObject({
      sequence: 1,
      unsettled: [{ visitId: first.visit.id }],
    });
  });

  it('leaves standing what was asked of the one who lies there by now', async () => {
    const { calls, intakes, place } = counter();
    place(1, cardOf(first));
    const slow = calls['card:latest']({}, cashier);
    place(2, { ...cardOf(second), name: '李海' });
    const quick = calls['card:latest']({}, cashier);
    intakes[1]?.();
    await quick;
    intakes[0]?.();
    await slow;
    const answer = { visitId: 'ZY-SECOND', code: 'name-differs' } as const;
    expect((await calls['card:confirm-person'](answer, cashier)).ok).toBe(true);
  });

  it('shows the bill there is, and from when it is, where the hospital does not answer in time', async () => {
    for (const bills of ['late', 'taken'] as const) {
      const { calls, intakes, place } = counter(nobodyAsks, bills);
      place(1, cardOf(first));
      const seen = calls['card:latest']({}, cashier);
      intakes[0]?.();
      const card = valueOf(await seen);
      if (card.kind !== 'person') throw new Error(card.kind);
      expect(card.unsettled.map(({ visitId }) => visitId)).toEqual([first.visit.id]);
      const told = card.warnings.filter(({ code }) => code === 'bills-not-refreshed');
      expect(told).toHaveLength(bills === 'late' ? 1 : 0);
      const at = card.unsettled[0]?.receivedAt.slice(0, 16).replace('T', ' ') ?? '';
      for (const { text } of told)
        for (const words of [text.zh, text.en]) expect(words).toContain(at);
    }
  });

  it('asks whose an e-voucher is once a scan, and again only where nobody answered', async () => {
    const { idNumber, name } = first.person;
    const answers = [refused(unanswered), accepted({ idNumber, name })];
    let asked = 0;
    const { calls, intakes, place } = counter(() => {
      const answer = answers[asked];
      asked += 1;
      return answer === undefined ? nobodyAsks('', cashier) : Promise.resolve(answer);
    });
    const scan = { ...cardOf(first), card: 'e-voucher', code: '4240' } as const;
    const look = async () => {
      const seen = calls['card:latest']({}, cashier);
      intakes.at(-1)?.();
      return valueOf(await seen).kind;
    };
    place(1, scan);
    expect([await look(), await look(), asked]).toEqual(['refused', 'refused', 1]);
    place(2, scan);
    expect([await look(), await look(), asked]).toEqual(['person', 'person', 2]);
    // By now it is used up: what it said stands.
    place(3, scan);
    expect([await look(), asked]).toEqual(['person', 2]);
  });
});
