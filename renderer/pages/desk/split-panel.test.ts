import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';

import { contracts } from '../../../shared/contracts/contracts.ts';
import { fen } from '../../../shared/money/fen.ts';
import cannedPreview from '../../dev/canned-preview.json' with { type: 'json' };
import { startTexts } from '../../i18n/texts.ts';
import { KeyHelp } from './key-help.tsx';
import { SplitPanel } from './split-panel.tsx';

beforeAll(startTexts);

const preview = contracts['settlement:preview'].output.parse(cannedPreview);

/** The desk's table and bar of a result whose first two steps have the same payer. */
function markupOf(language: 'zh' | 'en'): string {
  const names = [
    { zh: '医疗救助：住院（封顶 2）', en: 'Assistance: stay (ceiling 2)' },
    { zh: '医疗救助：定点医院减免', en: 'Assistance: reduction by the hospital' },
  ];
  const shares = preview.result.shares.map((share, index) => {
    const name = names[index];
    return name === undefined
      ? share
      : { ...share, name, payer: 'medical-assistance', amountFen: fen(share.amountFen + 100) };
  });
  return renderToStaticMarkup(
    createElement(SplitPanel, {
      preview: { ...preview, result: { ...preview.result, shares } },
      say: (words) => words[language],
      onClause: () => undefined,
    }),
  );
}

const cellsOf = (markup: string): readonly string[] =>
  [...markup.matchAll(/<td><svg class="swatch".*?<\/svg>(.*?)<\/td>/gs)].map(
    ([, name = '']) => name,
  );

describe('the split on the desk', () => {
  it('calls two steps of one payer by their full names, in the table and in the bar', () => {
    const markup = markupOf('zh');
    const shown = cellsOf(markup);
    expect(shown.slice(0, 3)).toEqual([
      '医疗救助：住院（封顶 2）',
      '医疗救助：定点医院减免',
      '扶贫特惠保',
    ]);
    expect(/aria-label="(医疗救助：住院（封顶 2） [^"]*)"/.exec(markup)?.[1]).toContain(
      '，医疗救助：定点医院减免 0.0%',
    );
    expect(cellsOf(markupOf('en')).slice(0, 2)).toEqual([
      'Assistance: stay (ceiling 2)',
      'Assistance: reduction by the hospital',
    ]);
  });
});

describe('the list of keys', () => {
  it('says of every key what it does', () => {
    const markup = renderToStaticMarkup(createElement(KeyHelp));
    const said = [...markup.matchAll(/<kbd>(.*?)<\/kbd><\/dt><dd>(.*?)<\/dd>/g)];
    expect(said.map(([, key, words]) => [key, words])).toContainEqual(['F10', '下一位']);
    expect(said).toHaveLength(15);
    expect(markup).not.toContain('keyHelp.');
  });
});
