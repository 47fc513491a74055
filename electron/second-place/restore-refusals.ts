import { declareRefusals, type CodeOf } from '../../shared/domain/declare-refusals.ts';
import type { PlaceGap } from './place-problem.ts';

const nothingDone = {
  zh: '什么都没有恢复，那里的内容没有改动。',
  en: 'Nothing was restored and nothing there was changed.',
};

/** Why a machine does not take over from a second place. */
export const restoreRefusal = declareRefusals({
  'place-not-one': ({ place }: { place: string }) => ({
    message: {
      zh: `${place} 不是第二存放处，或标记文件已损坏。${nothingDone.zh}`,
      en: `${place} is no second place, or the file that says so is damaged. ${nothingDone.en}`,
    },
    money: 'none',
    place,
    remedy: {
      zh: '请指向里面有 settlement-second-place.json 的那个文件夹。',
      en: 'Name the folder that holds settlement-second-place.json.',
    },
  }),
  'place-of-another-key': ({ place }: { place: string }) => ({
    message: {
      zh: `这把密钥打不开 ${place}：它是别的数据文件夹的第二存放处，或密钥不对。${nothingDone.zh}`,
      en: `The key does not open ${place}: it is another data folder’s second place, or the key is a wrong one. ${nothingDone.en}`,
    },
    money: 'none',
    place,
    remedy: {
      zh: '请把 SETTLEMENT_KEY_FILE 指向原来那个数据文件夹的密钥（封存的那份也行）。',
      en: 'Point SETTLEMENT_KEY_FILE at the key of that data folder; the sealed second copy will do.',
    },
  }),
  'place-without-copy': ({ place, copies }: { place: string; copies: number }) => ({
    message: {
      zh: `${place} 里没有能用的整份副本（共 ${String(copies)} 份，都与记下的不符）。${nothingDone.zh}`,
      en: `${place} holds no whole copy that can be used (${String(copies)} are there, none is as it was written). ${nothingDone.en}`,
    },
    money: 'none',
    place,
    remedy: {
      zh: '请用最近一次 backup 的文件恢复，并保管好这个文件夹。',
      en: 'Restore the last backup file, and keep this folder.',
    },
  }),
  'place-has-gap': ({ place, gap }: { place: string; gap: PlaceGap }) => ({
    message: {
      zh: `${place} 读到第 ${String(gap.upTo.sequence)} 条（${gap.upTo.at ?? '副本之时'}）为止是完整的${lostWords(gap).zh}。${nothingDone.zh}`,
      en: `${place} is whole up to row ${String(gap.upTo.sequence)} (${gap.upTo.at ?? 'the copy'})${lostWords(gap).en}. ${nothingDone.en}`,
    },
    money: 'none',
    place,
    remedy: {
      zh: '若没有更全的一份，加 --up-to-gap 恢复到断点；之后的结算要按手里的凭条补录。',
      en: 'If there is none that is more complete, add --up-to-gap; what came after is entered again from the slips.',
    },
    details: [gap],
  }),
  'place-changed': ({ place, why }: { place: string; why: string }) => ({
    message: {
      zh: `${place} 读到一半时被拔出、读不出来或被改动了（${why}）。${nothingDone.zh}`,
      en: `${place} was pulled out, could not be read or was changed half way through the reading (${why}). ${nothingDone.en}`,
    },
    money: 'none',
    place,
    remedy: {
      zh: '请插好U盘或接好共享文件夹再试；若还是这样，先把整个文件夹复制到本机硬盘，再从那里恢复。',
      en: 'Put it in again and try once more; if that does not help, copy the whole folder to a disk of this machine first and restore from there.',
    },
  }),
  'home-not-empty': ({ home }: { home: string }) => ({
    message: {
      zh: `${home} 已有内容，接管只能在空的文件夹里做。${nothingDone.zh}`,
      en: `${home} holds something; a takeover needs an empty folder. ${nothingDone.en}`,
    },
    money: 'none',
    place: home,
    remedy: { zh: '请用 --home 指定一个新的文件夹。', en: 'Name a new folder with --home.' },
  }),
  'place-does-not-fit': ({ place, problem }: { place: string; problem: string }) => ({
    message: {
      zh: `${place} 的记录与它的副本对不上，恢复中止。${nothingDone.zh}`,
      en: `The rows of ${place} do not fit its copy; the takeover was given up. ${nothingDone.en}`,
    },
    money: 'none',
    place,
    remedy: {
      zh: '请保管好这个文件夹并联系我们；可用最近一次 backup 的文件恢复。',
      en: 'Keep this folder and call us; the last backup file can be restored.',
    },
    details: [{ problem }],
  }),
  'restored-books-wrong': ({ problems }: { problems: readonly unknown[] }) => ({
    message: {
      zh: `恢复出来的账核对不平，没有采用。${nothingDone.zh}`,
      en: `The books that came out do not add up and were not taken. ${nothingDone.en}`,
    },
    money: 'none',
    remedy: {
      zh: '请保管好这个文件夹并联系我们；可用最近一次 backup 的文件恢复。',
      en: 'Keep this folder and call us; the last backup file can be restored.',
    },
    details: problems,
  }),
});

export type RestoreCode = CodeOf<typeof restoreRefusal>;

function lostWords({ lost }: PlaceGap): { readonly zh: string; readonly en: string } {
  if (lost === null) return { zh: '，之后的读不出来', en: '; what follows cannot be read' };
  return {
    zh: `，原来写到第 ${String(lost.sequence)} 条（${lost.at}），之后的缺了`,
    en: `, once it went to row ${String(lost.sequence)} (${lost.at}); what lies between is missing`,
  };
}
