/** What is needed of a stripe: the rest of it is not kept. */
export type StripeNumber = {
  readonly number: string;
  /** Expiry and service code follow the number, as on a card for paying. */
  readonly hasPaymentData: boolean;
};

/** `damaged`: it begins like a track and its check or its end is wrong. */
export type TrackReading =
  | { readonly kind: 'number'; readonly stripe: StripeNumber }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'none' };

/** Expiry as year and month, then the service code of three digits (ISO 7813). */
const paymentData = /^\d\d(0[1-9]|1[0-2])\d{3}/;

/**
 * Track 2 as text (ISO 7811): `;number=more?`, of which a reader that types may leave out the sentinels, and
 * after which another puts the check character. 37 characters at most lie between the sentinels.
 */
export function readTrack2(text: string): TrackReading {
  const match = /^(;?)(\d{4,37})(?:=([\d=]{0,32}))?(?:\?(.?))?$/.exec(text);
  if (match === null) return text.startsWith(';') ? { kind: 'damaged' } : { kind: 'none' };
  const [, start = '', number = '', more = '', check = ''] = match;
  if (number.length + more.length > longestTrack2) return { kind: 'damaged' };
  if (check !== '') {
    const upToEnd = text.slice(0, -1);
    if (start === '' || track2Check(upToEnd) !== check) return { kind: 'damaged' };
  }
  return {
    kind: 'number',
    stripe: { number, hasPaymentData: paymentData.test(more) },
  };
}

/**
 * Track 1 as text (ISO 7811, format B): `%Bnumber^name^more?`. Only the number is taken; the name on it is
 * not looked at.
 */
export function readTrack1(text: string): TrackReading {
  const match = /^%[A-Z](\d{4,19})\^[^^]{0,26}\^([^?]*)\?.?$/.exec(text);
  if (match === null) return text.startsWith('%') ? { kind: 'damaged' } : { kind: 'none' };
  const [, number = '', more = ''] = match;
  return { kind: 'number', stripe: { number, hasPaymentData: paymentData.test(more) } };
}

/** Between the sentinels. */
const longestTrack2 = 37;

/** The check character of track 2: the exclusive-or of the four bits of everything, sentinels included. */
export function track2Check(text: string): string {
  let check = 0;
  for (const character of text) check ^= character.charCodeAt(0) - 0x30;
  return String.fromCharCode(0x30 + (check & 0x0f));
}
