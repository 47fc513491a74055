import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

import { z } from 'zod';

import type { CardRefusalCode } from '../../drivers/card-reader/card.ts';
import { parseCodeSettings } from '../../drivers/card-reader/codes/parse-code-settings.ts';
import { deviceUrlsIn, parseDeviceUrl } from '../../drivers/card-reader/device-url.ts';
import { parsePrinterUrl } from '../../drivers/receipt-printer/printer-url.ts';
import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { leadsInto } from '../base/leads-into.ts';
import { isPlainRemote, plainHttpAllowed } from '../base/plain-http.ts';
import type { ProfilesCode } from '../claims/channels/folder-profiles.ts';
import { demoPayersUrl, mayBePlain } from '../claims/payers-address.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { Repositories, Store } from '../database/store.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { everybody } from '../security/user-parts.ts';
import {
  keyFolderSetting,
  readRule,
  readSignInRules,
  type SignInRule,
  type SignInRules,
} from '../security/sign-in-rules.ts';
import type { DataFolder } from './data-folder.ts';
import { ownerOf, type ExchangeSetting } from '../hospital-exchange/hold-exchange-folder.ts';
import { folderRefusal } from './folder-refusals.ts';
import { isSqlSetting } from '../intake/sql/connection-settings.ts';
import { sqlSettingNames } from '../intake/sql/sql-setting-names.ts';
import { sqlRefusal } from '../intake/sql/sql-refusals.ts';
import { isResultsUrl } from '../hospital-exchange/results-settings.ts';
import { pushRefusal } from '../hospital-push/push-refusals.ts';
import { parsePushAddress } from '../hospital-push/push-settings.ts';
import { pushSettingNames } from '../hospital-push/push-setting-names.ts';
import { PlaceProblem } from '../second-place/place-problem.ts';
import { secondPlaceRefusal, type SecondPlaceCode } from '../second-place/second-place-refusals.ts';
import { keepPayersProfiles, profilesSetting } from './payers-profiles.ts';
import type { Services } from './services.ts';

/** What the IT clerk may set; kept in the folder. */
export const settingNames = [
  'reader-url',
  'printer-url',
  'payers-url',
  'payers-profiles',
  'upload-at',
  'e-voucher-url',
  'scan-codes',
  'hospital-in',
  'hospital-out',
  ...sqlSettingNames,
  ...pushSettingNames,
  'second-place',
  'refused-days',
  'plain-http',
  'password-length',
  'password-classes',
  'password-days',
  'password-history',
  'sign-in-failures',
  'sign-in-lock-seconds',
  'idle-minutes',
  'sign-in-certificates',
] as const;
export type SettingName = (typeof settingNames)[number];

/** A setting that is not set is null: no reader, no printer, no watched folder. */
export type Settings = Readonly<Record<SettingName, string | null>>;

export function isSettingName(name: string): name is SettingName {
  return (settingNames as readonly string[]).includes(name);
}

/** The rules as settings are: texts. */
function rulesAsText(rules: SignInRules): Readonly<Record<SignInRule, string>> {
  return {
    'password-length': String(rules['password-length']),
    'password-classes': String(rules['password-classes']),
    'password-days': String(rules['password-days']),
    'password-history': String(rules['password-history']),
    'sign-in-failures': String(rules['sign-in-failures']),
    'sign-in-lock-seconds': String(rules['sign-in-lock-seconds']),
    'idle-minutes': String(rules['idle-minutes']),
  };
}

/** A demo works without any device: a simulated reader and printer, folders of its own. */
function presets({ kind, home }: DataFolder): Omit<Settings, SignInRule> {
  if (kind === 'live') {
    return {
      'reader-url': null,
      'printer-url': null,
      'payers-url': null,
      'payers-profiles': null,
      'upload-at': usualUploadAt,
      'e-voucher-url': null,
      'scan-codes': null,
      'hospital-in': null,
      'hospital-out': null,
      ...noSql,
      ...noPushes,
      'second-place': null,
      'refused-days': usualRefusedDays,
      'plain-http': null,
      'sign-in-certificates': null,
    };
  }
  return {
    'reader-url': 'sim://demo',
    'printer-url': 'sim://printer',
    'payers-url': demoPayersUrl,
    'payers-profiles': null,
    // A demo's payers are there when somebody starts them: sending is by hand.
    'upload-at': null,
    'e-voucher-url': `${demoPayersUrl}/fsi/api/hsecfc/localQrCodeQuery`,
    'scan-codes': null,
    'hospital-in': join(home, 'hospital-in'),
    'hospital-out': join(home, 'hospital-out'),
    ...noSql,
    ...noPushes,
    'second-place': null,
    'refused-days': usualRefusedDays,
    'plain-http': null,
    'sign-in-certificates': null,
  };
}

/** No database of the hospital is read unless one is set. */
const noSql = {
  'hospital-sql': null,
  'hospital-sql-password': null,
  'hospital-sql-authority': null,
  'hospital-sql-views': null,
  'hospital-sql-visits': null,
  'hospital-sql-lock': null,
  'hospital-sql-unlock': null,
} as const;

/** No bill is pushed, and results go by file, unless it is set. */
const noPushes = {
  'hospital-push': null,
  'hospital-push-certificate': null,
  'hospital-push-key': null,
  'hospital-results-url': null,
  'hospital-results-secret': null,
  'hospital-results-authority': null,
} as const;

/** When a live desk sends its claims every night: after the last discharge, before the payers' own night. */
const usualUploadAt = '22:00';

/** How long a refused file lies for the hospital's own people to look at, in days. */
const usualRefusedDays = '30';

/** The folder's settings, each as it was set or as the folder's kind presets it. */
export async function readSettings(store: Store, folder: DataFolder): Promise<Settings> {
  const facts = await store.read(({ folderFacts }) => folderFacts.all());
  const preset = presets(folder);
  const value = (name: Exclude<SettingName, SignInRule>): string | null => {
    const kept = z.string().nullable().safeParse(facts[name]);
    return name in facts && kept.success ? kept.data : preset[name];
  };
  return {
    'reader-url': value('reader-url'),
    'printer-url': value('printer-url'),
    'payers-url': value('payers-url'),
    'payers-profiles': value('payers-profiles'),
    'upload-at': value('upload-at'),
    'e-voucher-url': value('e-voucher-url'),
    'scan-codes': value('scan-codes'),
    'hospital-in': value('hospital-in'),
    'hospital-out': value('hospital-out'),
    'hospital-sql': value('hospital-sql'),
    'hospital-sql-password': value('hospital-sql-password'),
    'hospital-sql-authority': value('hospital-sql-authority'),
    'hospital-sql-views': value('hospital-sql-views'),
    'hospital-sql-visits': value('hospital-sql-visits'),
    'hospital-push': value('hospital-push'),
    'hospital-push-certificate': value('hospital-push-certificate'),
    'hospital-push-key': value('hospital-push-key'),
    'hospital-results-url': value('hospital-results-url'),
    'hospital-results-secret': value('hospital-results-secret'),
    'hospital-results-authority': value('hospital-results-authority'),
    'hospital-sql-lock': value('hospital-sql-lock'),
    'hospital-sql-unlock': value('hospital-sql-unlock'),
    'second-place': value('second-place'),
    'refused-days': value('refused-days'),
    'plain-http': value('plain-http'),
    'sign-in-certificates': value('sign-in-certificates'),
    ...rulesAsText(await store.read(({ folderFacts: kept }) => readSignInRules(kept))),
  };
}

/** Why a text cannot be a setting. */
export type SettingCode =
  | 'bad-setting'
  | 'certificates-in-use'
  | 'url-not-encrypted'
  | 'bad-code-setting'
  | 'sql-setting-wrong'
  | ProfilesCode
  | 'push-setting-wrong'
  | 'printer-url'
  | CardRefusalCode
  | SecondPlaceCode;

/**
 * Keeps a setting after looking whether it can be one; an empty text switches it off. A second place gets its copy of
 * everything before it counts.
 */
export async function changeSetting(
  {
    store,
    folder,
    clock,
    secondPlace,
  }: Pick<Services, 'store' | 'folder' | 'clock' | 'secondPlace'>,
  name: SettingName,
  { text, by }: { readonly text: string; readonly by: string },
): Promise<Result<string | null, SettingCode>> {
  const given = text === '' ? null : text;
  const value = given !== null && isExchange(name) ? await unlinked(given) : given;
  const note = ({ audit }: Pick<Repositories, 'audit'>): Promise<number> =>
    audit.append({
      ...{ at: shanghaiInstant(clock.now()), who: by, act: 'change-setting', about: name },
      detail: { value },
    });
  if (name === profilesSetting) return keepPayersProfiles({ store, clock }, given, by);
  if (name === 'second-place') {
    const changed = await changeSecondPlace({ folder, secondPlace }, value);
    if (changed.ok) await store.transact(note);
    return changed;
  }
  const problem =
    value === null
      ? await stillNeeded(store, name)
      : (problemOf(name, value) ??
        insideProblem(folder, name, value) ??
        (await plainProblem(store, name, value)));
  if (problem !== null) return refused(problem);
  const owner = isExchange(name) && value !== null ? await ownerOf(value) : null;
  await store.transact(async ({ folderFacts, audit }) => {
    await folderFacts.set(name, value);
    if (isExchange(name)) await folderFacts.set(`${name}-owner`, owner);
    await note({ audit });
  });
  return accepted(value);
}

/** A name that is a link now is kept as what it leads to: later no link is followed. */
async function unlinked(folder: string): Promise<string> {
  const facts = await lstat(folder).catch(() => null);
  return facts?.isSymbolicLink() === true ? realpath(folder).catch(() => folder) : folder;
}

/** Whoever signs in with a certificate could not any more. */
async function stillNeeded(
  store: Store,
  name: SettingName,
): Promise<Refusal<'certificates-in-use'> | null> {
  if (name !== keyFolderSetting) return null;
  const users = (await store.read((all) => everybody(all))).filter(
    ({ state, certificate }) => state === 'active' && certificate !== null,
  ).length;
  return users === 0 ? null : securityRefusal('certificates-in-use', { users });
}

const isExchange = (name: SettingName): name is ExchangeSetting =>
  name === 'hospital-in' || name === 'hospital-out';

/** Whose the exchange folders were when they were set: another's in their place is not theirs. */
export async function exchangeOwners(
  store: Store,
): Promise<Readonly<Record<ExchangeSetting, number | null>>> {
  const facts = await store.read(({ folderFacts }) => folderFacts.all());
  const ownerIn = (name: ExchangeSetting): number | null =>
    z
      .int()
      .nullable()
      .catch(null)
      .parse(facts[`${name}-owner`] ?? null);
  return { 'hospital-in': ownerIn('hospital-in'), 'hospital-out': ownerIn('hospital-out') };
}

/**
 * Our own files would be taken for bills, or results written among them; keys would be in every copy. The demo's own two lie in
 * it.
 */
function insideProblem(
  { home }: Pick<DataFolder, 'home'>,
  name: SettingName,
  value: string,
): Refusal<'bad-setting'> | null {
  const keepsOut = ['sign-in-certificates', 'hospital-push-key', 'hospital-results-secret'];
  if (!isExchange(name) && !keepsOut.includes(name)) return null;
  if (!isAbsolute(value) || value === join(home, name)) return null;
  if (!leadsInto(value, home) && !leadsInto(home, value)) return null;
  return folderRefusal('bad-setting', { name, value });
}

/** What goes over a line in plain text is refused unless another setting says that it may. */
async function plainProblem(
  store: Store,
  name: SettingName,
  value: string,
): Promise<Refusal<'url-not-encrypted'> | null> {
  if (name !== 'payers-url' && name !== 'e-voucher-url' && name !== 'hospital-results-url')
    return null;
  if (!isPlainRemote(new URL(value)) || (await mayBePlain(store))) return null;
  return folderRefusal('url-not-encrypted', { name, value });
}

/** The term of refused files, in days; the usual one where a setting cannot be read. */
export function refusedDaysOf(settings: Pick<Settings, 'refused-days'>): number {
  return daysOf(settings['refused-days'] ?? '') ?? Number(usualRefusedDays);
}

function daysOf(text: string): number | null {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return days >= 1 && days <= 3650 ? days : null;
}

async function changeSecondPlace(
  { folder, secondPlace }: Pick<Services, 'folder' | 'secondPlace'>,
  place: string | null,
): Promise<Result<string | null, SecondPlaceCode>> {
  if (place === null) {
    await secondPlace.stop();
    return accepted(null);
  }
  const isApart = !leadsInto(place, folder.home) && !leadsInto(folder.home, place);
  if (!isAbsolute(place) || !isApart) {
    return refused(secondPlaceRefusal('second-place-inside', { place }));
  }
  try {
    await secondPlace.setUp(place);
    return accepted(place);
  } catch (problem) {
    if (!(problem instanceof PlaceProblem)) throw problem;
    return refused(secondPlaceRefusal('second-place-unusable', { place, problem }));
  }
}

function problemOf(
  name: Exclude<SettingName, 'second-place' | 'payers-profiles'>,
  value: string,
): Refusal<SettingCode> | null {
  switch (name) {
    case 'reader-url': {
      // A desk may have several readers: their addresses with spaces between.
      for (const url of deviceUrlsIn(value)) {
        const parsed = parseDeviceUrl(url);
        if (!parsed.ok) return parsed.refusal;
      }
      return null;
    }
    case 'printer-url': {
      const parsed = parsePrinterUrl(value);
      return parsed.ok ? null : parsed.refusal;
    }
    case 'scan-codes': {
      const parsed = parseCodeSettings(value);
      return parsed.ok ? null : parsed.refusal;
    }
    case 'payers-url':
    case 'e-voucher-url':
      return URL.canParse(value) && /^https?:/.test(value)
        ? null
        : folderRefusal('bad-setting', { name, value });
    case 'upload-at':
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(value)
        ? null
        : folderRefusal('bad-setting', { name, value });
    case 'hospital-sql':
    case 'hospital-sql-password':
    case 'hospital-sql-authority':
    case 'hospital-sql-views':
    case 'hospital-sql-visits':
    case 'hospital-sql-lock':
    case 'hospital-sql-unlock':
      return isSqlSetting(name, value) ? null : sqlRefusal('sql-setting-wrong', { name });
    case 'hospital-push':
      return parsePushAddress(value) === null ? pushRefusal('push-setting-wrong', { name }) : null;
    case 'hospital-results-url':
      return isResultsUrl(value) ? null : pushRefusal('push-setting-wrong', { name });
    case 'hospital-push-certificate':
    case 'hospital-push-key':
    case 'hospital-results-secret':
    case 'hospital-results-authority':
      return isAbsolute(value) ? null : pushRefusal('push-setting-wrong', { name });
    case 'refused-days':
      return daysOf(value) === null ? folderRefusal('bad-setting', { name, value }) : null;
    case 'plain-http':
      return value === plainHttpAllowed ? null : folderRefusal('bad-setting', { name, value });
    case 'password-length':
    case 'password-classes':
    case 'password-days':
    case 'password-history':
    case 'sign-in-failures':
    case 'sign-in-lock-seconds':
    case 'idle-minutes':
      return readRule(name, value) === null ? folderRefusal('bad-setting', { name, value }) : null;
    case 'sign-in-certificates':
    case 'hospital-in':
    case 'hospital-out':
      return isAbsolute(value) ? null : folderRefusal('bad-setting', { name, value });
  }
}
