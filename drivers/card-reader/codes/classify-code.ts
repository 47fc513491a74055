import type { Day } from '../../../shared/domain/visit.ts';
import { eighteenIn } from '../../../shared/domain/identity-number.ts';
import { readTrack1, readTrack2, type StripeNumber } from '../magnetic-stripe/track-text.ts';
import { longestCodeCharacters, type CodeSettings, type OwnNumberKind } from './code-settings.ts';
import { isBankCardNumber, paymentCodeOf, type PaymentMeans } from './payment-codes.ts';
import { readPreferential, type PreferentialCard } from './preferential-form.ts';

/** Where a text comes from: nobody types a payment code, and no stripe bears one. */
export type CodeOrigin = 'scan' | 'stripe' | 'typed';

export type CodeMeaning =
  /** 医保码. `app`: shown by the platform's own app; `unconfirmed`: 28 digits with another prefix. */
  | {
      readonly kind: 'e-voucher';
      readonly code: string;
      readonly of: 'nation' | 'app' | 'unconfirmed';
    }
  | { readonly kind: 'citizen-number'; readonly idNumber: string }
  | ({ readonly kind: 'preferential' } & PreferentialCard)
  /** The number on the stripe of a social-security card. */
  | { readonly kind: 'social-security'; readonly cardNumber: string }
  | { readonly kind: 'own-number'; readonly of: OwnNumberKind; readonly number: string }
  | { readonly kind: 'payment'; readonly means: PaymentMeans }
  | { readonly kind: 'unknown'; readonly why: UnknownCode };

/**
 * `unfinished`: the code broke off. `unreadable`: its bytes are no text. `cut-e-voucher`: it begins like one, and
 * has too few or too many digits. `wrong-id-number`: 18 characters of which check or day of birth is wrong.
 * `damaged-stripe`: sentinels without what belongs between them, or the reader says so. `blank-stripe`: nothing
 * is written on it.
 */
export type UnknownCode =
  | 'empty'
  | 'too-long'
  | 'unfinished'
  | 'unreadable'
  | 'cut-e-voucher'
  | 'wrong-id-number'
  | 'damaged-stripe'
  | 'blank-stripe'
  | 'other';

export type CodeContext = {
  readonly origin: CodeOrigin;
  /** In Asia/Shanghai; nobody is born after it. */
  readonly today: Day;
};

/**
 * What a scanned, swiped or typed text is. Where shapes overlap the rarer one goes first: a number of ours, an
 * e-voucher, a citizen number (its check and its day make it rarer than the payment codes of 微信, which have
 * 18 digits too), a preferential card whose prefix the hospital has set, a payment code, and only then what a
 * hospital has described by length alone.
 */
export function classifyCode(
  text: string,
  settings: CodeSettings,
  context: CodeContext,
): CodeMeaning {
  if (text.length > longestCodeCharacters) return { kind: 'unknown', why: 'too-long' };
  const code = withoutTransport(text);
  if (code === '') return { kind: 'unknown', why: 'empty' };
  if (context.origin === 'stripe' || /^[;%]/.test(code)) {
    return classifyTrack(code, settings, context);
  }
  return (
    ownNumberIn(code, settings) ??
    eVoucherIn(code) ??
    preferentialIn(code, settings, context, 'by prefix') ??
    citizenNumberIn(code, context) ??
    (context.origin === 'scan' ? paymentIn(code) : null) ??
    (settings.tolerantEVoucher && /^\d{28}$/.test(code)
      ? { kind: 'e-voucher', code, of: 'unconfirmed' }
      : null) ??
    preferentialIn(code, settings, context, 'by length') ?? {
      kind: 'unknown',
      why: whyUnknown(code),
    }
  );
}

/** What a stripe means whose number has been read from it. */
export function classifyStripe(
  stripe: StripeNumber,
  settings: CodeSettings,
  today: Day,
): CodeMeaning {
  const { number, hasPaymentData } = stripe;
  const context: CodeContext = { origin: 'stripe', today };
  const named = preferentialIn(number, settings, context, 'by prefix');
  if (named !== null) return named;
  if (hasPaymentData && isBankCardNumber(number)) return { kind: 'payment', means: 'bank-card' };
  const citizen = citizenNumberIn(number, context);
  if (citizen !== null) return citizen;
  if (settings.stripeIsSocialSecurity) return { kind: 'social-security', cardNumber: number };
  return (
    preferentialIn(number, settings, context, 'by length') ?? { kind: 'unknown', why: 'other' }
  );
}

function classifyTrack(text: string, settings: CodeSettings, context: CodeContext): CodeMeaning {
  const track = text.startsWith('%') ? readTrack1(text) : readTrack2(text);
  if (track.kind === 'number') return classifyStripe(track.stripe, settings, context.today);
  return { kind: 'unknown', why: track.kind === 'damaged' ? 'damaged-stripe' : 'other' };
}

/**
 * Without what only carried it: white space and control characters around it, and the symbology identifier
 * (ISO/IEC 15424, `]` and two characters) that a scanner can be set to put in front.
 */
function withoutTransport(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken away
  const bare = text.replace(/^[\s\u0000-\u001f\u007f]+|[\s\u0000-\u001f\u007f]+$/g, '');
  return bare.replace(/^\][A-Za-z][\dA-Za-z]/, '');
}

function ownNumberIn(code: string, settings: CodeSettings): CodeMeaning | null {
  const own = settings.ownNumbers.find(({ pattern }) => pattern.test(code));
  return own === undefined ? null : { kind: 'own-number', of: own.of, number: code };
}

function eVoucherIn(code: string): CodeMeaning | null {
  if (/^424\d{25}$/.test(code)) return { kind: 'e-voucher', code, of: 'nation' };
  if (/^opc\d{25}$/.test(code)) return { kind: 'e-voucher', code, of: 'app' };
  return null;
}

function citizenNumberIn(code: string, context: CodeContext): CodeMeaning | null {
  // A control character in the middle is a fault of the line, not a way of writing.
  const read = /\p{Cc}/u.test(code) ? null : eighteenIn(code, context.today);
  return read === null ? null : { kind: 'citizen-number', idNumber: read.number };
}

function paymentIn(code: string): CodeMeaning | null {
  const means = paymentCodeOf(code);
  return means === null ? null : { kind: 'payment', means };
}

function preferentialIn(
  code: string,
  settings: CodeSettings,
  context: CodeContext,
  how: 'by prefix' | 'by length',
): CodeMeaning | null {
  for (const form of settings.preferential) {
    const hasPrefix = 'prefix' in form && form.prefix !== '';
    // A card that is known by its owner's number alone must go before the number itself.
    const goesFirst = hasPrefix || form.form === 'id-number';
    if (goesFirst !== (how === 'by prefix')) continue;
    const card = readPreferential(code, form, context);
    if (card !== null) return { kind: 'preferential', ...card };
  }
  return null;
}

function whyUnknown(code: string): UnknownCode {
  if (/^(424|opc)\d{17,33}$/.test(code)) return 'cut-e-voucher';
  if (/^[1-9]\d{16}[\dXx]$/.test(code)) return 'wrong-id-number';
  return 'other';
}
