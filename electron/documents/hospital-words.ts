import type { HospitalLine } from '../../shared/domain/hospital-part.ts';

/** What paper calls the hospital's lines, and what they are. */
export const hospitalLineWords: Readonly<
  Record<HospitalLine['kind'], { readonly name: string; readonly how: string }>
> = {
  bears: { name: '医院承担（定额）', how: '费用超出单病种定额的部分' },
  keeps: { name: '医院结余（定额）', how: '单病种定额高出费用的部分，不由患者负担' },
  holds: { name: '医院暂存', how: '本次住院前几次结算多付的部分，由医院退还支付方' },
};
