import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { OwnFileProblem } from '../base/own-file.ts';
import type { Words } from '../../shared/domain/result.ts';

const sendAgain = {
  zh: '改正后把同一请求再发一次；已收下的不会重复。',
  en: 'Correct it and send the same request again; what was taken is not doubled.',
};

/** What is wrong and what to do; nothing was taken. */
function nothingTaken(zh: string, en: string, remedy: Words = sendAgain) {
  return { message: { zh: `${zh}。`, en: `${en}.` }, money: 'not-taken', remedy } as const;
}

/** What keeps the address closed. */
function notOpen(zh: string, en: string, remedy: Words) {
  return {
    message: {
      zh: `${zh}，接收账单的地址没有打开。`,
      en: `${en}; the address for bills is not open.`,
    },
    money: 'none',
    remedy,
  } as const;
}

const fileWords: Readonly<Record<OwnFileProblem | 'wrong', Words>> = {
  missing: { zh: '不在或打不开', en: 'is not there or cannot be opened' },
  'not-a-file': { zh: '不是普通文件，或太大', en: 'is no plain file, or too large' },
  others: { zh: '别的用户也能读', en: 'can be read by others' },
  wrong: {
    zh: '不是 PEM 格式，或证书和密钥不是一对',
    en: 'is not PEM, or certificate and key are no pair',
  },
};

/** Why a request is not taken, why the address is not open, or why a sender is not made or ended. */
export const pushRefusal = declareRefusals({
  'push-token-wrong': nothingTaken(
    '没有令牌，或令牌不对、已停用',
    'There is no token, or it is none of ours or was ended',
    {
      zh: '请在请求头写 Authorization: Bearer 令牌；令牌由管理员用 hospital-push add 生成，停用后不能再用。',
      en: 'Send Authorization: Bearer TOKEN; an administrator makes it with hospital-push add, and one that was ended is of no use.',
    },
  ),
  'push-token-in-address': nothingTaken(
    '地址里带了参数。令牌写在地址里会留在各处的日志中',
    'The address holds a query. A token in an address stays in the logs of every machine on the way',
    {
      zh: '请把令牌放进请求头 Authorization，地址里不要带参数；若令牌已写进过地址，请管理员停用它、另发一个。',
      en: 'Put the token into the header Authorization and nothing behind the address; a token that stood in an address is to be ended and another made.',
    },
  ),
  'push-too-often': nothingTaken('请求太多', 'There are too many requests', {
    zh: '请按回答里的 Retry-After（秒）等待后再发。',
    en: 'Wait for as many seconds as Retry-After says and send it again.',
  }),
  'push-unknown-path': nothingTaken('没有这个地址或方法', 'There is no such path or method', {
    zh: '账单用 POST /v1/visits 发送，说明用 GET /v1/openapi.json 取得。',
    en: 'Bills go to POST /v1/visits, the description is at GET /v1/openapi.json.',
  }),
  'push-not-json': nothingTaken(
    '请求体不是 application/json（UTF-8），或经过压缩',
    'The body is no application/json in UTF-8, or is compressed',
    {
      zh: '请用 Content-Type: application/json 原样发送，不要压缩。',
      en: 'Send it plain with Content-Type: application/json and no encoding.',
    },
  ),
  'push-too-large': nothingTaken('请求体超过 8 MB', 'The body is larger than 8 MB', {
    zh: '请分几次发送，每次少几次就诊。',
    en: 'Send fewer visits at a time.',
  }),
  'push-cut': nothingTaken('请求体没有发完就停了', 'The body ended or stopped before it was whole'),
  'push-not-now': nothingTaken(
    '程序现在不能接收账单（正在关闭，或数据只能读）',
    'Bills cannot be taken now (the program ends, or its data can only be read)',
    {
      zh: '请稍后再发同一请求；一直如此时请联系信息科。',
      en: 'Send the same request again in a while; ask the IT clerk where that does not help.',
    },
  ),
  'push-certificate': ({
    name,
    why,
  }: {
    readonly name: string;
    readonly why: keyof typeof fileWords;
  }) =>
    notOpen(
      `设置 ${name} 指的文件${fileWords[why].zh}`,
      `The file that ${name} names ${fileWords[why].en}`,
      {
        zh: '请设置 hospital-push-certificate（证书，PEM）和 hospital-push-key（密钥，PEM，只有本程序的用户能读），再重新打开程序。',
        en: 'Set hospital-push-certificate (PEM) and hospital-push-key (PEM, readable by this user alone) and open the program again.',
      },
    ),
  'push-no-interface': ({ where }: { readonly where: string }) =>
    notOpen(`本机没有网卡或地址 ${where}`, `This machine has no interface or address ${where}`, {
      zh: '请把 hospital-push 改成 127.0.0.1:端口、[::1]:端口、网卡名:端口，或本机的一个地址:端口，再重新打开程序。',
      en: 'Set hospital-push to 127.0.0.1:PORT, [::1]:PORT, INTERFACE:PORT or an address of this machine, and open the program again.',
    }),
  'push-port-taken': ({ where, why }: { readonly where: string; readonly why: string }) =>
    notOpen(`${where} 不能监听（${why}）`, `${where} cannot be listened on (${why})`, {
      zh: '端口可能被别的程序占用或不许使用：请换一个端口，再重新打开程序。',
      en: 'Another program may have the port, or it may not be used: set another one and open the program again.',
    }),
  'push-setting-wrong': ({ name }: { readonly name: string }) => ({
    message: {
      zh: `设置 ${name} 的写法不对，没有改动。`,
      en: `${name} cannot be that; nothing was changed.`,
    },
    money: 'none',
    remedy: {
      zh: 'hospital-push 写成“127.0.0.1:8443”或“网卡名:8443”；hospital-results-url 写 https 地址（本机可用 http）；其余写文件的完整路径。',
      en: 'hospital-push is 127.0.0.1:8443 or INTERFACE:8443; hospital-results-url an https address (http on this machine); the others are full paths of files.',
    },
  }),
  'push-sender-name': {
    message: {
      zh: '发送方的名称要有 1 到 60 个字，不能有控制字符，没有生成令牌。',
      en: 'A sender has a name of 1 to 60 characters without control characters; no token was made.',
    },
    money: 'none',
    remedy: { zh: '例如“HIS 住院结算”。', en: 'Such as "HIS".' },
  },
  'push-sender-twice': {
    message: {
      zh: '这个名称的发送方还在用，没有生成令牌。',
      en: 'There is a sender of that name already; no token was made.',
    },
    money: 'none',
    remedy: {
      zh: '要换令牌，请先用 hospital-push end 停用旧的。',
      en: 'To replace its token, end it first with hospital-push end.',
    },
  },
  'push-sender-unknown': {
    message: {
      zh: '没有这个发送方，或它已停用，没有改动。',
      en: 'There is no such sender, or it was ended; nothing was changed.',
    },
    money: 'none',
    remedy: { zh: '请用 hospital-push 查看列表。', en: 'Look at the list with hospital-push.' },
  },
  'push-reason-missing': {
    message: { zh: '没有写明原因，没有改动。', en: 'No reason was given; nothing was changed.' },
    money: 'none',
    remedy: { zh: '请用 --reason 写明原因。', en: 'Say why with --reason.' },
  },
});
