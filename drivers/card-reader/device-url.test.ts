import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDeviceUrl } from './device-url.ts';

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
    ['serial:///dev/ttyUSB0?protocol=ccid', 'protocol=sam-v'],
    ['serial:///dev/ttyUSB0?protocol=sam-v&baud=1200', '波特率'],
    ['serial:///dev/ttyUSB0?protocol=sam-v&baud=fast', '波特率'],
    ['serial:///dev/ttyUSB0?protocol=sam-v&parity=even', 'parity'],
    ['serial:///dev/%E0%A4%A?protocol=sam-v', '缺少串口路径'],
    ['pcsc://Reader%20Name', '还不支持'],
    ['http://localhost/', '还不支持'],
    ['sim://', '缺少名称'],
  ])('refuses %s and says what is wrong', (url, why) => {
    const parsed = parseDeviceUrl(url);
    expect(parsed).toMatchObject({ ok: false, refusal: { code: 'no-reader' } });
    if (!parsed.ok) {
      expect(parsed.refusal.message.zh).toContain(why);
      expect(parsed.refusal.remedy?.zh).toContain('serial:///');
    }
  });

  it('never throws, whatever the text', () => {
    const parts = fc.constantFrom(
      'serial:',
      'sim:',
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
