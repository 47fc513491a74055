import { lstat, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import type { DeskState } from '../../shared/contracts/desk.ts';
import { exchangeOpen } from '../hospital-exchange/hospital-exchange.ts';
import { isPlainRemote } from '../base/plain-http.ts';
import type { Settings } from './settings.ts';
import { whoElseMay, type MayToo, type WindowsPrograms } from './windows-rights.ts';

/** Something that lets others at the data and is no fault of this moment: said until it is put right. */
export type Caution = DeskState['cautions'][number];

/** What is looked at. `keyFile`: the key file in use; null where the folder has its own. */
export type LookedAt = {
  readonly home: string;
  readonly keyFile: string | null;
  readonly settings: Pick<
    Settings,
    'hospital-in' | 'hospital-out' | 'payers-url' | 'e-voucher-url'
  >;
  /** Where rights are asked of Windows; absent: they are those of the file system. */
  readonly windows?: WindowsPrograms;
};

const groupWrites = 0o020;
const othersWrite = 0o002;
const sticky = 0o1000;

/**
 * Who else may write to what must be this user's alone, into which folders everybody may write, and what goes over a line
 * in plain text. Looks at names and rights only and opens nothing. On Windows also who else may read: there a folder lets in
 * whom the one above lets in.
 */
export async function cautionsOf({
  home,
  keyFile,
  settings,
  windows,
}: LookedAt): Promise<readonly Caution[]> {
  const cautions: Caution[] = [];
  if (windows !== undefined) cautions.push(...(await windowsCautions(home, keyFile, windows)));
  else if (process.getuid !== undefined) {
    const open = await firstOpenPath(home, keyFile, process.getuid());
    if (open !== null) cautions.push(folderOpen(open));
    for (const folder of [settings['hospital-in'], settings['hospital-out']]) {
      if (folder !== null && (await isForEverybody(folder))) cautions.push(exchangeOpen(folder));
    }
  }
  for (const name of ['payers-url', 'e-voucher-url'] as const) {
    const url = settings[name];
    if (url !== null && URL.canParse(url) && isPlainRemote(new URL(url))) {
      cautions.push(plainLine(name));
    }
  }
  return cautions;
}

async function windowsCautions(
  home: string,
  keyFile: string | null,
  windows: WindowsPrograms,
): Promise<readonly Caution[]> {
  const cautions: Caution[] = [];
  for (const path of [home, ...(keyFile === null ? [] : [keyFile])]) {
    const others = await whoElseMay(path, windows).catch(() => null);
    if (others === null) cautions.push(rightsUnknown(path));
    else if (others.length > 0) cautions.push(openOnWindows(path, others));
  }
  return cautions;
}

/** The first path that somebody else may write to, or own: the folder, what is in it, the key, and all above them. */
async function firstOpenPath(
  home: string,
  keyFile: string | null,
  user: number,
): Promise<string | null> {
  for (const path of [home, ...(keyFile === null ? [] : [keyFile])]) {
    if (await isOpen(path, user, groupWrites | othersWrite)) return path;
    for (const above of foldersAbove(path)) if (await canBeRenamed(above)) return above;
  }
  const names = await readdir(home).catch(() => []);
  for (const name of names) {
    // The demo's exchange folders lie in it and are the hospital system's, too.
    if (name === 'hospital-in' || name === 'hospital-out') continue;
    const path = join(home, name);
    if (await isOpen(path, user, groupWrites | othersWrite)) return path;
  }
  return null;
}

async function isOpen(path: string, user: number, bits: number): Promise<boolean> {
  const facts = await lstat(path).catch(() => null);
  if (facts === null || facts.isSymbolicLink()) return false;
  return facts.uid !== user || (facts.mode & bits) !== 0;
}

/** Who may write into a folder above may put another one in the place of ours, unless each may move his own alone. */
async function canBeRenamed(folder: string): Promise<boolean> {
  const facts = await lstat(folder).catch(() => null);
  if (facts === null || facts.isSymbolicLink()) return false;
  return (facts.mode & othersWrite) !== 0 && (facts.mode & sticky) === 0;
}

function foldersAbove(path: string): readonly string[] {
  const above: string[] = [];
  for (let at = dirname(resolve(path)); at !== dirname(at); at = dirname(at)) above.push(at);
  return above;
}

/** Of a link the rights say nothing: it is not followed, which the exchange says by itself. */
async function isForEverybody(folder: string): Promise<boolean> {
  const facts = await lstat(folder).catch(() => null);
  return facts?.isDirectory() === true && (facts.mode & othersWrite) !== 0;
}

const folderOpen = (path: string): Caution => ({
  code: 'folder-open',
  words: {
    zh: `别的用户也能改动 ${path}`,
    en: `other users may change ${path}`,
  },
  remedy: {
    zh: '请信息科收回权限（chmod go-w，所有者改为运行本程序的用户），并查明谁动过里面的文件。',
    en: 'Have the IT clerk take the rights away (chmod go-w, owned by the user of this program) and find out who changed what is in it.',
  },
});

function openOnWindows(path: string, others: readonly MayToo[]): Caution {
  const isChange = others.some(({ may }) => may === 'change');
  const who = others.map((each) => each.who).join(', ');
  const command = `icacls "${path}" /inheritance:r /grant:r "%USERNAME%:(OI)(CI)F" "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F"`;
  return {
    code: 'folder-open',
    words: {
      zh: `${who} 也能${isChange ? '改动' : '读取'} ${path}`,
      en: `${who} may ${isChange ? 'change' : 'read'} ${path}`,
    },
    remedy: {
      zh: `请信息科只留给运行本程序的用户（以该用户运行：${command}），并查明谁动过里面的文件。`,
      en: `Have the IT clerk leave it to the user of this program alone (run as that user: ${command}) and find out who touched what is in it.`,
    },
  };
}

const rightsUnknown = (path: string): Caution => ({
  code: 'rights-unknown',
  words: {
    zh: `没能核对别的用户能不能读 ${path}`,
    en: `it could not be found out whether other users may read ${path}`,
  },
  remedy: {
    zh: '请信息科在“属性—安全”里查看，只留运行本程序的用户、SYSTEM 和管理员。',
    en: 'Have the IT clerk look at Properties, Security, and leave the user of this program, SYSTEM and administrators alone.',
  },
});

const plainLine = (name: 'payers-url' | 'e-voucher-url'): Caution => ({
  code: 'plain-http',
  words: {
    zh: `${name} 是不加密的 http，患者资料在线路上谁都能读`,
    en: `${name} is plain http: patients can be read on the line`,
  },
  remedy: {
    zh: '请信息科改成 https 地址，再关掉设置 plain-http。',
    en: 'Have the IT clerk use an https address and switch the setting plain-http off.',
  },
});

/** What was found last; a look that is older than a while is taken anew beside it. A share that hangs holds one look. */
export function watchCautions(
  look: () => Promise<readonly Caution[]>,
  monotonicMs: () => number,
): () => readonly Caution[] {
  let found: readonly Caution[] = [];
  let lookedAt = -Infinity;
  let looking = false;
  return () => {
    if (!looking && monotonicMs() - lookedAt >= lookEveryMs) {
      looking = true;
      lookedAt = monotonicMs();
      look()
        .then(
          (cautions) => {
            found = cautions;
          },
          () => undefined,
        )
        .finally(() => {
          looking = false;
        });
    }
    return found;
  };
}

const lookEveryMs = 60_000;
