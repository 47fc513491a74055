import { describe, expect, it } from 'vitest';

import { declareRefusals } from './declare-refusals.ts';
import { moneyStates, withMoney } from './money-words.ts';

const remedy = { zh: '请重试。', en: 'Try again.' };

const refusal = declareRefusals({
  'not-there': { message: { zh: '没有找到。', en: 'It is not there.' }, money: 'none', remedy },
  'too-much': ({ most }: { readonly most: number }) => ({
    message: { zh: `最多 ${String(most)}。`, en: `At most ${String(most)}.` },
    money: 'not-settled',
    remedy,
    place: '/amount',
  }),
});

describe('a refusal', () => {
  it('says what happened, then whether money moved, and what to do', () => {
    expect(refusal('not-there')).toEqual({
      code: 'not-there',
      message: { zh: '没有找到。没有动钱。', en: 'It is not there. No money moved.' },
      remedy,
    });
    expect(refusal('too-much', { most: 3 })).toEqual({
      code: 'too-much',
      message: {
        zh: '最多 3。没有结算，没有收钱。',
        en: 'At most 3. Nothing was settled, no money moved.',
      },
      place: '/amount',
      remedy,
    });
  });

  it('does not compile without its word on money, or without a remedy', () => {
    const message = { zh: '没有找到。', en: 'It is not there.' };
    // @ts-expect-error: whether money moved is left out
    declareRefusals({ 'not-there': { message, remedy } });
    // @ts-expect-error: what to do is left out
    declareRefusals({ 'not-there': { message, money: 'none' } });
    // @ts-expect-error: nothing that is said of money
    declareRefusals({ 'not-there': { message, money: 'perhaps', remedy } });
    expect(refusal('not-there').remedy).toBe(remedy);
  });
});

describe('what is said of money', () => {
  it.each(moneyStates)('speaks of money in both languages: %s', (state) => {
    const { zh, en } = withMoney({ zh: '', en: '' }, state);
    expect(zh).toMatch(/钱|金额/);
    expect(zh).toMatch(/。$/);
    expect(en).toMatch(/money|amounts/);
  });
});
