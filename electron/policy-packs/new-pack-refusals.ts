import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

/** Why no pack is begun; nothing was written. */
export const newPackRefusal = declareRefusals({
  'not-a-pack-id': ({ id }: { readonly id: string }) => ({
    place: '--new',
    message: {
      zh: `“${id.slice(0, 80)}”不能作政策的名称，没有新建。`,
      en: `"${id.slice(0, 80)}" is no name for a pack; nothing was made.`,
    },
    money: 'none',
    remedy: {
      zh: '用地方和年份，小写字母、数字和连字符，例如 qingshi-2025',
      en: 'Use place and year in small letters, digits and hyphens, like qingshi-2025',
    },
  }),
  'pack-exists': ({ folder }: { readonly folder: string }) => ({
    place: folder,
    message: {
      zh: `已经有这个政策的文件夹，没有动它：${folder}`,
      en: `There is a folder of this pack already; it was left as it is: ${folder}`,
    },
    money: 'none',
    remedy: {
      zh: '换一个名称；要改已有的政策，请把文件夹复制成新版本再改',
      en: 'Take another name; to change a pack, copy its folder to a new version',
    },
  }),
  'pack-place': ({ folder, why }: { readonly folder: string; readonly why: string }) => ({
    place: folder,
    message: {
      zh: `写不进文件夹 ${folder}（${why}），什么也没有留下。`,
      en: `The folder ${folder} cannot be written to (${why}); nothing was left behind.`,
    },
    money: 'none',
    remedy: {
      zh: '检查这个文件夹的权限和磁盘空间',
      en: 'Check the rights of the folder and the room on the disk',
    },
  }),
});
