import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

/** Why the audit is not read, exported or checked. */
export const auditRefusal = declareRefusals({
  'audit-not-written': ({ file, why }: { readonly file: string; readonly why: string }) => ({
    message: {
      zh: `审计记录写不到 ${file}（${why}）。没有导出。`,
      en: `The audit cannot be written to ${file} (${why}). Nothing was exported.`,
    },
    money: 'none',
    place: file,
    remedy: { zh: '请检查路径和权限。', en: 'Check the path and whether it may be written.' },
  }),
  'audit-empty': {
    message: { zh: '审计记录是空的，没有导出。', en: 'The audit is empty. Nothing was exported.' },
    money: 'none',
    remedy: { zh: '请核对数据文件夹（--home）。', en: 'Check which folder it is (--home).' },
  },
  'audit-list-unknown': ({ list, known }: { readonly list: string; readonly known: string }) => ({
    message: {
      zh: `没有这个清单：${list}。什么都没有列出。`,
      en: `There is no list ${list}. Nothing was listed.`,
    },
    money: 'none',
    place: '--list',
    remedy: { zh: `可用的清单：${known}`, en: `Lists: ${known}` },
  }),
  'audit-file-unreadable': ({ file, why }: { readonly file: string; readonly why: string }) => ({
    message: {
      zh: `文件 ${file} 读不出来（${why}）。没有核对。`,
      en: `The file ${file} cannot be read (${why}). Nothing was checked.`,
    },
    money: 'none',
    place: file,
    remedy: { zh: '请核对文件名和路径。', en: 'Check its name and path.' },
  }),
});
