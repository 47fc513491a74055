import { openBridge } from '../api/bridge.ts';
import { startPage } from './start-page.tsx';

await startPage(await openBridge());
