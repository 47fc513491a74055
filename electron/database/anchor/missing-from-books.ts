import type { MissingFromBooks } from '../database-refusals.ts';
import { settlementNumber } from '../settlement-intents.ts';
import type { Remembered } from './anchor-file.ts';
import { isBehind, type AnchorRecord } from './anchor-record.ts';
import type { Books } from './look-at-books.ts';

/** What the anchor's file is called where it is spoken of. */
export const anchorName = 'settlement.anchor';

/**
 * What a folder remembers and its database does not hold: settlement numbers, changes, audit entries. Empty where
 * the database is as far as the anchor or ahead of it: a crash between a commit and its record leaves it so. `books`
 * is null where there is no database.
 */
export function missingFromBooks(
  { furthest }: Remembered,
  books: Books | null,
): readonly MissingFromBooks[] {
  if (books === null)
    return [noDatabase, ...(furthest === null ? [] : missingNumbers(furthest, {}))];
  const { own } = books;
  if (furthest === null) return own?.anchored === true ? [noAnchor] : [];
  const numbers = missingNumbers(furthest, books.days);
  if (own === null) return [olderTables(furthest), ...numbers];
  if (isBehind(own, furthest)) return [fewerUnits(own, furthest), ...numbers];
  const isOtherChain =
    own.generation === furthest.generation &&
    furthest.entries > 0 &&
    books.hashAsked !== furthest.head;
  return isOtherChain ? [otherChain(furthest), ...numbers] : numbers;
}

const noDatabase: MissingFromBooks = {
  about: 'settlement.db',
  text: {
    zh: '数据文件 settlement.db 不在或是空的',
    en: 'the data file settlement.db is gone or empty',
  },
};

const noAnchor: MissingFromBooks = {
  about: anchorName,
  text: {
    zh: `记录数据进度的文件 ${anchorName} 不在、不完整或不是本文件夹的，无法证明数据完整`,
    en: `${anchorName}, which remembers how far the data had come, is gone, cut or of another folder, so nothing proves that the data is complete`,
  },
};

const olderTables = ({ at }: AnchorRecord): MissingFromBooks => ({
  about: 'settlement.db',
  text: {
    zh: `数据文件是旧版本程序留下的，本文件夹记得的最后一次改动在 ${at}`,
    en: `the data file is one that an older program left; the last change this folder remembers was at ${at}`,
  },
});

const fewerUnits = (own: { readonly units: number }, furthest: AnchorRecord): MissingFromBooks => ({
  about: 'settlement.db',
  text: {
    zh: `数据文件停在第 ${String(own.units)} 次改动，本文件夹记得第 ${String(furthest.units)} 次（${furthest.at}）`,
    en: `the data file ends at change ${String(own.units)}, this folder remembers change ${String(furthest.units)} (${furthest.at})`,
  },
});

const otherChain = ({ entries }: AnchorRecord): MissingFromBooks => ({
  about: `audit ${String(entries)}`,
  text: {
    zh: `第 ${String(entries)} 条审计记录与本文件夹记得的不同`,
    en: `audit entry ${String(entries)} is not the one this folder remembers`,
  },
});

/** Settlement numbers of one day that were given and are not there. */
export type LostNumbers = MissingFromBooks & {
  readonly businessDate: string;
  readonly first: number;
  readonly last: number;
};

/** The numbers that were given by days remembered and are not in the books, by day. */
export function lostNumbers(
  remembered: Readonly<Record<string, number>>,
  days: Readonly<Record<string, number>>,
): readonly LostNumbers[] {
  const found = Object.entries(remembered).sort(([a], [b]) => (a < b ? -1 : 1));
  return found.flatMap(([businessDate, last]) => {
    const first = (days[businessDate] ?? 0) + 1;
    if (last < first) return [];
    const from = settlementNumber(businessDate, first);
    const until = settlementNumber(businessDate, last);
    const one = from === until;
    return [
      {
        about: one ? from : `${from} – ${until}`,
        text: {
          zh: one ? `结算单号 ${from} 不在` : `结算单号 ${from} 至 ${until} 不在`,
          en: one
            ? `settlement ${from} is not there`
            : `settlements ${from} to ${until} are not there`,
        },
        ...{ businessDate, first, last },
      },
    ];
  });
}

const missingNumbers = (
  { days }: AnchorRecord,
  there: Readonly<Record<string, number>>,
): readonly MissingFromBooks[] =>
  lostNumbers(days, there).map(({ about, text }) => ({ about, text }));
