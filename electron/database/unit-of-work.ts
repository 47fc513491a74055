import { programVersion } from '../base/program-version.ts';
import type { AuditKey } from './audit-key.ts';
import { aloneKeys, type HeldKeys } from './held-keys.ts';
import { touchedRows, type TouchedRows } from './row-marks.ts';

/** Which window writes, and by which version of the program; kept with what it settles, prints and audits. */
export type Window = { readonly id: string; readonly program: string };

/** What the repositories of one unit of work know of it. */
export type UnitOfWork = {
  readonly window: Window;
  readonly keys: HeldKeys;
  /** The last settlement number it gave on each day: remembered outside of the database with its commit. */
  readonly numbersGiven: Map<string, number>;
  /** What its audit entries are hashed with; null: a chain without a key. */
  readonly auditKey: AuditKey | null;
  /** The rows it wrote that bear a mark. */
  readonly marks: TouchedRows;
};

/** The one window of a store that was opened without naming any. */
export const soleWindow: Window = { id: 'window', program: programVersion };

/** A unit that is alone, of that window. */
export function aloneUnit(): UnitOfWork {
  return {
    ...{ window: soleWindow, keys: aloneKeys, numbersGiven: new Map(), auditKey: null },
    marks: touchedRows(),
  };
}
