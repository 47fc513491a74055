import { contextBridge, ipcRenderer } from 'electron';
import {
  contractNames,
  type ContractName,
  type DeskEvent,
  type SettlementWindowBridge,
} from '../shared/contracts/contract-names.ts';

/**
 * The only bridge between page and main process: two functions, the calls by name and nothing else of
 * Electron. The main process checks every call again; a name that is no contract does not even leave here.
 */
const bridge: SettlementWindowBridge = {
  async call(name: ContractName, input: unknown) {
    if (!contractNames.includes(name)) throw new Error(`There is no call ${name}.`);
    return (await ipcRenderer.invoke('settlement-window:call', name, input)) as unknown;
  },
  subscribe(listener) {
    // Electron's own event stays here: it would hand the page the channel itself.
    const pass = (_event: unknown, deskEvent: DeskEvent): void => {
      listener(deskEvent);
    };
    ipcRenderer.on('settlement-window:event', pass);
    return () => {
      ipcRenderer.off('settlement-window:event', pass);
    };
  },
};

contextBridge.exposeInMainWorld('settlementWindow', bridge);
