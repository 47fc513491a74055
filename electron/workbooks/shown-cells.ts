import { xmlTags, type XmlTag } from './xml-tags.ts';

/** Why nobody who opens the workbook sees what stands in a cell. */
export type HiddenBy = 'row' | 'column' | 'format';

/** What a sheet shows of its cells. */
export type ShownCells = {
  /** Null: it is seen as it is. */
  hiddenBy(cell: {
    readonly isInHiddenRow: boolean;
    readonly column: number;
    readonly style: number;
    readonly kind: 'text' | 'number';
    readonly text: string;
  }): HiddenBy | null;
};

/** Of a sheet in its workbook: `styles` is the part that has the formats, where there is one. */
export function shownCells(sheet: string, styles: string | null): ShownCells {
  const columns = hiddenColumnsOf(sheet);
  const formats = styles === null ? [] : formatsOf(styles);
  return {
    hiddenBy({ isInHiddenRow, column, style, kind, text }) {
      if (isInHiddenRow) return 'row';
      if (columns.some(({ first, last }) => first <= column && column <= last)) return 'column';
      const format = formats[style] ?? null;
      if (format === null) return null;
      const isShown = kind === 'text' ? showsText(format) : showsFigure(format, Number(text));
      return isShown ? null : 'format';
    },
  };
}

/** Whether a row or a column is hidden: said so, or made so low or narrow that nothing is seen. */
export function isHidden({ attributes }: XmlTag): boolean {
  if (/^(?:1|true)$/.test(attributes.get('hidden') ?? '')) return true;
  const size = attributes.get('ht') ?? attributes.get('width');
  return size !== undefined && Number(size) === 0;
}

function hiddenColumnsOf(sheet: string): readonly { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  for (const tag of xmlTags(sheet)) {
    if (tag.name === 'sheetData' && tag.depth === 1) break;
    if (tag.name !== 'col' || tag.kind === 'close' || tag.depth !== 2 || !isHidden(tag)) continue;
    const first = Number(tag.attributes.get('min')) - 1;
    const last = Number(tag.attributes.get('max')) - 1;
    found.push({ first, last });
  }
  return found;
}

/** The format of each style that has one of its own; those that Excel has by itself show what there is. */
function formatsOf(styles: string): readonly (string | null)[] {
  const own = new Map<string, string>();
  const formats: (string | null)[] = [];
  let list = '';
  for (const { name, kind, depth, attributes } of xmlTags(styles)) {
    if (depth === 1) list = kind === 'open' ? name : '';
    if (depth !== 2 || kind === 'close') continue;
    if (list === 'numFmts' && name === 'numFmt')
      own.set(attributes.get('numFmtId') ?? '', attributes.get('formatCode') ?? '');
    if (list === 'cellXfs' && name === 'xf')
      formats.push(own.get(attributes.get('numFmtId') ?? '0') ?? null);
  }
  return formats;
}

/** A section of a format: what of it stands for the figure, and the letters it shows besides. */
type Section = { readonly code: string; readonly literal: string };

/** The sections of a format: for what is above zero, below it, zero, and for texts. */
function sectionsOf(format: string): readonly Section[] {
  const sections: { code: string; literal: string }[] = [{ code: '', literal: '' }];
  const part = /"([^"]*)"?|\\(.)|[_*](.)|\[([^\]]*)\]|(;)|([^])/gu;
  for (const [, quoted, escaped, , inBrackets, end, plain] of format.matchAll(part)) {
    const section = sections.at(-1);
    if (end !== undefined) sections.push({ code: '', literal: '' });
    else if (section === undefined) continue;
    else if (inBrackets !== undefined) {
      // Hours that go on counting; a colour, a condition or a currency stands for nothing of the figure.
      if (/^[hms]+$/i.test(inBrackets)) section.code += inBrackets;
      else section.literal += /^\$([^-]*)/.exec(inBrackets)?.[1] ?? '';
    } else {
      section.code += plain ?? '';
      section.literal += (quoted ?? '') + (escaped ?? '');
    }
  }
  return sections;
}

const hasCondition = (format: string): boolean => /\[[<>=]/.test(format);

/** Whether a figure is seen as it is, but for the decimals that are left out and what is written around it. */
function showsFigure(format: string, value: number): boolean {
  const sections = sectionsOf(format).slice(0, 3);
  const [positive] = sections;
  if (positive === undefined) return true;
  if (hasCondition(format)) return sections.every(showsFigures);
  if (value < 0) return showsFigures(sections[1] ?? positive);
  // Nothing in the place of a zero is a usual way to write it.
  const zero = sections[2];
  if (value === 0) return zero === undefined ? showsFigures(positive) : !/\d/.test(literalOf(zero));
  return showsFigures(positive);
}

const literalOf = ({ code, literal }: Section): string =>
  // A figure that is no zero stands for itself, whatever is in the cell.
  literal + code.replaceAll(/[^1-9]/g, '');

function showsFigures(section: Section): boolean {
  const { code } = section;
  if (/\d/.test(literalOf(section))) return false;
  if (/general/i.test(code) || /[ymdhs@]/i.test(code)) return true;
  // A comma behind the last place leaves three of them out.
  return /[0#?]/.test(code) && !/[0#?],+(?:[^0#?,]|$)/.test(code);
}

/** Whether a text is seen: a section for texts shows it by `@`, and one that is empty hides it. */
function showsText(format: string): boolean {
  const sections = sectionsOf(format);
  const own = sections[3] ?? (sections.length === 1 ? sections[0] : undefined);
  if (own === undefined) return true;
  if (own.code.includes('@')) return !/\d/.test(own.literal);
  // The only section is for figures, unless it stands for none at all.
  return sections.length === 1 && (/[0#?]|general|[ymdhs]/i.test(own.code) || format === '');
}
