import { networkInterfaces } from 'node:os';
import { createSecureContext } from 'node:tls';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readOwnFile } from '../base/own-file.ts';
import { pushRefusal } from './push-refusals.ts';

/** What is set about the address for bills; the names are those of the settings. */
export type PushSettings = Readonly<
  Record<'hospital-push' | 'hospital-push-certificate' | 'hospital-push-key', string | null>
>;

/** Where the address is open, and by which certificate. */
export type PushAddress = {
  readonly host: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
};

export type PushAddressCode = 'push-certificate' | 'push-no-interface';

/** An address as it is set, in its parts; null: it is none. Every address of the machine at once is none. */
export function parsePushAddress(
  text: string,
): { readonly where: string; readonly port: number } | null {
  const [, bracketed, plain, digits = ''] =
    /^(?:\[([0-9A-Fa-f:.%a-z]+)\]|([^\s:[\]/]{1,60})):(\d{1,5})$/.exec(text) ?? [];
  const where = bracketed ?? plain;
  const port = Number(digits);
  if (where === undefined || port < 1 || port > 65_535) return null;
  return ['0.0.0.0', '::', '*'].includes(where) ? null : { where, port };
}

/** What the settings come to; null: no address is set. `interfaces`: those of this machine. */
export async function pushAddressOf(
  settings: PushSettings,
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): Promise<Result<PushAddress, PushAddressCode> | null> {
  const text = settings['hospital-push'];
  if (text === null) return null;
  const parsed = parsePushAddress(text);
  const host = parsed === null ? null : hostOf(parsed.where, interfaces);
  if (parsed === null || host === null)
    return refused(pushRefusal('push-no-interface', { where: parsed?.where ?? text }));
  const texts: string[] = [];
  for (const name of ['hospital-push-certificate', 'hospital-push-key'] as const) {
    const read = await readOwnFile(settings[name], { isSecret: name === 'hospital-push-key' });
    if (!read.ok) return refused(pushRefusal('push-certificate', { name, why: read.why }));
    texts.push(read.text);
  }
  const [certificate = '', key = ''] = texts;
  try {
    createSecureContext({ cert: certificate, key });
  } catch {
    const name = 'hospital-push-certificate';
    return refused(pushRefusal('push-certificate', { name, why: 'wrong' }));
  }
  return accepted({ host, port: parsed.port, certificate, key });
}

/** An address of this machine itself, or the first one of an interface that is named. */
function hostOf(where: string, interfaces: ReturnType<typeof networkInterfaces>): string | null {
  if (where === 'localhost' || where === '127.0.0.1') return '127.0.0.1';
  if (where === '::1') return '::1';
  const all = Object.values(interfaces).flatMap((each) => each ?? []);
  if (all.some(({ address }) => address === where)) return where;
  const [named, ...others] = (interfaces[where] ?? []).filter(({ family }) => family === 'IPv4');
  return (named ?? others[0] ?? interfaces[where]?.[0])?.address ?? null;
}
