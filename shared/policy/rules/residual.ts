/** What is left of the bill for the patient, part by part, in fen. */
export type Residual = {
  /** What steps on the in-scope cost are applied to: in scope, less what was waived or is paid first. */
  inScope: number;
  eligible: number;
  firstSelfPay: number;
  outside: number;
  /** What of the in-scope cost became first self-pay because of referral or place. */
  paidFirst: number;
  /**
   * What the patient paid outside the catalogue in earlier parts of the stay and the whole counts as in scope: a base of
   * the steps behind a quota, and paid already, so no step takes it from him again.
   */
  countedSince: number;
};

/** What is left of the bill for the patient. */
export function residualTotal({ eligible, firstSelfPay, outside }: Residual): number {
  return eligible + firstSelfPay + outside;
}
