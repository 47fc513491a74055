import type { SerialPort } from 'serialport';
import { LineOpenError, type LineEvents, type LineFault, type LineOpener } from './port.ts';
import type { OpenLine } from './port.ts';

export type SerialLineSettings = {
  /** `/dev/ttyUSB0`, `COM3`, or any path to a terminal device. */
  readonly path: string;
  /** Bits per second. */
  readonly baudRate: number;
};

/**
 * How often a line is asked whether it is still there. A hung-up terminal reads as "zero bytes" without end,
 * which the library takes for "try again", at full speed and without saying 'close': a line that only
 * listens would never notice. Draining the output fails on such a terminal and costs nothing on a good one.
 */
const livenessIntervalMs = 500;

/** A serial line over the `serialport` library: 8 data bits, no parity, 1 stop bit. */
export function serialLine(settings: SerialLineSettings): LineOpener {
  return {
    name: settings.path,
    async open(events) {
      const port = await newPort(settings);
      await openPort(port);
      return serve(port, events);
    },
  };
}

/** Loaded when first needed: a machine without the native part can still run everything else. */
async function newPort(settings: SerialLineSettings): Promise<SerialPort> {
  try {
    const library = await import('serialport');
    const { path, baudRate } = settings;
    return new library.SerialPort({ path, baudRate, autoOpen: false });
  } catch (error) {
    throw new LineOpenError({ code: 'unsupported', detail: words(error) });
  }
}

function openPort(port: SerialPort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.open((error) => {
      if (error === null) resolve();
      else reject(new LineOpenError(faultOf(error)));
    });
  });
}

function serve(port: SerialPort, events: LineEvents): OpenLine {
  const gone = (cause: string): void => {
    clearInterval(pulse);
    events.gone(cause);
  };
  let isDraining = false;
  const pulse = setInterval(() => {
    if (!port.isOpen) {
      gone('no longer open');
      return;
    }
    // A device that takes no bytes holds the draining thread: one of them, never more.
    if (isDraining) return;
    isDraining = true;
    port.drain((error) => {
      isDraining = false;
      if (error !== null) gone(`drain: ${error.message}`);
    });
  }, livenessIntervalMs);
  port.on('data', (bytes: Buffer) => {
    events.data(bytes);
  });
  // Without a listener for 'error' the process would end.
  port.on('error', (error) => {
    gone(error.message);
  });
  port.on('end', () => {
    gone('end of input');
  });
  port.on('close', (error: Error | null) => {
    gone(error?.message ?? 'closed');
  });
  return {
    write: (bytes) => write(port, bytes),
    close: () => {
      clearInterval(pulse);
      return close(port);
    },
  };
}

/** On a port that is not open the library would queue the bytes without end, so that is asked first. */
function write(port: SerialPort, bytes: Uint8Array): Promise<void> {
  if (!port.isOpen) return Promise.reject(new Error('not open'));
  return new Promise((resolve, reject) => {
    port.write(Buffer.from(bytes), (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });
}

function close(port: SerialPort): Promise<void> {
  if (!port.isOpen) return Promise.resolve();
  return new Promise((resolve) => {
    port.close(() => {
      resolve();
    });
  });
}

/** The library's errors carry no code, only the operating system's words. */
function faultOf(error: Error): LineFault {
  const detail = error.message;
  if (/cannot lock port|access denied|resource busy/i.test(detail)) return { code: 'busy', detail };
  if (/permission denied|operation not permitted/i.test(detail))
    return { code: 'forbidden', detail };
  return { code: 'absent', detail };
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
