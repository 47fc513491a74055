import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { z } from 'zod';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { isNamedFile, readNamedFile } from '../base/foreign-folder.ts';
import { leadsInto } from '../base/leads-into.ts';
import { shareOf, type Filesystems } from '../database/network-share.ts';
import { folderRefusal } from './folder-refusals.ts';
import { plantedIn } from './planted-files.ts';

/** What a folder is for; it remembers, and a contrary wish is refused. */
export type FolderKind = 'demo' | 'live';

/** A data folder that exists and whose key is at hand. */
export type DataFolder = {
  readonly home: string;
  readonly kind: FolderKind;
  /** The folder's own id, by which its database and anchor are known. */
  readonly id: string;
  /** 32 bytes; encrypts the database and the documents. */
  readonly key: Buffer;
  readonly databaseFile: string;
};

/** What may happen to a folder that is not there yet. */
export type WhenMissing = 'refuse' | 'make-demo' | 'make-live';

const folderFileSchema = z.strictObject({
  kind: z.enum(['demo', 'live']),
  id: z.string().min(1),
  madeAt: z.string(),
});

/** Much more than the marker of a folder ever is. */
const markerBytesMax = 65_536;

const folderFile = (home: string): string => join(home, 'folder.json');
const demoKeyFile = (home: string): string => join(home, 'key');

/** Where the database of a folder is. */
export const databaseFileOf = (home: string): string => join(home, 'settlement.db');

/** Whether the folder holds our data. */
export function folderExists(home: string): boolean {
  return existsSync(folderFile(home));
}

/** Why a data folder is not opened. */
export type FolderCode =
  | 'home-on-share'
  | 'home-missing'
  | 'home-not-ours'
  | 'home-is-demo'
  | 'home-is-live'
  | 'folder-kind-differs'
  | 'folder-unusable'
  | 'key-missing'
  | 'key-unsafe';

/** Opens a folder that exists; creates nothing. */
export function openDataFolder(
  home: string,
  wanted: FolderKind | null,
  environment: NodeJS.ProcessEnv,
  filesystems?: Filesystems,
): Result<DataFolder, FolderCode> {
  if (!existsSync(folderFile(home))) return refused(folderRefusal('home-missing', { home }));
  const marker = folderFileSchema.safeParse(readJson(folderFile(home)));
  if (!marker.success) return refused(folderRefusal('home-not-ours', { home }));
  const { kind, id } = marker.data;
  // A demo in a virtual machine may lie on the folder its host shares with it: there is nothing to lose in it.
  const share = shareOf(home, filesystems);
  if (share !== null && (kind === 'live' || share.from === 'network')) {
    return refused(folderRefusal('home-on-share', { home, kind: share.kind }));
  }
  if (wanted !== null && wanted !== kind) {
    return refused(
      kind === 'demo'
        ? folderRefusal('home-is-demo', { home })
        : folderRefusal('home-is-live', { home }),
    );
  }
  const planted = plantedIn(home);
  if (planted !== null) return refused(folderRefusal('folder-unusable', planted));
  const key = kind === 'demo' ? readKey(demoKeyFile(home)) : readLiveKey(home, environment);
  if (!key.ok) return key;
  return accepted({ home, kind, id, key: key.value, databaseFile: databaseFileOf(home) });
}

/**
 * Makes a new folder: everything is written into a sibling first and takes its name in one step, so that a
 * crash leaves nothing half-made. `fill` writes the database and, in a demo, the invented patients. `id`: the
 * identity it takes over from a backup; null: one of its own.
 */
export async function makeDataFolder(
  home: string,
  kind: FolderKind,
  environment: NodeJS.ProcessEnv,
  fill: (folder: DataFolder) => Promise<void>,
  id: string | null = null,
): Promise<Result<DataFolder, FolderCode>> {
  if (existsSync(home) && readdirSync(home).length > 0)
    return refused(folderRefusal('home-not-ours', { home }));
  if (kind === 'live') {
    const key = readLiveKey(home, environment);
    if (!key.ok) return key;
  }
  mkdirSync(dirname(home), { recursive: true });
  const making = `${home}.making-${randomUUID().slice(0, 8)}`;
  try {
    const ownKey = kind === 'demo' ? randomBytes(32) : null;
    writeDataFolder(making, { kind, id: id ?? randomUUID() }, ownKey);
    const made = openDataFolder(making, kind, environment);
    if (!made.ok) return made;
    await fill(made.value);
    await rename(making, home);
    return openDataFolder(home, kind, environment);
  } catch (problem) {
    // Another process may have made the same folder meanwhile: then theirs is the folder.
    if (folderExists(home)) return openDataFolder(home, kind, environment);
    throw problem;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Writes what a folder has before its database; a demo folder keeps its own key. */
export function writeDataFolder(
  home: string,
  { kind, id }: Pick<DataFolder, 'kind' | 'id'>,
  key: Buffer | null,
): void {
  mkdirSync(home, { mode: 0o700 });
  for (const part of ['locks', 'logs', 'documents', 'policy-packs']) mkdirSync(join(home, part));
  if (kind === 'demo' && key !== null) {
    writeFileSync(demoKeyFile(home), `${key.toString('hex')}\n`, { mode: 0o600 });
  }
  const marker = { kind, id, madeAt: new Date().toISOString() };
  writeFileSync(folderFile(home), `${JSON.stringify(marker)}\n`);
}

/** The key of a live folder, from the file that `SETTLEMENT_KEY_FILE` names. */
export function readLiveKey(
  home: string,
  environment: NodeJS.ProcessEnv,
): Result<Buffer, 'key-missing' | 'key-unsafe'> {
  const file = environment['SETTLEMENT_KEY_FILE'];
  if (file === undefined || file === '' || !isNamedFile(file)) {
    return refused(folderRefusal('key-missing', { file: null }));
  }
  const path = resolve(file);
  const tooOpen = process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
  // A link in its way may lead into the folder, and every copy of that would carry the key.
  if (tooOpen || leadsInto(path, home)) {
    return refused(folderRefusal('key-unsafe', { path }));
  }
  return readKey(path);
}

/** The key that a file or a line holds, 64 hexadecimal digits or 32 raw bytes; null where it is none. */
export function keyIn(content: Buffer): Buffer | null {
  const text = content.toString('latin1').trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  return content.length === 32 ? content : null;
}

function readKey(file: string): Result<Buffer, 'key-missing'> {
  const key = keyIn(readKeyFile(file) ?? Buffer.alloc(0));
  return key === null ? refused(folderRefusal('key-missing', { file })) : accepted(key);
}

/** Longer than a key in any form, with what an editor adds. */
const keyFileBytesMax = 4096;

/** What a file that may hold a key holds; null where it is none, or cannot be read. */
export function readKeyFile(file: string): Buffer | null {
  try {
    return readNamedFile(file, keyFileBytesMax);
  } catch {
    return null;
  }
}

/** Keeps a secret file readable by its owner alone. */
export function writeSecretFile(file: string, content: string): void {
  writeFileSync(file, content, { mode: 0o600 });
  chmodSync(file, 0o600);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readNamedFile(file, markerBytesMax).toString('utf8'));
  } catch {
    return null;
  }
}
