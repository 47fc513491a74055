import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { Words } from '../../shared/domain/result.ts';
import type { OwnFileProblem } from '../base/own-file.ts';

const fileWords: Readonly<Record<OwnFileProblem | 'short' | 'wrong', Words>> = {
  missing: { zh: '不在或打不开', en: 'is not there or cannot be opened' },
  'not-a-file': { zh: '不是普通文件，或太大', en: 'is no plain file, or too large' },
  others: { zh: '别的用户也能读', en: 'can be read by others' },
  short: { zh: '第一行不足 32 个字符', en: 'has fewer than 32 characters in its first line' },
  wrong: { zh: '不是 PEM 格式的证书', en: 'is no certificate in PEM' },
};

/** Why a file that was refused is not tried again or deleted, and what keeps results from being called back. */
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
  'result-gone': {
    message: {
      zh: '这个结果已经送到，或正在重送，没有改动。',
      en: 'This result was taken already, or is being called back; nothing was changed.',
    },
    money: 'none',
    remedy: { zh: '请刷新列表。', en: 'Look at the list again.' },
  },
  'results-address-wrong': ({ url }: { readonly url: string }) => ({
    message: {
      zh: `回传结果的地址 ${url} 不能用：要 https 地址，结果没有回传，都留着。`,
      en: `Results cannot be called back to ${url}: it has to be https. They are kept until they can.`,
    },
    money: 'none',
    remedy: {
      zh: '请信息科改正 hospital-results-url；院内确实只有 http 时，另设 plain-http=allowed。',
      en: 'Have the IT clerk correct hospital-results-url; where there is only http, set plain-http=allowed.',
    },
  }),
  'results-file-wrong': ({
    name,
    why,
  }: {
    readonly name: string;
    readonly why: keyof typeof fileWords;
  }) => ({
    message: {
      zh: `设置 ${name} 指的文件${fileWords[why].zh}，结果没有回传，都留着。`,
      en: `The file that ${name} names ${fileWords[why].en}; results are kept and not called back.`,
    },
    money: 'none',
    remedy: {
      zh: '请信息科改正后重新打开程序：签名密钥文件的第一行不少于 32 个字符，只有本程序的用户能读。',
      en: 'Have the IT clerk correct it and open the program again: the first line of the secret has 32 characters or more and is readable by this user alone.',
    },
  }),
  'results-not-taken': ({ url, why }: { readonly url: string; readonly why: string }) => ({
    message: {
      zh: `医院系统 ${url} 没有收下结算结果（${why}），结果都留着，会自动重送，不会丢也不会重复记账。`,
      en: `The hospital system at ${url} did not take results (${why}); they are kept and called back again, none is lost.`,
    },
    money: 'none',
    remedy: {
      zh: '请信息科检查网络和医院系统的接口；恢复后自动补送。',
      en: 'Have the IT clerk look at the network and the interface of the hospital system; they go by themselves once it answers.',
    },
  }),
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
