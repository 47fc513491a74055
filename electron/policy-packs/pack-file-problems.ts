import {
  declareProblems,
  type PackProblem,
  type ProblemWords,
} from '../../shared/policy/pack/pack-problem.ts';
import type { Words } from '../../shared/domain/result.ts';

/** What is wrong in a pack's file, and on which line. */
export type PackFileProblem<Code extends string = string> = {
  readonly file: string;
  readonly line: number;
  readonly code: Code;
  readonly message: Words;
  readonly remedy: Words;
};

/** A problem of a pack with the file and the line it is on. */
export function fileProblem<Code extends string>(
  file: string,
  lineOf: (path: readonly (string | number)[]) => number,
  { path, code, message, remedy }: PackProblem<Code>,
): PackFileProblem<Code> {
  return { file, line: lineOf(path), code, message, remedy };
}

/** A problem of a file, or of a folder, as a whole or on a line that is known already. */
export function problemOfFile<Code extends string>(
  file: string,
  problem: PackProblem<Code>,
  line = 1,
): PackFileProblem<Code> {
  return fileProblem(file, () => line, problem);
}

const layoutZh = '政策包放在 <id>/<version>/pack.yaml';
const layoutEn = 'a pack lies at <id>/<version>/pack.yaml';

/** What can be wrong with files and folders of packs, before or beside what the packs say. */
export const packFileProblem = declareProblems({
  'folder-missing': ['没有这个文件夹', 'there is no such folder', layoutZh, layoutEn],
  'no-packs': ['文件夹里没有 pack.yaml', 'no pack.yaml in this folder', layoutZh, layoutEn],
  'cannot-read': ({ why }: { readonly why: string }) => [
    `读不了这个文件（${why}）`,
    `this file cannot be read (${why})`,
    '检查文件是否存在、是否有权限',
    'check that it exists and may be read',
  ],
  'include-missing': ({ why }: { readonly why: string }) => [
    `include 写的共用部分读不了（${why}）`,
    `what the pack includes cannot be read (${why})`,
    '共用部分放在政策包文件夹旁边的 <名称>/<版本>/shared.yaml',
    'it lies beside the folders of the packs, as <name>/<version>/shared.yaml',
  ],
  'include-does-not-fit': ({ part, twice }: { readonly part: string; readonly twice: boolean }) =>
    twice
      ? [
          `“${part}”在共用部分里已经写了`,
          `"${part}" is stated in what the pack includes already`,
          '删去政策包里的这一项；要改的改共用部分的新版本',
          'remove it from the pack; to change it make a new version of what is shared',
        ]
      : [
          `共用部分里不能有“${part}”`,
          `"${part}" cannot be shared`,
          '共用部分只写出处、支付方、数字、名单、调整和支付环节',
          'only sources, payers, figures, lists, modifiers and steps are shared',
        ],
  'file-too-large': [
    '文件超过 1 MB，不是政策包',
    'more than 1 MB: not a policy pack',
    '检查是否放错了文件',
    'check whether this is the right file',
  ],
  'not-pack-yaml': [
    '从这一行起括号、列表套得太深，或太多太碎，不是政策包',
    'from this line on it is nested too deep or cut into too many pieces to be a policy pack',
    '检查是否放错了文件；手写的政策包不会这样',
    'check whether this is the right file; no pack that was written by hand is like this',
  ],
  'not-utf8': [
    '不是 UTF-8 编码，汉字会读错',
    'not in UTF-8: its words would be misread',
    '在编辑器中另存为 UTF-8 编码（GBK 文件也要转换）',
    'save it anew as UTF-8; a GBK file has to be converted',
  ],
  /** `words`: what is wrong with a pack's text; absent for a changelog. */
  'not-yaml': ({ words }: { readonly words?: ProblemWords }) =>
    words ?? [
      '更改记录不是正确的 UTF-8 YAML',
      'the changelog is not YAML in UTF-8',
      '检查这一行的缩进、引号和冒号，并存为 UTF-8',
      'check indent, quotes and colons of this line, and save it as UTF-8',
    ],
  'duplicate-key': [
    '同一层里有两个相同的键',
    'the same key stands twice at this level',
    '删去其中一个',
    'remove one of them',
  ],
  'alias-not-allowed': [
    '政策包里不用别名（*）',
    'aliases (*) are not used in packs',
    '把内容直接写出来',
    'write the content out',
  ],
  'duplicate-pack': ({ twin }: { readonly twin: string }) => [
    `同一政策包的同一版本已在 ${twin}`,
    `this pack in this version stands in ${twin} already`,
    '换一个版本号，或删去其中一个',
    'change its version, or remove one of them',
  ],
  'pack-not-taken': ({ why }: { readonly why: Words }) => [
    `没有当作政策包读取：${why.zh}`,
    `not taken for a pack: ${why.en}`,
    '放到 <id>/<version>/pack.yaml；不是政策包的，改名或移走',
    'put it at <id>/<version>/pack.yaml; if it is no pack, rename it or move it away',
  ],
  'case-file-unused': [
    '没有案例用到这个文件',
    'no case names this file',
    '写一个用它的案例，或删去它',
    'write a case with it, or remove it',
  ],
  'equivalent-to-nothing': [
    '没有这样的改动，或案例已经能发现它',
    'there is no such change, or the cases notice it',
    '删去这一条，或照 --mutate 的说法改正 change、before、after',
    'remove it, or correct change, before and after as --mutate says them',
  ],
  'cases-do-not-hold': ({ wrong }: { readonly wrong: string }) => [
    `这个政策包没有启用：它自己的案例有 ${wrong} 处与算得的不符`,
    `this pack is not in use: its own cases differ from what it comes to in ${wrong} places`,
    '用 check-packs 检查，改正后重新启动本程序',
    'check it with check-packs, correct it and start the program again',
  ],
  'changelog-missing': [
    '这个政策包有几个版本，却没有更改记录',
    'this pack has several versions and no changelog',
    '在版本文件夹旁边写 changelog.yaml，每个版本一条',
    'write changelog.yaml beside the folders of the versions, an entry for each',
  ],
});
