import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

type Place = { readonly file: string };

/** How far a backup or a folder is, as it is said when the two differ. */
export type Reach = {
  /** Counts every change that was ever kept. */
  readonly changes: number;
  /** The last settlement number; null where none was given. */
  readonly lastNumber: string | null;
};

/** Why a backup is not made, or not restored. */
export const backupRefusal = declareRefusals({
  'backup-file-exists': ({ file }: Place) => ({
    message: {
      zh: `已经有这个文件：${file}。没有备份，没有覆盖任何文件。`,
      en: `There is a file ${file} already. Nothing was backed up, no file was overwritten.`,
    },
    money: 'none',
    place: file,
    remedy: { zh: '请换一个文件名。', en: 'Name another file.' },
  }),
  'backup-place': ({ file, why }: Place & { readonly why: string }) => ({
    message: {
      zh: `备份写不到 ${file}（${why}）。没有备份，数据没有改动。`,
      en: `The backup cannot be written to ${file} (${why}). Nothing was backed up, the data is unchanged.`,
    },
    money: 'none',
    place: file,
    remedy: {
      zh: '请检查文件夹是否存在、是否可写、空间是否够。',
      en: 'Look whether the folder is there, may be written to and has room.',
    },
  }),
  'backup-missing': ({ file }: Place) => ({
    message: {
      zh: `没有这个备份文件：${file}。`,
      en: `There is no backup ${file}.`,
    },
    money: 'unchanged',
    place: file,
    remedy: { zh: '请核对文件名和路径。', en: 'Check its name and path.' },
  }),
  'backup-unreadable': ({ file, why }: Place & { readonly why: string }) => ({
    message: {
      zh: `备份 ${file} 读到一半时被拔走、读不出来或被改动了（${why}）。没有恢复。`,
      en: `The backup ${file} was taken away, could not be read or was changed half way through the reading (${why}). It was not restored.`,
    },
    money: 'unchanged',
    place: file,
    remedy: {
      zh: '请插好U盘再试；若还是这样，先把备份复制到本机硬盘，再从那里恢复，或用另一份备份。',
      en: 'Put the stick in again and try once more; if that does not help, copy the backup to a disk of this machine and restore from there, or use another one.',
    },
  }),
  /** `problems`: what is wrong with it, as SQLite or the check of the books says it. */
  'backup-damaged': ({ file, problems }: Place & { readonly problems: readonly string[] }) => ({
    message: {
      zh: `备份 ${file} 已损坏、不完整，或者不是用本文件夹的密钥加密的。没有恢复。`,
      en: `The backup ${file} is damaged, not whole, or not encrypted with this folder's key. It was not restored.`,
    },
    money: 'unchanged',
    place: file,
    remedy: {
      zh: '请用另一份备份；若密钥换过，请用备份当时的密钥。',
      en: 'Use another backup; if the key was changed, use the key of that time.',
    },
    details: problems.map((problem) => ({ problem })),
  }),
  'backup-foreign': ({ file }: Place) => ({
    message: {
      zh: `${file} 不是本数据文件夹的备份，是另一个文件夹或别的程序的文件。没有恢复。`,
      en: `${file} is no backup of this data folder but of another one, or of another program. It was not restored.`,
    },
    money: 'unchanged',
    place: file,
    remedy: {
      zh: '请用本文件夹自己的备份；在新电脑上恢复时，请恢复到一个新文件夹（restore FILE --init）。',
      en: "Use one of this folder's own; on a new machine restore into a new folder (restore FILE --init).",
    },
  }),
  /** `lost`: what would be gone, in words. */
  'backup-older': ({
    file,
    backup,
    folder,
    lost,
  }: Place & {
    readonly backup: Reach;
    readonly folder: Reach;
    readonly lost: readonly { readonly zh: string; readonly en: string }[];
  }) => ({
    message: {
      zh: `备份 ${file} 比本文件夹旧：备份到第 ${String(backup.changes)} 次改动（${numberZh(backup)}），文件夹到第 ${String(folder.changes)} 次（${numberZh(folder)}）。恢复后会失去：${lost.map(({ zh }) => zh).join('；')}。没有恢复。`,
      en: `The backup ${file} is older than the folder: it ends at change ${String(backup.changes)} (${numberEn(backup)}), the folder at ${String(folder.changes)} (${numberEn(folder)}). Restoring would lose: ${lost.map(({ en }) => en).join('; ')}. It was not restored.`,
    },
    money: 'unchanged',
    place: file,
    remedy: {
      zh: '请先找更新的备份或第二存放处；确定没有时，加 --older 恢复：失去的结算单号不会再用，未完结的申报转为“结果未知”。',
      en: 'Look for a later one first; if there is none, add --older: lost numbers are never given again, claims that are not final become unknown.',
    },
    details: [{ backup, folder }],
  }),
});

const numberZh = ({ lastNumber }: Reach): string =>
  lastNumber === null ? '没有结算' : `最后结算单号 ${lastNumber}`;
const numberEn = ({ lastNumber }: Reach): string =>
  lastNumber === null ? 'no settlement' : `last settlement ${lastNumber}`;
