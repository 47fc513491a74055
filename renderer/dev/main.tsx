import { startPage } from '../app/start-page.tsx';
import { fakeBridge, stateOfAddress } from './fake-bridge.ts';
import { devStates } from './states.ts';

declare global {
  interface Window {
    /** What the pictures are made of: every state's name and the keys that lead to it. */
    devStates?: readonly { readonly name: string; readonly keys: readonly string[] }[];
  }
}

window.devStates = devStates.map(({ name, keys }) => ({ name, keys }));
window.addEventListener('hashchange', () => {
  window.location.reload();
});
await startPage(fakeBridge(stateOfAddress()));
