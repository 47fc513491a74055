/** A calendar day in Asia/Shanghai, `YYYY-MM-DD`. */
export type Day = string;

/** Whether it is written as a day and there is such a day. */
export function isDay(written: string): boolean {
  const date = new Date(`${written}T00:00:00Z`);
  // Some days that do not exist become the next one that does.
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === written;
}
