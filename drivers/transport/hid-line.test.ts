import { describe, expect, it } from 'vitest';
import {
  startHidBus,
  type HidBus,
  type SimulatedHidDevice,
} from '../card-reader/simulator/hid-bus.ts';
import { hidLine, type HidLibrary } from './hid-line.ts';
import type { LineEvents } from './port.ts';
import { ReopeningTransport } from './reopening-transport.ts';
import { testTransportContract, type LineUnderTest } from './transport-contract.test-support.ts';

const scannerPage = 0x8c;
const keyboardPage = 0x01;
const settings = { vendorId: 0x0c2e, productId: 0x0b8f, usagePages: [scannerPage] };
const scanner: SimulatedHidDevice = {
  path: '/dev/hidraw0',
  vendorId: 0x0c2e,
  productId: 0x0b8f,
  usagePage: scannerPage,
};
const buses: HidBus[] = [];

function lineOf(device: SimulatedHidDevice): Promise<LineUnderTest> {
  const bus = startHidBus();
  buses.push(bus);
  bus.plug(device);
  const done = () => Promise.resolve();
  return Promise.resolve({
    opener: hidLine(settings, () => Promise.resolve(bus)),
    send: (bytes: Uint8Array) => {
      bus.send(device.path, bytes);
    },
    received: () => bus.received(device.path),
    unplug: () => {
      bus.unplug(device.path);
      return done();
    },
    plug: () => {
      bus.plug(device);
      return done();
    },
    dispose: () => {
      expect(bus.openCount(device.path)).toBe(0);
      expect(bus.leftoverDataListeners()).toBe(0);
      return done();
    },
  });
}

testTransportContract('HID, held by one program', () => lineOf(scanner));
testTransportContract('HID, shared', () => lineOf({ ...scanner, shared: true }), 'many');

const noEvents: LineEvents = { data: () => undefined, gone: () => undefined };

async function faultOfOpening(library: () => Promise<HidLibrary>): Promise<string> {
  const transport = new ReopeningTransport(hidLine(settings, library));
  const opened = await transport.open();
  await transport.close();
  return opened.ok ? 'open' : opened.fault.code;
}

describe('which HID device is opened', () => {
  it('is the face with the right usage page, never the keyboard beside it', async () => {
    const bus = startHidBus();
    bus.plug({ ...scanner, path: 'keyboard', usagePage: keyboardPage });
    expect(await faultOfOpening(() => Promise.resolve(bus))).toBe('absent');
    bus.plug({ ...scanner, path: 'scanner' });
    const line = await hidLine(settings, () => Promise.resolve(bus)).open(noEvents);
    expect([bus.openCount('keyboard'), bus.openCount('scanner')]).toEqual([0, 1]);
    await line.close();
  });

  it('is taken on trust where the system does not tell usage pages', async () => {
    const bus = startHidBus();
    bus.plug({ ...scanner, usagePage: 0 });
    expect(await faultOfOpening(() => Promise.resolve(bus))).toBe('open');
  });

  it('is the next of the same kind when the first is held', async () => {
    const bus = startHidBus();
    bus.plug(scanner);
    bus.plug({ ...scanner, path: '/dev/hidraw1' });
    const open = () => hidLine(settings, () => Promise.resolve(bus)).open(noEvents);
    const lines = [await open(), await open()];
    expect([bus.openCount('/dev/hidraw0'), bus.openCount('/dev/hidraw1')]).toEqual([1, 1]);
    await expect(open()).rejects.toMatchObject({ fault: { code: 'busy' } });
    for (const line of lines) await line.close();
  });
});

describe('why a HID device cannot be opened', () => {
  it.each([
    ['Permission denied', 'forbidden'],
    ['hid_darwin: (0xE00002C1) not privileged', 'forbidden'],
    ['Access is denied.', 'busy'],
    ['(0xE00002C5) exclusive access and device already open', 'busy'],
    ['No such file or directory', 'absent'],
  ])('%s: %s', async (refusesToOpen, code) => {
    const bus = startHidBus();
    bus.plug({ ...scanner, refusesToOpen });
    expect(await faultOfOpening(() => Promise.resolve(bus))).toBe(code);
  });

  it('unsupported: the library does not load', async () => {
    const missing = 'libusb-1.0.so.0: cannot open shared object file';
    expect(await faultOfOpening(() => Promise.reject(new Error(missing)))).toBe('unsupported');
  });

  it('absent: the library cannot list devices', async () => {
    const bus = startHidBus();
    const broken = { ...bus, devicesAsync: () => Promise.reject(new Error('hid_init failed')) };
    expect(await faultOfOpening(() => Promise.resolve(broken))).toBe('absent');
  });
});

describe('reports', () => {
  it('stay apart: one read gives one of them', async () => {
    const bus = startHidBus();
    bus.plug(scanner);
    const transport = new ReopeningTransport(hidLine(settings, () => Promise.resolve(bus)));
    await transport.open();
    bus.send(scanner.path, Uint8Array.of(2, 1, 65));
    bus.send(scanner.path, Uint8Array.of(2, 1, 66));
    expect(await transport.read(1000)).toEqual({ ok: true, value: Uint8Array.of(2, 1, 65) });
    expect(await transport.read(1000)).toEqual({ ok: true, value: Uint8Array.of(2, 1, 66) });
    await transport.close();
  });
});

describe('the real library', () => {
  it('loads here or says what is missing, and finds no device that is not there', async () => {
    const nobody = { vendorId: 0xfffe, productId: 0xfffe, usagePages: [scannerPage] };
    const transport = new ReopeningTransport(hidLine(nobody));
    const opened = await transport.open();
    await transport.close();
    expect(opened.ok).toBe(false);
    if (opened.ok) return;
    expect(['absent', 'unsupported']).toContain(opened.fault.code);
    // Absent is only said after the library has listed the devices.
    if (opened.fault.code === 'absent') expect(opened.fault.detail).toBe('no device FFFE:FFFE');
  });

  it('says in its own words that a path leads nowhere, which is absent', async () => {
    const real = await import('node-hid');
    const ghost = {
      devicesAsync: () =>
        Promise.resolve([{ path: '/dev/hidraw-nowhere', usagePage: scannerPage }]),
      HIDAsync: real.HIDAsync,
    };
    const transport = new ReopeningTransport(hidLine(settings, () => Promise.resolve(ghost)));
    const opened = await transport.open();
    await transport.close();
    expect(opened).toMatchObject({ ok: false, fault: { code: 'absent' } });
  });
});
