import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { zh } from '../renderer/i18n/zh.ts';
import { wordsThatDouble, type ReadText } from './one-word.ts';

const root = join(import.meta.dirname, '..');
const pages = [
  ...[zh['page.desk'], zh['page.policy'], zh['page.devices'], zh['page.users']],
  ...[zh['page.approvals'], zh['page.sessions'], zh['page.intake']],
];

/** All that a user reads: sources with their texts, packs, and the pages in Chinese of the guide. */
function textsOfProgram(): readonly ReadText[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx', '*.yaml', '*.zh-CN.md'],
    { cwd: root, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 },
  );
  return listed
    .split('\n')
    .filter((path) => path !== '' && !/\.test\.|test-support|^build\/|\/references\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

describe('the words of the program', () => {
  it('are one for each thing, and name no page that is not there', () => {
    const texts = textsOfProgram();
    expect(texts.length).toBeGreaterThan(400);
    expect(wordsThatDouble(texts, pages)).toEqual([]);
  });

  it.each([
    ['请病人出示身份证', '病人 is called 患者'],
    ['本环节不适用', '环节 is called 支付环节'],
    ['个人应付 12.00', '个人应付 is called 个人负担; what is due now: 应补 / 应退'],
    ['结算号 JS1', '结算号 is called 结算单号'],
    ['请在“凭单”页补打', 'there is no page 凭单'],
  ])('are refused where a line says %s', (text, said) => {
    expect(wordsThatDouble([{ path: 'a.ts', text: `fine\n${text}` }], pages)).toEqual([
      `a.ts:2: ${said}`,
    ]);
  });

  it('are left alone in quotations and in the right word', () => {
    const path = 'shared/policy-packs/tiered-care-township/1.0.0/pack.yaml';
    const kept = { path, text: 'article: 特困病人住院实行全额补贴' };
    const right = { path: 'a.ts', text: '支付环节、患者、个人自付；请打开“设备”页' };
    expect(wordsThatDouble([kept, right], pages)).toEqual([]);
  });
});
