import { beforeAll, describe, expect, it, vi } from 'vitest';
import { contractNames, type SettlementWindowBridge } from '../shared/contracts/contract-names.ts';

const electron = vi.hoisted(() => ({
  exposed: new Map<string, unknown>(),
  invoke: vi.fn(() => Promise.resolve('answer')),
  listeners: new Map<string, (event: unknown, message: unknown) => void>(),
}));

vi.mock('electron', () => ({
  contextBridge: {
    exposeInMainWorld: (name: string, offered: unknown) => electron.exposed.set(name, offered),
  },
  ipcRenderer: {
    invoke: electron.invoke,
    on: (channel: string, listener: (event: unknown, message: unknown) => void) =>
      electron.listeners.set(channel, listener),
    off: (channel: string, listener: unknown) => {
      if (electron.listeners.get(channel) === listener) electron.listeners.delete(channel);
    },
  },
}));

let bridge: SettlementWindowBridge;
beforeAll(async () => {
  await import('./preload.ts');
  bridge = electron.exposed.get('settlementWindow') as SettlementWindowBridge;
});

describe('the bridge to the page', () => {
  it('offers two functions and nothing else', () => {
    expect([...electron.exposed.keys()]).toEqual(['settlementWindow']);
    expect(Object.keys(bridge).sort()).toEqual(['call', 'subscribe']);
  });

  it.each(contractNames)('lets the contract %s through', async (name) => {
    await expect(bridge.call(name, { of: name })).resolves.toBe('answer');
    expect(electron.invoke).toHaveBeenLastCalledWith('settlement-window:call', name, { of: name });
  });

  it.each(['', 'ipc:anything', 'settlement:settle-visit ', '__proto__', 'toString'])(
    'keeps back the call "%s", which is no contract',
    async (name) => {
      electron.invoke.mockClear();
      await expect(bridge.call(name as 'desk:state', {})).rejects.toThrow('no call');
      expect(electron.invoke).not.toHaveBeenCalled();
    },
  );

  it("passes an event on without Electron's own, until told to stop", () => {
    const heard: unknown[][] = [];
    const stop = bridge.subscribe((...given) => heard.push(given));
    const pass = electron.listeners.get('settlement-window:event');
    pass?.({ sender: 'ipc' }, { topic: 'card', version: 7 });
    stop();
    expect(heard).toEqual([[{ topic: 'card', version: 7 }]]);
    expect(electron.listeners.size).toBe(0);
  });
});
