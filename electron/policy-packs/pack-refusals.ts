import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { Words } from '../../shared/domain/result.ts';

type PackProblem = {
  readonly file: string;
  readonly line: number;
  readonly message: Words;
  readonly remedy: Words;
};

/** Why a pack, or a visit it is to be tried on, cannot be used. */
export const packRefusal = declareRefusals({
  /** `known` are those there are; `problems`, what is wrong with others. */
  'unknown-pack': ({
    pack,
    known,
    problems,
  }: {
    readonly pack: string;
    readonly known: readonly string[];
    readonly problems: readonly object[];
  }) => ({
    message: {
      zh: `没有待遇政策“${pack}”，也没有这个文件夹。`,
      en: `There is no policy pack "${pack}" and no such folder.`,
    },
    money: 'not-settled',
    remedy: { zh: `可用的有：${known.join('、')}`, en: `Known are: ${known.join(', ')}` },
    details: [...known, ...problems],
  }),
  'no-packs': ({ folder }: { readonly folder: string }) => ({
    message: {
      zh: `文件夹 ${folder} 里没有可用的政策包。`,
      en: `The folder ${folder} holds no usable pack.`,
    },
    money: 'not-settled',
    remedy: {
      zh: '政策包放在 <id>/<version>/pack.yaml',
      en: 'A pack lies at <id>/<version>/pack.yaml',
    },
    details: [],
  }),
  'pack-broken': ({
    folder,
    first,
    problems,
  }: {
    readonly folder: string;
    readonly first: PackProblem;
    readonly problems: readonly PackProblem[];
  }) => ({
    place: `${first.file}:${String(first.line)}`,
    message: {
      zh: `文件夹 ${folder} 里没有可用的政策包：${first.message.zh}。`,
      en: `The folder ${folder} holds no usable pack: ${first.message.en}.`,
    },
    money: 'not-settled',
    remedy: first.remedy,
    details: problems,
  }),
  /** A pack whose text is not the one its id and version stand for in these books. */
  'pack-differs': ({ name }: { readonly name: string }) => ({
    message: {
      zh: `待遇政策 ${name} 的内容与启用时登记的不一样，不能用它结算。`,
      en: `The text of the pack ${name} is not the one that was taken into use, so it cannot be used.`,
    },
    money: 'not-settled',
    remedy: {
      zh: '请政策管理员放回原来的文件；要改政策，请另存为更高的版本号。各窗口的程序版本要一致。',
      en: 'Have the policy officer put the original file back; a change goes into a higher version. All windows need the same version of the program.',
    },
  }),
  'pack-without-cases': ({ id, version }: { readonly id: string; readonly version: string }) => ({
    message: {
      zh: `待遇政策 ${id}@${version} 没有可用的案例，不能从案例开始试算。这里只是试算。`,
      en: `The policy pack ${id}@${version} has no case to begin a calculation with. This is a calculation only.`,
    },
    money: 'none',
    remedy: { zh: '请政策管理员补写案例', en: 'Ask the policy officer to add a case' },
  }),
  'cannot-read-file': ({ file, why }: { readonly file: string; readonly why: string }) => ({
    place: file,
    message: {
      zh: `读不了文件 ${file}（${why}）。`,
      en: `The file ${file} cannot be read (${why}).`,
    },
    money: 'not-settled',
    remedy: { zh: '检查路径和权限', en: 'Check the path and whether it may be read' },
  }),
  'not-utf8': ({ file }: { readonly file: string }) => ({
    place: file,
    message: {
      zh: `文件 ${file} 不是 UTF-8 编码，姓名等汉字会读错。`,
      en: `The file ${file} is not in UTF-8; names in it would be misread.`,
    },
    money: 'not-settled',
    remedy: {
      zh: '在编辑器中另存为 UTF-8 编码（GBK 文件也要转换）',
      en: 'Save it anew as UTF-8; a GBK file has to be converted',
    },
  }),
  'not-json': ({ file, line }: { readonly file: string; readonly line: number }) => ({
    place: `${file}:${String(line)}`,
    message: {
      zh: `文件 ${file} 第 ${String(line)} 行起不是正确的 JSON。`,
      en: `The file ${file} is not JSON from line ${String(line)} on.`,
    },
    money: 'not-settled',
    remedy: {
      zh: '检查文件是否完整、是否为 UTF-8 编码的 JSON',
      en: 'Check that the file is whole and is JSON in UTF-8',
    },
  }),
});
