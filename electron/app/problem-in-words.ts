import type { Refusal } from '../../shared/domain/result.ts';
import {
  DatabaseBusyError,
  DatabaseDamagedError,
  DatabaseFullError,
  DatabaseKeyError,
  DatabaseNewerError,
} from '../database/database-errors.ts';

/** What a known trouble of the database is called at the desk; null: it is a fault of the program. */
export function problemInWords(problem: unknown): Refusal | null {
  if (problem instanceof DatabaseBusyError) return busy;
  if (problem instanceof DatabaseFullError) return full;
  if (problem instanceof DatabaseDamagedError) return damaged;
  if (problem instanceof DatabaseKeyError) return wrongKey;
  if (problem instanceof DatabaseNewerError) return newer;
  return null;
}

const busy: Refusal = {
  code: 'database-busy',
  message: {
    zh: '数据正被另一个程序占用，这一步没有做，没有动钱。',
    en: 'Another program is using the data; this step was not done and no money moved.',
  },
  remedy: {
    zh: '请等几秒再按一次；一直这样请联系信息科。',
    en: 'Wait some seconds and press again; if it stays, call the IT clerk.',
  },
};

const full: Refusal = {
  code: 'disk-full',
  message: {
    zh: '磁盘写不进去（已满或只读），这一步没有做，没有动钱。',
    en: 'The disk takes nothing more (full or read-only); this step was not done, no money moved.',
  },
  remedy: { zh: '请信息科腾出空间后再试。', en: 'Ask the IT clerk to free space, then try again.' },
};

const damaged: Refusal = {
  code: 'database-damaged',
  message: {
    zh: '数据文件已损坏，程序停止写入，没有删除任何东西，没有动钱。',
    en: 'The data file is damaged. Nothing was deleted, nothing is written, no money moved.',
  },
  remedy: {
    zh: '请立即联系信息科，用备份恢复；不要再次尝试结算。',
    en: 'Call the IT clerk now to restore a backup; do not settle meanwhile.',
  },
};

const wrongKey: Refusal = {
  code: 'key-wrong',
  message: {
    zh: '密钥与数据不符，数据没有打开，也没有改动。',
    en: 'The key does not fit the data, which was neither opened nor changed.',
  },
  remedy: {
    zh: '请放回这个数据文件夹原来的密钥。',
    en: 'Put back the key that belongs to this data folder.',
  },
};

const newer: Refusal = {
  code: 'data-is-newer',
  message: {
    zh: '数据由更新版本的程序写成，本程序没有打开它。',
    en: 'The data was written by a newer version of the program and was not opened.',
  },
  remedy: { zh: '请安装新版本后再用。', en: 'Install the newer version.' },
};
