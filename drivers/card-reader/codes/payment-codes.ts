/** Codes and cards that pay. Never a card of a patient: nothing of them is used or kept. */
export const paymentMeans = ['wechat', 'alipay', 'unionpay', 'bank-card'] as const;
export type PaymentMeans = (typeof paymentMeans)[number];

const shapes: readonly (readonly [PaymentMeans, RegExp])[] = [
  // 付款码 of 微信: 18 digits from 10 to 15.
  ['wechat', /^1[0-5]\d{16}$/],
  // 支付宝: 16 to 24 digits from 25 to 30.
  ['alipay', /^(2[5-9]|30)\d{14,22}$/],
  // 银联: 19 digits from 62.
  ['unionpay', /^62\d{17}$/],
];

/** Whose payment code a text is, by its shape alone; null if it is none. */
export function paymentCodeOf(text: string): PaymentMeans | null {
  return shapes.find(([, shape]) => shape.test(text))?.[0] ?? null;
}

/** Whether a stripe that bears payment data bears the number of a bank card: 13 to 19 digits that check. */
export function isBankCardNumber(number: string): boolean {
  return /^\d{13,19}$/.test(number) && hasRightLuhnDigit(number);
}

/** ISO/IEC 7812: every second digit from the right doubled, digits summed, a multiple of ten. */
function hasRightLuhnDigit(number: string): boolean {
  let sum = 0;
  for (let fromRight = 0; fromRight < number.length; fromRight += 1) {
    const digit = Number(number[number.length - 1 - fromRight]);
    const weighted = fromRight % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
