import { z } from 'zod';

import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { postMessage, type Deadlines } from '../base/post-message.ts';

/** Whose e-voucher it is. */
export type VoucherOwner = { readonly idNumber: string; readonly name: string };

/** Asks whose a scanned e-voucher is. The code is good once and for about a minute: it is asked once. */
export type DecodeEVoucher = (code: string, by: VoucherReader) => Promise<Result<VoucherOwner>>;

/** The same for one scan, whoever made it. */
export type AskVoucherOwner = (code: string) => Promise<Result<VoucherOwner>>;

/** Who had it scanned: the service wants to know the user by number and name. */
export type VoucherReader = { readonly userId: string; readonly name: string };

export type DecodingService = {
  /** The decoding service (`localQrCodeQuery`); null where none is set. */
  readonly url: string | null;
  readonly hospitalCode: string;
};

/** A patient stands there and waits. */
const deadlines: Deadlines = { connect: 2_000, headers: 5_000, body: 2_000 };

/** 结算, in the codes of business of the e-voucher (cards.md 4.3). */
const businessType = '01301';

/** A citizen's number, or that of a permit or passport, which begins with a letter. */
const numberOfDocument = /^(?:\d{17}[\dX]|[A-Z][A-Z\d]{5,19})$/;

const answerSchema = z.object({
  code: z.number(),
  message: z.string().nullish(),
  data: z.object({ userName: z.string().min(1).max(100), idNo: z.string().max(40) }).nullish(),
});

/** The e-voucher's decoding call, `ec.query`. Refuses `e-voucher-not-set`, `e-voucher-unanswered`, `e-voucher-refused`. */
export function eVoucherDecoder({ url, hospitalCode }: DecodingService): DecodeEVoucher {
  return async (code, by) => {
    if (url === null) return refused(notSet);
    const data = {
      orgId: hospitalCode,
      businessType,
      operatorId: by.userId,
      operatorName: by.name,
      officeId: '',
      officeName: '',
      deviceType: '',
      ecQrCode: code,
    };
    const body = JSON.stringify({ data, orgId: hospitalCode, transType: 'ec.query' });
    const posted = await postMessage(new URL(url), body, { deadlines });
    if (posted.kind !== 'answered') return refused(unanswered(posted.why));
    const answer = answerSchema.safeParse(jsonOf(posted.text));
    if (posted.status !== 200 || !answer.success) {
      return refused(unanswered(`HTTP ${String(posted.status)}`));
    }
    const { code: outcome, message, data: owner } = answer.data;
    if (outcome !== 0) return refused(refusedByService(outcome, message ?? ''));
    const idNumber = owner?.idNo.toUpperCase() ?? '';
    if (owner === null || owner === undefined || !numberOfDocument.test(idNumber)) {
      return refused(unanswered('no ID number in the answer'));
    }
    return accepted({ idNumber, name: owner.userName });
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const otherWays = {
  zh: '请读社保卡或身份证；也可以按 F3 输入证件号码查找病人。',
  en: 'Read the social-security card or the ID card, or press F3 and type the ID number.',
};

const notSet: Refusal = {
  code: 'e-voucher-not-set',
  message: {
    zh: '扫到了医保码，但本机没有设置医保码解码服务，认不出是谁。没有动钱。',
    en: 'This is an e-voucher, but no decoding service is set, so its owner is not known. No money moved.',
  },
  remedy: {
    zh: `${otherWays.zh}信息科可以设置 e-voucher-url。`,
    en: `${otherWays.en} The IT clerk can set e-voucher-url.`,
  },
};

const unanswered = (why: string): Refusal => ({
  code: 'e-voucher-unanswered',
  message: {
    zh: '医保码解码服务没有回答，认不出是谁。没有动钱。',
    en: 'The decoding service for e-vouchers did not answer, so its owner is not known. No money moved.',
  },
  remedy: {
    zh: `请病人刷新医保码再扫一次；仍然不行时，${otherWays.zh}`,
    en: `Ask the patient to refresh the code and scan it again. ${otherWays.en}`,
  },
  details: [{ why }],
});

const refusedByService = (code: number, said: string): Refusal => ({
  code: 'e-voucher-refused',
  message: {
    zh: `医保码没有被接受：${said === '' ? String(code) : said}。没有动钱。`,
    en: `The e-voucher was not accepted: ${said === '' ? String(code) : said}. No money moved.`,
  },
  remedy: {
    zh: `医保码约一分钟更新一次、只能用一次：请病人刷新后再扫。${otherWays.zh}`,
    en: `A code is good once and for about a minute: ask the patient to refresh it. ${otherWays.en}`,
  },
  details: [{ code }],
});
