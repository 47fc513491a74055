import { openBridge } from '../api/bridge.ts';
import { tabStorage } from '../api/tab-storage.ts';
import { startPage } from './start-page.tsx';

const storage = tabStorage();
await startPage(await openBridge(storage), storage);
