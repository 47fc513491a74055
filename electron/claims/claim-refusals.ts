import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

const nothingSent = {
  zh: '什么都没有上传；待上传的申报都还在。',
  en: 'nothing was sent and every claim still waits.',
};

/** Why claims are not listed or not sent. Never about money at the window. */
export const claimRefusal = declareRefusals({
  'unknown-claim-state': ({
    state,
    known,
  }: {
    readonly state: string;
    readonly known: readonly string[];
  }) => ({
    message: { zh: `没有这种申报状态：${state}。`, en: `There is no claim state ${state}.` },
    remedy: { zh: `可用的状态：${known.join(' ')}`, en: `States: ${known.join(' ')}` },
  }),
  'payers-url-wrong': ({ url }: { readonly url: string }) => ({
    message: {
      zh: `支付方的地址写得不对：${url}。没有发送任何申报。`,
      en: `${url} is no address of the payers. No claim was sent.`,
    },
    remedy: { zh: '请写成 http://主机:端口。', en: 'Write it as http://host:port.' },
  }),
  'payers-url-missing': {
    message: {
      zh: `还没有设置各支付方的地址，${nothingSent.zh}`,
      en: `The payers’ address is not set; ${nothingSent.en}`,
    },
    remedy: {
      zh: '用 settings payers-url http://主机:端口 设置，或加 --payers。',
      en: 'Set it with: settings payers-url http://host:port, or add --payers.',
    },
  },
});
