import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Result } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import {
  makeBackup,
  type Backup,
  type BackupCode,
  type BackupDependencies,
} from './make-backup.ts';

/** Days of which each keeps its last backup, and months before them. */
const daysKept = 14;
const monthsKept = 12;

/** The nightly backups lie in the folder itself; the second place holds what must survive its disk. */
const backupsFolder = (home: string): string => join(home, 'backups');

const nightlyName = /^settlement-(\d{4})(\d{2})(\d{2})-\d{6}\.db$/;

/** What whoever runs jobs by the clock calls: makes the night's backup and removes those the rule does not keep. */
export async function backUpNightly(
  dependencies: BackupDependencies,
): Promise<Result<Backup & { readonly removed: readonly string[] }, BackupCode>> {
  const folder = backupsFolder(dependencies.folder.home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const at = shanghaiInstant(dependencies.clock.now());
  const stamp = at.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const file = join(folder, `settlement-${stamp}.db`);
  const made = await makeBackup(dependencies, { file, who: 'nightly-backup' });
  if (!made.ok) return made;
  // Nothing is removed before the new one is verified.
  const removed = backupsNotKept(readdirSync(folder));
  for (const name of removed) rmSync(join(folder, name), { force: true });
  return { ok: true, value: { ...made.value, removed } };
}

/**
 * Which of the nightly backups go: of each of the last 14 days that have one the latest stays, of each of the 12
 * months before them the latest. Files of other names are nobody's to remove.
 */
export function backupsNotKept(names: readonly string[]): readonly string[] {
  const nightly = names.filter((name) => nightlyName.test(name)).sort();
  const latestOf = (part: (name: string) => string, of: readonly string[]): readonly string[] => [
    ...new Map(of.map((name) => [part(name), name])).values(),
  ];
  const byDay = latestOf((name) => name.slice(11, 19), nightly).slice(-daysKept);
  const firstKept = byDay[0] ?? '';
  const before = nightly.filter((name) => name < firstKept);
  const byMonth = latestOf((name) => name.slice(11, 17), before).slice(-monthsKept);
  const kept = new Set([...byDay, ...byMonth]);
  return nightly.filter((name) => !kept.has(name));
}
