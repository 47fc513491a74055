import { z } from 'zod';

import { accepted, refused, type Result } from '../../../shared/domain/result.ts';
import type { ClaimChannel, ClaimChannels, ReturningPayer } from '../channel.ts';
import { channelRefusal } from './channel-refusals.ts';
import hunanOneStop from '../profiles/hunan-one-stop.json' with { type: 'json' };
import ownLedger from '../profiles/own-ledger.json' with { type: 'json' };
import { batchFileChannel } from './batch-file/batch-file-channel.ts';
import { batchProfile } from './batch-file/batch-profile.ts';
import { httpsBatchChannel } from './https-batch/https-batch-channel.ts';
import { httpsProfile } from './https-batch/https-profile.ts';
import { nationalChannel } from './national/national-channel.ts';
import { nationalProfile } from './national/national-profile.ts';
import { ownLedgerChannel, ownLedgerProfile } from './own-ledger/own-ledger-channel.ts';

/** A new protocol is a line in each of the two. */
const anyProfile = z.discriminatedUnion('protocol', [
  nationalProfile,
  ownLedgerProfile,
  batchProfile,
  httpsProfile,
]);
type AnyProfile = z.infer<typeof anyProfile>;

function channelOf(profile: AnyProfile): ClaimChannel {
  switch (profile.protocol) {
    case 'national':
      return nationalChannel(profile);
    case 'own-ledger':
      return ownLedgerChannel;
    case 'batch-file':
      return batchFileChannel(profile);
    case 'https-batch':
      return httpsBatchChannel(profile);
  }
}

/** A profile as it was read, with the name of its file for whoever must mend it. */
export type ProfileFile = { readonly file: string; readonly content: unknown };

/** The profiles the program comes with: the demo's payers, and the hospital's own ledger. */
export const ownProfiles: readonly ProfileFile[] = [
  { file: 'hunan-one-stop.json', content: hunanOneStop },
  { file: 'own-ledger.json', content: ownLedger },
];

/** The channels, and to whom a settlement's claims go. */
export type ConfiguredChannels = ClaimChannels & {
  /** Where the claim on a pack's destination goes: there, or to the platform that it shares with others. */
  destinationOf(destination: string): string;
};

/**
 * The channels of the payers by their profiles. Refused with the file and the place of
 * everything wrong: a field, a name used twice, a destination of two profiles, none or several for all others.
 */
export function claimChannels(
  files: readonly ProfileFile[],
): Result<ConfiguredChannels, 'payer-profile-wrong'> {
  const problems: ProfileProblem[] = [];
  const profiles: { readonly file: string; readonly profile: AnyProfile }[] = [];
  for (const { file, content } of files) {
    const read = anyProfile.safeParse(content);
    if (read.success) profiles.push({ file, profile: read.data });
    else {
      problems.push(...read.error.issues.flatMap((issue) => problemsOfIssue(file, issue)));
    }
  }
  if (problems.length === 0) problems.push(...problemsBetween(profiles));
  const [first] = problems;
  if (first !== undefined) {
    return refused(channelRefusal('payer-profile-wrong', { first, all: problems }));
  }

  const channels = new Map<string, ClaimChannel>();
  const named = new Map<string, ClaimChannel>();
  const shared = new Map<string, string>();
  let others: ClaimChannel | null = null;
  for (const { profile } of profiles) {
    const channel = channelOf(profile);
    channels.set(profile.profile, channel);
    if (profile.destinations === 'all-others') others = channel;
    else
      for (const destination of profile.destinations) {
        named.set(destination, channel);
        if (profile.sharedDestination !== undefined)
          shared.set(destination, profile.sharedDestination);
      }
    if (profile.sharedDestination !== undefined) named.set(profile.sharedDestination, channel);
  }
  const returning = profiles.flatMap(({ profile }): readonly ReturningPayer[] => {
    const channel = channels.get(profile.profile);
    const returns = channel?.returns ?? null;
    if (channel === undefined || returns === null) return [];
    const { address } = channel;
    const answersFor = (destination: string): boolean =>
      (named.get(destination) ?? others) === channel;
    return [{ profile: profile.profile, address, returns, answersFor }];
  });
  return accepted({
    returning,
    destinationOf: (destination) => shared.get(destination) ?? destination,
    of(destination) {
      const channel = named.get(destination) ?? others;
      if (channel === null) throw new Error('no profile is for all other destinations');
      return channel;
    },
  });
}

/** The channels by the profiles the program comes with, which its tests have read. */
export function ownChannels(): ConfiguredChannels {
  const channels = claimChannels(ownProfiles);
  if (!channels.ok) throw new Error(channels.refusal.message.en);
  return channels.value;
}

type ProfileProblem = { readonly file: string; readonly place: string; readonly what: string };

function problemsBetween(
  profiles: readonly { readonly file: string; readonly profile: AnyProfile }[],
): readonly ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const fileOfName = new Map<string, string>();
  const fileOfDestination = new Map<string, string>();
  const claim = (taken: Map<string, string>, key: string, file: string, place: string): void => {
    const other = taken.get(key);
    if (other === undefined) taken.set(key, file);
    else problems.push({ file, place, what: `${key} already stands in ${other}` });
  };
  for (const { file, profile } of profiles) {
    claim(fileOfName, profile.profile, file, '/profile');
    if (profile.sharedDestination !== undefined) {
      claim(fileOfDestination, profile.sharedDestination, file, '/sharedDestination');
      if (profile.destinations === 'all-others')
        problems.push({ file, place: '/sharedDestination', what: 'all-others share no claim' });
    }
    if (profile.destinations === 'all-others') {
      claim(fileOfDestination, profile.destinations, file, '/destinations');
      continue;
    }
    for (const [index, destination] of profile.destinations.entries()) {
      claim(fileOfDestination, destination, file, `/destinations/${String(index)}`);
    }
  }
  if (!fileOfDestination.has('all-others')) {
    const file = profiles[0]?.file ?? 'no profile';
    problems.push({ file, place: '/destinations', what: 'no profile is for all-others' });
  }
  return problems;
}

/** A key that nothing reads is named by its own place, as a wrong value is. */
function problemsOfIssue(file: string, issue: z.core.$ZodIssue): readonly ProfileProblem[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ file, place: pointerTo(issue.path), what: issue.message }];
  }
  return issue.keys.map((key) => ({
    file,
    place: pointerTo([...issue.path, key]),
    what: 'there is no such field',
  }));
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key)}`).join('');
}
