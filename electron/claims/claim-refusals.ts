import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

/** Why claims are not listed, not sent, or not decided about. */
export const claimRefusal = declareRefusals({
  'unknown-claim-state': ({
    state,
    known,
  }: {
    readonly state: string;
    readonly known: readonly string[];
  }) => ({
    message: {
      zh: `没有这种申报状态：${state}。没有列出申报。`,
      en: `There is no claim state ${state}. No claim was listed.`,
    },
    money: 'none',
    remedy: { zh: `可用的状态：${known.join(' ')}`, en: `States: ${known.join(' ')}` },
  }),
  'claim-not-found': ({ claimId }: { readonly claimId: string }) => ({
    message: {
      zh: `没有找到申报 ${claimId}。没有改动任何申报。`,
      en: `There is no claim ${claimId}. No claim was changed.`,
    },
    money: 'none',
    remedy: { zh: '请用 claims 查看申报的编号。', en: 'See the ids of the claims with: claims.' },
  }),
  'return-not-found': ({ returnId }: { readonly returnId: string }) => ({
    message: {
      zh: `没有找到回执 ${returnId}。什么都没有改动。`,
      en: `There is no return ${returnId}. Nothing was changed.`,
    },
    money: 'none',
    remedy: {
      zh: '请用 returns 查看回执的编号。',
      en: 'See the ids of the returns with: returns.',
    },
  }),
  'claim-reason-missing': {
    message: {
      zh: '没有写明原因，没有改动任何申报。',
      en: 'No reason was given; no claim was changed.',
    },
    money: 'none',
    remedy: {
      zh: '请用 --reason 写明原因：支付方哪位、什么时候、怎么答复的。',
      en: 'State with --reason who at the payer said what, and when.',
    },
  },
  'claim-state-wrong': ({
    claimId,
    state,
    from,
  }: {
    readonly claimId: string;
    readonly state: string;
    readonly from: readonly string[];
  }) => ({
    message: {
      zh: `申报 ${claimId} 现在的状态是 ${state}，不能这样处理。没有改动。`,
      en: `Claim ${claimId} is ${state} now, so this cannot be decided. Nothing was changed.`,
    },
    money: 'none',
    remedy: {
      zh: `这样处理只用于状态是 ${from.join('、')} 的申报；请用 claims 查看它现在的情况。`,
      en: `This is for claims that are ${from.join(' or ')}; see how it stands with: claims.`,
    },
  }),
  'claim-in-doubt': ({ claimId }: { readonly claimId: string }) => ({
    message: {
      zh: `申报 ${claimId} 以前有一次发出后没有得到明确答复，支付方可能已经记账，所以没有另做新的申报。`,
      en: `An earlier attempt of claim ${claimId} was never clearly answered, so its payer may have booked it: no new claim was made.`,
    },
    money: 'not-sent',
    remedy: {
      zh: '先用 claim ask-again 按原报文号再查问；支付方明确答复没有入账后，用 claim not-booked 记下，再重新申报。',
      en: 'Ask again under the same message id with claim ask-again; once the payer says plainly that it has not booked it, keep that with claim not-booked, then claim anew.',
    },
  }),
  'claim-undo-by-office': ({ claimId }: { readonly claimId: string }) => ({
    message: {
      zh: `申报 ${claimId} 的支付方不能用报文撤销（医院自己的账在取消结算时一并收回），所以没有发送。`,
      en: `The payer of claim ${claimId} takes nothing back by a message (the hospital's own ledger does when the settlement is cancelled), so nothing was sent.`,
    },
    money: 'none',
    remedy: {
      zh: '请电话联系支付方的经办机构；答复没有入账后，用 claim not-booked 记下。',
      en: "Call the payer's office; once it says that nothing is booked, keep that with claim not-booked.",
    },
  }),
  'claim-undo-not-sendable': ({
    claimId,
    problems,
  }: {
    readonly claimId: string;
    readonly problems: readonly string[];
  }) => ({
    message: {
      zh: `撤销申报 ${claimId} 的报文写不出来（${problems.join('；')}），没有发送。`,
      en: `The message that undoes claim ${claimId} cannot be written (${problems.join('; ')}); nothing was sent.`,
    },
    money: 'none',
    remedy: {
      zh: '请把这几项告诉软件服务方；着急时请电话联系支付方的经办机构。',
      en: "Tell the program's service about these fields; if it is urgent call the payer's office.",
    },
  }),
  'payers-url-wrong': ({ url }: { readonly url: string }) => ({
    message: {
      zh: `支付方的地址写得不对：${url}。`,
      en: `${url} is no address of the payers.`,
    },
    money: 'not-sent',
    remedy: { zh: '请写成 http://主机:端口。', en: 'Write it as http://host:port.' },
  }),
  'payers-url-plain': ({ url }: { readonly url: string }) => ({
    message: {
      zh: `支付方的地址 ${url} 是不加密的 http，患者资料在线路上谁都能读，所以没有发送。`,
      en: `The payers’ address ${url} is plain http: patients could be read on the line, so nothing was sent.`,
    },
    money: 'not-sent',
    remedy: {
      zh: '请用 https 地址；线路确有别的保护（专线、VPN）的，用 settings plain-http allowed 写明。',
      en: 'Use an https address; where the line is protected otherwise (a leased line, a VPN) say so with settings plain-http allowed.',
    },
  }),
  'upload-under-way': {
    message: {
      zh: '这个窗口正在上传申报，没有另外开始一次。',
      en: 'This desk is uploading claims already; no second upload was begun.',
    },
    money: 'none',
    remedy: {
      zh: '请在申报页看进度，等它结束；要提前结束，按“停止上传”。',
      en: 'See how far it is on the page of claims and wait for its end, or stop it there.',
    },
  },
  'payers-url-missing': {
    message: {
      zh: '还没有设置各支付方的地址，待上传的申报都还在。',
      en: 'The payers’ address is not set; every claim still waits.',
    },
    money: 'not-sent',
    remedy: {
      zh: '用 settings payers-url http://主机:端口 设置，或加 --payers。',
      en: 'Set it with: settings payers-url http://host:port, or add --payers.',
    },
  },
});
