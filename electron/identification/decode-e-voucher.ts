import { z } from 'zod';

import { readIdentityNumber } from '../../shared/domain/identity-number.ts';
import { writtenName } from '../../shared/domain/person-name.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { isPlainRemote } from '../base/plain-http.ts';
import { postMessage, type Deadlines } from '../base/post-message.ts';
import { wordsOfOthers } from '../security/words-of-others.ts';
import { identityRefusal } from './identity-refusals.ts';

/** Whose e-voucher it is. */
export type VoucherOwner = { readonly idNumber: string; readonly name: string };

/** Why it is not known whose an e-voucher is. */
export type EVoucherCode =
  'e-voucher-not-set' | 'e-voucher-plain' | 'e-voucher-unanswered' | 'e-voucher-refused';

/** Asks whose a scanned e-voucher is. The code is good once and for about a minute: it is asked once. */
export type DecodeEVoucher = (
  code: string,
  by: VoucherReader,
) => Promise<Result<VoucherOwner, EVoucherCode>>;

/** The same for one scan, whoever made it. */
export type AskVoucherOwner = (code: string) => Promise<Result<VoucherOwner, EVoucherCode>>;

/** Who had it scanned: the service wants to know the user by number and name. */
export type VoucherReader = { readonly userId: string; readonly name: string };

export type DecodingService = {
  /** The decoding service (`localQrCodeQuery`); null where none is set. */
  readonly url: string | null;
  readonly hospitalCode: string;
  /** Somebody answered for a line that is not encrypted. */
  readonly mayBePlain?: boolean;
};

/** A patient stands there and waits. */
const deadlines: Deadlines = { connect: 2_000, headers: 5_000, body: 2_000 };

/** Nobody reads more while a patient waits. */
const wordsMost = 200;

/** 结算, in the codes of business of the e-voucher (cards.md 4.3). */
const businessType = '01301';

const answerSchema = z.object({
  code: z.number(),
  message: z.string().nullish(),
  data: z.object({ userName: z.string().min(1).max(100), idNo: z.string().max(40) }).nullish(),
});

/** The e-voucher's decoding call, `ec.query`. */
export function eVoucherDecoder({
  url,
  hospitalCode,
  mayBePlain = false,
}: DecodingService): DecodeEVoucher {
  return async (code, by) => {
    if (url === null) return refused(identityRefusal('e-voucher-not-set'));
    if (isPlainRemote(new URL(url)) && !mayBePlain) {
      return refused(identityRefusal('e-voucher-plain'));
    }
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
    if (posted.kind !== 'answered') {
      return refused(identityRefusal('e-voucher-unanswered', { why: posted.why }));
    }
    const answer = answerSchema.safeParse(jsonOf(posted.text));
    if (posted.status !== 200 || !answer.success) {
      return refused(
        identityRefusal('e-voucher-unanswered', { why: `HTTP ${String(posted.status)}` }),
      );
    }
    const { code: outcome, message, data: owner } = answer.data;
    if (outcome !== 0) {
      return refused(
        identityRefusal('e-voucher-refused', {
          code: outcome,
          said: wordsOfOthers(message ?? '', wordsMost),
        }),
      );
    }
    const idNumber = numberOfOwner(owner?.idNo ?? '');
    if (owner === null || owner === undefined || idNumber === null) {
      return refused(
        identityRefusal('e-voucher-unanswered', { why: 'no ID number in the answer' }),
      );
    }
    return accepted({ idNumber, name: writtenName(owner.userName) });
  };
}

/** The insurance knows its people: of a permit or passport it says the number and not what it is of. */
function numberOfOwner(written: string): string | null {
  const reading = readIdentityNumber(written, { isFirstHand: true });
  return reading.kind === 'read' || reading.kind === 'needs-document' ? reading.number : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
