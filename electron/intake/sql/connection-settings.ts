import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute } from 'node:path';

import { accepted, refused, type Result } from '../../../shared/domain/result.ts';
import { isPlainRemote } from '../../base/plain-http.ts';
import type { DatabaseAccess, DatabaseAddress, ViewName } from './hospital-database.ts';
import type { SqlSettingName } from './sql-setting-names.ts';
import { sqlRefusal, type PasswordFileProblem } from './sql-refusals.ts';

export type SqlSettings = Readonly<Record<SqlSettingName, string | null>> & {
  readonly 'plain-http': string | null;
};

/** How many changed visits a pull takes in unless it is set. */
export const usualVisitsAtOnce = 500;
const visitsAtOnceMax = 5000;

export type Views = {
  readonly visits: ViewName;
  readonly charges: ViewName;
  readonly blockers: ViewName;
};

/** The hospital's database as it is set. */
export type HospitalSource = {
  readonly access: DatabaseAccess;
  /** The routines that lock an account and free it; null: the hospital offers none. */
  readonly account: { readonly lock: ViewName; readonly free: ViewName } | null;
  readonly views: Views;
  readonly visitsAtOnce: number;
};

/** Why the settings do not lead to a database. */
export type SourceCode =
  'sql-not-set' | 'sql-not-encrypted' | 'sql-password-file' | 'sql-authority-file';

/** Whether a text can be a setting. */
export function isSqlSetting(name: SqlSettingName, text: string): boolean {
  switch (name) {
    case 'hospital-sql':
      return parseAddress(text) !== null;
    case 'hospital-sql-password':
    case 'hospital-sql-authority':
      return isAbsolute(text);
    case 'hospital-sql-views':
      return parseViews(text) !== null;
    case 'hospital-sql-visits':
      return parseCount(text) !== null;
    case 'hospital-sql-lock':
    case 'hospital-sql-unlock':
      return parseName(text) !== null;
  }
}

const ports = { postgresql: 5432, mysql: 3306 } as const;

/**
 * `postgresql://USER@HOST:PORT/DATABASE` or `mysql://…`, with `?tls=off` where the line is not encrypted; null: it is none.
 * A password has no place in it: settings are shown and stand in the audit.
 */
export function parseAddress(text: string): DatabaseAddress | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const protocol = url?.protocol.slice(0, -1) ?? '';
  if (url === null || (protocol !== 'postgresql' && protocol !== 'mysql')) return null;
  const tls = url.searchParams.get('tls');
  const isKnown =
    [...url.searchParams.keys()].every((key) => key === 'tls') && (tls === null || tls === 'off');
  const [user, database] = [decoded(url.username), decoded(url.pathname.slice(1))];
  if (!isKnown || url.password !== '' || url.hash !== '' || url.hostname === '') return null;
  if (user === null || database === null || database.includes('/')) return null;
  return {
    ...{ protocol, user, database },
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? ports[protocol] : Number(url.port),
    line: tls === 'off' ? 'plain' : 'verified',
  };
}

function decoded(part: string): string | null {
  try {
    const text = decodeURIComponent(part);
    return text === '' || text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** The views of visits, charges and blockers in this order, with spaces between; a schema stands before a dot. */
export function parseViews(text: string): Views | null {
  const names = text
    .split(' ')
    .filter((each) => each !== '')
    .map((name) => name.split('.'));
  const [visits, charges, blockers, ...more] = names;
  if (visits === undefined || charges === undefined || blockers === undefined) return null;
  return more.length === 0 && names.every(isName) ? { visits, charges, blockers } : null;
}

const isName = (name: ViewName): boolean =>
  name.length <= 2 &&
  name.every((part) => part !== '' && part.length <= 63 && !part.includes('\0'));

/** A routine, with its schema before a dot. */
function parseName(text: string): ViewName | null {
  const name = text.split('.');
  return isName(name) && !/[\s()]/.test(text) ? name : null;
}

/** Whether the settings say that the hospital offers a lock of accounts. */
export const offersAccountLock = (settings: SqlSettings): boolean =>
  settings['hospital-sql'] !== null &&
  (settings['hospital-sql-lock'] !== null || settings['hospital-sql-unlock'] !== null);

/** Both routines or neither: a lock that nobody frees keeps the hospital from booking. */
function accountOf(settings: SqlSettings): HospitalSource['account'] | SqlSettingName {
  const [lock, free] = [settings['hospital-sql-lock'], settings['hospital-sql-unlock']];
  if (lock === null && free === null) return null;
  const [lockName, freeName] = [parseName(lock ?? ''), parseName(free ?? '')];
  if (lockName === null) return 'hospital-sql-lock';
  return freeName === null ? 'hospital-sql-unlock' : { lock: lockName, free: freeName };
}

function parseCount(text: string): number | null {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= visitsAtOnceMax ? count : null;
}

/** The database that the settings name, with its password; null where none is set. */
export async function sourceOf(
  settings: SqlSettings,
): Promise<Result<HospitalSource, SourceCode> | null> {
  const url = settings['hospital-sql'];
  if (url === null) return null;
  const address = parseAddress(url);
  const views = parseViews(settings['hospital-sql-views'] ?? '');
  const passwordFile = settings['hospital-sql-password'];
  if (address === null) return refused(sqlRefusal('sql-not-set', { name: 'hospital-sql' }));
  if (views === null) return refused(sqlRefusal('sql-not-set', { name: 'hospital-sql-views' }));
  if (passwordFile === null)
    return refused(sqlRefusal('sql-not-set', { name: 'hospital-sql-password' }));
  const account = accountOf(settings);
  if (typeof account === 'string') return refused(sqlRefusal('sql-not-set', { name: account }));
  if (address.line === 'plain' && settings['plain-http'] === null && isRemote(address.host))
    return refused(sqlRefusal('sql-not-encrypted', { host: address.host }));
  const password = await ownText(passwordFile);
  if (!password.ok)
    return refused(sqlRefusal('sql-password-file', { file: passwordFile, why: password.why }));
  const authorityFile = settings['hospital-sql-authority'];
  const authority = authorityFile === null ? null : await plainText(authorityFile);
  if (authorityFile !== null && !(authority?.includes('-----BEGIN CERTIFICATE-----') ?? false))
    return refused(sqlRefusal('sql-authority-file', { file: authorityFile }));
  return accepted({
    access: { ...address, password: password.text, authority },
    ...{ views, account },
    visitsAtOnce: parseCount(settings['hospital-sql-visits'] ?? '') ?? usualVisitsAtOnce,
  });
}

/** The same machines count as this one as for claims. */
const isRemote = (host: string): boolean =>
  isPlainRemote(new URL(`http://${host.includes(':') ? `[${host}]` : host}`));

const groupAndOthers = 0o077;
const secretBytesMax = 4096;
const authorityBytesMax = 1024 * 1024;

/** The first line of a file that is this user's alone. What is looked at is what was opened. */
async function ownText(
  file: string,
): Promise<
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: PasswordFileProblem }
> {
  const handle = await openToRead(file);
  if (handle === null) return { ok: false, why: 'missing' };
  try {
    const facts = await handle.stat();
    if (!facts.isFile() || facts.size > secretBytesMax) return { ok: false, why: 'not-a-file' };
    const user = process.getuid?.();
    if (user !== undefined && (facts.uid !== user || (facts.mode & groupAndOthers) !== 0))
      return { ok: false, why: 'others' };
    const [line = ''] = (await handle.readFile('utf8')).split(/\r?\n/);
    return line === '' ? { ok: false, why: 'empty' } : { ok: true, text: line };
  } finally {
    await handle.close();
  }
}

async function plainText(file: string): Promise<string | null> {
  const handle = await openToRead(file);
  if (handle === null) return null;
  try {
    const facts = await handle.stat();
    return facts.isFile() && facts.size <= authorityBytesMax ? await handle.readFile('utf8') : null;
  } finally {
    await handle.close();
  }
}

/** A pipe without a writer must not be waited for, nor a link be followed to somewhere else. */
async function openToRead(file: string) {
  const known = constants as Partial<typeof constants>;
  return open(file, constants.O_RDONLY | (known.O_NONBLOCK ?? 0) | (known.O_NOFOLLOW ?? 0)).catch(
    () => null,
  );
}
