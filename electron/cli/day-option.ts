import { wrongUsage } from './command.ts';

/** A business date on the command line that is no day. */
export const notABusinessDate = (said: string) =>
  wrongUsage(
    `--business-date 要写成 2017-11-27 这样的日期，不能是 ${said}。`,
    `Write --business-date as a day such as 2017-11-27, not ${said}.`,
  );
