import { declareRefusals, type CodeOf } from '../../shared/domain/declare-refusals.ts';
import type { NumberProblemCode } from '../../shared/domain/number-words.ts';
import type { Words } from '../../shared/domain/result.ts';
import type { NotPlain } from '../base/foreign-folder.ts';

/** What is wrong and what to do; nothing was taken. */
function nothingTaken(zh: string, en: string, remedy: Words) {
  return { message: { zh: `${zh}。`, en: `${en}.` }, money: 'not-taken', remedy } as const;
}

const checkPath = { zh: '请核对文件名和路径。', en: 'Check its name and path.' };
const inParts = {
  zh: '请从医院系统分批导出后再导入。',
  en: 'Export it from the hospital system in smaller parts and import those.',
};
const exportAgain = {
  zh: '请从医院系统重新导出后再导入，不要用别的程序另存。',
  en: 'Export it again from the hospital system and import that; do not save it with another program.',
};
const correctHeader = {
  zh: '请按模板改正表头；要保留别的内容，请另存一份。',
  en: 'Correct the header after the template; keep what else is wanted in another file.',
};
const correctRow = {
  zh: '请在原系统改正这一行后重新导出、导入。',
  en: 'Correct this row where it comes from, export it and import it again.',
};

const notPlainWords: Readonly<Record<NotPlain, Words>> = {
  link: { zh: '是一个链接', en: 'it is a link' },
  'second-name': { zh: '这个文件在别处还有一个名字', en: 'the file has a second name elsewhere' },
  'not-a-file': { zh: '是管道、设备或文件夹', en: 'it is a pipe, a device or a folder' },
  swapped: { zh: '打开时被换掉了', en: 'it was exchanged while it was opened' },
};

type Row = { readonly row: number };

const workbookWords = {
  'no-workbook': { zh: '这个文件不是 Excel 工作簿', en: 'The file is no workbook' },
  damaged: { zh: 'Excel 工作簿已损坏', en: 'The workbook is damaged' },
  'has-password': {
    zh: 'Excel 工作簿有密码，或者是旧的 .xls 格式，打不开',
    en: 'The workbook has a password or is of the old kind (.xls)',
  },
} as const;

const hiddenWords = {
  row: { zh: '这一行被隐藏（或被筛选掉）', en: 'the row is hidden, or filtered out' },
  column: { zh: '有一列被隐藏', en: 'a column with something in it is hidden' },
  format: {
    zh: '有单元格的格式不显示里面的数或文字，或显示成别的',
    en: 'the format of a cell does not show what stands in it, or shows another thing',
  },
} as const;

const cellWords = {
  formula: { zh: '公式', en: 'a formula' },
  truth: { zh: '逻辑值', en: 'a truth' },
  error: { zh: '错误值', en: 'an error' },
  'long-figure': {
    zh: '超过 15 位的数字（后几位已被 Excel 改成 0）',
    en: 'a figure of more than 15 digits (Excel made zeros of the last)',
  },
} as const;
/** What a cell is that is read as nothing. */
export type NotPlainCell = keyof typeof cellWords;

/** Why a file of visits or a register, or one thing in it, is not taken. */
export const intakeRefusal = declareRefusals({
  'file-missing': ({ file }: { readonly file: string }) =>
    nothingTaken(`找不到文件 ${file}`, `The file ${file} is not there`, checkPath),
  'file-unreadable': ({ why }: { readonly why: string }) =>
    nothingTaken(`文件无法读取（${why}）`, `The file cannot be read (${why})`, {
      zh: '请检查文件能否打开、有没有读取权限，再导入一次。',
      en: 'Check whether it can be opened and may be read, then import it again.',
    }),
  'file-not-plain': ({ why }: { readonly why: NotPlain }) =>
    nothingTaken(
      `交换文件夹里的这个名字不是普通文件（${notPlainWords[why].zh}），没有打开它`,
      `This name in the exchange folder is no plain file (${notPlainWords[why].en}); it was not opened`,
      {
        zh: '医院系统应直接写入普通文件；不是它写的，请信息科查明是谁放的，并收紧文件夹的权限。',
        en: 'The hospital system is to write plain files; if it did not write this, have the IT clerk find out who did and narrow the rights of the folder.',
      },
    ),
  'file-name-unsafe': nothingTaken(
    '文件名太长，或含有看不见的字符、路径符号或系统保留的名字',
    'The name of the file is too long or holds invisible characters, signs of paths or a name the system keeps for itself',
    {
      zh: '请在医院系统里改用不超过 60 个字的普通文件名后重新导出。',
      en: 'Have the hospital system use a plain name of at most 60 characters and export it again.',
    },
  ),
  'file-restless': nothingTaken(
    '这个文件十分钟里一直在改动，为了不挡住后面的账单，先放在一边',
    'This file kept changing for ten minutes; so that it does not hold up the bills behind it, it is set aside',
    {
      zh: '请先写成别的名字（.part、.tmp），写完再改名。',
      en: 'Write it under another name (.part, .tmp) and rename it when it is whole.',
    },
  ),
  'file-too-large': ({ most }: { readonly most: string }) =>
    nothingTaken(`文件超过 ${most}`, `The file is larger than ${most}`, inParts),
  'file-ended-program': ({ since }: { readonly since: string }) => ({
    message: {
      zh: `上次（${since}）打开这个文件时程序意外结束，或另一个程序正在打开它，所以先放在一边。`,
      en: `When this file was last opened (${since}) the program ended, or another program is opening it, so it is set aside.`,
    },
    money: 'not-taken',
    remedy: {
      zh: '若上次是断电等别的原因，请把文件再导入一次；又出现时请把文件交给信息科，从医院系统分批导出。',
      en: 'If the cause was another, such as a power cut, import it once more; if it happens again give the file to the IT clerk and export it in smaller parts.',
    },
  }),
  'file-ended-reader': {
    message: {
      zh: '这个文件太大或已损坏，读到一半读取程序就结束了。已读出的就诊照常保存，其余',
      en: 'The file is too much for the program or damaged: reading it ended half way. Visits read before are kept, the rest was not taken.',
    },
    money: 'not-taken',
    remedy: {
      zh: '请从医院系统分批导出后再导入；已保存的不会重复。',
      en: 'Export it in smaller parts and import those; what is kept already is not doubled.',
    },
  },
  'file-gone': ({ why }: { readonly why: string }) => ({
    message: {
      zh: `这个文件读到一半时被拔走、读不出来或被改动了（${why}）。已读出的就诊照常保存，其余`,
      en: `The file was taken away, could not be read or was changed half way through the reading (${why}). Visits read before are kept, the rest was not taken.`,
    },
    money: 'not-taken',
    remedy: {
      zh: '请先把文件复制到本机，等没有程序在写它再导入；已保存的不会重复。',
      en: 'Copy it to this machine first and import it when no program writes to it; what is kept already is not doubled.',
    },
  }),
  'empty-file': nothingTaken('文件是空的', 'It is empty', exportAgain),
  /** `has-password`: one with a password, or of the kind before 2007; they look alike. */
  'workbook-unreadable': ({
    why,
  }: {
    readonly why: 'no-workbook' | 'damaged' | 'has-password';
  }) => {
    const { zh, en } = workbookWords[why];
    return nothingTaken(zh, en, {
      zh: '请在 Excel 里去掉密码、另存为“Excel 工作簿（.xlsx）”后再导入。',
      en: 'Open it in Excel, take its password off, save it as an Excel workbook (.xlsx) and import that.',
    });
  },
  /** What is taken is what whoever made the file could see in it. */
  'workbook-hides': ({ row, by }: Row & { readonly by: keyof typeof hiddenWords }) =>
    nothingTaken(
      `Excel 第 ${String(row)} 行有内容打开时看不到：${hiddenWords[by].zh}`,
      `In row ${String(row)} of the workbook something is not seen when it is opened: ${hiddenWords[by].en}`,
      {
        zh: '请在 Excel 里取消筛选和隐藏，把单元格格式改为“常规”，核对内容后保存再导入。',
        en: 'In Excel take filters and hiding away, set the format of the cells to General, look at what stands there, save and import again.',
      },
    ),
  'cell-not-plain': ({
    row,
    column,
    what,
  }: Row & { readonly column: string; readonly what: NotPlainCell }) => {
    const { zh, en } = cellWords[what];
    return nothingTaken(
      `第 ${String(row)} 行 ${column} 列是${zh}，不能替您猜`,
      `Row ${String(row)}, column ${column}: ${en}; what it means is not guessed`,
      {
        zh: '公式请复制后“选择性粘贴－数值”；号码请把该列设为“文本”后从原系统重新导出，再导入。',
        en: 'Copy formulas and paste them as values; of numbers set the column to text and export them again, then import it.',
      },
    );
  },
  /** A title over the whole table, in one cell or in several that were made one. */
  'title-above-header': ({ title }: { readonly title: string }) =>
    nothingTaken(
      `第 1 行是标题“${title}”，不是列名`,
      `Row 1 is a title, "${title}", and not the names of the columns`,
      {
        zh: '请删去表头上面的标题行（合并的单元格一起删），让列名在第 1 行，一格一个列名；不要合计行。再导入。',
        en: 'Delete the title above the header, with its merged cells, so that row 1 names the columns, one a cell; leave out rows of sums. Then import it again.',
      },
    ),
  'undecodable-bytes': ({ line }: { readonly line: number }) => ({
    message: {
      zh: `第 ${String(line)} 行有无法识别的字符，文件可能已损坏。整个文件`,
      en: `Line ${String(line)} has bytes that are neither UTF-8 nor GB18030; the file may be damaged. Nothing of it was taken.`,
    },
    money: 'not-taken',
    place: `line ${String(line)}`,
    remedy: {
      zh: '请从医院系统重新导出，编码选 UTF-8 或 GB18030。',
      en: 'Export it again from the hospital system, as UTF-8 or GB18030.',
    },
    details: [{ line }],
  }),
  'encoding-uncertain': ({ line }: { readonly line: number }) => ({
    ...nothingTaken(
      `第 ${String(line)} 行的字按 UTF-8 和 GB18030 都读得通，读出来的字不一样，不能替您猜`,
      `Line ${String(line)} can be read as UTF-8 and as GB18030, and says another thing in each`,
      {
        zh: '请另存为“CSV UTF-8（逗号分隔）”（带文件头标记），或用“Unicode 文本”导出后再导入。',
        en: 'Save it as "CSV UTF-8" with its mark, or as "Unicode text", and import that.',
      },
    ),
    place: `line ${String(line)}`,
    details: [{ line }],
  }),
  /** `line`: from where on it is damaged; null where a list was expected. */
  'damaged-json': ({ line }: { readonly line: number | null }) =>
    line === null
      ? nothingTaken('不是完整的 JSON 列表', 'It is no whole JSON list', exportAgain)
      : nothingTaken(
          `第 ${String(line)} 行起不是完整的 JSON`,
          `From line ${String(line)} on it is no whole JSON`,
          exportAgain,
        ),
  'damaged-csv': ({ row, said }: Row & { readonly said: string }) =>
    nothingTaken(
      `第 ${String(row)} 行引号不完整，无法分清各列(${said})`,
      `Row ${String(row)}: the quotes are broken, so its columns cannot be told (${said})`,
      exportAgain,
    ),
  'no-visits': nothingTaken('文件里没有就诊', 'It has no visits', exportAgain),
  /** `of`: a table without rows, or a register that names nobody. */
  'no-rows': ({ of }: { readonly of: 'table' | 'register' }) =>
    of === 'table'
      ? nothingTaken('文件里没有数据行', 'The file has no rows', exportAgain)
      : nothingTaken('名单里没有人', 'The register names nobody', exportAgain),
  'too-many-rows': ({ most }: { readonly most: number }) =>
    nothingTaken(`超过 ${String(most)} 行`, `There are more than ${String(most)} rows`, inParts),
  'unknown-column': ({ header }: { readonly header: string }) =>
    nothingTaken(`不认识的列名“${header}”`, `The column "${header}" is not known`, correctHeader),
  'column-twice': ({ header }: { readonly header: string }) =>
    nothingTaken(`列“${header}”出现了两次`, `The column "${header}" stands twice`, correctHeader),
  'missing-column': nothingTaken(
    '缺少“就诊号”（visit.id）列',
    'The column visit.id (就诊号) is missing',
    correctHeader,
  ),
  'row-too-short': (row: Cells) => wrongWidth(row),
  'row-too-long': (row: Cells) => wrongWidth(row),
  'visit-id-missing': ({ row }: Row) =>
    nothingTaken(
      `第 ${String(row)} 行没有就诊号，不知道是哪次就诊的费用，所以整个文件不采用`,
      `Row ${String(row)} has no visit id: it may belong to any visit, so the whole file is refused`,
      correctRow,
    ),
  'cells-disagree': ({ row, column, firstRow }: Disagreement) =>
    nothingTaken(
      `第 ${String(row)} 行“${column}”与同一就诊第 ${String(firstRow)} 行不一致`,
      `Row ${String(row)}, ${column}: not the same as in row ${String(firstRow)} of this visit`,
      correctRow,
    ),
  'visit-twice': ({ visitId }: { readonly visitId: string }) =>
    nothingTaken(
      `就诊 ${visitId} 在同一文件里出现了两次，不知道以哪份为准`,
      `The visit ${visitId} stands twice in this file and nothing says which counts`,
      { zh: '请只留一份后重新导入。', en: 'Keep one of them and import the file again.' },
    ),
  'nul-in-text': nothingTaken(
    '文字里有空字符（NUL），不是正常的文字',
    'A text holds the character NUL, which no text may hold',
    exportAgain,
  ),
  'half-character': nothingTaken(
    '文字里有残缺的字（半个字符），写出去会变成别的字',
    'A text holds half a character, which becomes another one wherever it is written',
    exportAgain,
  ),
  'signs-in-visit-number': nothingTaken(
    '住院号里有看不见的控制字符或改变文字方向的字符，别人照着写不出这个号',
    'The visit number holds control characters or marks that turn the direction of writing; nobody could write it down',
    exportAgain,
  ),
  'register-row-wrong': ({ row, zh, en }: Row & { readonly zh: string; readonly en: string }) =>
    nothingTaken(`第 ${String(row)} 行${zh}`, `Row ${String(row)}: ${en}`, correctRow),
  /** Ends a unit of work; of a bill that is taken in `person-differs` is said, of one that is only tried this. */
  'visit-in-doubt': ({ visitId }: { readonly visitId: string }) => ({
    ...nothingTaken(
      `就诊 ${visitId} 的患者，证件号码已登记，但姓名、出生日期、性别或号码写法与登记的不一致`,
      `The number of the patient of visit ${visitId} is known, and name, day of birth, sex or form of the number are not those known`,
      {
        zh: '请对照证件。照样接收时，它会放在一边，两边的内容列在“接收”页的“要确认的人”里。',
        en: 'Compare it with the document. Taken in as it is, it is set aside and listed with both sides under "People to decide" on the page of intake.',
      },
    ),
    place: '/person/idNumber',
  }),
  /** Ends the unit of work of a trial; nobody reads it. */
  'trial-ended': nothingTaken('这只是试读', 'This was a trial', {
    zh: '确认无误后正式导入。',
    en: 'Import it where it is right.',
  }),
  'trial-too-large': ({ most }: { readonly most: string }) =>
    nothingTaken(
      `试读的文件不能超过 ${most}`,
      `A file of more than ${most} is not tried on the page`,
      {
        zh: '请在放文件的机器上用命令 import --try 文件 试读。',
        en: 'Try it with the command import --try FILE where the file lies.',
      },
    ),
  'trial-unknown': nothingTaken(
    '这次试读没有开始，或已被另一次代替',
    'This trial was not begun, or another one took its place',
    { zh: '请把文件再拖进来一次。', en: 'Drag the file in once more.' },
  ),
  /** A bill of somebody else than the person known under its number, as far as one can see. */
  'person-differs': ({ questionId, isAnother, number, known, said }: TwoPersons) => ({
    message: {
      zh: `证件号码 ${number} ${known.number === undefined ? '' : `的另一种写法 ${known.number} `}已经登记为：${factsOf(known).zh}；这份账单写的是：${factsOf(said).zh}。${isAnother ? '已有人确认不是同一个人。' : '是不是同一个人要由人来定。'}这份账单放在一边，原来登记的没有改动。`,
      en: `The number ${number} ${known.number === undefined ? '' : `in its other form ${known.number} `}is known as: ${factsOf(known).en}; this bill says: ${factsOf(said).en}. ${isAnother ? 'Somebody has said that it is another person.' : 'Whether it is the same person is for a person to say.'} The bill is set aside, what was known is as it was.`,
    },
    money: 'not-taken',
    place: '/person/idNumber',
    remedy: isAnother
      ? {
          zh: '请病区对照证件改正号码后重新导出、导入。',
          en: 'Have the ward correct the number after the document and import the bill again.',
        }
      : {
          zh: `请对照证件：病区登记错的，改正后重新导出、导入；确是同一个人的，请主管运行 answer-person-question ${questionId} --same --reason 原因，再导入一次；不是同一个人的用 --other，并请病区改正号码。`,
          en: `Compare it with the document: where the ward is wrong, have it corrected and import the bill again; where it is the same person, a supervisor runs answer-person-question ${questionId} --same --reason WHY and the bill is imported again; where it is not, --other, and the ward corrects the number.`,
        },
    details: [{ questionId }],
  }),
  /** Masked but for what differs. */
  'name-differs': ({ row, known, said }: Row & { readonly known: string; readonly said: string }) =>
    nothingTaken(
      `第 ${String(row)} 行：这个证件号码登记的姓名是“${known}”，名单写的是“${said}”。原来的待遇不变`,
      `Row ${String(row)}: this number is known as "${known}", the list says "${said}"; what the person had stays`,
      {
        zh: '请对照证件：名单写错的，请出名单的单位改正；同一个人改了姓名的，请用 answer-person-question 确认后再导入。',
        en: 'Compare it with the document: have the list corrected where it is wrong; where the person changed the name, confirm it with answer-person-question and import the list again.',
      },
    ),
  'dates-differ': ({ row, source, here, there }: Row & DatesOfTwo) => ({
    message: {
      zh: `第 ${String(row)} 行：认定日期与“${source}”的名单不一致（这里 ${here}，那里 ${there}）。两份都照各自的来源保留。`,
      en: `Row ${String(row)}: the dates are not those of the list "${source}" (here ${here}, there ${there}). Both are kept, each under its source.`,
    },
    money: 'none',
    remedy: {
      zh: '请两家单位核对认定日期，写错的一方改正后再导入。',
      en: 'Have the two offices compare the dates, and import the list again that was wrong.',
    },
  }),
  'import-cancelled': {
    message: {
      zh: '已按要求停止导入。新名单没有生效，原来的名单照旧。',
      en: 'The import was stopped as asked. The new list does not count, the earlier one still does.',
    },
    money: 'none',
    remedy: {
      zh: '要采用新名单，请重新导入；已写入的部分会接着用，不会重复。',
      en: 'Import the list again to have it count; what was written already is taken up, nothing is doubled.',
    },
  },
  'register-taken-over': {
    message: {
      zh: '另一次导入接手了同一份名单，这次导入已停止。这次的名单没有生效。',
      en: 'Another import of the same register took over and this one stopped. Its list does not count.',
    },
    money: 'none',
    remedy: {
      zh: '请等那次导入结束，再看名单是否还要重新导入。',
      en: 'Wait until the other import has ended, then see whether this list still has to be imported.',
    },
  },
  'source-reserved': ({ source }: { readonly source: string }) =>
    nothingTaken(`名单来源不能是“${source}”`, `The register may not be "${source}"`, {
      zh: '请换一个来源名称（--source）。',
      en: 'Name another source (--source).',
    }),
});

export type IntakeCode = CodeOf<typeof intakeRefusal> | NumberProblemCode;

type Facts = {
  readonly name: string;
  readonly birthDate?: string;
  readonly sex?: 'male' | 'female';
};
type TwoPersons = {
  readonly questionId: string;
  readonly isAnother: boolean;
  readonly number: string;
  readonly known: Facts & { readonly number?: string };
  readonly said: Facts;
};

function factsOf({ name, birthDate, sex }: Facts): Words {
  const sexIs = sex === 'male' ? { zh: '男', en: 'male' } : { zh: '女', en: 'female' };
  return {
    zh: [
      name,
      ...(sex === undefined ? [] : [sexIs.zh]),
      ...(birthDate === undefined ? [] : [`${birthDate} 出生`]),
    ].join('，'),
    en: [
      name,
      ...(sex === undefined ? [] : [sexIs.en]),
      ...(birthDate === undefined ? [] : [`born ${birthDate}`]),
    ].join(', '),
  };
}

type DatesOfTwo = { readonly source: string; readonly here: string; readonly there: string };

type Cells = Row & { readonly has: number; readonly wants: number };
type Disagreement = Row & { readonly column: string; readonly firstRow: number };

function wrongWidth({ row, has, wants }: Cells) {
  return nothingTaken(
    `第 ${String(row)} 行有 ${String(has)} 格，表头有 ${String(wants)} 格`,
    `Row ${String(row)} has ${String(has)} cells, the header has ${String(wants)}`,
    correctRow,
  );
}
