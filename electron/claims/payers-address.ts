import type { Store } from '../database/store.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';

/** Where the demo folder's payers are. */
export const demoPayersUrl = 'http://127.0.0.1:47610';

/** Where the payers are: as given, else as the folder's setting `payers-url` has it. Refuses `payers-url-wrong`. */
export async function payersAddress(store: Store, given: string | undefined): Promise<Result<URL>> {
  const kept = await store.read(({ folderFacts }) => folderFacts.get('payers-url'));
  const text = given ?? (typeof kept === 'string' ? kept : demoPayersUrl);
  const address = URL.canParse(text) ? new URL(text) : null;
  if (address !== null && /^https?:$/.test(address.protocol)) return accepted(address);
  return refused({
    code: 'payers-url-wrong',
    message: {
      zh: `支付方的地址写得不对：${text}。没有发送任何申报。`,
      en: `${text} is no address of the payers. No claim was sent.`,
    },
    remedy: { zh: '请写成 http://主机:端口。', en: 'Write it as http://host:port.' },
  });
}
