import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** A session lives as long as the longest shift; the cashier then opens the desk again. */
const sessionHoursMax = 16;

/**
 * Windows of this desk. A one-time token in the URL's fragment opens one; the cookie it gets is signed with
 * a key that comes from the folder's, so that an open page survives a restart of the host.
 */
export type Sessions = {
  readonly cookieName: string;
  /** A fresh token for one window. */
  newToken(): string;
  /** The cookie for a token that was not used yet; null otherwise. */
  redeem(token: string, now: Date): string | null;
  /** Whether a request's Cookie header carries a session of ours. */
  recognises(cookieHeader: string | undefined, now: Date): boolean;
};

export function makeSessions(folderId: string, folderKey: Buffer): Sessions {
  const signingKey = Buffer.from(hkdfSync('sha256', folderKey, folderId, 'desk session', 32));
  const cookieName = `settlement-window-${folderId.slice(0, 8)}`;
  const open = new Set<string>();
  const sign = (text: string): string =>
    createHmac('sha256', signingKey).update(text).digest('hex');
  return {
    cookieName,
    newToken() {
      const token = randomBytes(16).toString('hex');
      open.add(token);
      return token;
    },
    redeem(token, now) {
      if (!open.delete(token)) return null;
      const content = `${String(now.getTime())}.${randomBytes(8).toString('hex')}`;
      return `${content}.${sign(content)}`;
    },
    recognises(cookieHeader, now) {
      const value = cookieValue(cookieHeader, cookieName);
      const parts = value?.split('.') ?? [];
      const [issued, nonce, signature] = parts;
      if (parts.length !== 3 || !issued || !nonce || !signature) return false;
      const expected = Buffer.from(sign(`${issued}.${nonce}`));
      const given = Buffer.from(signature);
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) return false;
      const ageMs = now.getTime() - Number(issued);
      return ageMs < sessionHoursMax * 3_600_000;
    },
  };
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...rest] = part.trim().split('=');
    if (key === name) return rest.join('=');
  }
  return undefined;
}
