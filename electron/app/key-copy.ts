import { timingSafeEqual } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';

import { z } from 'zod';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Store } from '../database/store.ts';
import { keyIn, type DataFolder } from './data-folder.ts';
import { folderRefusal } from './folder-refusals.ts';

/** A copy of the key as it was read: from a file, or typed from the sealed paper (`file` null). */
export type KeyCopy = { readonly file: string | null; readonly content: Buffer };

type KeyCopyDependencies = {
  readonly folder: DataFolder;
  readonly store: Store;
  readonly clock: Clock;
  /** The key file in use; null: none is named. */
  readonly keyFile: string | null;
};

const factName = 'key-copy-checked-at';

/** When a second copy of the folder's key was last read and found to be its key; null: never. */
export async function keyCopyCheckedAt(store: Store): Promise<string | null> {
  const kept = await store.read(({ folderFacts }) => folderFacts.get(factName));
  return z.string().nullable().catch(null).parse(kept);
}

/**
 * Whether a second copy of the key is one, and opens the folder: a copy that was written down wrongly shows now and
 * not when the key is lost. Kept with the day and in the audit; of the key itself nothing is.
 */
export async function checkKeyCopy(
  { folder, store, clock, keyFile }: KeyCopyDependencies,
  { copy, who }: { readonly copy: KeyCopy; readonly who: string },
): Promise<Result<{ readonly checkedAt: string }, 'key-copy-same' | 'key-copy-wrong'>> {
  if (copy.file !== null && isOriginal(copy.file, keyFile, folder.home)) {
    return refused(folderRefusal('key-copy-same', { file: copy.file }));
  }
  const key = keyIn(copy.content);
  // The folder is open under its own key: a copy that is the same opens it, too.
  if (key === null || !timingSafeEqual(key, folder.key)) {
    return refused(folderRefusal('key-copy-wrong', { file: copy.file }));
  }
  const checkedAt = shanghaiInstant(clock.now());
  await store.transact(async ({ folderFacts, audit }) => {
    await folderFacts.set(factName, checkedAt);
    const from = copy.file === null ? 'typed' : 'file';
    await audit.append({
      at: checkedAt,
      who,
      act: 'check-key-copy',
      about: 'key',
      detail: { from },
    });
  });
  return accepted({ checkedAt });
}

/** Whether it is the key file itself, or lies where the data does: what is lost with the one is lost with the other. */
function isOriginal(file: string, keyFile: string | null, home: string): boolean {
  const path = realpathSync(file);
  if (path.startsWith(realpathSync(home) + sep)) return true;
  return keyFile !== null && path === realpathSync(keyFile);
}
