import { describe, expect, it } from 'vitest';
import {
  cardEndingInX,
  foreignCard2017,
  foreignCard2023,
  hkMacaoTaiwanCard,
  rareNameCard,
  residentCard,
  withCheckCharacter,
} from '../simulator/invented-cards.ts';
import type { SimulatedCard } from '../simulator/sam-v-module.ts';
import { readAnswerOf } from '../simulator/read-answer-of.ts';
import { parseReadData } from './read-answer.ts';
import { parseTextBlock } from './text-block.ts';

const today = '2026-11-23';

async function parse(card: SimulatedCard) {
  const data = (await readAnswerOf(card)).subarray(10, -1);
  return parseReadData(data, today);
}

async function refusalOf(card: SimulatedCard) {
  const parsed = await parse(card);
  return parsed.ok ? null : parsed.refusal.details;
}

describe('the text of a resident card', () => {
  it('is read whole', async () => {
    expect(await parse(cardEndingInX)).toEqual({
      ok: true,
      value: {
        kind: 'resident',
        name: '李秀英',
        idNumber: withCheckCharacter('52032719920101116'),
        birthDate: '1992-01-01',
        sex: 'female',
        ethnicity: '03',
        address: '贵州省遵义市凤冈县龙泉镇河滨路3号附2号',
        issuerName: '凤冈县公安局',
        issuedOn: '2020-10-19',
        validUntil: '2040-10-19',
        longTerm: false,
        warnings: [],
      },
    });
  });

  it('knows 长期', async () => {
    expect(await parse(residentCard)).toMatchObject({
      value: { longTerm: true, validUntil: null, warnings: [] },
    });
  });

  it('keeps a name with a character of four bytes', async () => {
    expect(await parse(rareNameCard)).toMatchObject({ value: { name: '王𠮷', warnings: [] } });
  });

  it('keeps the longest name and a dot in it', async () => {
    const name = '古丽米热·买买提艾力·阿不都';
    expect(name.length).toBeLessThanOrEqual(15);
    expect(await parse({ ...residentCard, name })).toMatchObject({ value: { name } });
  });

  it('warns of a character that only the police fonts have', async () => {
    expect(await parse({ ...residentCard, name: '张\uE123' })).toMatchObject({
      value: { name: '张\uE123', warnings: [{ code: 'name-has-private-character' }] },
    });
  });

  it('takes a card that ends on a 29 February that does not exist', async () => {
    const card = { ...residentCard, validFrom: '2004-02-29', validUntil: '2014-02-29' };
    expect(await parse(card)).toMatchObject({ value: { validUntil: '2014-02-28' } });
  });

  it('warns where it may go on', async () => {
    const expectWarning = async (card: SimulatedCard, code: string) => {
      expect(await parse(card)).toMatchObject({ value: { warnings: [{ code }] } });
    };
    await expectWarning({ ...residentCard, sex: 'female' }, 'sex-differs-from-number');
    await expectWarning({ ...residentCard, ethnicity: '57' }, 'ethnicity-unknown');
    await expectWarning({ ...residentCard, validUntil: '' }, 'expiry-unknown');
  });

  it('leaves out what the card does not say', async () => {
    const parsed = await parse({ ...residentCard, sex: '9', address: '', issuer: '' });
    expect(parsed.ok && Object.keys(parsed.value)).not.toContain('sex');
    expect(parsed.ok && Object.keys(parsed.value)).not.toContain('address');
    expect(parsed.ok && Object.keys(parsed.value)).not.toContain('issuerName');
  });

  it.each<[string, Partial<SimulatedCard>, string]>([
    ['a wrong check digit', { idNumber: '430626195001010017' }, 'number: check-digit'],
    ['letters in the number', { idNumber: '43062619500101001A' }, 'number: characters'],
    ['a short number', { idNumber: '43062619500101' }, 'number: length'],
    ['no number', { idNumber: '' }, 'number: no-number'],
    ['another birth date than the number', { birthDate: '1950-01-02' }, 'differ'],
    ['a birth date that does not exist', { birthDate: '1950-02-30' }, 'birth date'],
    ['a birth date to come', { birthDate: '2026-11-24' }, 'future'],
    ['no name', { name: '' }, 'name'],
    ['a name that begins with a space', { name: ' 张三' }, 'name'],
    ['a control character in the name', { name: '张\u0007三' }, 'cannot be'],
    ['half a character in the name', { name: '张\uD842' }, 'half a character'],
    ['a sex there is not', { sex: '3' }, 'sex'],
    ['an ethnicity in letters', { ethnicity: 'AB' }, 'ethnicity'],
    ['a first day that does not exist', { validFrom: '2015-13-01' }, 'valid from'],
    ['a last day that does not exist', { validUntil: '2035-02-30' }, 'valid until'],
    ['a last day before the first', { validUntil: '2015-03-19' }, 'valid until'],
    ['an end that is neither a day nor 长期', { validUntil: '永久' }, 'valid until'],
    ['a type there is not', { typeMark: 'Z' }, 'unknown card type'],
    ['the mark of another type', { typeMark: 'J' }, 'another card type'],
  ])('is refused whole for %s', async (_, change, why) => {
    const details = await refusalOf({ ...residentCard, ...change });
    expect(JSON.stringify(details)).toContain(why);
    expect(JSON.stringify(details)).not.toContain('张');
  });

  it('gives a name without the half of a character that had no room at its end', async () => {
    const name = '努'.repeat(14);
    const parsed = await parse({ ...residentCard, name: `${name}\uD842` });
    expect(parsed).toMatchObject({ ok: true, value: { name } });
  });

  it('gives a character of private use that has a place by now in that place', async () => {
    const parsed = await parse({ ...residentCard, name: '\uE863小兰' });
    expect(parsed).toMatchObject({ ok: true, value: { name: '\u4DAE小兰', warnings: [] } });
  });

  it('is refused if a resident has a number kept for others', async () => {
    const idNumber = withCheckCharacter('91112419500101004');
    expect(await refusalOf({ ...residentCard, idNumber })).not.toBeNull();
  });
});

describe('the text of other cards', () => {
  it('knows residents of Hong Kong, Macao and Taiwan', async () => {
    const parsed = await parse(hkMacaoTaiwanCard);
    expect(parsed).toMatchObject({
      value: {
        kind: 'hk-macao-taiwan',
        name: '陈大文',
        idNumber: hkMacaoTaiwanCard.idNumber,
        validUntil: '2034-05-31',
      },
    });
    expect(parsed.ok && parsed.value.ethnicity).toBeUndefined();
  });

  it('knows permanent residents, cards of 2017', async () => {
    expect(await parse(foreignCard2017)).toEqual({
      ok: true,
      value: {
        kind: 'foreign-permanent',
        name: '唐明',
        idNumber: 'CAN110175022801',
        birthDate: '1975-02-28',
        sex: 'male',
        issuedOn: '2018-01-15',
        validUntil: '2038-01-14',
        longTerm: false,
        warnings: [],
      },
    });
    expect(await refusalOf({ ...foreignCard2017, idNumber: 'CA1110175022801' })).not.toBeNull();
  });

  it('knows permanent residents, cards of 2023, by their English name if they have no other', async () => {
    expect(await parse(foreignCard2023)).toMatchObject({
      value: { kind: 'foreign-permanent', name: 'MUELLER, ANNA LENA', sex: 'female' },
    });
    expect(await refusalOf({ ...foreignCard2023, englishName: '' })).not.toBeNull();
  });
});

describe('lengths', () => {
  it('must add up', async () => {
    const data = (await readAnswerOf(residentCard)).subarray(10, -1);
    expect(parseReadData(data, today).ok).toBe(true);
    expect(parseReadData(data.subarray(0, -1), today).ok).toBe(false);
    expect(parseReadData(new Uint8Array(0), today).ok).toBe(false);
    const otherText = Uint8Array.from(data);
    otherText[0] = 2;
    expect(parseReadData(otherText, today).ok).toBe(false);
    expect(parseTextBlock(data.subarray(4, 259), today).ok).toBe(false);
  });
});
