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
