import { declareRefusals } from '../../../shared/domain/declare-refusals.ts';
import { accepted, refused, type Result } from '../../../shared/domain/result.ts';
import {
  defaultCodeSettings,
  type CodeSettings,
  type OwnNumber,
  type PreferentialForm,
} from './code-settings.ts';
import { byteOrders, uidForms, type ByteOrder, type UidForm } from './uid-forms.ts';

/**
 * What codes and stripes mean at a hospital, as the IT clerk writes it: words with spaces between.
 *
 *     track-2:8-12        preferential card with so many digits on track 2 of its stripe
 *     track-2:8-12:66     the same, beginning with 66
 *     uid:decimal-10:reversed   preferential card whose contactless reader types its identifier
 *     barcode:12:YH       preferential card with a bar code of 12 characters beginning with YH
 *     id-number:YH        preferential card that bears YH and the ID number of its owner
 *     visit:ZY            our own visit numbers, beginning with ZY
 *     stripe-is-social-security   the stripe of the place's social-security cards bears their number
 *     any-28-digits       takes any 28 digits for an e-voucher
 *
 * An empty text is a place that has said nothing. Refuses `bad-code-setting` with the word.
 */
export function parseCodeSettings(text: string): Result<CodeSettings, 'bad-code-setting'> {
  const preferential: PreferentialForm[] = [];
  const ownNumbers: OwnNumber[] = [...defaultCodeSettings.ownNumbers];
  let tolerantEVoucher = false;
  let stripeIsSocialSecurity = false;
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const form = preferentialForm(word);
    const visitPrefix = /^visit:([0-9A-Za-z-]{1,12})$/.exec(word)?.[1];
    if (form !== null) preferential.push(form);
    else if (visitPrefix !== undefined) {
      ownNumbers.push({ of: 'visit', pattern: new RegExp(`^${visitPrefix}[0-9A-Za-z-]{1,30}$`) });
    } else if (word === 'stripe-is-social-security') stripeIsSocialSecurity = true;
    else if (word === 'any-28-digits') tolerantEVoucher = true;
    else return refused(codeSettingRefusal('bad-code-setting', { word }));
  }
  return accepted({
    tolerantEVoucher,
    // Who says nothing of preferential cards has the usual one.
    preferential: preferential.length === 0 ? defaultCodeSettings.preferential : preferential,
    stripeIsSocialSecurity,
    ownNumbers,
  });
}

/** Longest number on track 2 (ISO 7811). */
const trackDigitsMax = 37;
const barcodeLengthMax = 40;

function preferentialForm(word: string): PreferentialForm | null {
  const [form, first = '', second = '', ...more] = word.split(':');
  if (more.length > 0 || !/^[0-9A-Za-z]{0,12}$/.test(form === 'uid' ? '' : second)) return null;
  switch (form) {
    case 'track-2': {
      const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(first) ?? [];
      const [shortest, longest] = [Number(from), Number(to)];
      const isRange = shortest >= 4 && shortest <= longest && longest <= trackDigitsMax;
      return isRange ? { form, prefix: second, shortest, longest } : null;
    }
    case 'uid': {
      const writtenAs = uidForms.find((each): each is UidForm => each === first);
      const byteOrder = byteOrders.find(
        (each): each is ByteOrder => each === (second === '' ? 'as-on-card' : second),
      );
      return writtenAs === undefined || byteOrder === undefined
        ? null
        : { form, writtenAs, byteOrder };
    }
    case 'barcode': {
      const length = /^\d{1,2}$/.test(first) ? Number(first) : 0;
      const fits = length >= 4 && length <= barcodeLengthMax && second.length < length;
      return fits ? { form, prefix: second, length } : null;
    }
    case 'id-number':
      return second === '' && /^[0-9A-Za-z]{1,12}$/.test(first) ? { form, prefix: first } : null;
    default:
      return null;
  }
}

const codeSettingRefusal = declareRefusals({
  'bad-code-setting': ({ word }: { readonly word: string }) => ({
    message: {
      zh: `看不懂“${word}”。没有改动。`,
      en: `"${word}" is not understood. Nothing was changed.`,
    },
    money: 'none',
    place: word,
    remedy: {
      zh: '用空格分开，每项写成 track-2:8-12、uid:decimal-10:reversed、barcode:12:YH、id-number:YH、visit:ZY、stripe-is-social-security 或 any-28-digits',
      en: 'Words with spaces between: track-2:8-12, uid:decimal-10:reversed, barcode:12:YH, id-number:YH, visit:ZY, stripe-is-social-security or any-28-digits.',
    },
  }),
});
