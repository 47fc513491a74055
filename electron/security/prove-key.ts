import {
  createPrivateKey,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
  X509Certificate,
} from 'node:crypto';
import { duplexPair } from 'node:stream';
import { connect, createSecureContext, TLSSocket, type SecureContext } from 'node:tls';

import { asksForTooMuchWork, derOfEncryptedKey } from './key-work.ts';

/** A key file and what opens it, and the certificate whose key it should be; null: nobody's, the same work is done. */
export type KeyOrder = {
  readonly bytes: Uint8Array;
  readonly form: 'pkcs12' | 'pem';
  readonly pin: string;
  readonly certificate: string | null;
};

/** Something that signs what it is given with a private key. */
export type Signer = (challenge: Uint8Array) => Uint8Array;

/**
 * Whether who gave the PIN has the private key of the certificate: opened with the PIN, it signs what this program made up a
 * moment ago, and the certificate that is kept says whether that signature is right.
 */
export async function provesKey({ bytes, form, pin, certificate }: KeyOrder): Promise<boolean> {
  const pem = form === 'pem' ? Buffer.from(bytes).toString('latin1') : null;
  if (asksForTooMuchWork(pem === null ? bytes : derOfEncryptedKey(pem))) return false;
  try {
    if (pem !== null) {
      const key = openedKey(pem, pin);
      return key !== null && signsChallenge((challenge) => sign(null, challenge, key), certificate);
    }
    const context = createSecureContext({
      ...{ pfx: Buffer.from(bytes), passphrase: pin, minVersion: 'TLSv1.3' },
    });
    return await handshakeProves(context, certificate);
  } catch {
    // A wrong PIN, a damaged file, a kind of key that nothing here knows.
    return false;
  }
}

/** A key that no PIN protects is nobody's: whoever copies the file has it. */
function openedKey(pem: string, passphrase: string) {
  if (!pem.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')) return null;
  return createPrivateKey({ key: pem, format: 'pem', passphrase });
}

/** Whether a signer signs a fresh challenge with the certificate's key; a signature of an earlier one proves nothing. */
export function signsChallenge(signer: Signer, certificate: string | null): boolean {
  const challenge = Buffer.concat([Buffer.from('settlement sign-in 1 '), randomBytes(32)]);
  const signature = signer(challenge);
  if (certificate === null) return false;
  return verify(null, challenge, new X509Certificate(certificate).publicKey, signature);
}

/**
 * The same for a PKCS#12 file, whose key does not come out of the runtime: it answers a TLS 1.3 handshake within this program,
 * in which it signs what both ends made up for this one time, and shows its certificate.
 */
function handshakeProves(context: SecureContext, certificate: string | null): Promise<boolean> {
  const [near, far] = duplexPair();
  return new Promise((resolve) => {
    const owner = new TLSSocket(far, { isServer: true, secureContext: context });
    const end = (isProven: boolean): void => {
      resolve(isProven);
      asker.destroy();
      owner.destroy();
    };
    const asker = connect(
      // Who stands behind a certificate is not asked of others here: it must be the very one that is kept, which is asked below.
      { socket: near, rejectUnauthorized: false, minVersion: 'TLSv1.3' },
      () => {
        const shown = asker.getPeerX509Certificate()?.raw;
        const kept = certificate === null ? null : new X509Certificate(certificate).raw;
        const isSame = shown !== undefined && kept !== null && shown.length === kept.length;
        end(isSame && timingSafeEqual(shown, kept));
      },
    );
    for (const side of [asker, owner])
      side.on('error', () => {
        end(false);
      });
  });
}
