import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { Words } from '../../shared/domain/result.ts';

type Home = { readonly home: string };

/** A document by name, and what the database says of it. */
type StoredDocument = { readonly document: Words; readonly message: string };

const installNewer = { zh: '请安装新版本后再用。', en: 'Install the newer version.' };

/** Why a data folder, its key or its database cannot be used. */
export const folderRefusal = declareRefusals({
  'home-missing': ({ home }: Home) => ({
    message: {
      zh: `数据文件夹不存在：${home}。没有创建任何东西。`,
      en: `There is no data folder at ${home}. Nothing was created.`,
    },
    money: 'none',
    place: home,
    remedy: {
      zh: '请检查 --home；要新建，加 --demo（演示数据）或 --init（空的正式文件夹）。',
      en: 'Check --home; to make a new one add --demo (demo data) or --init (an empty live folder).',
    },
  }),
  'home-not-ours': ({ home }: Home) => ({
    message: {
      zh: `这个文件夹里有别的内容，不是本程序的数据文件夹：${home}。没有改动。`,
      en: `${home} holds something else and is no data folder of this program. It was not touched.`,
    },
    money: 'none',
    place: home,
    remedy: {
      zh: '请用 --home 指定一个空的或新的文件夹。',
      en: 'Name an empty or new folder with --home.',
    },
  }),
  /** `kind`: what the books are. */
  'folder-kind-differs': ({ home, kind }: Home & { readonly kind: 'demo' | 'live' }) => ({
    message: {
      zh: `文件夹标记 folder.json 与账本不符：账本是${kind === 'live' ? '正式数据' : '演示数据'}，标记写的不是。没有打开，没有改动：${home}。`,
      en: `The marker folder.json of ${home} is not that of its books, which are ${kind === 'live' ? 'live data' : 'a demo'}. It was not opened or changed.`,
    },
    money: 'none',
    place: home,
    remedy: {
      zh: '有人改过 folder.json：请信息科查明是谁，把其中的 kind 改回原样，再打开并运行 verify。',
      en: 'Somebody edited folder.json: have the IT clerk find out who, put its kind back, then open it and run verify.',
    },
  }),
  /** `why`: the system's own word for it, such as ENOTDIR, or what stands there instead of a file. */
  'folder-unusable': ({ place, why }: { readonly place: string; readonly why: string }) => ({
    message: {
      zh: `数据文件夹里有一处用不了（${why}）：${place}。没有打开，没有改动。`,
      en: `Something of the data folder cannot be used (${why}): ${place}. It was not opened or changed.`,
    },
    money: 'none',
    place,
    remedy: {
      zh: '请检查这个路径：该是文件夹的是不是文件，该是文件的是不是链接（link）或管道，权限够不够，磁盘好不好；弄好后再试一次。',
      en: 'Look at this path: whether a file stands where a folder should, or a link or pipe where a file should, the rights, the disk; then try again.',
    },
  }),
  /** The port that was asked for by its number. */
  'port-taken': ({ port }: { readonly port: number }) => ({
    message: {
      zh: `端口 ${String(port)} 已被别的程序占用，窗口没有打开；数据没有改动。`,
      en: `Another program has port ${String(port)}; the desk was not opened and nothing of the data was changed.`,
    },
    money: 'none',
    remedy: {
      zh: '请查明是谁占用，或换一个 --port；占用期间不要在浏览器里那个地址的页面上输入密码。',
      en: 'Find out which program it is, or name another --port; type no password into a page at that address meanwhile.',
    },
  }),
  'home-is-demo': ({ home }: Home) => ({
    message: {
      zh: `这是演示文件夹，不能当正式数据使用：${home}。`,
      en: `${home} is a demo folder and cannot be used for live data.`,
    },
    money: 'none',
    place: home,
    remedy: { zh: '正式使用请另选一个文件夹。', en: 'Choose another folder for live use.' },
  }),
  'home-is-live': ({ home }: Home) => ({
    message: {
      zh: `这是正式数据文件夹，不能当演示使用：${home}。数据没有改动。`,
      en: `${home} holds live data and cannot be used as a demo. It was not changed.`,
    },
    money: 'none',
    place: home,
    remedy: { zh: '演示请另选一个文件夹。', en: 'Choose another folder for the demo.' },
  }),
  /** `file`: a key file that is gone or damaged; null where none was named. */
  'key-missing': ({ file }: { readonly file: string | null }) =>
    file === null ? noKeyNamed : { ...noKeyInFile, place: file },
  'key-unsafe': ({ path }: { readonly path: string }) => ({
    message: {
      zh: '密钥文件别人也能读，或者就放在数据文件夹里，因此没有使用它。',
      en: 'The key file can be read by others or lies inside the data folder, so it was not used.',
    },
    money: 'none',
    place: path,
    remedy: {
      zh: `请执行 chmod 600 ${path}，并把它放在数据文件夹之外。`,
      en: `Run chmod 600 ${path} and keep it outside the data folder.`,
    },
  }),
  'key-copy-same': ({ file }: { readonly file: string }) => ({
    message: {
      zh: `${file} 就是正在使用的密钥文件，或者在数据文件夹里，不是另存的一份。没有记下核对。`,
      en: `${file} is the key file in use, or lies in the data folder: it is no second copy. Nothing was noted.`,
    },
    money: 'none',
    place: file,
    remedy: {
      zh: '请核对另存的那一份（U盘上的文件，或用 - 从键盘输入信封里的 64 位数字）。',
      en: 'Check the second copy: the file on the stick, or the 64 digits from the envelope, typed with -.',
    },
  }),
  /** `file`: null where it was typed. */
  'key-copy-wrong': ({ file }: { readonly file: string | null }) => ({
    message: {
      zh: '这份副本不是本数据文件夹的密钥，打不开数据。没有记下核对，数据没有改动。',
      en: 'This copy is not the key of the data folder and does not open the data. Nothing was noted or changed.',
    },
    money: 'none',
    ...(file === null ? {} : { place: file }),
    remedy: {
      zh: '可能抄错或拿错了：请趁原密钥还在，重新另存一份，封好后再核对一次。',
      en: 'It was copied wrongly, or is of another folder: while the key is there make a new copy, seal it and check again.',
    },
  }),
  'home-on-share': ({ home, kind }: Home & { readonly kind: string }) => ({
    message: {
      zh: `数据文件夹在网络共享上（${kind}）：${home}。那里的文件锁不可靠，两个窗口可能同时写坏账目，因此没有打开，什么都没有改动。`,
      en: `The data folder ${home} is on a network share (${kind}), whose locks cannot be trusted: two desks could write the books at once. It was not opened, nothing was changed.`,
    },
    money: 'none',
    place: home,
    remedy: {
      zh: '请把整个文件夹放到本机硬盘上，再用 --home 指定它；共享文件夹只用来放备份和与医院系统交换的文件。',
      en: 'Put the whole folder on a disk of this machine and name it with --home; use the share for backups and for exchanging files only.',
    },
  }),
  /** `isCertain`: the folder knows its key and this is not it; else the file may be damaged. */
  'key-wrong': ({ isCertain }: { readonly isCertain: boolean }) =>
    isCertain ? keyIsWrong : keyWrongOrDamaged,
  'database-busy': {
    message: {
      zh: '数据正被另一个程序占用，这一步没有做。',
      en: 'Another program is using the data; this step was not done.',
    },
    money: 'none',
    remedy: {
      zh: '请等几秒再按一次；一直这样请联系信息科。',
      en: 'Wait some seconds and press again; if it stays, call the IT clerk.',
    },
  },
  'disk-full': {
    message: {
      zh: '磁盘写不进去（已满或只读），这一步没有做。',
      en: 'The disk takes nothing more (full or read-only); this step was not done.',
    },
    money: 'none',
    remedy: {
      zh: '请信息科腾出空间后再试。',
      en: 'Ask the IT clerk to free space, then try again.',
    },
  },
  'database-damaged': {
    message: {
      zh: '数据文件已损坏，程序停止写入，没有删除任何东西。',
      en: 'The data file is damaged. Nothing was deleted, nothing is written.',
    },
    money: 'none',
    remedy: {
      zh: '请立即联系信息科，用备份恢复；不要再次尝试结算。',
      en: 'Call the IT clerk now to restore a backup; do not settle meanwhile.',
    },
  },
  'database-foreign': {
    message: {
      zh: '数据文件 settlement.db 不是本文件夹的：它属于另一个数据文件夹或别的程序。没有打开，没有改动。',
      en: 'The data file settlement.db is not of this folder: it belongs to another data folder or another program. It was not opened, nothing was changed.',
    },
    money: 'none',
    remedy: {
      zh: '请放回本文件夹原来的 settlement.db，或用 restore 恢复本文件夹的备份。',
      en: "Put this folder's own settlement.db back, or restore a backup of this folder.",
    },
  },
  'data-is-newer': {
    message: {
      zh: '数据由更新版本的程序写成，本程序没有打开它。',
      en: 'The data was written by a newer version of the program and was not opened.',
    },
    money: 'none',
    remedy: installNewer,
  },
  'document-unreadable': ({ document, message }: StoredDocument) => ({
    message: {
      zh: `存下的“${document.zh}”读不出来，这一步没有做，什么都没有改动。`,
      en: `The stored ${document.en} cannot be read; this step was not done, nothing was changed.`,
    },
    money: 'none',
    remedy: {
      zh: '请不要删除任何文件，把这段提示交给信息科；刚升级过程序的，可先用原来的版本继续工作。',
      en: 'Delete nothing and show this to the IT clerk; after an update, go on with the version before it.',
    },
    details: [{ problem: message }],
  }),
  'document-newer': ({ document, message }: StoredDocument) => ({
    message: {
      zh: `“${document.zh}”由更新版本的程序写成，本程序读不了；这一步没有做，什么都没有改动。`,
      en: `The ${document.en} was written by a newer version of the program; this step was not done, nothing was changed.`,
    },
    money: 'none',
    remedy: installNewer,
    details: [{ problem: message }],
  }),
  'url-not-encrypted': ({ name, value }: { readonly name: string; readonly value: string }) => ({
    message: {
      zh: `${value} 是不加密的 http，患者资料在线路上谁都能读，设置 ${name} 没有改动。`,
      en: `${value} is plain http: patients could be read on the line. The setting ${name} was not changed.`,
    },
    money: 'none',
    place: name,
    remedy: {
      zh: '请用 https 地址；线路确有别的保护（专线、VPN）的，先用 settings plain-http allowed 写明，状态栏会一直提示。',
      en: 'Use an https address; where the line is protected otherwise (a leased line, a VPN) say so first with settings plain-http allowed, and the state bar keeps showing it.',
    },
  }),
  'bad-setting': ({ name, value }: { readonly name: string; readonly value: string }) => {
    const isUrl = name.endsWith('-url');
    return {
      message: {
        zh: `设置 ${name} 的值不对：${value}。没有改动。`,
        en: `${value} cannot be the setting ${name}. Nothing was changed.`,
      },
      money: 'none',
      place: name,
      remedy: {
        zh: isUrl ? '写成 http://主机:端口' : '写成完整路径，例如 /srv/his/out',
        en: isUrl ? 'Write it as http://host:port' : 'Write a full path.',
      },
    };
  },
});

const noKeyNamed = {
  message: {
    zh: '找不到数据密钥，什么都没有创建或打开。',
    en: 'The data key is missing; nothing was created or opened.',
  },
  money: 'none',
  remedy: {
    zh: '请把环境变量 SETTLEMENT_KEY_FILE 指向密钥文件（权限 0600，放在数据文件夹之外）；新密钥可用 openssl rand -hex 32 生成，务必另存一份。',
    en: 'Point SETTLEMENT_KEY_FILE at the key file (mode 0600, outside the data folder); make a new key with: openssl rand -hex 32, and keep a second copy.',
  },
} as const;

const noKeyInFile = {
  message: {
    zh: '数据密钥不在或已损坏，数据没有打开，也没有改动。',
    en: 'The data key is missing or damaged; the data was neither opened nor changed.',
  },
  money: 'none',
  remedy: {
    zh: '请放回原来的密钥文件（32 字节，或 64 位十六进制）。',
    en: 'Put the original key file back (32 bytes, or 64 hexadecimal digits).',
  },
} as const;

const keyIsWrong = {
  message: {
    zh: '密钥与数据不符，数据没有打开，也没有改动。',
    en: 'The key does not fit the data, which was neither opened nor changed.',
  },
  money: 'none',
  remedy: {
    zh: '请放回这个数据文件夹原来的密钥。',
    en: 'Put back the key that belongs to this data folder.',
  },
} as const;

const keyWrongOrDamaged = {
  message: {
    zh: '数据文件 settlement.db 打不开：密钥不是这个文件夹的，或者文件已损坏，现在分辨不出是哪一种。数据没有打开，也没有改动。',
    en: 'The data file settlement.db cannot be opened: the key is not that of this folder, or the file is damaged; which of the two cannot be told now. Nothing was opened or changed.',
  },
  money: 'none',
  remedy: {
    zh: '请先放回这个数据文件夹原来的密钥再试；密钥没有换过的，就是文件损坏，请用备份恢复。',
    en: 'First put back the key that belongs to this folder and try again; if the key was never changed, the file is damaged: restore a backup.',
  },
} as const;
