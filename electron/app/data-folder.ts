import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';

import { z } from 'zod';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';

/** What a folder is for; it remembers, and a contrary wish is refused. */
export type FolderKind = 'demo' | 'live';

/** A data folder that exists and whose key is at hand. */
export type DataFolder = {
  readonly home: string;
  readonly kind: FolderKind;
  /** The folder's own id: part of the session cookie's name, since cookies ignore ports. */
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

const folderFile = (home: string): string => join(home, 'folder.json');
const demoKeyFile = (home: string): string => join(home, 'key');

/** Whether the folder holds our data. */
export function folderExists(home: string): boolean {
  return existsSync(folderFile(home));
}

/**
 * Opens a folder that exists. Refuses `home-missing`, `home-not-ours`, `home-is-demo`, `home-is-live`,
 * `key-missing` and `key-unsafe`; creates nothing.
 */
export function openDataFolder(
  home: string,
  wanted: FolderKind | null,
  environment: NodeJS.ProcessEnv,
): Result<DataFolder> {
  if (!existsSync(folderFile(home))) return refused(missing(home));
  const marker = folderFileSchema.safeParse(readJson(folderFile(home)));
  if (!marker.success) return refused(notOurs(home));
  const { kind, id } = marker.data;
  if (wanted !== null && wanted !== kind) return refused(contrary(home, kind));
  const key = kind === 'demo' ? readKey(demoKeyFile(home)) : liveKey(home, environment);
  if (!key.ok) return key;
  return accepted({ home, kind, id, key: key.value, databaseFile: join(home, 'settlement.db') });
}

/**
 * Makes a new folder: everything is written into a sibling first and takes its name in one step, so that a
 * crash leaves nothing half-made. `fill` writes the database and, in a demo, the invented patients.
 */
export async function makeDataFolder(
  home: string,
  kind: FolderKind,
  environment: NodeJS.ProcessEnv,
  fill: (folder: DataFolder) => Promise<void>,
): Promise<Result<DataFolder>> {
  if (existsSync(home) && readdirSync(home).length > 0) return refused(notOurs(home));
  if (kind === 'live') {
    const key = liveKey(home, environment);
    if (!key.ok) return key;
  }
  mkdirSync(dirname(home), { recursive: true });
  const making = `${home}.making-${randomUUID().slice(0, 8)}`;
  mkdirSync(making, { mode: 0o700 });
  try {
    for (const part of ['locks', 'logs', 'documents', 'policy-packs'])
      mkdirSync(join(making, part));
    if (kind === 'demo') {
      writeFileSync(demoKeyFile(making), `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    }
    const marker = { kind, id: randomUUID(), madeAt: new Date().toISOString() };
    writeFileSync(folderFile(making), `${JSON.stringify(marker)}\n`);
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

function liveKey(home: string, environment: NodeJS.ProcessEnv): Result<Buffer> {
  const file = environment['SETTLEMENT_KEY_FILE'];
  if (file === undefined || file === '' || !existsSync(file)) {
    return refused({
      code: 'key-missing',
      message: {
        zh: '找不到数据密钥，什么都没有创建或打开；没有发生任何结算。',
        en: 'The data key is missing; nothing was created or opened, and no money moved.',
      },
      remedy: {
        zh: '请把环境变量 SETTLEMENT_KEY_FILE 指向密钥文件（权限 0600，放在数据文件夹之外）；新密钥可用 openssl rand -hex 32 生成，务必另存一份。',
        en: 'Point SETTLEMENT_KEY_FILE at the key file (mode 0600, outside the data folder); make a new key with: openssl rand -hex 32, and keep a second copy.',
      },
    });
  }
  const path = resolve(file);
  const tooOpen = process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
  if (tooOpen || path.startsWith(home + sep)) {
    return refused({
      code: 'key-unsafe',
      message: {
        zh: '密钥文件别人也能读，或者就放在数据文件夹里，因此没有使用它。',
        en: 'The key file can be read by others or lies inside the data folder, so it was not used.',
      },
      place: path,
      remedy: {
        zh: `请执行 chmod 600 ${path}，并把它放在数据文件夹之外。`,
        en: `Run chmod 600 ${path} and keep it outside the data folder.`,
      },
    });
  }
  return readKey(path);
}

/** A key is 64 hexadecimal digits or 32 raw bytes. */
function readKey(file: string): Result<Buffer> {
  if (existsSync(file)) {
    const content = readFileSync(file);
    const text = content.toString('latin1').trim();
    if (/^[0-9a-f]{64}$/i.test(text)) return accepted(Buffer.from(text, 'hex'));
    if (content.length === 32) return accepted(content);
  }
  return refused({
    code: 'key-missing',
    message: {
      zh: '数据密钥不在或已损坏，数据没有打开，也没有改动。',
      en: 'The data key is missing or damaged; the data was neither opened nor changed.',
    },
    place: file,
    remedy: {
      zh: '请放回原来的密钥文件（32 字节，或 64 位十六进制）。',
      en: 'Put the original key file back (32 bytes, or 64 hexadecimal digits).',
    },
  });
}

/** Keeps a secret file readable by its owner alone. */
export function writeSecretFile(file: string, content: string): void {
  writeFileSync(file, content, { mode: 0o600 });
  chmodSync(file, 0o600);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

const missing = (home: string) => ({
  code: 'home-missing',
  message: {
    zh: `数据文件夹不存在：${home}。没有创建任何东西。`,
    en: `There is no data folder at ${home}. Nothing was created.`,
  },
  place: home,
  remedy: {
    zh: '请检查 --home；要新建，加 --demo（演示数据）或 --init（空的正式文件夹）。',
    en: 'Check --home; to make a new one add --demo (demo data) or --init (an empty live folder).',
  },
});

const notOurs = (home: string) => ({
  code: 'home-not-ours',
  message: {
    zh: `这个文件夹里有别的内容，不是本程序的数据文件夹：${home}。没有改动。`,
    en: `${home} holds something else and is no data folder of this program. It was not touched.`,
  },
  place: home,
  remedy: {
    zh: '请用 --home 指定一个空的或新的文件夹。',
    en: 'Name an empty or new folder with --home.',
  },
});

const contrary = (home: string, kind: FolderKind) =>
  kind === 'demo'
    ? {
        code: 'home-is-demo',
        message: {
          zh: `这是演示文件夹，不能当正式数据使用：${home}。`,
          en: `${home} is a demo folder and cannot be used for live data.`,
        },
        place: home,
        remedy: { zh: '正式使用请另选一个文件夹。', en: 'Choose another folder for live use.' },
      }
    : {
        code: 'home-is-live',
        message: {
          zh: `这是正式数据文件夹，不能当演示使用：${home}。数据没有改动。`,
          en: `${home} holds live data and cannot be used as a demo. It was not changed.`,
        },
        place: home,
        remedy: { zh: '演示请另选一个文件夹。', en: 'Choose another folder for the demo.' },
      };
