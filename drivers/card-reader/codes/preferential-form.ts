import type { Day } from '../../../shared/domain/visit.ts';
import { eighteenIn } from '../../../shared/domain/identity-number.ts';
import type { PreferentialForm } from './code-settings.ts';
import { readUid } from './uid-forms.ts';

export type PreferentialCard = {
  /** The text as it came. */
  readonly code: string;
  /** What the card is looked up by: its number, or its identifier as hexadecimal bytes in their order on it. */
  readonly cardNumber?: string;
  readonly idNumber?: string;
};

/** The preferential card a text is in one form; null if it is not of that form. */
export function readPreferential(
  code: string,
  form: PreferentialForm,
  context: { readonly origin: 'scan' | 'stripe' | 'typed'; readonly today: Day },
): PreferentialCard | null {
  if ('prefix' in form && !code.startsWith(form.prefix)) return null;
  switch (form.form) {
    case 'track-2': {
      const { prefix, shortest, longest } = form;
      if (!/^\d{4,37}$/.test(code)) return null;
      if (code.length < shortest || code.length > longest) return null;
      // Bare digits can be anything: without a stripe around them they must be described exactly.
      const isExact = prefix !== '' || shortest === longest;
      return context.origin === 'stripe' || isExact ? { code, cardNumber: code } : null;
    }
    case 'uid': {
      const cardNumber = readUid(code, form.writtenAs, form.byteOrder);
      return context.origin === 'stripe' || cardNumber === null ? null : { code, cardNumber };
    }
    case 'barcode':
      // Code 128 can write every character of ASCII; a number has no blanks and no control characters.
      if (context.origin === 'stripe' || code.length !== form.length) return null;
      return /^[\x21-\x7e]+$/.test(code) ? { code, cardNumber: code } : null;
    case 'id-number': {
      // A control character in the middle is a fault of the line, not a way of writing.
      if (/\p{Cc}/u.test(code)) return null;
      const read = eighteenIn(code.slice(form.prefix.length), context.today);
      // Typed, a bare number is only a number: nobody has seen a card.
      if (form.prefix === '' && context.origin === 'typed') return null;
      return read === null ? null : { code, idNumber: read.number };
    }
  }
}
