import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

/** Why claims are not listed or not sent. */
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
