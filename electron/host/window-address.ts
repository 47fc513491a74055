import { randomBytes } from 'node:crypto';

/** A name below `localhost` that nobody guesses. */
const ownName = /^[0-9a-f]{32}\.localhost$/;

/**
 * Where the desk opens a window: at a name that no page had before. Whoever had the port of the desk while it was away may
 * have left a service worker or a cached page in the browser, and those stay with the name they came under, also when the
 * desk is back. Browsers take every name below `localhost` to this machine; other programs may not, so what is printed for
 * them is `127.0.0.1`.
 */
export function windowAddress(port: number, token: string): string {
  return `http://${randomBytes(16).toString('hex')}.localhost:${String(port)}/#token=${token}`;
}

/** Whether a request that names this host means the desk on this port; a page elsewhere can own none of these names. */
export function isAddressOfDesk(host: string, port: number): boolean {
  const end = `:${String(port)}`;
  if (!host.endsWith(end)) return false;
  const name = host.slice(0, -end.length);
  return name === '127.0.0.1' || name === 'localhost' || ownName.test(name);
}
