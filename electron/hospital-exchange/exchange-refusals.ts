import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

/** Why a file that was refused is not tried again or deleted. */
export const exchangeRefusal = declareRefusals({
  'refused-file-gone': {
    message: {
      zh: '这个文件已经不在“refused”文件夹里，没有改动。',
      en: 'This file is not in the folder of refused files any more; nothing was done.',
    },
    money: 'none',
    remedy: {
      zh: '它可能已经重新接收、被删除或过了保留期；请刷新列表。',
      en: 'It may have been tried again, deleted, or have passed its term; look at the list again.',
    },
  },
  'refused-file-waits': {
    message: {
      zh: '同名的文件正在接收，这一份先不动，没有改动。',
      en: 'A file of the same name is being taken in, so this one was left where it is.',
    },
    money: 'none',
    remedy: {
      zh: '请等几秒，看那一份接收的结果，再决定这一份要不要重试。',
      en: 'Wait some seconds, see what became of that one, then decide whether this one is tried again.',
    },
  },
  'refused-file-reason-missing': {
    message: {
      zh: '没有写明为什么删除，文件还在。',
      en: 'Why it is deleted was not said; the file is still there.',
    },
    money: 'none',
    remedy: {
      zh: '请写明原因，例如“改正后的文件已经另外送来”。',
      en: 'Say why, such as "the corrected file came under another name".',
    },
  },
  'intake-folder-missing': {
    message: {
      zh: '没有设置医院系统送账单的文件夹，没有可处理的文件。',
      en: 'No folder is set into which the hospital system puts its bills, so there is no such file.',
    },
    money: 'none',
    remedy: {
      zh: '请用 settings --set hospital-in=文件夹 设置。',
      en: 'Set it with: settings --set hospital-in=FOLDER.',
    },
  },
  'intake-folder-away': {
    message: {
      zh: '医院系统的文件夹现在打不开，或没有及时回应。',
      en: "The hospital's folder cannot be opened now, or did not answer in time.",
    },
    money: 'none',
    remedy: {
      zh: '请检查文件服务器和网络，恢复后刷新列表：文件还在的再试一次。',
      en: 'Check the file server and the network; once it is there look at the list again and try again what is still in it.',
    },
  },
});
