/** What a simulated social-security card holds, and how its two free files lay it out (LD/T 32, version 2.0). */
import { gb18030Bytes } from './social-security-card-text.ts';

export type SocialSecurityCardData = {
  /** 1.00 has no extension of the name, so that its later records have lower numbers. */
  readonly version: '1.00' | '2.00' | '3.00';
  /** 32 hexadecimal digits: division, registered provider, what is this card's own. */
  readonly identifier: string;
  readonly issuedOn: string;
  /**
   * `YYYY-MM-DD`; `none`: the record is not there; `empty`: it is there without a value; eight hexadecimal
   * digits: these.
   */
  readonly validUntil: string;
  readonly cardNumber: string;
  readonly idNumber: string;
  readonly name: string;
  /** What does not fit into the 30 bytes of the name. */
  readonly nameExtension?: string;
  readonly sex: 'male' | 'female';
  /** GB/T 3304. */
  readonly ethnicity: string;
  readonly birthPlace?: string;
  readonly birthDate: string;
};

/** One record: tag, length, value; `numbered` in the order of the file. */
export type CardRecord = { readonly tag: number; readonly value: readonly number[] };

export type CardFiles = {
  /** 发卡机构数据文件 */
  readonly ef05: readonly CardRecord[];
  /** 持卡人基本信息文件 */
  readonly ef06: readonly CardRecord[];
};

/**
 * The records of both files, in their order. `padded: false` leaves fixed fields as short as what they hold, as
 * some cards do.
 */
export function filesOf(data: SocialSecurityCardData, padded = true): CardFiles {
  const fill = (bytes: readonly number[], length: number): number[] =>
    padded
      ? [...bytes, ...new Array<number>(Math.max(0, length - bytes.length)).fill(0)]
      : [...bytes];
  const expiry = expiryOf(data.validUntil);
  return {
    ef05: [
      { tag: 0x01, value: packed(data.identifier) },
      { tag: 0x02, value: ascii('3') },
      { tag: 0x03, value: ascii(data.version) },
      { tag: 0x04, value: packed(`${data.identifier.slice(0, 6)}00000000000000FFFF`) },
      { tag: 0x05, value: packedDay(data.issuedOn) },
      ...(expiry === null ? [] : [{ tag: 0x06, value: expiry }]),
      { tag: 0x07, value: fill(ascii(data.cardNumber), 9) },
    ],
    ef06: [
      { tag: 0x08, value: fill(ascii(data.idNumber), 18) },
      { tag: 0x09, value: fill(gb18030Bytes(data.name), 30) },
      ...(data.version === '1.00'
        ? []
        : [{ tag: 0x4e, value: fill(gb18030Bytes(data.nameExtension ?? ''), 20) }]),
      { tag: 0x0a, value: ascii(data.sex === 'male' ? '1' : '2') },
      { tag: 0x0b, value: packed(data.ethnicity) },
      { tag: 0x0c, value: packed(data.birthPlace ?? 'FFFFFF') },
      { tag: 0x0d, value: packedDay(data.birthDate) },
    ],
  };
}

function expiryOf(validUntil: string): number[] | null {
  if (validUntil === 'none') return null;
  if (validUntil === 'empty') return [];
  return packedDay(validUntil);
}

function ascii(text: string): number[] {
  return [...Buffer.from(text, 'latin1')];
}

/** Two digits in one byte. */
function packed(digits: string): number[] {
  return [...Buffer.from(digits, 'hex')];
}

function packedDay(day: string): number[] {
  return packed(day.replaceAll('-', ''));
}
