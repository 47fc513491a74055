import type { CellKind } from './csv-columns.ts';

/**
 * The value of a cell that is not empty. Nothing is refused here: what does not fit stays as it is written, and
 * the Visit JSON's own checks name what is wrong with it.
 */
export function valueOfCell(kind: CellKind, text: string): unknown {
  switch (kind) {
    case 'text':
      return text;
    case 'whole':
      return /^\d{1,9}$/.test(text) ? Number(text) : text;
    case 'yes-no':
      return yesOrNo(text);
    case 'words':
      return wordsOf(text);
    case 'diagnoses':
      return wordsOf(text).map((word) => ({ ...codeAndRest(word, 'name'), principal: false }));
    case 'procedures':
      return wordsOf(text).map(procedureOf);
    case 'blockers':
      return wordsOf(text).map((word) => codeAndRest(word, 'text'));
    case 'categories':
      return wordsOf(text).map(categoryOf);
    case 'amounts':
      return Object.fromEntries(wordsOf(text).map(splitAtEquals));
    case 'steps':
      return Object.fromEntries(wordsOf(text).map(stepOf));
  }
}

/** `STEP=PAID`, or `STEP=PAID/BASE/DEDUCTIBLE/SELFPAY`; a figure that is not there is missing, one too many has no name. */
function stepOf(word: string): [string, unknown] {
  const [step, figures] = splitAtEquals(word);
  if (!figures.includes('/')) return [step, figures];
  const [paid, base, deductible, selfPay, ...more] = figures.split('/').map((each) => each.trim());
  const named = { base, deductible, paid, selfPay };
  return [step, more.length === 0 ? named : { ...named, more: more.join('/') }];
}

function yesOrNo(text: string): unknown {
  if (['是', 'true', '1'].includes(text.toLowerCase())) return true;
  if (['否', 'false', '0'].includes(text.toLowerCase())) return false;
  return text;
}

function wordsOf(text: string): string[] {
  return text
    .split(/[;；]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function codeAndRest(word: string, rest: 'name' | 'text'): Record<string, string> {
  const space = word.search(/\s/);
  if (space < 0) return { code: word };
  return { code: word.slice(0, space), [rest]: word.slice(space).trim() };
}

function procedureOf(word: string): Record<string, string> {
  const [named = '', on] = word.split('@');
  return { ...codeAndRest(named, 'name'), ...(on === undefined ? {} : { on }) };
}

function categoryOf(word: string): unknown {
  const [name = '', dates] = word.split('@');
  if (dates === undefined) return name;
  const [from = '', until = ''] = dates.split('~');
  return { name, ...(from === '' ? {} : { from }), ...(until === '' ? {} : { until }) };
}

function splitAtEquals(word: string): [string, string] {
  const equals = word.indexOf('=');
  return equals < 0 ? [word, ''] : [word.slice(0, equals).trim(), word.slice(equals + 1).trim()];
}
