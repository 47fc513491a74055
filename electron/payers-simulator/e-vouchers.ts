import { createHash, randomInt } from 'node:crypto';

/** How long a shown code stands: the platform changes it about once a minute. */
const goodForMs = 60_000;

type Shown = { readonly userName: string; readonly idNo: string; readonly untilMs: number };

/**
 * The platform behind the e-voucher: a phone is shown a fresh code, and the decoding call answers once whose it is.
 * Knows the shape of the calls by itself.
 */
export class EVouchers {
  readonly #shown = new Map<string, Shown>();

  /** A patient opens the code on the phone: 28 digits, the nation's prefix, 20 of chance, the province, an extension. */
  show(asked: unknown, nowMs: number): object | null {
    const { userName, idNo } = fieldsOf(asked);
    if (typeof userName !== 'string' || typeof idNo !== 'string') return null;
    let chance = '';
    while (chance.length < 19) chance += String(randomInt(10));
    // Other papers than the citizen's card do not tell the province: Hunan, as the hospital.
    const province = /^\d{2}/.exec(idNo)?.[0] ?? '43';
    const code = `424${chance}${province}0000`;
    this.#shown.set(code, { userName, idNo, untilMs: nowMs + goodForMs });
    return { code };
  }

  /** `ec.query`: whose code it is, once. */
  query(asked: unknown, nowMs: number): object {
    const { transType, orgId, data } = fieldsOf(asked);
    const { ecQrCode, businessType } = fieldsOf(data);
    if (transType !== 'ec.query' || typeof orgId !== 'string' || orgId === '') {
      return answer(500_100, '请求参数不完整');
    }
    if (typeof businessType !== 'string' || !/^0\d{4}$/.test(businessType)) {
      return answer(500_101, '业务类型不正确');
    }
    if (typeof ecQrCode !== 'string' || !/^(424|opc)\d{25}$/.test(ecQrCode)) {
      return answer(500_159, '请使用医保电子凭证二维码');
    }
    const shown = this.#shown.get(ecQrCode);
    this.#shown.delete(ecQrCode);
    if (shown === undefined || shown.untilMs < nowMs) {
      return answer(500_160, '二维码已失效，请刷新后重试');
    }
    const { userName, idNo } = shown;
    const token = createHash('sha256').update(ecQrCode).digest('hex');
    return {
      ...answer(0, '成功'),
      orgId,
      data: {
        userName,
        idNo,
        idType: '01',
        insuOrg: `${idNo.slice(0, 4)}00`,
        ecIndexNo: token.slice(0, 32),
        ecToken: `${idNo.slice(0, 6)}ec${token.slice(0, 30)}`,
        gender: null,
        birthday: null,
        ecQrCode: null,
      },
    };
  }
}

const answer = (code: number, message: string): object => ({
  code,
  message,
  orgId: '',
  data: null,
});

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
