import { describe, expect, it } from 'vitest';
import { systemReaderClock } from '../port.ts';
import { startHidBus, type HidBus } from '../simulator/hid-bus.ts';
import {
  posScannerDevice,
  scannerReports,
  sendReports,
  stripeReaderDevice,
  stripeReport,
} from '../simulator/hid-devices.ts';
import { testCodeReaderContract } from './code-reader-contract.test-support.ts';
import { hidReader, type HidReaderProtocol } from './hid-reader.ts';

const voucher = '4243669509084040896099330000';
const otherVoucher = '4240000000000000000199520000';
const devices = { 'pos-scanner': posScannerDevice, 'magnetic-stripe': stripeReaderDevice };

function readerOn(bus: HidBus, protocol: HidReaderProtocol) {
  const { vendorId, productId } = devices[protocol];
  return hidReader({
    url: `hid://0000:0000?protocol=${protocol}`,
    vendorId,
    productId,
    protocol,
    clock: systemReaderClock,
    library: () => Promise.resolve(bus),
  });
}

function underTest(protocol: HidReaderProtocol, reportsOf: (text: string) => Uint8Array[]) {
  return () => {
    const bus = startHidBus();
    const device = devices[protocol];
    bus.plug(device);
    return Promise.resolve({
      reader: readerOn(bus, protocol),
      present: (text: string) => sendReports(bus, device, reportsOf(text)),
      unplug: () => {
        bus.unplug(device.path);
        return Promise.resolve();
      },
      plug: () => {
        bus.plug(device);
        return Promise.resolve();
      },
      dispose: () => {
        expect(bus.openCount(device.path)).toBe(0);
        return Promise.resolve();
      },
    });
  };
}

const codes = {
  card: 'e-voucher',
  good: { text: voucher, code: voucher },
  other: { text: otherVoucher, code: otherVoucher },
  foreign: '134612345678901234',
} as const;

testCodeReaderContract(
  'scanner on HID',
  codes,
  underTest('pos-scanner', (text) => scannerReports(Buffer.from(text))),
);

testCodeReaderContract(
  'scanner on HID with short reports',
  codes,
  underTest('pos-scanner', (text) => scannerReports(Buffer.from(text), 'bare')),
);

testCodeReaderContract(
  'stripe reader on HID',
  {
    card: 'preferential',
    good: { text: ';880012345?', code: '880012345' },
    other: { text: ';1234567890123456=25121010000012300?', code: '1234567890123456' },
    foreign: '',
  },
  underTest('magnetic-stripe', (text) => [stripeReport(text === '' ? {} : { track2: text })]),
);

describe('a HID scanner that is pulled between two reports of a code', () => {
  it('gives nothing of it, and reads the next code whole', async () => {
    const bus = startHidBus();
    bus.plug(posScannerDevice);
    const reader = readerOn(bus, 'pos-scanner');
    const seen: string[] = [];
    reader.on((event) => {
      if (event.type === 'card') seen.push(event.card.code ?? '');
      if (event.type === 'refused') seen.push(event.refusal.code);
    });
    await reader.open();
    const [first] = scannerReports(Buffer.from('1'.repeat(80)));
    await sendReports(bus, posScannerDevice, first === undefined ? [] : [first]);
    bus.unplug(posScannerDevice.path);
    bus.plug(posScannerDevice);
    await expect.poll(() => reader.state, { timeout: 300_000 }).toBe('ready');
    await sendReports(bus, posScannerDevice, scannerReports(Buffer.from(voucher)));
    await expect.poll(() => seen, { timeout: 300_000 }).toEqual([voucher]);
    await reader.close();
  });
});

describe('a machine without the HID library', () => {
  it('has a reader that says what to install', async () => {
    const reader = hidReader({
      url: 'hid://0c2e:0b8f?protocol=pos-scanner',
      vendorId: 0x0c2e,
      productId: 0x0b8f,
      protocol: 'pos-scanner',
      clock: systemReaderClock,
      library: () => Promise.reject(new Error('libudev.so.1: cannot open shared object file')),
    });
    await reader.open();
    expect(reader.state).toBe('failed');
    expect(reader.refusal).toMatchObject({
      code: 'reader-failed',
      remedy: { zh: expect.stringContaining('libusb') as string },
    });
    await reader.close();
  });
});
