/** China keeps one offset all year. */
const offsetMs = 8 * 60 * 60 * 1000;

/** An instant as the clock on the wall: `14:03:22.123`. */
export function clockTime(instant: string): string {
  return inShanghai(instant).slice(11, 23);
}

/** An instant with its day: `11-23 14:03:22`. */
export function dayAndTime(instant: string): string {
  return inShanghai(instant).slice(5, 19).replace('T', ' ');
}

/** An instant as a list shows it, to the minute: `11-23 14:03`. */
export function dayAndMinute(instant: string): string {
  return dayAndTime(instant).slice(0, 11);
}

function inShanghai(instant: string): string {
  return new Date(new Date(instant).getTime() + offsetMs).toISOString();
}
