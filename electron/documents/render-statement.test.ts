import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fen } from '../../shared/money/fen.ts';
import type { DocumentFacts } from './document-facts.ts';
import { startDocumentMaker } from './document-maker.ts';
import { loadPaperFonts, type PaperFonts } from './paper-fonts.ts';
import { renderStatement } from './render-statement.ts';
import { publishedSettlement } from './testing/published-settlement.ts';

let folder: string;
let fonts: PaperFonts;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'statements-'));
  fonts = loadPaperFonts();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function pdfOf(facts: DocumentFacts, withFonts = fonts): Promise<Uint8Array> {
  const rendered = await renderStatement(facts, withFonts);
  if (!rendered.ok) throw new Error(rendered.refusal.message.en);
  return rendered.value.pdf;
}

/** What another program reads in the file. */
function textOf(pdf: Uint8Array): string {
  const file = join(folder, 'statement.pdf');
  writeFileSync(file, pdf);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}

/** What each glyph of the file is said to stand for, as its fonts' tables write it. */
function charactersOf(pdf: Uint8Array): string {
  const parts = Buffer.from(pdf)
    .toString('latin1')
    .split(/stream\n/);
  const streams = parts.filter((part) => part.startsWith('x'));
  return streams
    .map((stream) => inflateSync(Buffer.from(stream, 'latin1')).toString('latin1'))
    .filter((content) => content.includes('beginbfrange'))
    .join('\n');
}

function pagesOf(pdf: Uint8Array): number {
  const file = join(folder, 'pages.pdf');
  writeFileSync(file, pdf);
  const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
  return Number(/Pages:\s+(\d+)/.exec(info)?.[1]);
}

describe('the statement', () => {
  it('says everything about the published stay, on one page', async () => {
    const pdf = await pdfOf(await publishedSettlement());
    const text = textOf(pdf);
    for (const words of [
      '城乡居民医疗费用“一站式”结算单',
      '曾德厚',
      '430626********4515',
      '结肠恶性肿瘤（C18.900）',
      '建档立卡',
      '14,904.00',
      '壹万肆仟玖佰零肆元整',
      '(13,450.00 − 750.00) × 86%',
      '10,922.00',
      '2,528.00 × 50%',
      '1,264.00',
      '2,718.00 × 50%，取整到十元',
      '1,360.00',
      '1,358.00',
      '壹仟叁佰伍拾捌元整',
      '90.89%',
      '个人自付 597.00，个人自费 761.00',
      '患者（家属）签字',
      '第 1 页 共 1 页',
      'pingjiang-2017 1.0.0',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain('430626195303064515');
    expect(pagesOf(pdf)).toBe(1);
  });

  it('shows each payer that paid nothing with the reason, and names the policy where no source says it', async () => {
    const text = textOf(await pdfOf(await publishedSettlement()));
    expect(text).toMatch(/大病保险 +未达起付标准 10,000\.00（2,528\.00 ≤ 10,000\.00） +0\.00/);
    expect(text).toMatch(/政府兜底 +须凭“政府兜底保障申请表”申请批准，本次没有批准/);
    expect(text).toContain('待遇政策 pingjiang-2017 1.0.0');
    expect(text).not.toMatch(/假定|※/);
  });

  it('splits the fees by category and class, and the columns add up on paper', async () => {
    const text = textOf(await pdfOf(await publishedSettlement()));
    const table = text.slice(text.indexOf('费用类别'), text.indexOf('本次各方支付'));
    const rows = table.split('\n').flatMap((line) => {
      const row = /^\s*(\p{Script=Han}+)\s+((?:-?[\d,]+\.\d\d\s+){4}-?[\d,]+\.\d\d)/u.exec(line);
      return row === null ? [] : [[row[1] ?? '', figures(row[2] ?? '')] as const];
    });
    const total = rows.at(-1);
    expect(total?.[0]).toBe('合计');
    expect(rows.length).toBeGreaterThan(10);
    for (let column = 0; column < 5; column += 1) {
      const sum = rows.slice(0, -1).reduce((all, [, row]) => all + (row[column] ?? 0), 0);
      expect(sum).toBe(total?.[1][column]);
    }
  });

  it('is made for a bill of totals only, and for a patient who gets money back', async () => {
    expect(
      textOf(await pdfOf(await publishedSettlement({ visit: 'second-stay-of-the-year' }))),
    ).toMatch(/没有明/);
    const text = textOf(await pdfOf(await publishedSettlement({ depositFen: 200_000 })));
    expect(text).toMatch(/应退 +642\.00/);
    expect(text).toContain('应退大写 陆佰肆拾贰元整');
  });

  it('marks copies, practice folders and cancelled settlements on every page', async () => {
    const facts = { demo: true, copyNumber: 3, cancelled: true };
    const pdf = await pdfOf(await publishedSettlement({ facts }));
    const pages = textOf(pdf).split('\f').slice(0, -1);
    expect(pages).toHaveLength(pagesOf(pdf));
    for (const page of pages) {
      expect(page).toContain('补打 第3次');
      expect(page).toContain('演示数据，不作任何凭据');
      expect(page).toContain('该结算已取消');
    }
    expect(textOf(await pdfOf(await publishedSettlement()))).not.toMatch(/补打|演示|取消/);
  });

  it('breaks a long bill over pages and numbers them', async () => {
    const facts = await publishedSettlement();
    const diagnoses = Array.from({ length: 250 }, (_, index) => ({
      code: `Z${String(index)}`,
      name: '长期随访的慢性病',
      principal: index === 0,
    }));
    const visit = { ...facts.input.visit, diagnoses };
    const pdf = await pdfOf({ ...facts, input: { ...facts.input, visit } });
    expect(pagesOf(pdf)).toBeGreaterThan(1);
    expect(textOf(pdf)).toContain(`第 2 页 共 ${String(pagesOf(pdf))} 页`);
  });
});

describe('rare characters of names', () => {
  it('are set in a font that has them', async () => {
    const text = textOf(await pdfOf(await publishedSettlement({ name: '王𠮷𫚉䶮' })));
    expect(text).toContain('王𠮷𫚉䶮');
    expect(text).not.toContain('〓');
  });

  it('that share a glyph with a usual one are not what later statements say', async () => {
    // U+2F2F is drawn as 工; the text of a document is what its glyphs are said to stand for.
    const radical = await pdfOf(await publishedSettlement({ name: '\u2F2F' }));
    expect(charactersOf(radical)).toContain('<2f2f>');
    const usual = await pdfOf(await publishedSettlement({ name: '工' }));
    expect(charactersOf(usual)).toContain('<5de5>');
    expect(charactersOf(usual)).not.toContain('<2f2f>');
  });

  it('that no font has are marked and named, never dropped', async () => {
    const rendered = await renderStatement(
      await publishedSettlement({ name: '王\u{31350}' }),
      fonts,
    );
    if (!rendered.ok) throw new Error(rendered.refusal.message.en);
    expect(rendered.value.missing).toEqual(['U+31350']);
    const text = textOf(rendered.value.pdf);
    expect(text).toContain('王〓');
    expect(text).toContain('〓 处为本机字库没有的字：U+31350');
  });

  it('are marked on a machine without the fallback fonts', async () => {
    const bare = loadPaperFonts([{ name: 'none', file: '/nowhere/font.ttf' }]);
    const rendered = await renderStatement(await publishedSettlement({ name: '王𠮷' }), bare);
    expect(rendered).toMatchObject({ ok: true, value: { missing: ['U+20BB7'] } });
  });
});

describe('a statement that does not add up', () => {
  it.each([
    ['a share', { index: 0, by: 1 }],
    ['a share of nothing', { index: 1, by: 100 }],
  ])('is not made: %s', async (_what, { index, by }) => {
    const facts = await publishedSettlement();
    const shares = facts.result.shares.map((share, position) =>
      position === index ? { ...share, amountFen: fen(share.amountFen + by) } : share,
    );
    const refused = await renderStatement({ ...facts, result: { ...facts.result, shares } }, fonts);
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'document-does-not-foot' } });
  });

  it.each(['patientPaysFen', 'hospitalBearsFen', 'totalFen', 'eligibleFen'] as const)(
    'is not made: %s',
    async (field) => {
      const facts = await publishedSettlement();
      const result = { ...facts.result, [field]: fen(facts.result[field] + 1) };
      const refused = await renderStatement({ ...facts, result }, fonts);
      expect(refused).toMatchObject({ ok: false, refusal: { code: 'document-does-not-foot' } });
    },
  );

  it('is not made when charge lines and total part ways', async () => {
    const facts = await publishedSettlement();
    const { bill } = facts.input.visit;
    if (bill.kind !== 'charges') throw new Error('the published stay has charge lines');
    const charges = bill.charges.slice(1);
    const visit = { ...facts.input.visit, bill: { ...bill, charges } };
    const refused = await renderStatement({ ...facts, input: { ...facts.input, visit } }, fonts);
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'document-does-not-foot' } });
  });

  it('is not made when the tenders are not what is due', async () => {
    const facts = await publishedSettlement();
    const refused = await renderStatement({ ...facts, tenders: [] }, fonts);
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'document-does-not-foot' } });
  });
});

describe('the document maker', () => {
  it('makes statements in a thread of its own, several at once', async () => {
    const maker = startDocumentMaker();
    await maker.prepare();
    const facts = await publishedSettlement();
    const made = await Promise.all([
      maker.statement(facts),
      maker.statement({ ...facts, copyNumber: 1 }),
      maker.statement({ ...facts, tenders: [] }),
    ]);
    expect(made.map(({ ok }) => ok)).toEqual([true, true, false]);
    const [first, second] = made;
    if (!first.ok || !second.ok) throw new Error('not made');
    expect(textOf(first.value.pdf)).not.toContain('补打');
    expect(textOf(second.value.pdf)).toContain('补打 第1次');
    await maker.close();
    // Closed and wanted again, it starts again.
    expect((await maker.statement(facts)).ok).toBe(true);
    await maker.close();
  });
});

function figures(text: string): readonly number[] {
  return text
    .trim()
    .split(/\s+/)
    .map((amount) => Math.round(Number(amount.replaceAll(',', '')) * 100));
}
