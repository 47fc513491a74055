import type { Services } from '../app/services.ts';
import { exchangeOwners, readSettings } from '../app/settings.ts';
import type { ExchangeFolder } from '../hospital-exchange/hold-exchange-folder.ts';

/** The folder that bills come from, as it is set; null: none is. */
export async function incomingFolderOf({
  store,
  folder,
}: Pick<Services, 'store' | 'folder'>): Promise<ExchangeFolder | null> {
  const [settings, owners] = [await readSettings(store, folder), await exchangeOwners(store)];
  const incoming = settings['hospital-in'];
  if (incoming === null) return null;
  return {
    ...{ setting: 'hospital-in', folder: incoming, home: folder.home },
    ownedBy: owners['hospital-in'],
  };
}
