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
