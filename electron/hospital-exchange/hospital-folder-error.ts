import type { Words } from '../../shared/domain/result.ts';
import { NotPlainFileError } from '../base/foreign-folder.ts';

export type HospitalFolderCode =
  | 'hospital-folder-missing'
  | 'hospital-folder-full'
  | 'hospital-folder-refused'
  | 'hospital-folder-unsafe'
  | 'hospital-folder-failed';

/** The folder of the hospital's system does not take a file; the file stays queued. */
export class HospitalFolderError extends Error {
  override readonly name = 'HospitalFolderError';
  readonly code: HospitalFolderCode;
  readonly words: Words;
  /** What the IT clerk does. */
  readonly remedy: Words;

  constructor(
    code: HospitalFolderCode,
    { words, remedy }: { readonly words: Words; readonly remedy: Words },
    cause: unknown,
  ) {
    super(`${words.zh} (${words.en})`, { cause });
    this.code = code;
    this.words = words;
    this.remedy = remedy;
  }
}

const codes: Readonly<Record<string, HospitalFolderCode>> = {
  ENOENT: 'hospital-folder-missing',
  ENOTDIR: 'hospital-folder-missing',
  ENOSPC: 'hospital-folder-full',
  EDQUOT: 'hospital-folder-full',
  EACCES: 'hospital-folder-refused',
  EPERM: 'hospital-folder-refused',
  EROFS: 'hospital-folder-refused',
};

function codeOf(problem: unknown, said: string): HospitalFolderCode {
  // A folder in the place of a file is seen before it is written, or only when the name is taken.
  const isUnsafe = problem instanceof NotPlainFileError || said === 'EISDIR' || said === 'ELOOP';
  return isUnsafe ? 'hospital-folder-unsafe' : (codes[said] ?? 'hospital-folder-failed');
}

/** What a file system's problem means for the folder, with what happens next. */
export function hospitalFolderErrorOf(folder: string, problem: unknown): HospitalFolderError {
  if (problem instanceof HospitalFolderError) return problem;
  const said = problem instanceof Error && 'code' in problem ? String(problem.code) : '';
  const code = codeOf(problem, said);
  const next = {
    zh: '结算不受影响，结果已存好，恢复后自动补写。',
    en: 'Settling goes on; the results are kept and are written when it is back.',
  };
  const what = {
    'hospital-folder-missing': {
      zh: `找不到医院系统的结果文件夹 ${folder}。`,
      en: `The hospital system's folder ${folder} is not there.`,
    },
    'hospital-folder-full': {
      zh: `医院系统的结果文件夹 ${folder} 已满。`,
      en: `The hospital system's folder ${folder} is full.`,
    },
    'hospital-folder-refused': {
      zh: `没有写入医院系统结果文件夹 ${folder} 的权限。`,
      en: `There is no right to write into the hospital system's folder ${folder}.`,
    },
    'hospital-folder-unsafe': {
      zh: `医院系统的结果文件夹 ${folder} 里，有个结果文件的名字被链接、管道或文件夹占着，没有经过它写任何东西。`,
      en: `In the hospital system's folder ${folder} a link, a pipe or a folder bears the name of a result; nothing was written through it.`,
    },
    'hospital-folder-failed': {
      zh: `医院系统的结果文件夹 ${folder} 无法写入（${said}）。`,
      en: `The hospital system's folder ${folder} cannot be written (${said}).`,
    },
  }[code];
  const words = { zh: what.zh + next.zh, en: `${what.en} ${next.en}` };
  return new HospitalFolderError(code, { words, remedy: remedies[code] }, problem);
}

/** The same for the folder that bills come from: what stands in the way of taking them in; null: it is no trouble of the folder. */
export function incomingFolderErrorOf(
  folder: string,
  problem: unknown,
): HospitalFolderError | null {
  if (problem instanceof HospitalFolderError) return problem;
  const said = problem instanceof Error && 'code' in problem ? String(problem.code) : '';
  if (!/^E[A-Z0-9]+$/.test(said)) return null;
  const code = codes[said] ?? 'hospital-folder-failed';
  const words = {
    zh: `医院系统放账单的文件夹 ${folder} ${incomingWords[code].zh}（${said}）。新账单进不来，已收下的照常结算；恢复后自动读取，账单不会丢。`,
    en: `The folder ${folder} that bills come from ${incomingWords[code].en} (${said}). No new bill comes in, those that are here are settled as always; the others are read when it is back, none is lost.`,
  };
  return new HospitalFolderError(code, { words, remedy: incomingRemedies[code] }, problem);
}

const unreadable = { zh: '读不出来', en: 'cannot be read' };
const cannotMove = { zh: '不让移动文件', en: 'lets no file be moved' };
const incomingWords: Readonly<Record<HospitalFolderCode, Words>> = {
  'hospital-folder-missing': { zh: '不在', en: 'is not there' },
  'hospital-folder-full': { zh: '已满', en: 'is full' },
  'hospital-folder-refused': cannotMove,
  'hospital-folder-unsafe': unreadable,
  'hospital-folder-failed': unreadable,
};

const lookAtDisk = {
  zh: '请信息科查看这个文件夹和它所在的盘。',
  en: 'Have the IT clerk look at the folder and its disk.',
};
const incomingRemedies: Readonly<Record<HospitalFolderCode, Words>> = {
  'hospital-folder-missing': {
    zh: '请插回U盘，或请信息科检查网络、共享和文件夹的名字（设置 hospital-in）。',
    en: 'Put the stick in again, or have the IT clerk check the network, the share and the name (setting hospital-in).',
  },
  'hospital-folder-full': {
    zh: '请信息科腾出空间：要放得下被拒收文件的说明。',
    en: 'Have the IT clerk make room: what is wrong with a refused file is written beside it.',
  },
  'hospital-folder-refused': {
    zh: '请信息科给运行本程序的用户写入的权限；U盘请关掉写保护。',
    en: 'Have the IT clerk let the user of this program write there; a stick must not be write-protected.',
  },
  'hospital-folder-unsafe': lookAtDisk,
  'hospital-folder-failed': lookAtDisk,
};

const remedies: Readonly<Record<HospitalFolderCode, Words>> = {
  'hospital-folder-missing': {
    zh: '请信息科检查网络、共享和文件夹的名字（设置 hospital-out）。',
    en: 'Have the IT clerk check the network, the share and the name (setting hospital-out).',
  },
  'hospital-folder-full': {
    zh: '请信息科腾出空间，或请医院系统取走结果。',
    en: 'Have the IT clerk make room, or the hospital’s system take its results.',
  },
  'hospital-folder-refused': {
    zh: '请信息科给运行本程序的用户写入的权限。',
    en: 'Have the IT clerk let the user of this program write there.',
  },
  'hospital-folder-unsafe': {
    zh: '请信息科删掉它并收紧文件夹的权限。',
    en: 'Have the IT clerk remove it and narrow the rights of the folder.',
  },
  'hospital-folder-failed': {
    zh: '请信息科查看这个文件夹和它所在的盘。',
    en: 'Have the IT clerk look at the folder and its disk.',
  },
};
