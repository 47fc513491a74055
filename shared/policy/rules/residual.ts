/** What is left of the bill for the patient, part by part, in fen. */
export type Residual = {
  /** What steps on the in-scope cost are applied to: in scope, less what was waived or is paid first. */
  inScope: number;
  eligible: number;
  firstSelfPay: number;
  outside: number;
  /** What of the in-scope cost became first self-pay because of referral or place. */
  paidFirst: number;
};

/** What is left of the bill for the patient. */
export function residualTotal({ eligible, firstSelfPay, outside }: Residual): number {
  return eligible + firstSelfPay + outside;
}
