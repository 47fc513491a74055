import type { UserTable } from '../database/user-tables.ts';
import { demoUsers } from './users.ts';

/** What a user's id may be: what fits on a badge and on a keyboard of any country. */
const idPattern = /^[a-z0-9][a-z0-9._-]{0,31}$/;

/** Ids under which the program itself stands in the books. */
const ofTheProgram: ReadonlySet<string> = new Set([
  'program',
  'intake',
  'nightly-backup',
  'window',
  'system',
]);

/** Who is meant where nobody has that id. */
export const nobody = 'nobody';

/** Longer is not looked at: no id and no name is. */
const lookedAtMax = 200;

/** The id a text means, or null where none can be it: `ｃ001`, ` C001 ` and `c001` are one. */
export function readUserId(text: string): string | null {
  if (text.length > lookedAtMax) return null;
  const id = text.normalize('NFKC').trim().toLowerCase();
  return idPattern.test(id) ? id : null;
}

/**
 * A name as it is printed, or null where it cannot be: blanks at the ends are gone, those within are one each; no
 * control characters, none that are invisible or turn the direction of the line, at most fifty characters.
 */
export function readUserName(text: string): string | null {
  if (text.length > lookedAtMax || !text.isWellFormed()) return null;
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(text)) return null;
  const name = text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ');
  const length = Array.from(name).length;
  return length >= 1 && length <= 50 && /[\p{L}]/u.test(name) ? name : null;
}

/** What two ids have in common that a tired eye takes for the same: `zhang1` and `zhangl`, `o2` and `02`. */
function looksLike(id: string): string {
  return id.replaceAll(/[._-]/g, '').replaceAll(/[1i]/g, 'l').replaceAll('0', 'o');
}

/** What two names have in common that are the same on paper. */
const printedAs = (name: string): string => name.replaceAll(/[\s·.]/g, '').toLowerCase();

/**
 * Why a new id cannot be given: somebody has it, or had it, or one that looks like it. The ids of the demo's users
 * stand in the books of folders from before there were users, and stay what they were.
 */
export function isIdTaken(id: string, others: readonly Pick<UserTable, 'id'>[]): boolean {
  if (ofTheProgram.has(id) || id === nobody) return true;
  const known = [...others.map((each) => each.id), ...demoUsers.map(({ userId }) => userId)];
  return known.some((each) => looksLike(each) === looksLike(id));
}

/** Whether somebody else who works here has this name: two cannot be told apart on paper. */
export function isNameTaken(
  name: string,
  others: readonly Pick<UserTable, 'name' | 'state'>[],
): boolean {
  return others.some((each) => each.state === 'active' && printedAs(each.name) === printedAs(name));
}
