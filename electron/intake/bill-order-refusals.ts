import type { BillOrigin } from '../../shared/domain/bill-order.ts';
import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { Words } from '../../shared/domain/result.ts';

/** Why a bill is not taken by when it was made, beside the one that is known. */
export const billOrderRefusal = declareRefusals({
  /** An older bill than the one in force; `said`: somebody has looked at both and said so. */
  'bill-late': ({ visitId, known, come, said }: TwoBills & { readonly said: boolean }) => ({
    message: {
      zh: `就诊 ${visitId} 的这份账单比已有的那份旧（${said ? '有人核对后确认' : `这份：${originWords(come).zh}；已有：${originWords(known).zh}`}），不能替换新的。已有的账单没有改动，这份`,
      en: `This bill of visit ${visitId} is older than the one that is known (${said ? 'somebody has compared them' : `this one: ${originWords(come).en}; known: ${originWords(known).en}`}), so it takes nothing's place. The bill that is known is as it was.`,
    },
    money: 'not-taken',
    place: '/visit/id',
    remedy: {
      zh: '确是迟到的旧账单就不用处理；若它才是最新的，请从医院系统重新导出（让文件带上新的时间，或在 sent.version、sent.at 里写明版本或时间）后再送一次。',
      en: 'Nothing is to be done about a bill that came late; where it is the newest after all, export it anew from the hospital system (so that its file has a new time, or sent.version or sent.at says it) and send it once more.',
    },
  }),
  /** Nothing tells which of two bills is the newer one; `questionId` null: it was only tried. */
  'bill-order-unknown': ({
    visitId,
    known,
    come,
    questionId,
  }: TwoBills & { readonly questionId: string | null }) => ({
    message: {
      zh: `就诊 ${visitId} 已有另一份账单（${originWords(known).zh}），这份（${originWords(come).zh}）是不是更新，没有依据可以判断，要由人来定。已有的账单没有改动，这份先放在一边。`,
      en: `Visit ${visitId} has another bill already (${originWords(known).en}); nothing tells whether this one (${originWords(come).en}) is newer, so a person has to say. The bill that is known is as it was; this one is set aside.`,
    },
    money: 'not-taken',
    place: '/visit/id',
    remedy:
      questionId === null
        ? {
            zh: '照样接收时，它会列在“接收”页的“哪份更新”里；要免去询问，请医院系统在 sent.version 或 sent.at 里写明账单的版本或时间。',
            en: 'Taken in as it is, it is listed under "Which is newer" on the page of intake; where the hospital system says version or time of a bill in sent.version or sent.at, nobody is asked.',
          }
        : {
            zh: `请信息科或主管在“接收”页的“哪份更新”里对照两份后回答，或运行 bill-questions newer|older ${questionId}；要免去询问，请医院系统在 sent.version 或 sent.at 里写明账单的版本或时间。`,
            en: `Have the IT clerk or a supervisor compare both under "Which is newer" on the page of intake, or run bill-questions newer|older ${questionId}; where the hospital system says version or time in sent.version or sent.at, nobody is asked.`,
          },
    details: questionId === null ? [] : [{ questionId }],
  }),
  'sent-in-future': ({ at }: { readonly at: string }) => ({
    message: {
      zh: `账单时间 ${at} 比现在晚一天以上，照此记下会使以后的账单都显得更旧。`,
      en: `The time of the bill, ${at}, is more than a day ahead; taken so, every later bill would seem older.`,
    },
    money: 'not-taken',
    place: '/sent/at',
    remedy: {
      zh: '请核对医院系统和本机的时钟，改正后重新导出。',
      en: 'Compare the clocks of the hospital system and of this machine, correct it and export the bill again.',
    },
  }),
});

type TwoBills = {
  readonly visitId: string;
  readonly known: BillOrigin & { readonly receivedAt: string };
  readonly come: BillOrigin;
};

const clockWords = {
  sender: { zh: '医院系统写明', en: 'by the hospital system' },
  file: { zh: '文件时间', en: 'time of the file' },
  read: { zh: '从医院数据库读取', en: 'read from the hospital' },
} as const;

/** What is known of when a bill was made, in words. */
function originWords({
  sentVersion,
  made,
  receivedAt,
}: BillOrigin & { readonly receivedAt?: string }): Words {
  const parts = [
    ...(sentVersion === null
      ? []
      : [{ zh: `版本 ${String(sentVersion)}`, en: `version ${String(sentVersion)}` }]),
    ...(made === null
      ? [{ zh: '生成时间不明', en: 'time unknown' }]
      : [
          {
            zh: `${made.at.slice(0, 19).replace('T', ' ')}（${clockWords[made.by].zh}）`,
            en: `${made.at.slice(0, 19).replace('T', ' ')} (${clockWords[made.by].en})`,
          },
        ]),
    ...(receivedAt === undefined || made !== null
      ? []
      : [
          {
            zh: `收到于 ${receivedAt.slice(0, 19).replace('T', ' ')}`,
            en: `received ${receivedAt.slice(0, 19).replace('T', ' ')}`,
          },
        ]),
  ];
  return { zh: parts.map(({ zh }) => zh).join('，'), en: parts.map(({ en }) => en).join(', ') };
}
