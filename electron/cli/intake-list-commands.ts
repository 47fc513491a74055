import { extname } from 'node:path';

import { z } from 'zod';

import { intakeLists } from '../../shared/contracts/intake-lists.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import { waitsFor, waitsFrom } from '../database/waiting-bills.ts';
import {
  ageingDays,
  countAgeing,
  listAgeing,
  type AgeingQuestion,
} from '../intake-lists/ageing.ts';
import { exportList } from '../intake-lists/export-list.ts';
import { listFormats } from '../intake-lists/list-file.ts';
import { agedBillRow } from '../intake-lists/masked-rows.ts';
import { commandRefusal } from './command-refusals.ts';
import { wrongUse } from './command-of-acts.ts';
import {
  callerIn,
  done,
  refusedWith,
  textOption,
  type Command,
  type CommandCall,
} from './command.ts';
import { incomingFolderOf } from './incoming-folder.ts';
import { writeOut } from './write-out.ts';

const ageingOptions = {
  from: { type: 'string' },
  for: { type: 'string' },
  days: { type: 'string' },
} as const;

/** Bills that came and are not settled: how long each waits, and who has to act. */
export const ageingCommand: Command = {
  name: 'ageing',
  usage:
    '[--from discharge|arrival] [--for blocked|question|nobody-came] [--days 1|3|7|30] [--as USER]',
  options: ageingOptions,
  words: [0, 0],
  roles: ['supervisor', 'it-clerk', 'auditor'],
  usual: 'clerk1',
  folder: 'opened',
  run: async (call, services) => {
    const asked = ageingIn(call);
    if (asked === null) return wrongUse(ageingCommand);
    const page = { after: null, limit: billsListedMax + 1 };
    const bills = await listAgeing(services, asked, page);
    return done({
      counts: (await countAgeing(services, asked.from)).map(({ waitsFor: who, all, atLeast }) => ({
        ...{ waitsFor: who, all },
        days: Object.fromEntries(ageingDays.map((days, at) => [days, atLeast[at] ?? 0])),
      })),
      bills: bills
        .slice(0, billsListedMax)
        .map(agedBillRow)
        .map(({ totalFen, ...bill }) => ({
          ...bill,
          total: totalFen === null ? null : yuanTextFromFen(totalFen),
        })),
      more: bills.length > billsListedMax,
    });
  },
};

/** A whole list of the page of intake as a file. */
export const exportListCommand: Command = {
  name: 'export-list',
  usage: `${intakeLists.join('|')} --out FILE.csv|FILE.xlsx [--language zh|en] [--from …] [--for …] [--days …] [--as USER]`,
  options: { ...ageingOptions, out: { type: 'string' }, language: { type: 'string' } },
  words: [1, 1],
  roles: ['supervisor', 'it-clerk', 'auditor'],
  usual: 'clerk1',
  folder: 'opened',
  run: async (call, services, callers) => {
    const list = intakeLists.find((each) => each === call.words[0]);
    const out = textOption(call, 'out');
    const language = z.enum(['zh', 'en']).safeParse(textOption(call, 'language') ?? 'zh');
    const ageing = ageingIn(call);
    if (list === undefined || out === undefined || ageing === null || !language.success)
      return wrongUse(exportListCommand);
    const ending = extname(out).toLowerCase().slice(1);
    const format = listFormats.find((each) => each === ending);
    if (format === undefined)
      return refusedWith(
        commandRefusal('wrong-file-ending', { file: out, endings: '.csv, .xlsx' }),
      );
    const exported = await exportList(
      { ...services, exchange: await incomingFolderOf(services) },
      {
        ...{ list, format, language: language.data, by: callerIn(callers).userId },
        ...(list === 'ageing' ? { ageing } : {}),
      },
    );
    if (!exported.ok) return refusedWith(exported.refusal);
    const { bytes, rows } = exported.value;
    const written = await writeOut(call.path(out), bytes);
    return written.ok ? done({ list, file: out, rows }) : refusedWith(written.refusal);
  },
};

/** As many as anybody reads on a command line. */
const billsListedMax = 1000;

const asked = z.object({
  from: z.enum(waitsFrom).default('discharge'),
  waitsFor: z.enum(waitsFor).nullable(),
  daysAtLeast: z
    .enum(ageingDays.map(String))
    .transform((text) => ageingDays.find((days) => String(days) === text) ?? null)
    .nullable(),
});

/** Which bills are asked for; null: what was written is none of what may be. */
function ageingIn(call: CommandCall): AgeingQuestion | null {
  const read = asked.safeParse({
    from: textOption(call, 'from'),
    waitsFor: textOption(call, 'for') ?? null,
    daysAtLeast: textOption(call, 'days') ?? null,
  });
  return read.success ? read.data : null;
}
