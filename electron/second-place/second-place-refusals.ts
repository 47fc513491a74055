import { declareRefusals, type CodeOf } from '../../shared/domain/declare-refusals.ts';
import type { Words } from '../../shared/domain/result.ts';
import type { PlaceProblem, PlaceProblemCode } from './place-problem.ts';

/** What is wrong with the place, in words, and what to do. */
export const placeWords: Readonly<Record<PlaceProblemCode, { what: Words; remedy: Words }>> = {
  missing: {
    what: { zh: '第二存放处不在', en: 'the second place is not there' },
    remedy: {
      zh: '请插回U盘，或检查共享文件夹的连接；接上后自动补写。',
      en: 'Put the stick back or check the share; it is caught up by itself.',
    },
  },
  full: {
    what: { zh: '第二存放处已满', en: 'the second place is full' },
    remedy: {
      zh: '请腾出空间，或换一个更大的；之后自动补写。',
      en: 'Free space there or choose a larger one; it is caught up by itself.',
    },
  },
  'read-only': {
    what: { zh: '第二存放处写不进去', en: 'the second place cannot be written to' },
    remedy: {
      zh: '请检查写保护开关和共享权限。',
      en: 'Check the write protection and the rights of the share.',
    },
  },
  foreign: {
    what: {
      zh: '那里是别的数据文件夹的第二存放处，或另有内容',
      en: 'it is the second place of another data folder or holds something else',
    },
    remedy: {
      zh: '请换回本窗口的U盘；要新设，请用一个空文件夹。',
      en: 'Put this desk’s own stick back; to set up a new one, name an empty folder.',
    },
  },
  'taken-over': {
    what: {
      zh: '另一台机器已从那里接管，本机不再往里写',
      en: 'another machine has taken over from there, this one writes to it no more',
    },
    remedy: {
      zh: '请停用本机，到接管的机器上继续；两台机器不能同时结算。',
      en: 'Stop working here and go on at the machine that took over; never settle at both.',
    },
  },
  'history-differs': {
    what: {
      zh: '那里的内容和本机不是同一份账，本机不往里写',
      en: 'what is there is another history than this machine’s, nothing is written to it',
    },
    remedy: {
      zh: '可能有两台机器用了同一份数据。请立即停止结算并联系信息科核对。',
      en: 'Two machines may be using the same data. Stop settling and compare the two.',
    },
  },
  ahead: {
    what: {
      zh: '那里的内容比本机多，本机的数据可能是旧的',
      en: 'the place has more than this machine, whose data may be old',
    },
    remedy: {
      zh: '请先停止结算，由信息科核对：本机数据若是旧的，用 restore --from 恢复。',
      en: 'Stop settling and check: if this data is old, use restore --from.',
    },
  },
  unsafe: {
    what: {
      zh: '第二存放处有链接或管道占着文件的名字，没有经过它写任何东西',
      en: 'in the second place a link or a pipe bears the name of a file; nothing was written through it',
    },
    remedy: {
      zh: '请信息科查明是谁放的，删掉它并收紧那里的权限；之后自动补写。',
      en: 'Find out who put it there, remove it and narrow the rights of the place; it is caught up by itself.',
    },
  },
  damaged: {
    what: { zh: '第二存放处写入后读出不符', en: 'the second place did not keep what was written' },
    remedy: { zh: '这块盘不可靠，请换一块。', en: 'That disk is not reliable; use another.' },
  },
  'no-base': {
    what: {
      zh: '第二存放处还没有可用的整份副本',
      en: 'the second place has no whole copy to go on from yet',
    },
    remedy: {
      zh: '窗口会自动重做；一直这样请联系信息科。',
      en: 'The desk makes one by itself; if it stays, call the IT clerk.',
    },
  },
  hangs: {
    what: { zh: '第二存放处没有回答', en: 'the second place does not answer' },
    remedy: {
      zh: '请检查网络和存放它的机器；恢复后自动补写。',
      en: 'Check the network and the machine it is on; it is caught up by itself.',
    },
  },
  busy: {
    what: { zh: '另一个程序正在写第二存放处', en: 'another program is writing to it' },
    remedy: { zh: '稍候会自动补写。', en: 'It is caught up in a moment.' },
  },
  failed: {
    what: { zh: '写第二存放处出错', en: 'writing to the second place failed' },
    remedy: {
      zh: '会自动再试；一直这样请联系信息科查看日志。',
      en: 'It is tried again; if it stays, ask the IT clerk to look at the log.',
    },
  },
};

/** Why a folder does not become the second place. */
export const secondPlaceRefusal = declareRefusals({
  'second-place-unusable': ({ place, problem }: { place: string; problem: PlaceProblem }) => ({
    message: {
      zh: `${place} 不能用作第二存放处：${placeWords[problem.code].what.zh}。设置没有改动。`,
      en: `${place} cannot be the second place: ${placeWords[problem.code].what.en}. The setting was not changed.`,
    },
    money: 'none',
    place,
    remedy: placeWords[problem.code].remedy,
    details: [{ problem: problem.code, message: problem.message }],
  }),
  'second-place-inside': ({ place }: { place: string }) => ({
    message: {
      zh: `第二存放处要在另一块盘、U盘或共享上，不能在数据文件夹里面或包着它，也要写完整路径：${place}。设置没有改动。`,
      en: `The second place must be on another disk, stick or share, not inside the data folder nor around it, and named by a full path: ${place}. The setting was not changed.`,
    },
    money: 'none',
    place,
    remedy: {
      zh: '请写成例如 /mnt/backup/settlement 或 E:\\settlement。',
      en: 'Write it as, for instance, /mnt/backup/settlement or E:\\settlement.',
    },
  }),
});

export type SecondPlaceCode = CodeOf<typeof secondPlaceRefusal>;
