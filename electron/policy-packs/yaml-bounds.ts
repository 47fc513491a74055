import { Lexer } from 'yaml';

/** Lists and tables in each other on one line; the program's own packs have three. */
const depthMax = 32;
/** Pieces a text is read in: twice what the largest of the program's own has. */
const piecesMax = 40_000;
/** Commas and brackets where none can stand; a text with so many is none that somebody mistyped. */
const strayMax = 20;

/**
 * Where a text is none that anybody reads as YAML, before it is parsed: nested too deep, cut into too many pieces, or full of
 * brackets and commas without anything in them. Parsing such a text takes the square of its length, seconds for a file that
 * is as large as a pack, and the desk waits meanwhile; this takes a moment. The place in the text; null: it can be parsed.
 */
export function placeBeyondBounds(text: string): number | null {
  let place = 0;
  let pieces = 0;
  let flow = 0;
  let inLine = 0;
  let stray = 0;
  let before = '';
  for (const piece of new Lexer().lex(text)) {
    pieces += 1;
    if (piece === '\n' || piece === '\r\n') inLine = 0;
    if (piece === '-' || piece === '?' || piece === ':') inLine += 1;
    if (piece === '[' || piece === '{') flow += 1;
    if (piece === ']' || piece === '}') {
      flow -= 1;
      if (flow < 0) {
        flow = 0;
        stray += 1;
      }
    }
    if (piece === ',' && (before === ',' || before === '[' || before === '{')) stray += 1;
    if (!/^\s*$/.test(piece)) before = piece;
    if (flow > depthMax || inLine > depthMax + flowPairsMax || stray > strayMax) return place;
    if (pieces > piecesMax) return place;
    if (!isSign(piece)) place += piece.length;
  }
  return null;
}

/** In a table that is written on one line each entry has a colon. */
const flowPairsMax = 200;

/** What the lexer adds and the text does not hold. */
const isSign = (piece: string): boolean =>
  piece === '\u0002' || piece === '\u0018' || piece === '\u001f';
