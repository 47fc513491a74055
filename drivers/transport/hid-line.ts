import {
  LineOpenError,
  type LineEvents,
  type LineFault,
  type LineOpener,
  type OpenLine,
} from './port.ts';

export type HidLineSettings = {
  readonly vendorId: number;
  readonly productId: number;
  /**
   * What the device must be (HID usage pages): one with several faces, e.g. a scanner that is a keyboard too,
   * shows each as a device of its own, and a keyboard cannot be opened.
   */
  readonly usagePages: readonly number[];
};

export type HidDeviceInfo = {
  readonly path?: string | undefined;
  /** 0 or absent where the operating system does not tell. */
  readonly usagePage?: number | undefined;
};

/** The part of `node-hid` that is used: a device that is open. */
export interface HidConnection {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  /** The library reports errors as an `Error` or as bare text. */
  on(event: 'error', listener: (error: unknown) => void): unknown;
  off(event: 'data', listener: (report: Uint8Array) => void): unknown;
  off(event: 'error', listener: (error: unknown) => void): unknown;
  write(report: Buffer): Promise<number>;
  close(): Promise<void>;
}

/** The part of `node-hid` that is used. Nothing in it blocks: only its asynchronous half. */
export interface HidLibrary {
  devicesAsync(vendorId: number, productId: number): Promise<readonly HidDeviceInfo[]>;
  readonly HIDAsync: { open(path: string): Promise<HidConnection> };
}

/**
 * A HID device over the library `node-hid`. One report is one piece of a read and one write; where reports are
 * numbered the number is their first byte, and a write always begins with it (0: not numbered). The library
 * reports no device that is plugged in: every attempt to open looks through the devices anew.
 */
export function hidLine(
  settings: HidLineSettings,
  load: () => Promise<HidLibrary> = loadLibrary,
): LineOpener {
  return {
    name: nameOf(settings),
    async open(events) {
      const library = await loadOrRefuse(load);
      return serve(await openFirst(library, settings), events);
    },
  };
}

/** Loaded when first needed; asking its version loads the native part too. */
async function loadLibrary(): Promise<HidLibrary> {
  const library = await import('node-hid');
  library.getHidapiVersion();
  return library;
}

/** A machine without libusb or libudev can still run everything else. */
async function loadOrRefuse(load: () => Promise<HidLibrary>): Promise<HidLibrary> {
  try {
    return await load();
  } catch (error) {
    throw new LineOpenError({ code: 'unsupported', detail: words(error) });
  }
}

/** The first of the fitting devices that can be opened; several of one kind may be plugged in. */
async function openFirst(library: HidLibrary, settings: HidLineSettings): Promise<HidConnection> {
  const { vendorId, productId, usagePages } = settings;
  const present = await library.devicesAsync(vendorId, productId);
  const fits = ({ usagePage = 0 }: HidDeviceInfo): boolean =>
    usagePage === 0 || usagePages.includes(usagePage);
  let fault: LineFault = { code: 'absent', detail: `no device ${nameOf(settings)}` };
  for (const { path } of present.filter(fits)) {
    if (path === undefined) continue;
    try {
      return await library.HIDAsync.open(path);
    } catch (error) {
      fault = faultOf(words(error));
    }
  }
  throw new LineOpenError(fault);
}

/** Hands the connection out once the library reads from it. */
async function serve(device: HidConnection, events: LineEvents): Promise<OpenLine> {
  const take = (report: Uint8Array): void => {
    events.data(Uint8Array.from(report));
  };
  // An unplugged device says this once and is silent from then on. Without a listener the process would end.
  const lose = (error: unknown): void => {
    events.gone(words(error));
  };
  device.on('error', lose);
  device.on('data', take);
  // The library starts reading at the next tick, and throws there if the device was closed in between.
  await new Promise((resolve) => setImmediate(resolve));
  return {
    write: async (report) => {
      await device.write(Buffer.from(report));
    },
    close: async () => {
      // What it says while closing is nobody's business, but someone must listen.
      device.on('error', ignore);
      device.off('error', lose);
      await device.close();
      device.off('data', take);
    },
  };
}

function ignore(): void {
  // Nothing to do: the device was given up.
}

function nameOf(settings: HidLineSettings): string {
  const hex = (id: number): string => id.toString(16).padStart(4, '0').toUpperCase();
  return `${hex(settings.vendorId)}:${hex(settings.productId)}`;
}

/** The library's errors carry no code, only the operating system's words. */
function faultOf(detail: string): LineFault {
  if (/permission denied|operation not permitted|not privileged/i.test(detail)) {
    return { code: 'forbidden', detail };
  }
  if (/access is denied|being used by another|exclusive access|resource busy/i.test(detail)) {
    return { code: 'busy', detail };
  }
  return { code: 'absent', detail };
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
