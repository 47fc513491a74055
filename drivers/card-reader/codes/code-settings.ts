import type { ByteOrder, UidForm } from './uid-forms.ts';

/**
 * What a preferential card (优惠卡) of this place looks like to a reader. There is no standard for it; a
 * hospital names the forms that exist there. `prefix` stands at the front of the text and belongs to it.
 */
export type PreferentialForm =
  /** The number on track 2 of a stripe; so many digits, both ends included. */
  | {
      readonly form: 'track-2';
      readonly prefix: string;
      readonly shortest: number;
      readonly longest: number;
    }
  /** The identifier of a contactless card, typed by its reader. */
  | { readonly form: 'uid'; readonly writtenAs: UidForm; readonly byteOrder: ByteOrder }
  /** A bar code (Code 128): `length` characters in all. */
  | { readonly form: 'barcode'; readonly prefix: string; readonly length: number }
  /** No number of its own: after the prefix comes the ID number of its owner. */
  | { readonly form: 'id-number'; readonly prefix: string };

/** Numbers of our own that are printed as codes. */
export const ownNumberKinds = ['settlement', 'receipt', 'visit'] as const;
export type OwnNumberKind = (typeof ownNumberKinds)[number];
export type OwnNumber = { readonly of: OwnNumberKind; readonly pattern: RegExp };

export type CodeSettings = {
  /** Takes any 28 digits for an e-voucher: the prefix 424 is not confirmed for every province. */
  readonly tolerantEVoucher: boolean;
  readonly preferential: readonly PreferentialForm[];
  /** The stripe of the social-security cards of this place bears their number. */
  readonly stripeIsSocialSecurity: boolean;
  readonly ownNumbers: readonly OwnNumber[];
};

/** A place that has said nothing: any stripe that is no bank card's is a preferential card. */
export const defaultCodeSettings: CodeSettings = {
  tolerantEVoucher: false,
  preferential: [{ form: 'track-2', prefix: '', shortest: 4, longest: 37 }],
  stripeIsSocialSecurity: false,
  ownNumbers: [{ of: 'settlement', pattern: /^JS\d{8}-\d{4,8}$/ }],
};

/** No code of ours is longer; what is, is not searched for meaning. */
export const longestCodeCharacters = 512;
