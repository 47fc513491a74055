import { describe, expect, it } from 'vitest';

import { blockerCalled, blockerInWords, knownBlockerCodes } from './blocker-words.ts';

describe('what keeps a visit from being settled', () => {
  it('names whom to call, by the code as by what it is called', () => {
    expect(blockerInWords({ code: 'drugs-not-returned', text: '头孢 2 盒' })).toEqual({
      zh: '未退药：头孢 2 盒（请找病区护士站和药房）',
      en: 'drugs not returned: 头孢 2 盒 (call the ward and the pharmacy)',
    });
    expect(blockerInWords({ code: '医保办未审核', text: '医保办未审核' }).zh).toBe(
      '医保办未审核（请找医保办）',
    );
  });

  it('knows the five that every hospital has, each with somebody to call', () => {
    expect(knownBlockerCodes.map((code) => blockerCalled(code))).toEqual([
      ...['未退药', '医保办未审核', '未停医嘱', '项目未对照', '缺追溯码'],
    ]);
    for (const code of knownBlockerCodes) {
      const { zh, en } = blockerInWords({ code, text: 'x' });
      expect(zh).toMatch(/（请找.+）$/);
      expect(en).toMatch(/\(call .+\)$/);
    }
  });

  it("leaves the hospital's own words as they are", () => {
    expect(blockerInWords({ code: 'bed-open', text: '床位未结' })).toEqual({
      zh: '床位未结',
      en: '床位未结',
    });
    expect(blockerCalled('constructor')).toBeNull();
  });
});
