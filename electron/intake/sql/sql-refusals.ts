import { declareRefusals } from '../../../shared/domain/declare-refusals.ts';
import type { Words } from '../../../shared/domain/result.ts';
import type { SqlSettingName } from './sql-setting-names.ts';

/** What is wrong and what to do; nothing was taken. */
function nothingTaken(zh: string, en: string, remedy: Words) {
  return { message: { zh: `${zh}。`, en: `${en}.` }, money: 'not-taken', remedy } as const;
}

const askClerk = (zh: string, en: string): Words => ({
  zh: `请信息科${zh}`,
  en: `Have the IT clerk ${en}`,
});

const correctRow = {
  zh: '请医院系统的维护人员改正视图或这条数据，再用 pull --visit 就诊号 取一次。',
  en: 'Have whoever keeps the hospital system correct the view or the data, then fetch it again with pull --visit VISIT-ID.',
};
const correctView = askClerk(
  '按 electron/intake/sql/README.md 里的 SQL 改好视图，再运行一次 pull。',
  'correct the view after the SQL in electron/intake/sql/README.md and run pull again.',
);

/** Why a password's file is not used. */
export type PasswordFileProblem = 'missing' | 'not-a-file' | 'others' | 'empty';

const passwordWords: Readonly<Record<PasswordFileProblem, Words>> = {
  missing: {
    zh: '找不到、打不开，或者是一个链接',
    en: 'is not there, cannot be opened or is a link',
  },
  'not-a-file': { zh: '不是普通的小文件', en: 'is no plain small file' },
  others: {
    zh: '别的用户也能读到，或不属于运行本程序的用户',
    en: 'is readable by others, or not owned by the user of this program',
  },
  empty: { zh: '第一行是空的', en: 'has an empty first line' },
};

const wholePath: Words = {
  zh: '写成文件的完整路径，例如 /etc/settlement/his.txt',
  en: 'Write the full path of a file.',
};
const oneRoutine: Words = {
  zh: '写医院数据库里函数（PostgreSQL）或存储过程（MySQL）的名字，不写括号，例如 his.sw_lock；hospital-sql-lock 和 hospital-sql-unlock 要成对设置。',
  en: 'Name a function (PostgreSQL) or procedure (MySQL) of the hospital without brackets, e.g. his.sw_lock; hospital-sql-lock and hospital-sql-unlock go together.',
};
const settingForms: Readonly<Record<SqlSettingName, Words>> = {
  'hospital-sql': {
    zh: '写成 postgresql://用户@主机:端口/库名 或 mysql://用户@主机:端口/库名；线路不加密的在后面加 ?tls=off。密码不写在这里，写在 hospital-sql-password 指向的文件里。',
    en: 'Write postgresql://USER@HOST:PORT/DATABASE or mysql://USER@HOST:PORT/DATABASE, with ?tls=off where the line is not encrypted. The password stands in the file that hospital-sql-password names, not here.',
  },
  'hospital-sql-password': wholePath,
  'hospital-sql-authority': wholePath,
  'hospital-sql-views': {
    zh: '依次写就诊、费用、未就绪原因三个视图，中间空格，例如 his.sw_visits his.sw_charges his.sw_blockers',
    en: 'Name the views of visits, charges and blockers in this order with spaces between, e.g. his.sw_visits his.sw_charges his.sw_blockers.',
  },
  'hospital-sql-visits': {
    zh: '写成 1 到 5000 的整数。',
    en: 'Write a whole number from 1 to 5000.',
  },
  'hospital-sql-lock': oneRoutine,
  'hospital-sql-unlock': oneRoutine,
};

type Place = { readonly view: string; readonly column: string };

/** Why nothing, or one visit less, comes from the hospital's database. */
export const sqlRefusal = declareRefusals({
  'sql-not-set': ({ name }: { readonly name: string }) =>
    nothingTaken(
      `还没有设置医院数据库：缺少设置 ${name}`,
      `The hospital's database is not set: the setting ${name} is missing`,
      askClerk(
        `运行 settings ${name} …，写法见 electron/intake/sql/README.md。`,
        `run settings ${name} …, as electron/intake/sql/README.md says.`,
      ),
    ),
  /** The text is not said again: it may hold a password. */
  'sql-setting-wrong': ({ name }: { readonly name: SqlSettingName }) => ({
    message: {
      zh: `设置 ${name} 的写法不对，没有改动。`,
      en: `This cannot be the setting ${name}. Nothing was changed.`,
    },
    money: 'none',
    place: name,
    remedy: settingForms[name],
  }),
  'sql-not-encrypted': ({ host }: { readonly host: string }) =>
    nothingTaken(
      `设置要求不加密地连接另一台机器 ${host}，患者资料会在线路上被看到，没有连接`,
      `The settings ask for a line to another machine, ${host}, that is not encrypted; patients' data could be read on it, so it was not opened`,
      askClerk(
        '在数据库上启用 TLS 并去掉 ?tls=off；确实不能启用、线路又可靠的，设置 plain-http allowed。',
        'turn TLS on in the database and take ?tls=off away; where that cannot be and the line is safe, set plain-http allowed.',
      ),
    ),
  'sql-password-file': ({
    file,
    why,
  }: {
    readonly file: string;
    readonly why: PasswordFileProblem;
  }) =>
    nothingTaken(
      `数据库密码文件 ${file} 没有采用：${passwordWords[why].zh}`,
      `The file of the database's password, ${file}, was not used: it ${passwordWords[why].en}`,
      askClerk(
        '把密码写在文件第一行，文件归运行本程序的用户所有，权限 0600（chmod 600）。',
        'write the password into its first line, owned by the user of this program, with rights 0600 (chmod 600).',
      ),
    ),
  'sql-authority-file': ({ file }: { readonly file: string }) =>
    nothingTaken(
      `证书文件 ${file} 读不出证书`,
      `No certificate can be read from ${file}`,
      askClerk(
        '换成签发数据库证书的机构的 PEM 文件。',
        "name the PEM file of the authority behind the database's certificate.",
      ),
    ),
  'sql-unreachable': ({ host, said }: { readonly host: string; readonly said: string }) =>
    nothingTaken(
      `医院数据库 ${host} 连不上（${said}）`,
      `The hospital's database ${host} cannot be reached (${said})`,
      {
        zh: '已收到的账单照常可用；请信息科检查网线、数据库是否开机、地址和端口；恢复后会从断开的地方接着取，不漏不重。',
        en: 'Bills that came are there as before. Have the IT clerk check the line, whether the database runs, and its address and port; pulling goes on where it stopped.',
      },
    ),
  'sql-login-refused': ({ host, said }: { readonly host: string; readonly said: string }) =>
    nothingTaken(
      `医院数据库 ${host} 不让登录或不让读视图（${said}）`,
      `The hospital's database ${host} refuses the login, or the views (${said})`,
      askClerk(
        '核对用户名、密码文件和库名，并给这个用户三个视图的 SELECT 权限。',
        'check the user, the file of the password and the name of the database, and give this user SELECT on the three views.',
      ),
    ),
  'sql-not-the-server': ({ host, said }: { readonly host: string; readonly said: string }) =>
    nothingTaken(
      `应答的不能证明自己是 ${host}（${said}），没有把密码交给它`,
      `Who answers cannot prove to be ${host} (${said}); it was not given the password`,
      askClerk(
        '核对地址；用 hospital-sql-authority 写明签发数据库证书的机构；数据库还没有启用 TLS 的，请启用。证书突然变了的，先查明是谁在应答。',
        'check the address, name the authority behind its certificate with hospital-sql-authority, and turn TLS on in the database where it is off. Where the certificate changed by itself, find out first who answers.',
      ),
    ),
  'sql-too-slow': ({ seconds }: { readonly seconds: number }) =>
    nothingTaken(
      `医院数据库 ${String(seconds)} 秒没有答完一次查询，已经停下`,
      `The hospital's database did not answer a question within ${String(seconds)} seconds; it was stopped`,
      askClerk(
        '在变更标记列和就诊号列上建索引，或让视图只保留最近的就诊，再运行一次 pull；已取到的不会重复。',
        'put an index on the column of the change marker and on that of the visit id, or have the views keep recent visits alone, and run pull again; nothing is doubled.',
      ),
    ),
  'sql-view-missing': ({ view }: { readonly view: string }) =>
    nothingTaken(
      `医院数据库里没有视图 ${view}`,
      `There is no view ${view} in the hospital's database`,
      correctView,
    ),
  'sql-column-missing': ({ view, column }: Place) =>
    nothingTaken(
      `视图 ${view} 缺少 ${column} 列`,
      `The view ${view} has no column ${column}`,
      correctView,
    ),
  'sql-column-twice': ({ view, column }: Place) =>
    nothingTaken(
      `视图 ${view} 的 ${column} 列与另一列是同一个意思，不知道以哪列为准`,
      `The column ${column} of the view ${view} means the same as another, and nothing says which counts`,
      correctView,
    ),
  'sql-column-type': ({ view, column }: Place) =>
    nothingTaken(
      `视图 ${view} 的 ${column} 列的类型读不了：要文字、数字或日期；变更标记要时间戳或整数`,
      `The column ${column} of the view ${view} is of a type that is not read: it is to be a text, a number or a day; the change marker a time or a whole number`,
      correctView,
    ),
  'sql-user-may-write': ({ user }: { readonly user: string }) =>
    nothingTaken(
      `数据库用户 ${user} 不是只读的：它能改医院的数据`,
      `The database user ${user} is not read-only: it may change the hospital's data`,
      askClerk(
        '为结算窗口单独建一个只有三个视图 SELECT 权限的用户。',
        'make a user for this program that has SELECT on the three views and nothing else.',
      ),
    ),
  'sql-no-encoding': nothingTaken(
    '医院数据库没有写明编码（SQL_ASCII），汉字读出来不可靠',
    "The hospital's database states no encoding (SQL_ASCII), so its characters cannot be told",
    askClerk(
      "在视图里用 convert_from(列::bytea, 'GBK') 转好，或从写明编码的库提供视图。",
      "convert them in the view with convert_from(column::bytea, 'GBK'), or offer the views from a database that states its encoding.",
    ),
  ),
  'sql-failed': ({ said }: { readonly said: string }) =>
    nothingTaken(
      `医院数据库报错（${said}），视图没有读出来`,
      `The hospital's database reported an error (${said}) and the views were not read`,
      askClerk(
        '在数据库里直接 SELECT 三个视图看看错在哪里，改好后再运行一次 pull。',
        'select from the three views in the database to see what is wrong, and run pull again.',
      ),
    ),
  'sql-marker-went-back': ({ marker }: { readonly marker: string }) =>
    nothingTaken(
      `视图里最新的变更标记比上次取到的 ${marker} 还早：数据库可能恢复过旧备份、时钟被拨回，或视图把刚变更的就诊去掉了`,
      `The latest change marker of the view is before ${marker}, up to which was read: the database may have been restored, its clock set back, or the view lost what had just changed`,
      askClerk(
        '查明原因；医院数据没有问题的，运行 pull --from-start 从头取一遍（已有的不会重复）。视图要把就诊保留到最后一次变更后 30 天。',
        'find out why; where its data are right, run pull --from-start to read everything again (nothing is doubled). The view is to keep a visit for 30 days after its last change.',
      ),
    ),
  'sql-marker-missing': ({ visitId }: { readonly visitId: string }) =>
    nothingTaken(
      `就诊 ${visitId} 没有变更标记（NULL），变了也取不到`,
      `The visit ${visitId} has no change marker (NULL): its changes would never be found`,
      correctRow,
    ),
  'sql-key-missing': ({ view }: { readonly view: string }) =>
    nothingTaken(
      `视图 ${view} 有一行没有就诊号（NULL）`,
      `The view ${view} has a row without a visit id (NULL)`,
      correctRow,
    ),
  'sql-row-says-two-things': ({
    view,
    columns,
  }: {
    readonly view: string;
    readonly columns: readonly string[];
  }) =>
    nothingTaken(
      `视图 ${view} 里这次就诊有不止一行，${columns.join('、')} 说法不一，不知道以哪行为准`,
      `The view ${view} has more than one row of this visit, which differ in ${columns.join(', ')}, and nothing says which counts`,
      correctRow,
    ),
  'sql-text-damaged': ({ view, column }: Place) =>
    nothingTaken(
      `视图 ${view} 的 ${column} 列有转换时丢掉的字（�），原来是什么字已经读不出来`,
      `The column ${column} of the view ${view} holds a character that was lost in a conversion (�)`,
      correctRow,
    ),
  'sql-too-many-lines': ({ most }: { readonly most: number }) =>
    nothingTaken(
      `这次就诊的费用超过 ${String(most)} 行`,
      `This visit has more than ${String(most)} charge lines`,
      correctRow,
    ),
  'sql-blocker-code': ({ code }: { readonly code: string }) =>
    nothingTaken(
      `未就绪原因的编码“${code}”不对：要一个没有空格和分号的词`,
      `"${code}" is no code of a blocker: it is to be one word without spaces and semicolons`,
      correctRow,
    ),
  'sql-visit-unknown': ({ visitId }: { readonly visitId: string }) =>
    nothingTaken(`视图里没有就诊 ${visitId}`, `The visit ${visitId} is not in the view`, {
      zh: '请核对就诊号；病区未办出院的，办完再取。',
      en: 'Check the visit id; where the ward has not discharged the patient yet, fetch it after that.',
    }),
});
