import { describe, expect, it } from 'vitest';

import { isSameName, writtenName } from './person-name.ts';
import { withoutPrivateCharacters } from './private-characters.ts';

describe('one name, written in several ways', () => {
  it.each([
    ['阿依古丽·买买提', '阿依古丽•买买提'],
    ['阿依古丽·买买提', '阿依古丽・买买提'],
    ['阿依古丽·买买提', '阿依古丽．买买提'],
    ['阿依古丽·买买提', '阿依古丽‧买买提'],
    ['阿依古丽·买买提', '阿依古丽･买买提'],
    ['阿依古丽·买买提', '阿依古丽∙买买提'],
    ['阿依古丽·买买提', '阿依古丽.买买提'],
    ['阿依古丽·买买提', '阿依古丽 买买提'],
    ['阿依古丽·买买提', '阿依古丽买买提'],
    ['欧阳娜', '欧阳 娜'],
    ['张三', '张\u3000三'],
    ['张三', '\u202d张三\u202c\u200b'],
    ['张三', '张三\ufe00'],
    ['\u4dae小兰', '\ue863小兰'],
    ['SMITH JOHN', 'John Smith'],
    ['SMITH, JOHN', 'Ｊｏｈｎ　Ｓｍｉｔｈ'],
    ['JOSE MARIA', 'José-María'],
    ["O'NEIL MARY ANN", 'MARYANN O NEIL'],
    ['VAN DER BERG ANNA MARIA LUISA', 'Anna Maria Luisa van der Berg'],
    ['', ' '],
  ])('%s and %s', (one, other) => {
    expect(isSameName(one, other)).toBe(true);
    expect(isSameName(other, one)).toBe(true);
  });

  it('is not another name', () => {
    for (const [one, other] of [
      ['张三', '张山'],
      ['张三', '张三丰'],
      ['张三', '三张'],
      ['李丽', '李莉'],
      ['JOHN SMITH', 'JOHN SMYTH'],
      ['JOHN SMITH', 'JOHN'],
      ['张三', ''],
      ['張三', '张三'],
    ] as const) {
      expect(isSameName(one, other), `${one} ${other}`).toBe(false);
    }
  });
});

describe('a name that was cut where a card has no more room', () => {
  const long = '阿卜杜热合曼江·麦麦提吐尔逊阿卜杜拉';

  it('is the same name', () => {
    expect(isSameName(Array.from(long).slice(0, 15).join(''), long)).toBe(true);
    const latin = 'MOHAMMED ABDULRAHMAN AL-KHALIFA BIN SALEH';
    expect(isSameName(latin.slice(0, 30), latin)).toBe(true);
    expect(isSameName(latin.slice(0, 35), latin)).toBe(true);
    // A character of two bytes had no room in the thirtieth.
    expect(isSameName(`A${'努'.repeat(14)}`, `A${'努'.repeat(20)}`)).toBe(true);
  });

  it('is another one where it ends before or goes on in another way', () => {
    expect(isSameName(Array.from(long).slice(0, 14).join(''), long)).toBe(false);
    expect(isSameName(Array.from(long).slice(0, 14).join('') + '王', long)).toBe(false);
  });
});

describe('a name as it is kept', () => {
  it.each([
    ['张 三', '张三'],
    [' 欧阳  娜 ', '欧阳 娜'],
    ['John\tSmith\u200b', 'John Smith'],
    ['\ue863兰', '䶮兰'],
    ['\ue816', '\u{20087}'],
    // No table says what this one is.
    ['\uf8f0兰', '\uf8f0兰'],
  ])('%j is %j', (text, kept) => {
    expect(writtenName(text)).toBe(kept);
  });

  it('has all 80 characters of row FE in their own places', () => {
    for (let code = 0xe815; code <= 0xe864; code += 1) {
      const mapped = withoutPrivateCharacters(String.fromCodePoint(code));
      expect(mapped, code.toString(16)).not.toMatch(/\p{Co}/u);
    }
  });

  it('agrees with GB 18030 as it is decoded wherever that knows a place', () => {
    // The decoder of the web standard knows the places of 2005; what it still gives to private use says nothing.
    const decoder = new TextDecoder('gb18030');
    let code = 0xe815;
    let compared = 0;
    for (let byte = 0x50; byte <= 0xa0; byte += 1) {
      if (byte === 0x7f) continue;
      const decoded = decoder.decode(Uint8Array.of(0xfe, byte));
      if (!/\p{Co}/u.test(decoded)) {
        compared += 1;
        expect(withoutPrivateCharacters(String.fromCodePoint(code))).toBe(decoded);
      }
      code += 1;
    }
    expect(compared).toBeGreaterThan(70);
  });
});
