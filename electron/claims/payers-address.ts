import { isPlainRemote, plainHttpAllowed, plainHttpSetting } from '../base/plain-http.ts';
import type { Store } from '../database/store.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { claimRefusal } from './claim-refusals.ts';

/** Where the demo folder's payers are. */
export const demoPayersUrl = 'http://127.0.0.1:47610';

/** Why the payers' address cannot be used. */
export type PayersAddressCode = 'payers-url-wrong' | 'payers-url-plain';

/** Where the payers are: as given, else as the folder's setting `payers-url` has it. */
export async function payersAddress(
  store: Store,
  given: string | undefined,
): Promise<Result<URL, PayersAddressCode>> {
  const kept = await store.read(({ folderFacts }) => folderFacts.get('payers-url'));
  const text = given ?? (typeof kept === 'string' ? kept : demoPayersUrl);
  const address = URL.canParse(text) ? new URL(text) : null;
  if (address === null || !/^https?:$/.test(address.protocol)) {
    return refused(claimRefusal('payers-url-wrong', { url: text }));
  }
  if (isPlainRemote(address) && !(await mayBePlain(store))) {
    return refused(claimRefusal('payers-url-plain', { url: address.origin }));
  }
  return accepted(address);
}

/** Whether somebody answered for what goes over the line in plain text. */
export async function mayBePlain(store: Store): Promise<boolean> {
  const kept = await store.read(({ folderFacts }) => folderFacts.get(plainHttpSetting));
  return kept === plainHttpAllowed;
}
