/** The setting that lets claims and cards go over a line that is not encrypted, and its one value. */
export const plainHttpSetting = 'plain-http';
export const plainHttpAllowed = 'allowed';

/**
 * Whether what is sent to an address can be read on the way: `http:` to another machine. What stays on this machine passes
 * no line.
 */
export function isPlainRemote(address: URL): boolean {
  if (address.protocol !== 'http:') return false;
  const host = address.hostname.toLowerCase().replace(/\.$/, '');
  return !(host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host));
}
