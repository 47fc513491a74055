import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import { textParsing } from './no-text-parsing.ts';

const problemsOf = (code: string): number =>
  new Linter().verify(code, { rules: { 'no-restricted-syntax': ['error', ...textParsing] } })
    .length;

describe('the rule that facts are fields', () => {
  it.each([
    ["const name = node.text.zh.split('：')[0];"],
    ["const at = node.text.zh.indexOf('：');"],
    ['const remark = /，(取整到.+)$/u.exec(text.zh)?.[1];'],
    ["const clause = source.document === '假定' ? article : document;"],
    ['const text = because.find((each) => each.name.en === name.en);'],
    ["const [name] = sentence.split('：');"],
    ["const isCapped = sentence.includes('封顶');"],
  ])('is broken by %s', (code) => {
    expect(problemsOf(code)).toBeGreaterThan(0);
  });

  it.each([
    ['const name = share.name.zh;'],
    ['const clause = `假定：${assumption.zh}`;'],
    ["const line = [node.formula, remark].join('，');"],
    ["const isThere = code.startsWith('C18');"],
  ])('is kept by %s', (code) => {
    expect(problemsOf(code)).toBe(0);
  });
});
