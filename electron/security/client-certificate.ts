import { X509Certificate, type KeyObject } from 'node:crypto';

import { accepted, refused, type Result, type Words } from '../../shared/domain/result.ts';
import { securityRefusal } from './security-refusals.ts';

/** A client certificate as a user's row keeps it. */
export type ClientCertificate = {
  /** PEM, of this one certificate and nothing else. */
  readonly pem: string;
  /** SHA-256, as 64 hexadecimal digits. */
  readonly fingerprint: string;
  /** The last moment it is good for. */
  readonly validUntil: Date;
};

/** A certificate with its chain is a few thousand bytes. */
export const certificateBytesMax = 65_536;

/** Keys that can be guessed or that nobody here can check are not taken. NIST SP 800-57: 112 bits at least. */
const rsaBitsLeast = 2048;
const curves: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** Reads the certificate that an administrator gives a user; refused in words where it cannot be one, or not today. */
export function readCertificate(
  text: string,
  now: Date,
): Result<ClientCertificate, 'certificate-bad'> {
  const bad = (why: keyof typeof whyBad) =>
    refused(securityRefusal('certificate-bad', { why: whyBad[why] }));
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return bad('holds-key');
  const parsed = parse(text);
  if (parsed === null) return bad('unreadable');
  if (parsed.validFromDate.getTime() > now.getTime()) return bad('not-yet');
  if (parsed.validToDate.getTime() <= now.getTime()) return bad('expired');
  if (!isStrong(parsed.publicKey)) return bad('weak-key');
  return accepted(asKept(parsed));
}

/** The certificate of a user's row; null where the row has none, or what no version of the program wrote. */
export function keptCertificate(kept: string | null): ClientCertificate | null {
  const parsed = kept === null ? null : parse(kept);
  return parsed === null ? null : asKept(parsed);
}

function parse(text: string): X509Certificate | null {
  try {
    return new X509Certificate(text);
  } catch {
    return null;
  }
}

function asKept(parsed: X509Certificate): ClientCertificate {
  return {
    pem: parsed.toString(),
    fingerprint: parsed.fingerprint256.replaceAll(':', '').toLowerCase(),
    validUntil: parsed.validToDate,
  };
}

function isStrong({ asymmetricKeyType: kind, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (kind === 'rsa') return (details?.modulusLength ?? 0) >= rsaBitsLeast;
  if (kind === 'ec') return curves.has(details?.namedCurve ?? '');
  return kind === 'ed25519';
}

const whyBad = {
  'holds-key': {
    zh: '文件里有私钥；私钥只留在本人的U盘里，这里只要证书',
    en: 'the file holds a private key, which stays on the stick of its owner; only the certificate is asked for',
  },
  unreadable: {
    zh: '文件读不出证书（要 PEM 格式的 X.509 证书）',
    en: 'no certificate can be read from the file (an X.509 certificate in PEM)',
  },
  'not-yet': { zh: '证书还没有生效', en: 'the certificate is not valid yet' },
  expired: { zh: '证书已经过期', en: 'the certificate has expired' },
  'weak-key': {
    zh: '密钥太弱或本程序不认得（要 RSA 2048 位以上、P-256/P-384/P-521 或 Ed25519）',
    en: 'its key is too weak or not known here (RSA of 2048 bits and more, P-256/P-384/P-521, or Ed25519)',
  },
  taken: { zh: '这张证书已经是别人的', en: 'the certificate is somebody else’s already' },
  'of-a-program': {
    zh: '无人值守账号没有人输入 PIN，不能用证书',
    en: 'nobody types a PIN for the account of a program',
  },
} as const satisfies Record<string, Words>;

/** Why a good certificate cannot be this user's. */
export const notThisUsers = (why: 'taken' | 'of-a-program') =>
  refused(securityRefusal('certificate-bad', { why: whyBad[why] }));
