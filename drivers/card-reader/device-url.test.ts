import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceUrlsIn, parseDeviceUrl } from './device-url.ts';

describe('the address of a card reader', () => {
  it('names a serial line, its protocol and its rate', () => {
    expect(parseDeviceUrl('serial:///dev/ttyUSB0?protocol=sam-v&baud=57600')).toEqual({
      ok: true,
      value: {
        kind: 'serial',
        url: 'serial:///dev/ttyUSB0?protocol=sam-v&baud=57600',
        path: '/dev/ttyUSB0',
        protocol: 'sam-v',
        baudRate: 57600,
      },
    });
  });

  it('takes the rate a module leaves the factory with, if none is given', () => {
    expect(parseDeviceUrl('serial:///dev/ttyUSB0?protocol=sam-v')).toMatchObject({
      value: { baudRate: 115200 },
    });
  });

  it.each(['serial:///COM3?protocol=sam-v', 'serial://com3?protocol=sam-v'])(
    'knows the ports of Windows: %s',
    (url) => {
      expect(parseDeviceUrl(url)).toMatchObject({ value: { path: 'COM3' } });
    },
  );

  it('keeps spaces and Chinese in a path', () => {
    expect(parseDeviceUrl('serial:///tmp/%E7%BA%BF%20A?protocol=sam-v')).toMatchObject({
      value: { path: '/tmp/线 A' },
    });
  });

  it.each([
    ['serial:///dev/ttyUSB1?protocol=ccid', 'ccid', 115200],
    ['serial:///dev/ttyUSB2?protocol=scanner', 'scanner', 9600],
    ['serial:///dev/ttyUSB2?protocol=scanner&baud=1200', 'scanner', 1200],
  ])('knows what speaks on the line: %s', (url, protocol, baudRate) => {
    expect(parseDeviceUrl(url)).toMatchObject({ value: { protocol, baudRate } });
  });

  it.each([
    ['pcsc://', null],
    ['pcsc:///', null],
    ['pcsc://Virtual%20PCD%2000%2000', 'Virtual PCD 00 00'],
    ['pcsc://ACS%20ACR39U%20%5BCCID%5D%2000%2000', 'ACS ACR39U [CCID] 00 00'],
    ['pcsc://%E8%AF%BB%E5%8D%A1%E5%99%A8%2F1', '读卡器/1'],
  ])('names a reader of the operating system: %s', (url, readerName) => {
    expect(parseDeviceUrl(url)).toEqual({ ok: true, value: { kind: 'pcsc', url, readerName } });
  });

  it.each([
    ['hid://0c2e:0b61?protocol=pos-scanner', 0x0c2e, 0x0b61, 'pos-scanner'],
    ['hid://257B:3031/?protocol=magnetic-stripe', 0x257b, 0x3031, 'magnetic-stripe'],
  ])('names a HID device: %s', (url, vendorId, productId, protocol) => {
    expect(parseDeviceUrl(url)).toEqual({
      ok: true,
      value: { kind: 'hid', url, vendorId, productId, protocol },
    });
  });

  it('finds several addresses in one setting', () => {
    expect(deviceUrlsIn('  pcsc://\n sim://a  ')).toEqual(['pcsc://', 'sim://a']);
    expect(deviceUrlsIn('')).toEqual([]);
  });

  it('names a built-in simulated reader', () => {
    expect(parseDeviceUrl('sim://reader')).toEqual({
      ok: true,
      value: { kind: 'simulated', url: 'sim://reader', name: 'reader' },
    });
  });

  it.each([
    ['', '不是设备地址'],
    ['ttyUSB0', '不是设备地址'],
    ['serial://?protocol=sam-v', '缺少串口路径'],
    ['serial:///dev/ttyUSB0', 'protocol=sam-v'],
    ['serial:///dev/ttyUSB0?protocol=modbus', 'protocol=ccid'],
    ['serial:///dev/ttyUSB0?protocol=sam-v&baud=4800', '波特率'],
    ['serial:///dev/ttyUSB0?protocol=sam-v&baud=1200', '波特率'],
    ['serial:///dev/ttyUSB0?protocol=sam-v&baud=fast', '波特率'],
    ['serial:///dev/ttyUSB0?protocol=sam-v&parity=even', 'parity'],
    ['serial:///dev/%E0%A4%A?protocol=sam-v', '缺少串口路径'],
    ['pcsc://Reader%E0%A4', '名称写法'],
    ['pcsc://Reader?slot=2', 'slot'],
    ['hid://0c2e?protocol=pos-scanner', '四位十六进制'],
    ['hid://0c2e:0b6g?protocol=pos-scanner', '四位十六进制'],
    ['hid://0c2e:0b61', 'protocol=pos-scanner'],
    ['hid://0c2e:0b61?protocol=keyboard', 'protocol=magnetic-stripe'],
    ['hid://0c2e:0b61?protocol=pos-scanner&baud=9600', 'baud'],
    ['http://localhost/', '还不支持'],
    ['sim://', '缺少名称'],
  ])('refuses %s and says what is wrong', (url, why) => {
    const parsed = parseDeviceUrl(url);
    expect(parsed).toMatchObject({ ok: false, refusal: { code: 'no-reader' } });
    if (!parsed.ok) {
      expect(parsed.refusal.message.zh).toContain(why);
      expect(parsed.refusal.remedy.zh).toContain('serial:///');
    }
  });

  it('never throws, whatever the text', () => {
    const parts = fc.constantFrom(
      'serial:',
      'sim:',
      'pcsc:',
      'hid:',
      '//',
      '/',
      '?',
      '&',
      '=',
      '%',
      'baud',
      'protocol',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string())), (pieces) => {
        expect(typeof parseDeviceUrl(pieces.join('')).ok).toBe('boolean');
      }),
    );
  });
});
