import { fen, fenMax, type Fen } from '../../../../shared/money/fen.ts';
import type { FoundReturn, ReadReturn, ReturnLine, UnfitLine } from '../../returns.ts';
import { digestOf, recordsOf, type FileHash, type FileRecord } from './records.ts';

type Answers = Extract<ReadReturn, { kind: 'answers' }>;

/**
 * What a return file says. Its trailer proves it: another count, sum or digest than its lines have, a header of another
 * file, or a line's end that is missing, and none of it counts.
 */
export async function readReturnFile(
  { name, content }: FoundReturn,
  hash: FileHash,
): Promise<ReadReturn> {
  const whole = (field: string | null, said: string, ours: string): ReadReturn => ({
    kind: 'unreadable',
    unfit: [{ line: null, field, said: said.slice(0, textMost), ours }],
  });
  const read = recordsOf(content);
  if (read === null) return whole(null, '不是完整的 UTF-8 文本，最后一行不完整', 'UTF-8');
  const { records, proved } = read;
  const [header, trailer] = [records[0]?.fields ?? [], records.at(-1)?.fields ?? []];
  if (header[0] !== 'HDR' || header[1] !== '1' || header.length !== 4)
    return whole('HDR', header.join('|'), 'HDR|1|ANSWERS|…');
  if (header[3] !== name) return whole('HDR.name', header[3] ?? '', name);
  if (trailer[0] !== 'TRL' || trailer.length !== 5)
    return whole('TRL', trailer.join('|'), 'TRL|lines|sum|hash|digest');
  const lines = String(records.length - 1);
  if (trailer[1] !== lines) return whole('TRL.lines', trailer[1] ?? '', lines);
  if (trailer[3] !== hash) return whole('TRL.hash', trailer[3] ?? '', hash);
  const digest = await digestOf(hash, proved);
  if (trailer[4] !== digest) return whole('TRL.digest', trailer[4] ?? '', digest);
  if (header[2] === 'REMITTANCE') return { kind: 'remittance' };
  if (header[2] !== 'ANSWERS') return whole('HDR.kind', header[2] ?? '', 'ANSWERS');
  const answers = linesOf(records.slice(1, -1));
  const sum = String(approvedIn(records));
  return trailer[2] === sum ? answers : whole('TRL.sum', trailer[2] ?? '', sum);
}

/** No payer's words are longer in a list. */
const textMost = 500;

/** What the file's own lines approve, fit or not: that is what its trailer speaks of. */
function approvedIn(records: readonly FileRecord[]): number {
  return records.reduce((sum, { fields: [kind, , , , approved] }) => {
    const amount = kind === 'ACC' || kind === 'PAR' ? amountOf(approved) : null;
    return sum + (amount ?? 0);
  }, 0);
}

function linesOf(records: readonly FileRecord[]): Answers {
  const lines: ReturnLine[] = [];
  const unfit: UnfitLine[] = [];
  for (const [at, record] of records.entries()) {
    if (record.fields[0] === 'PIT') {
      if (partOf(records, at) === undefined)
        unfit.push({ line: record.line, field: 'PIT', said: record.fields.join('|'), ours: '' });
      continue;
    }
    const read = lineOfRecord(record, itemsAfter(records, at));
    if ('about' in read) lines.push(read);
    else unfit.push(read);
  }
  return { kind: 'answers', lines, unfit };
}

/** The items that a part leaves out follow its line. */
function itemsAfter(records: readonly FileRecord[], at: number): readonly FileRecord[] {
  const items: FileRecord[] = [];
  for (const each of records.slice(at + 1)) {
    if (each.fields[0] !== 'PIT') break;
    items.push(each);
  }
  return items;
}

function partOf(records: readonly FileRecord[], at: number): FileRecord | undefined {
  const before = records.slice(0, at).findLast(({ fields }) => fields[0] !== 'PIT');
  return before?.fields[0] === 'PAR' ? before : undefined;
}

const lengths: Readonly<Record<string, number>> = {
  ...{ ACK: 5, NAK: 6, ACC: 6, REJ: 6, PAR: 8 },
};

function lineOfRecord(record: FileRecord, items: readonly FileRecord[]): ReturnLine | UnfitLine {
  const { line, fields } = record;
  const [kind = '', first = '', second = '', third, fourth, fifth = '', sixth = '', seventh = ''] =
    fields;
  const wrong = (field: string, said = '', ours = ''): UnfitLine => ({
    ...{ line, field, said: said.slice(0, textMost), ours },
  });
  const length = lengths[kind];
  if (length === undefined) return wrong('kind', kind, 'ACK NAK ACC REJ PAR');
  if (fields.length !== length)
    return wrong(kind, `${String(fields.length)} fields`, String(length));
  if (kind === 'ACK' || kind === 'NAK') {
    const [claims, claimedFen] = [countOf(second), amountOf(third)];
    if (claims === null) return wrong(`${kind}.claims`, second);
    if (claimedFen === null) return wrong(`${kind}.claimed`, third);
    const about = { line, about: 'file' as const, sentWith: first, claims, claimedFen };
    if (kind === 'ACK')
      return { ...about, answer: { kind: 'acknowledged', reference: showable(fourth ?? '') } };
    const problem = { code: showable(fourth ?? ''), words: showable(fifth) };
    return { ...about, answer: { kind: 'rejected', problem, namesIt: true } };
  }
  const claimedFen = amountOf(third);
  if (claimedFen === null) return wrong(`${kind}.claimed`, third);
  const about = {
    ...{ line, about: 'claim' as const, claimId: first, messageId: second, claimedFen },
  };
  if (kind === 'REJ') {
    const problem = { code: showable(fourth ?? ''), words: showable(fifth) };
    if (problem.code === '') return wrong('REJ.code');
    return { ...about, answer: { kind: 'rejected', problem, namesIt: true } };
  }
  const approvedFen = amountOf(fourth);
  if (approvedFen === null) return wrong(`${kind}.approved`, fourth);
  const reference = showable(fifth);
  if (reference === '') return wrong(`${kind}.reference`);
  if (kind === 'ACC') return { ...about, answer: { kind: 'accepted', reference, approvedFen } };
  const refusedItems = [];
  for (const { fields: item } of items) {
    const position = countOf(item[2] ?? '');
    if (item.length !== 5 || item[1] !== first || position === null || position === 0)
      return wrong('PAR.items', item.join('|'), `PIT|${first}|…`);
    const problem = { code: showable(item[3] ?? ''), words: showable(item[4] ?? '') };
    refusedItems.push({ position: position - 1, problem });
  }
  const problem = { code: 'partially-accepted', words: showable(`${sixth} ${seventh}`) };
  return { ...about, answer: { kind: 'partial', reference, approvedFen, problem, refusedItems } };
}

/** A whole number of fen, written plainly. */
function amountOf(text: string | undefined): Fen | null {
  const amount = countOf(text ?? '');
  return amount === null || amount > fenMax ? null : fen(amount);
}

const countOf = (text: string): number | null =>
  /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : null;

/** A text of the other side as it may stand in lists: what steers a screen becomes a space, the rest is cut. */
const showable = (text: string): string =>
  text
    .slice(0, textMost)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .toWellFormed()
    .trim();
