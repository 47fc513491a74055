import { stat, realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';

import { holdFolder, NotPlainFileError, type HeldFolder } from '../base/foreign-folder.ts';
import { shareOf } from '../database/network-share.ts';
import type { Words } from '../../shared/domain/result.ts';
import { HospitalFolderError } from './hospital-folder-error.ts';

export type ExchangeSetting = 'hospital-in' | 'hospital-out';

/** An exchange folder as it was set, and what must still be so at each look and each write. */
export type ExchangeFolder = {
  readonly setting: ExchangeSetting;
  readonly folder: string;
  /** The data folder, into which no exchange folder may lead; absent: none is known. */
  readonly home?: string;
  /** Whose it was when it was set or first seen; null where nobody has looked. */
  ownedBy: number | null;
};

export type HeldExchangeFolder = HeldFolder & {
  /** Everybody may write into it: said, for then anybody may take away what lies there. */
  readonly isForEverybody: boolean;
};

/**
 * Holds an exchange folder open for one look or one write. It may have become another thing since it was set: a link, which is
 * not followed, a way into the data folder, or a folder that somebody else put in its place. Then this throws in words, and
 * nothing was read or written.
 */
export async function holdExchangeFolder(exchange: ExchangeFolder): Promise<HeldExchangeFolder> {
  const { folder, setting, home } = exchange;
  const held = await holdFolder(folder, { followsLink: false }).catch((problem: unknown) => {
    throw problem instanceof NotPlainFileError ? unsafe(setting, 'link', problem) : problem;
  });
  try {
    if (home !== undefined) await assertOutside(held, setting, home);
    const isForEverybody = await assertSameOwner(held, exchange);
    return { ...held, isForEverybody };
  } catch (problem) {
    await held.close();
    throw problem;
  }
}

/** Whose a folder is, where that is known: on a disk of this machine that knows owners. Null where it is not. */
export async function ownerOf(folder: string): Promise<number | null> {
  if (process.getuid === undefined) return null;
  const facts = await stat(folder).catch(() => null);
  if (facts?.isDirectory() !== true) return null;
  return shareOf(await realpath(folder)) === null ? facts.uid : null;
}

async function assertSameOwner(held: HeldFolder, exchange: ExchangeFolder): Promise<boolean> {
  if (process.getuid === undefined) return false;
  const { uid, mode } = await stat(held.path);
  if (uid !== exchange.ownedBy) {
    // A share of another machine may say anything of owners.
    const owner = await ownerOf(held.path);
    if (owner !== null && exchange.ownedBy !== null)
      throw unsafe(exchange.setting, 'other-owner', null);
    exchange.ownedBy = owner;
  }
  return (mode & othersWrite) !== 0;
}

const othersWrite = 0o002;

/** The demo's own two lie in it. */
async function assertOutside(
  { path }: HeldFolder,
  setting: ExchangeSetting,
  home: string,
): Promise<void> {
  const way = relative(await realpath(home), await realpath(path));
  if (way.startsWith('..') || isAbsolute(way) || way === setting) return;
  throw unsafe(setting, 'inside', null);
}

type Why = 'link' | 'inside' | 'other-owner';

function unsafe(setting: ExchangeSetting, why: Why, cause: unknown): HospitalFolderError {
  const what = whatIsWrong[why];
  const words = {
    zh: `交换文件夹（${setting}）${what.zh}，没有经过它读写任何东西。结算不受影响；账单留在原处，结果已存好，恢复后自动补写。`,
    en: `The exchange folder (${setting}) ${what.en}; nothing was read or written through it. Settling goes on; bills stay where they are, results are kept and written later.`,
  };
  const remedy = {
    zh: `请信息科查明是谁动过它；确认无误后用 settings ${setting} 重新写一次真正的路径，再重开窗口。`,
    en: `Have the IT clerk find out who changed it; if it is right, set the real path once more with settings ${setting} and open the desk again.`,
  };
  return new HospitalFolderError('hospital-folder-unsafe', { words, remedy }, cause);
}

const whatIsWrong: Readonly<Record<Why, Words>> = {
  link: { zh: '现在是个链接', en: 'is a link now' },
  inside: {
    zh: '指到了本程序的数据文件夹里，否则会把程序自己的文件当成账单',
    en: 'leads into the data folder of this program, or our own files would be taken for bills',
  },
  'other-owner': {
    zh: '换成了别的用户的文件夹',
    en: 'is a folder of another user than before',
  },
};
