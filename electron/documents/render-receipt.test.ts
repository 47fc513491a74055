import { inflateSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { printerModels } from '../../drivers/receipt-printer/models.ts';
import type { PrinterModel } from '../../drivers/receipt-printer/port.ts';
import {
  noFaults,
  simulatedPrinter,
  type SimulatedSheet,
} from '../../drivers/receipt-printer/simulator/simulated-printer.ts';
import { fen } from '../../shared/money/fen.ts';
import type { DocumentFacts } from './document-facts.ts';
import { loadPaperFonts } from './paper-fonts.ts';
import { receiptPng } from './receipt-picture.ts';
import { renderReceipt } from './render-receipt.ts';
import { publishedSettlement } from './testing/published-settlement.ts';

function model(name: string): PrinterModel {
  const found = printerModels.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no model ${name}`);
  return found;
}

/** What comes out of a printer that reads the bytes on its own. */
function printed(facts: DocumentFacts, name = 'generic-80'): SimulatedSheet {
  const slip = renderReceipt(facts, model(name));
  if (!slip.ok) throw new Error(slip.refusal.message.en);
  const sheets: SimulatedSheet[] = [];
  const printer = simulatedPrinter({
    answer: () => undefined,
    faults: noFaults(),
    onSheet: (sheet) => sheets.push(sheet),
  });
  printer.receive(slip.value.bytes);
  printer.endOfConnection();
  expect(sheets).toHaveLength(1);
  const [sheet] = sheets;
  if (sheet === undefined) throw new Error('nothing was printed');
  expect(sheet.unreadable).toEqual([]);
  return sheet;
}

const textOf = (sheet: SimulatedSheet): string => sheet.lines.join('\n');

describe('the slip', () => {
  it('says who, every step, what the patient pays in figures and capitals, and where to ask', async () => {
    const sheet = printed(await publishedSettlement());
    expect(sheet.wasCut).toBe(true);
    expect(sheet.lines).toMatchSnapshot();
  });

  it('shows a step that paid nothing', async () => {
    const text = textOf(printed(await publishedSettlement()));
    for (const name of ['大病保险', '扶贫特惠保', '政府兜底']) {
      expect(text).toMatch(new RegExp(`^${name} +0\\.00$`, 'm'));
    }
  });

  it.each(printerModels.map(({ name, columns }) => [name, columns] as const))(
    'fits the paper of %s',
    async (name, columns) => {
      const sheet = printed(await publishedSettlement({ name: '欧阳建国' }), name);
      for (const line of sheet.lines) expect(halfWidths(line)).toBeLessThanOrEqual(columns);
      expect(textOf(sheet)).toContain('14,904.00');
      expect(textOf(sheet)).toContain('壹仟叁佰伍拾捌元整');
    },
  );

  it('keeps the patient from strangers: name and number are masked', async () => {
    const facts = await publishedSettlement({ name: '赵一鸣' });
    const text = textOf(printed(facts));
    expect(text).toContain('赵*鸣');
    expect(text).not.toContain('赵一鸣');
    expect(text).not.toContain(facts.input.person.idNumber);
    expect(text).toMatch(/\d{6}\*{8}\d{3}[\dX]/);
  });

  it.each([
    ['王小𠮷', '王*𠮷'],
    ['王小𫚉', '王*𫚉'],
    ['䶮三', '䶮*'],
  ])('prints the rare name %s as %s, and no question mark', async (name, masked) => {
    const sheet = printed(await publishedSettlement({ name }));
    expect(textOf(sheet)).toContain(masked);
    expect(textOf(sheet)).not.toContain('?');
    expect(Buffer.from(sheet.bytes).includes('?')).toBe(false);
  });

  it('marks what a small font lacks and says which character it was', async () => {
    const text = textOf(printed(await publishedSettlement({ name: '王小𠮷' }), 'gbk-80'));
    expect(text).toContain('王*〓');
    expect(text).toContain('〓 为打印机字库没有的字：U+20BB7');
  });

  it('marks a copy, a cancelled settlement and practice at the head and at the foot', async () => {
    const facts = { demo: true, copyNumber: 2, cancelled: true };
    const text = textOf(printed(await publishedSettlement({ facts })));
    for (const mark of ['演示数据，不作任何凭据', '补打 第2次', '该结算已取消']) {
      expect(text.split(mark)).toHaveLength(3);
    }
  });

  it('carries no mark on an original of a live folder', async () => {
    expect(textOf(printed(await publishedSettlement()))).not.toMatch(/补打|演示|取消/);
  });

  it('shows what is given back when the deposit was more than due', async () => {
    const text = textOf(printed(await publishedSettlement({ depositFen: 200_000 })));
    expect(text).toMatch(/预交金 +2,000\.00/);
    expect(text).toMatch(/应退 +642\.00/);
    expect(text).toMatch(/退现金 +642\.00/);
    expect(text).not.toContain('应补');
  });

  it('is not made when the stored amounts do not add up', async () => {
    const facts = await publishedSettlement();
    const [first, ...others] = facts.result.shares;
    if (first === undefined) throw new Error('no shares');
    const shares = [{ ...first, amountFen: fen(first.amountFen + 1) }, ...others];
    const wrong = { ...facts, result: { ...facts.result, shares } };
    expect(renderReceipt(wrong, model('generic-80'))).toMatchObject({
      ok: false,
      refusal: { code: 'document-does-not-foot' },
    });
  });

  it('takes a name for what it is, whatever characters it has', async () => {
    const sheet = printed(await publishedSettlement({ name: '{a|"\n^~_`\\}' }));
    expect(textOf(sheet)).toContain('{*********}');
  });

  it('is a picture too', async () => {
    const slip = renderReceipt(await publishedSettlement({ name: '王小𠮷' }), model('generic-80'));
    expect(slip.ok && slip.value.svg).toMatch(/^<svg [^]*𠮷[^]*<\/svg>\s*$/);
  });
});

describe('the picture of a slip', () => {
  const fonts = loadPaperFonts();

  /** Rows of grey, 0 black to 255 white, read back from the file: the black and white are grey alike. */
  function pixels(png: Uint8Array): { width: number; rows: readonly Uint8Array[] } {
    const file = Buffer.from(png);
    expect(file.subarray(1, 4).toString()).toBe('PNG');
    const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
    expect([...file.subarray(24, 26)]).toEqual([8, 6]);
    const parts: Buffer[] = [];
    for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
      if (file.toString('latin1', at + 4, at + 8) !== 'IDAT') continue;
      parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
    }
    const raw = inflateSync(Buffer.concat(parts));
    let above = new Uint8Array(width * 4);
    const rows = Array.from({ length: height }, (_, y) => {
      const start = y * (width * 4 + 1);
      above = unfiltered(raw[start] ?? 0, raw.subarray(start + 1, start + 1 + width * 4), above);
      return above.filter((_, at) => at % 4 === 0);
    });
    return { width, rows };
  }

  /** A row as it was before it was filtered (PNG, chapter 9), four bytes a pixel. */
  function unfiltered(filter: number, row: Uint8Array, above: Uint8Array): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(row.length);
    for (const [at, value] of row.entries()) {
      const a = out[at - 4] ?? 0;
      const b = above[at] ?? 0;
      const c = above[at - 4] ?? 0;
      const guesses = [0, a, b, (a + b) >> 1, nearest(a + b - c, [a, b, c])];
      out[at] = value + (guesses[filter] ?? 0);
    }
    return out;
  }

  const nearest = (wanted: number, values: readonly number[]): number =>
    values.reduce((best, value) =>
      Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best,
    );

  async function picture(facts: Partial<DocumentFacts>, name = '王小𠮷') {
    const slip = renderReceipt(await publishedSettlement({ facts, name }), model('generic-80'));
    if (!slip.ok) throw new Error(slip.refusal.message.en);
    return pixels(await receiptPng(slip.value.svg, fonts));
  }

  const darkest = (rows: readonly Uint8Array[]): number =>
    Math.max(...rows.map((row) => row.filter((grey) => grey < 128).length / row.length));

  it('is as wide as the paper, black on white', async () => {
    const { width, rows } = await picture({});
    expect(width).toBe(576);
    const ink = rows.reduce((sum, row) => sum + row.filter((grey) => grey < 128).length, 0);
    expect(ink / (width * rows.length)).toBeGreaterThan(0.02);
    expect(ink / (width * rows.length)).toBeLessThan(0.2);
  });

  it('shows marks white on black', async () => {
    const plain = await picture({});
    const marked = await picture({ demo: true });
    expect(marked.rows.length).toBeGreaterThan(plain.rows.length);
    // The only full lines of an original are its thin rules.
    const block = (rows: readonly Uint8Array[]): number =>
      rows.filter((row) => row.subarray(150, 400).filter((grey) => grey < 128).length > 150).length;
    expect(block(marked.rows) - block(plain.rows)).toBeGreaterThan(20);
    expect(darkest(marked.rows)).toBeLessThanOrEqual(1);
  });

  it('draws a rare character', async () => {
    const rare = await picture({});
    const common = await picture({}, '王小吉');
    expect(rare.rows.length).toBe(common.rows.length);
    expect(rare.rows.some((row, y) => !Buffer.from(row).equals(common.rows[y] ?? row))).toBe(true);
  });
});

function halfWidths(line: string): number {
  return Array.from(line).reduce((width, character) => width + (character < '\u0080' ? 1 : 2), 0);
}
