import iconv from 'iconv-lite';
import { transform, type Printer } from 'receiptline';

import type { PrinterModel } from './port.ts';

/** A slip laid out for one model of printer. */
export type LaidOutSlip = {
  /** What goes to the printer, cut included. */
  readonly bytes: Uint8Array;
  /** The same slip as a picture. */
  readonly svg: string;
};

/** Stands for a character the printer's font does not have; typesetters call it a geta. */
export const missingCharacterMark = '〓';

/**
 * Lays a slip out. `source` is ReceiptLine text whose variable parts went through `slipText`. Throws a
 * `RangeError` when a character cannot be written in GB 18030: it would come out as a question mark.
 */
export function layoutSlip(source: string, model: PrinterModel): LaidOutSlip {
  for (const character of source) {
    if (!isPrintable(character, model)) {
      const code = character.codePointAt(0)?.toString(16).toUpperCase() ?? '';
      throw new RangeError(`the printer cannot print U+${code}`);
    }
  }
  const common = { cpl: model.columns, encoding: 'gb18030', spacing: true } as const;
  // Without a cutter the paper is torn off above the head: the last lines must be past it.
  const text = model.cutter ? source : `${source}\n\n\n\n`;
  const commands: Printer = {
    ...common,
    command: model.commands === 'epson' ? 'escpos' : 'generic',
    cutting: model.cutter,
  };
  const bytes = Buffer.from(transform(text, commands), 'latin1');
  return {
    bytes: withoutStatusRequest(bytes),
    svg: transform(source, { ...common, command: 'svg' }),
  };
}

/**
 * A piece of text as it may stand in a slip: characters with a meaning in ReceiptLine are escaped, control
 * characters become spaces, and what the printer's font lacks is marked.
 */
export function slipText(text: string, model: PrinterModel): string {
  let safe = '';
  for (const character of text) {
    if (!isPrintable(character, model)) safe += missingCharacterMark;
    else if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(character)) safe += ' ';
    else safe += /[\\|{}~_"`^]/.test(character) ? `\\${character}` : character;
  }
  return safe;
}

/** The characters of a text that this model cannot print, each once. */
export function missingCharacters(text: string, model: PrinterModel): readonly string[] {
  return [...new Set(text)].filter((character) => !isPrintable(character, model));
}

function isPrintable(character: string, model: PrinterModel): boolean {
  if (character < '\u0080') return true;
  const encoded = iconv.encode(character, 'gb18030');
  if (iconv.decode(encoded, 'gb18030') !== character) return false;
  return encoded.length <= 2 || model.fourByteCharacters;
}

/**
 * The layout ends with a question for the paper's status (GS r 1). Asking is the driver's business: it
 * alone knows who waits for the answer.
 */
function withoutStatusRequest(bytes: Buffer): Uint8Array {
  const [command, letter, parameter] = bytes.subarray(-3);
  const isRequest = command === 0x1d && letter === 0x72 && (parameter === 1 || parameter === 0x31);
  if (!isRequest) throw new Error('a slip that does not end as slips end');
  return Uint8Array.from(bytes.subarray(0, -3));
}
