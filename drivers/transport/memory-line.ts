import { LineOpenError, type LineEvents, type LineOpener } from './port.ts';

/** The other end of a line inside the process: what a simulated device gives. */
export type MemoryDevice = {
  /** Called with every write of the program. */
  receive(bytes: Uint8Array): void;
};

export type MemoryLine = LineOpener & {
  /** Bytes from the device to the program. */
  send(bytes: Uint8Array): void;
  /** The line goes: the program's connection ends, and opening fails until `plug`. */
  unplug(): void;
  plug(): void;
  /** Whether a program has the line open. */
  readonly isOpen: boolean;
};

/** A line without wires, for simulated devices and for tests. One program at a time, as on a serial port. */
export function memoryLine(name: string, device: MemoryDevice): MemoryLine {
  let plugged = true;
  let connection: LineEvents | null = null;
  return {
    name,
    get isOpen() {
      return connection !== null;
    },
    open(events) {
      if (!plugged) return refuse('absent', 'not plugged in');
      if (connection !== null) return refuse('busy', 'another program has it open');
      connection = events;
      return Promise.resolve({
        write: (bytes: Uint8Array) => {
          if (connection !== events) return Promise.reject(new Error('gone'));
          device.receive(Uint8Array.from(bytes));
          return Promise.resolve();
        },
        close: () => {
          if (connection === events) connection = null;
          return Promise.resolve();
        },
      });
    },
    send(bytes) {
      connection?.data(Uint8Array.from(bytes));
    },
    unplug() {
      plugged = false;
      const open = connection;
      connection = null;
      open?.gone('unplugged');
    },
    plug() {
      plugged = true;
    },
  };
}

function refuse(code: 'absent' | 'busy', detail: string): Promise<never> {
  return Promise.reject(new LineOpenError({ code, detail }));
}
