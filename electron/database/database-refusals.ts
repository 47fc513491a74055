import type { Words } from '../../shared/domain/result.ts';
import { declareRefusals, type CodeOf } from '../../shared/domain/declare-refusals.ts';

/** Who holds a lock: what the refusal tells the second one. */
export type LockHolder = {
  readonly pid: number;
  /** ISO, or `?`. */
  readonly since: string;
  /** In the holder's own words; `?` where only its process is known. */
  readonly doing: string;
  /** The program it runs as; null where that is not seen. */
  readonly command: string | null;
  /** It was stopped (SIGSTOP, a debugger): it goes on holding and will not answer. */
  readonly stopped: boolean;
};

type OwnVisit = { readonly visitId: string; readonly businessDate: string };
export type SentClaim = {
  readonly id: string;
  readonly state: string;
  readonly destination: string;
};

const yearNotTaken = {
  zh: '这份年度累计没有采用，原来的数据没有改动。',
  en: 'These year-to-date figures were not taken in; nothing was changed.',
};

/** What the stored data refuses, whichever service asks. */
export const databaseRefusal = declareRefusals({
  'visit-unknown': ({ visitId }: { readonly visitId: string }) => ({
    message: {
      zh: `没有找到就诊 ${visitId}。`,
      en: `There is no visit ${visitId}.`,
    },
    money: 'not-settled',
    remedy: {
      zh: '请核对就诊号；若医院系统刚发出账单，请稍候刷新，或用 import 导入。',
      en: 'Check the visit id; if the hospital system has only just sent the bill, wait or import it.',
    },
  }),
  'settlement-not-found': ({ settlementId }: { readonly settlementId: string }) => ({
    message: {
      zh: `没有找到结算 ${settlementId}。没有改动结算，没有打印。`,
      en: `There is no settlement ${settlementId}. No settlement was changed, nothing was printed.`,
    },
    money: 'none',
    remedy: {
      zh: '请核对结算的编号；也可以在“结算”页按姓名或证件号码查找患者，已结算的会直接显示结算单。',
      en: 'Check the id of the settlement; or find the patient by name or ID number on the settlement page: a settled visit shows its settlement.',
    },
  }),
  'day-closed': ({ businessDate }: { readonly businessDate: string }) => ({
    message: {
      zh: `业务日 ${businessDate} 已经日结，它的账不再改动。`,
      en: `The business day ${businessDate} is closed; nothing of it is changed any more.`,
    },
    money: 'unchanged',
    remedy: {
      zh: '更正请记在当前业务日：由医保办与支付方商定后，作为本期的更正处理。',
      en: 'A correction belongs to the current period: the insurance office agrees it with the payer and books it there.',
    },
  }),
  'claim-already-sent': ({ claims }: { readonly claims: readonly SentClaim[] }) => ({
    message: {
      zh: `该结算已有 ${String(claims.length)} 笔申报发往支付方，不能直接取消。`,
      en: `${String(claims.length)} claims of this settlement have gone out, so it cannot simply be cancelled.`,
    },
    money: 'not-cancelled',
    remedy: {
      zh: '请信息科先在申报页（Ctrl+6）选中这些申报，按 F4 请支付方撤销（或用 claim undo）；对方撤销后再取消结算。支付方不能用报文撤销的，请医保办联系对方经办机构。',
      en: 'Have the IT clerk ask the payers to undo these claims on the page of claims (Ctrl+6, F4) or with claim undo; cancel once that is done. Where a payer takes nothing back by a message, the insurance office calls its office.',
    },
    details: claims.map(({ id, state, destination }) => ({ id, state, destination })),
  }),
  'outcome-unknown': ({ claims }: { readonly claims: readonly SentClaim[] }) => ({
    message: {
      zh: `该结算有 ${String(claims.length)} 笔申报已经发出，但还不知道支付方有没有记账，所以不能取消：取消后重新结算，支付方可能付两次。`,
      en: `${String(claims.length)} claims of this settlement went out and it is not known whether their payers booked them, so it is not cancelled: settled again, they might be paid twice.`,
    },
    money: 'not-cancelled',
    remedy: {
      zh: '请信息科再上传一次（按原报文号查问，不会重复申报）；支付方明确答复没有入账后，用 claim not-booked 记下，再取消。',
      en: 'Have the IT clerk upload once more (it asks under the same message id, nothing is claimed twice); once the payer says plainly that it has not booked it, keep that with claim not-booked, then cancel.',
    },
    details: claims.map(({ id, state, destination }) => ({ id, state, destination })),
  }),
  /** `silent`: dated after settlements of ours without saying whether they are in it; `too-little`: less than they were. */
  'year-to-date-ambiguous': ({
    why,
    visits,
  }: {
    readonly why: 'silent' | 'too-little';
    readonly visits: readonly OwnVisit[];
  }) => ({
    ...(why === 'silent' ? yearIsSilent : yearIsTooLittle),
    details: visits.map(({ visitId, businessDate }) => ({ visitId, settledOn: businessDate })),
  }),
  busy: ({ lock, holder }: { readonly lock: string; readonly holder: LockHolder | null }) => {
    const zh =
      holder === null
        ? '另一个程序刚刚开始'
        : `进程 ${String(holder.pid)} 自 ${holder.since} 起正在${holder.doing}${commandWords(holder).zh}`;
    const en =
      holder === null
        ? 'another program has just begun'
        : `process ${String(holder.pid)} has been at it since ${holder.since}: ${holder.doing}${commandWords(holder).en}`;
    return {
      message: {
        zh: `${zh}，同时只能有一个（${lock}）。什么都没有做，数据没有改动。`,
        en: `Only one may do this at a time (${lock}): ${en}. Nothing was done.`,
      },
      money: 'none',
      remedy: holder?.stopped === true ? endStopped(holder) : waitForHolder,
      details: holder === null ? [] : [holder],
    };
  },
  'disk-read-only': {
    message: {
      zh: '数据文件夹所在的磁盘只能读、不能写。现在只能查看，不能结算；什么都没有改动。',
      en: 'The disk of the data folder can be read and not written to. It can only be looked at now; nothing is settled, nothing was changed.',
    },
    money: 'none',
    remedy: {
      zh: '请信息科检查磁盘和文件夹的写权限（磁盘出错时系统也会把它改为只读），恢复后重新打开程序。',
      en: 'Have the IT clerk look at the disk and the rights of the folder (a disk with errors is made read-only, too), then open the program again.',
    },
  },
  'disk-no-room': ({ freeBytes }: { readonly freeBytes: number }) => {
    const free = String(Math.floor(freeBytes / 1024 ** 2));
    return {
      message: {
        zh: `数据文件夹所在的磁盘满了（只剩 ${free} MB），不再开始新的结算，已经开始的会做完；这一步没有做。`,
        en: `The disk of the data folder is full (${free} MB left): nothing new is settled, what was begun is finished; this step was not done.`,
      },
      money: 'none',
      remedy: {
        zh: '请信息科腾出空间（不要删除数据文件夹里的文件），然后再试。',
        en: 'Ask the IT clerk to free space (not by deleting files of the data folder), then try again.',
      },
      details: [{ freeBytes }],
    };
  },
  /** `missing`: what the folder remembers and the database does not hold, each in words. */
  'database-lost': ({ missing }: { readonly missing: readonly MissingFromBooks[] }) => ({
    message: {
      zh: `数据不完整：${missing.map(({ text }) => text.zh).join('；')}。现在只能查看，不能结算；没有改动任何东西。`,
      en: `The data is not complete: ${missing.map(({ text }) => text.en).join('; ')}. It can only be looked at now; nothing is settled, nothing was changed.`,
    },
    money: 'none',
    remedy: {
      zh: '请立即联系信息科：不要删除任何文件，用 restore 恢复最近一份备份。',
      en: 'Call the IT clerk now: delete nothing, and restore the latest backup with restore.',
    },
    details: missing,
  }),
  'program-too-old': ({
    program,
    newer,
  }: {
    readonly program: string;
    readonly newer: string;
  }) => ({
    message: {
      zh: `较新的程序（${newer}）已升级这里的数据，本窗口的程序（${program}）不能再写入。现在只能查看，不能结算；没有改动任何东西。`,
      en: `A newer program (${newer}) has brought the data up to date, and the program of this window (${program}) may write no more. It can only be looked at now; nothing is settled, nothing was changed.`,
    },
    money: 'none',
    remedy: {
      zh: '请关闭本窗口，请信息科升级程序后再打开；之前存好的结算都在。',
      en: 'Close this window and have the IT clerk install the newer program; all that was settled before is kept.',
    },
  }),
});

const waitForHolder = {
  zh: '请等它结束后再试；进程若已不在，锁会自动释放。',
  en: 'Try again when it has finished; if that process dies, the lock frees itself.',
};

const endStopped = ({ pid }: LockHolder) => ({
  zh: `该进程被暂停了，不会自己结束：请信息科让它继续（kill -CONT ${String(pid)}）或结束它（kill -KILL ${String(pid)}），锁会自动释放。`,
  en: `That process is stopped and will not end by itself: let it go on (kill -CONT ${String(pid)}) or end it (kill -KILL ${String(pid)}); the lock frees itself.`,
});

function commandWords({ command }: LockHolder): { readonly zh: string; readonly en: string } {
  return command === null ? { zh: '', en: '' } : { zh: `（${command}）`, en: ` (${command})` };
}

export type DatabaseRefusalCode = CodeOf<typeof databaseRefusal>;

/** Something a folder remembers that its database does not hold: what it is about, and how it is said. */
export type MissingFromBooks = { readonly about: string; readonly text: Words };

const yearIsSilent = {
  message: {
    zh: `年度累计的日期在本院结算之后，却没有说明是否包含该次结算。${yearNotTaken.zh}`,
    en: `The year-to-date figures are dated after a settlement of ours and do not say whether they include it. ${yearNotTaken.en}`,
  },
  money: 'not-collected',
  remedy: {
    zh: '请在 includesVisits 中列出已包含的本院就诊号，或给出该次结算之前的累计。',
    en: 'List the visits of ours they include in includesVisits, or give figures from before that settlement.',
  },
  place: '/yearToDate/includesVisits',
} as const;

const yearIsTooLittle = {
  message: {
    zh: `年度累计说已包含本院的结算，但其金额比本院结算的还少。${yearNotTaken.zh}`,
    en: `The year-to-date figures say they include settlements of ours, but are less than what we settled. ${yearNotTaken.en}`,
  },
  money: 'not-collected',
  remedy: {
    zh: '请核对累计金额与 includesVisits 中列出的就诊号。',
    en: 'Check the figures against the visits listed in includesVisits.',
  },
  place: '/yearToDate',
} as const;
