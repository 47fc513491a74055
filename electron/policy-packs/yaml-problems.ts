import type { YAMLParseError } from 'yaml';
import type { PackProblem, ProblemWords } from '../../shared/policy/pack/pack-problem.ts';
import { packFileProblem } from './pack-file-problems.ts';

/** What is wrong with a text that is no YAML, in words of someone who writes it by hand. */
export function yamlProblem({
  code,
  message,
}: Pick<YAMLParseError, 'code' | 'message'>): PackProblem<'duplicate-key' | 'not-yaml'> {
  if (code === 'DUPLICATE_KEY') return packFileProblem([], 'duplicate-key');
  const known = sentences.find(({ codes, says }) => codes.includes(code) && says.test(message));
  return packFileProblem([], 'not-yaml', { words: known?.words ?? otherwise });
}

const otherwise: ProblemWords = [
  '这里不是正确的 YAML',
  'this is not YAML',
  '检查这一行和上一行的缩进、引号、括号和冒号',
  'check indent, quotes, brackets and colons of this line and the one before',
];

const sentences: readonly {
  readonly codes: readonly string[];
  readonly says: RegExp;
  readonly words: ProblemWords;
}[] = [
  {
    codes: ['TAB_AS_INDENT'],
    says: /./,
    words: [
      '缩进用了制表符（Tab）',
      'a tab is used as indent',
      '缩进只用空格，每层两个',
      'indent with spaces only, two for each level',
    ],
  },
  {
    codes: ['MISSING_CHAR'],
    says: /quote/,
    words: [
      '引号没有成对：前面有一个引号没有结束',
      'a quote is opened before this and not closed',
      '补上结束的引号，用英文引号',
      'close it, with the same straight quote',
    ],
  },
  {
    codes: ['BAD_INDENT', 'MISSING_CHAR'],
    says: /end with a|flow/i,
    words: [
      '括号没有成对：前面有一个 [ 或 { 没有结束',
      'a [ or { is opened before this and not closed',
      '补上 ] 或 }',
      'add the ] or }',
    ],
  },
  {
    codes: ['BAD_INDENT'],
    says: /./,
    words: [
      '缩进不齐：同一层的各行必须从同一列开始',
      'the indent does not match: lines of one level begin in the same column',
      '让这一行与同层的上一行对齐',
      'align this line with the one before it of the same level',
    ],
  },
  {
    codes: ['MISSING_CHAR', 'MULTILINE_IMPLICIT_KEY'],
    says: /./,
    words: [
      '这一行没有“键: 值”的冒号，或冒号是中文的、后面没有空格',
      'this line has no colon after its key, or a Chinese one, or no space behind it',
      '写成“键: 值”，英文冒号后加一个空格',
      'write it as "key: value", with a plain colon and a space',
    ],
  },
  {
    codes: ['BLOCK_AS_IMPLICIT_KEY'],
    says: /./,
    words: [
      '一行里有两个冒号',
      'there are two colons in one line',
      '含冒号的文字加上引号，或分成两行',
      'put a text with a colon in quotes, or write two lines',
    ],
  },
  {
    codes: ['BAD_SCALAR_START'],
    says: /./,
    words: [
      '文字不能以这个符号开头',
      'a text cannot begin with this sign',
      '把文字放进引号里',
      'put the text in quotes',
    ],
  },
  {
    codes: ['MULTIPLE_DOCS'],
    says: /./,
    words: [
      '一个文件里有两份内容（中间有 ---）',
      'there are two documents in one file (--- between them)',
      '删去 ---，或分成两个文件',
      'remove the ---, or make two files',
    ],
  },
];
