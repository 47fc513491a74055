import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { Store } from '../../database/store.ts';
import { accepted, refused, type Result } from '../../../shared/domain/result.ts';
import { channelRefusal } from './channel-refusals.ts';
import {
  claimChannels,
  ownProfiles,
  type ConfiguredChannels,
  type ProfileFile,
} from './channels.ts';

/** What a data folder keeps of the payers' profiles that somebody set: as they were read then. */
export const keptProfilesFact = 'payers-profiles-kept';

/** A folder of profiles holds a few small files; anything else is another folder. */
const filesMost = 200;
const bytesMost = 200_000;

const keptSchema = z.array(z.strictObject({ file: z.string(), content: z.unknown() }));

/** Why profiles cannot be read: no such folder, or none in it. */
export type ProfilesCode = 'payer-profile-wrong' | 'payer-profiles-missing';

/**
 * The profiles of a folder, each `*.json`, as they would count together with those the program comes with. Refused with file
 * and place of what is wrong; nothing is kept then.
 */
export async function readProfilesOf(
  folder: string,
): Promise<Result<readonly ProfileFile[], ProfilesCode>> {
  const names = await readdir(folder).catch(() => null);
  const own = (names ?? []).filter((name) => /^[^.].*\.json$/.test(name)).sort();
  if (own.length === 0 || own.length > filesMost)
    return refused(channelRefusal('payer-profiles-missing', { folder }));
  const files: ProfileFile[] = [];
  for (const file of own) {
    const wrong = (what: string) => {
      const first = { file, place: '/', what };
      return refused(channelRefusal('payer-profile-wrong', { first, all: [first] }));
    };
    const path = join(folder, file);
    const facts = await stat(path).catch(() => null);
    if (facts?.isFile() !== true || facts.size > bytesMost)
      return wrong('not a file of at most 200 KB');
    const content = parse(await readFile(path, 'utf8'));
    if (content === undefined) return wrong('not JSON');
    files.push({ file, content });
  }
  const channels = claimChannels(withOwnProfiles(files));
  return channels.ok ? accepted(files) : channels;
}

/** The channels of a data folder: by the profiles that were set there, else by those the program comes with. */
export async function channelsOfFolder(
  store: Store,
): Promise<Result<ConfiguredChannels, 'payer-profile-wrong'>> {
  const kept = await store.read(({ folderFacts }) => folderFacts.get(keptProfilesFact));
  return claimChannels(
    kept === null || kept === undefined ? ownProfiles : withOwnProfiles(keptSchema.parse(kept)),
  );
}

/** The profiles that were set, and of the program's own those in whose place none was set. */
function withOwnProfiles(set: readonly ProfileFile[]): readonly ProfileFile[] {
  const named = set.map(({ content }) => namesIn(content));
  const left = ownProfiles.filter(({ content }) => {
    const own = namesIn(content);
    return !named.some(
      ({ profile, destinations }) =>
        profile === own.profile || destinations.some((each) => own.destinations.includes(each)),
    );
  });
  return [...set, ...left];
}

const namesSchema = z.object({
  profile: z.string().catch(''),
  destinations: z.union([z.array(z.string()), z.string().transform((all) => [all])]).catch([]),
});

/** What a profile is called and for whom it is, as far as that can be read. */
function namesIn(content: unknown): z.infer<typeof namesSchema> {
  const read = namesSchema.safeParse(content);
  return read.success ? read.data : { profile: '', destinations: [] };
}

/** undefined: it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}
