import { isAbsolute } from 'node:path';

import { shanghaiInstant } from '../base/clock.ts';
import {
  keptProfilesFact,
  readProfilesOf,
  type ProfilesCode,
} from '../claims/channels/folder-profiles.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { folderRefusal } from './folder-refusals.ts';
import type { Services } from './services.ts';

/** The folder the payers' profiles were read from. */
export const profilesSetting = 'payers-profiles';

/**
 * Keeps the payers' profiles of a folder as they are now: the files are looked at, and what they say is kept with the data, so
 * that nothing that becomes of them later sends a claim elsewhere. null: those the program comes with count again. A
 * desk takes them when it opens.
 */
export async function keepPayersProfiles(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  folder: string | null,
  by: string,
): Promise<Result<string | null, ProfilesCode | 'bad-setting'>> {
  if (folder !== null && !isAbsolute(folder))
    return refused(folderRefusal('bad-setting', { name: profilesSetting, value: folder }));
  const read = folder === null ? null : await readProfilesOf(folder);
  if (read?.ok === false) return read;
  const files = read?.value ?? null;
  await store.transact(async ({ folderFacts, audit }) => {
    await folderFacts.set(profilesSetting, folder);
    await folderFacts.set(keptProfilesFact, files);
    await audit.append({
      ...{
        at: shanghaiInstant(clock.now()),
        who: by,
        act: 'change-setting',
        about: profilesSetting,
      },
      detail: { value: folder, profiles: files },
    });
  });
  return accepted(folder);
}
