/**
 * The HID devices of a machine that has none: the same calls as `node-hid`, and the hand that plugs in and
 * pulls out. It does what was seen of the library: no word of a device that comes; of one that goes a bare
 * text as error, once, and then silence; errors without a code, in the words of the operating system.
 */
import { EventEmitter } from 'node:events';
import type { HidConnection, HidDeviceInfo, HidLibrary } from '../../transport/hid-line.ts';

export type SimulatedHidDevice = {
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  /** 0: the operating system does not tell. */
  readonly usagePage: number;
  /** Several programs may have it open, as on Linux; otherwise the second is refused, as on Windows. */
  readonly shared?: boolean;
  /** The words with which opening fails. */
  readonly refusesToOpen?: string;
};

export type HidBus = HidLibrary & {
  plug(device: SimulatedHidDevice): void;
  unplug(path: string): void;
  /** A report from the device to every program that has it open. */
  send(path: string, report: Uint8Array): void;
  /** All bytes the device got, report after report. */
  received(path: string): Uint8Array;
  /** How many programs have it open. */
  openCount(path: string): number;
  /** Listeners on connections that were closed; each would keep what it holds alive. */
  leftoverDataListeners(): number;
};

class Connection extends EventEmitter implements HidConnection {
  state: 'open' | 'lost' | 'closed' = 'open';
  readonly #take: (report: Uint8Array) => void;
  readonly #left: () => void;

  constructor(take: (report: Uint8Array) => void, left: () => void) {
    super();
    this.#take = take;
    this.#left = left;
  }

  async write(report: Buffer): Promise<number> {
    await Promise.resolve();
    if (this.state !== 'open') throw new Error('could not write to HID device');
    this.#take(Uint8Array.from(report));
    return report.length;
  }

  async close(): Promise<void> {
    await Promise.resolve();
    this.state = 'closed';
    this.#left();
  }
}

export function startHidBus(): HidBus {
  const plugged = new Map<string, SimulatedHidDevice>();
  const received = new Map<string, number[]>();
  const connections: { readonly path: string; readonly connection: Connection }[] = [];
  const closed: Connection[] = [];
  const openOnes = (path: string): Connection[] =>
    connections.flatMap((one) => (one.path === path ? [one.connection] : []));

  function open(path: string): Connection {
    const why = `cannot open device with path ${path}: Failed to open a device with path '${path}'`;
    const device = plugged.get(path);
    if (device === undefined) throw new Error(`${why}: No such file or directory`);
    if (device.refusesToOpen !== undefined) throw new Error(`${why}: ${device.refusesToOpen}`);
    if (device.shared !== true && openOnes(path).length > 0) {
      throw new Error(
        `${why}: The process cannot access the file because it is being used by another process.`,
      );
    }
    const connection = new Connection(
      (report) => {
        received.set(path, [...(received.get(path) ?? []), ...report]);
      },
      () => {
        const at = connections.findIndex((one) => one.connection === connection);
        if (at >= 0) connections.splice(at, 1);
        closed.push(connection);
      },
    );
    connections.push({ path, connection });
    return connection;
  }

  return {
    devicesAsync: async (vendorId, productId) => {
      await Promise.resolve();
      return [...plugged.values()].flatMap((device): HidDeviceInfo[] =>
        device.vendorId === vendorId && device.productId === productId
          ? [{ path: device.path, usagePage: device.usagePage }]
          : [],
      );
    },
    HIDAsync: {
      open: async (path) => {
        await Promise.resolve();
        return open(path);
      },
    },
    plug(device) {
      plugged.set(device.path, device);
    },
    unplug(path) {
      plugged.delete(path);
      for (const connection of openOnes(path)) {
        connection.state = 'lost';
        connection.emit('error', 'could not read from HID device');
      }
    },
    send(path, report) {
      for (const connection of openOnes(path)) {
        if (connection.state === 'open') connection.emit('data', Buffer.from(report));
      }
    },
    received: (path) => Uint8Array.from(received.get(path) ?? []),
    openCount: (path) => openOnes(path).length,
    leftoverDataListeners: () =>
      closed.reduce((sum, connection) => sum + connection.listenerCount('data'), 0),
  };
}
