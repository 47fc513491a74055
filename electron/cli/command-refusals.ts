import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { LockHolder } from '../database/database-refusals.ts';

/** The command was not understood, so nothing was tried (contract: exit 2). */
export type UsageCode = 'wrong-usage' | 'not-built-yet';

type WithHolder = { readonly holder: LockHolder | null };

const closeItsWindow = {
  zh: '请在那个窗口里退出程序；窗口已经不在而进程还在的，请信息科结束该进程。',
  en: 'Close the program in its own window; where the window is gone and the process is not, end the process.',
};

const goOn = (pid: number) => ({
  zh: `该进程被暂停了：请信息科让它继续（kill -CONT ${String(pid)}）后再试，或结束它（kill -KILL ${String(pid)}）。`,
  en: `That process is stopped: let it go on (kill -CONT ${String(pid)}) and try again, or end it (kill -KILL ${String(pid)}).`,
});

function whoHolds({ pid, since, command }: LockHolder) {
  const as = command === null ? '' : ` ${command}`;
  return {
    zh: `进程 ${String(pid)}，自 ${since}${as}`,
    en: `process ${String(pid)} since ${since}${as}`,
  };
}

/** The words as a whole sentence, for more is said behind them. */
function sentence(words: string, end: string): string {
  return /[。.？?！!]$/.test(words) ? words : `${words}${end}`;
}

/** What the command line refuses by itself. Of a `UsageCode` a command exits 2, of all others 1. */
export const commandRefusal = declareRefusals({
  'wrong-usage': ({ zh, en }: { readonly zh: string; readonly en: string }) => ({
    // What is said may end with an example of the call.
    message: { zh: sentence(zh, '。'), en: sentence(en, '.') },
    money: 'none',
    remedy: {
      zh: '请按 help 列出的写法改正命令。',
      en: 'Correct the command after what help lists.',
    },
  }),
  'not-built-yet': ({ name }: { readonly name: string }) => ({
    message: {
      zh: `命令 ${name} 还没有做好，什么都没有执行。`,
      en: `${name} is not built yet. Nothing was done.`,
    },
    money: 'none',
    remedy: {
      zh: '可用的命令见 help；需要它时请安装更新的版本。',
      en: 'What there is stands in help; install a later version when it has this.',
    },
  }),
  'no-desk': ({ home }: { readonly home: string }) => ({
    message: {
      zh: `这个数据文件夹没有正在运行的窗口：${home}。没有关闭任何东西。`,
      en: `No desk of ${home} is running. Nothing was closed.`,
    },
    money: 'none',
    place: home,
    remedy: { zh: '用 npm start 打开窗口。', en: 'Open the desk with npm start.' },
  }),
  /** `holder`: null where the system does not say who it is. */
  'desk-out-of-reach': ({ home, holder }: { readonly home: string } & WithHolder) => {
    const who = holder === null ? null : whoHolds(holder);
    return {
      message: {
        zh: `这个数据文件夹有窗口开着，但它没有应答：${home}${who === null ? '' : `（${who.zh}）`}。没有关闭任何东西。`,
        en: `A desk has ${home} open but does not answer${who === null ? '' : ` (${who.en})`}. Nothing was closed.`,
      },
      money: 'none',
      place: home,
      remedy: holder?.stopped === true ? goOn(holder.pid) : closeItsWindow,
      details: holder === null ? [] : [holder],
    };
  },
  'user-not-named': ({ place }: { readonly place: string }) => ({
    message: {
      zh: `没有写明是谁在操作（${place}），没有执行。`,
      en: `It is not said who does this (${place}); nothing was done.`,
    },
    money: 'none',
    place,
    remedy: {
      zh: '请用 --as 写明用户，密码用 --password-stdin 给出或在提示后输入；需要第二人的再加 --approved-by。',
      en: 'Name the user with --as and give the password with --password-stdin, or when asked; a second person with --approved-by.',
    },
  }),
  'password-not-given': ({ place }: { readonly place: string }) => ({
    message: {
      zh: `没有给出密码（${place}），没有执行。`,
      en: `No password was given for ${place}; nothing was done.`,
    },
    money: 'none',
    place,
    remedy: {
      zh: '请用 --password-stdin 一行一个给出（先 --as 的，再 --approved-by 的，最后新密码），或在终端上输入。',
      en: 'Give them with --password-stdin, a line each (of --as, of --approved-by, the new one), or on a terminal.',
    },
  }),
  'password-file-unsafe': ({ file }: { readonly file: string }) => ({
    message: {
      zh: `密码文件用不了：${file}。没有执行。`,
      en: `The password file ${file} cannot be used; nothing was done.`,
    },
    money: 'none',
    place: file,
    remedy: {
      zh: '文件须属于运行命令的账户，只有它能读（chmod 600），不在数据文件夹里，第一行是密码。',
      en: 'It must belong to whoever runs the command, be readable by nobody else (chmod 600), lie outside the data folder, and hold the password in its first line.',
    },
  }),
  'person-unknown': {
    message: {
      zh: '没有这个身份证号的人员。没有查出任何结算。',
      en: 'There is nobody with this ID number. Nothing was looked at.',
    },
    money: 'none',
    place: '--person',
    remedy: { zh: '请核对身份证号。', en: 'Check the ID number.' },
  },
  'cannot-write-file': ({ file, why }: { readonly file: string; readonly why: string }) => ({
    place: file,
    message: {
      zh: `写不了文件 ${file}（${why}）。没有打印，结算没有改动。`,
      en: `The file ${file} cannot be written (${why}). Nothing was printed or changed.`,
    },
    money: 'none',
    remedy: { zh: '请检查路径和权限。', en: 'Check the path and whether it may be written.' },
  }),
  'wrong-file-ending': ({
    file,
    endings,
  }: {
    readonly file: string;
    readonly endings: string;
  }) => ({
    place: file,
    message: {
      zh: `文件名的结尾应为 ${endings}：${file}。没有写文件，也没有打印。`,
      en: `The file's name must end in ${endings}: ${file}. Nothing was written or printed.`,
    },
    money: 'none',
    remedy: { zh: '请改 --out 的文件名。', en: 'Change the file named by --out.' },
  }),
});
