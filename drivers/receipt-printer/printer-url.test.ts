import { describe, expect, it } from 'vitest';

import { checkedModel, printerModels } from './models.ts';
import { parsePrinterUrl } from './printer-url.ts';

function read(text: string): unknown {
  const parsed = parsePrinterUrl(text);
  if (!parsed.ok) return parsed.refusal.message.en;
  const { url, model, ...rest } = parsed.value;
  return { ...rest, model: model.name, url };
}

describe('the address of a printer', () => {
  it.each([
    [
      'tcp://10.1.2.3:9100?model=epson-tm-80',
      { kind: 'tcp', host: '10.1.2.3', port: 9100, model: 'epson-tm-80' },
    ],
    ['tcp://printer-3', { kind: 'tcp', host: 'printer-3', port: 9100, model: 'generic-80' }],
    ['tcp://[::1]:9101', { kind: 'tcp', host: '::1', port: 9101, model: 'generic-80' }],
    [
      'serial:///dev/ttyS0?model=generic-58&baud=19200',
      { kind: 'serial', path: '/dev/ttyS0', baudRate: 19200, model: 'generic-58' },
    ],
    ['serial://COM3', { kind: 'serial', path: 'COM3', baudRate: 9600, model: 'generic-80' }],
    ['file:///dev/usb/lp0', { kind: 'file', path: '/dev/usb/lp0', model: 'generic-80' }],
    ['file:///C:/slips.bin', { kind: 'file', path: 'C:/slips.bin', model: 'generic-80' }],
    ['file:///%E5%87%AD%E6%9D%A1', { kind: 'file', path: '/凭条', model: 'generic-80' }],
    ['sim://printer', { kind: 'simulated', name: 'printer', model: 'generic-80' }],
  ])('reads %s', (text, expected) => {
    expect(read(text)).toEqual({ ...expected, url: text });
  });

  it.each([
    ['printer', 'it is not a device address'],
    ['tcp://', 'its host is missing'],
    ['tcp://host/queue', 'nothing may follow host and port'],
    ['tcp://host:0', 'the port cannot be 0'],
    ['tcp://host?modle=generic-80', 'there is no option modle'],
    ['tcp://host?baud=9600', 'there is no option baud'],
    ['tcp://host?model=laser', 'models are: '],
    ['serial://', 'the path of the port is missing'],
    ['serial:///dev/ttyS0?baud=1', 'the rate must be one of'],
    ['file:///', 'the path of the file is missing'],
    ['file://host/path', 'write three slashes'],
    ['sim://other', 'the simulated printer is sim://printer'],
    ['lpd://host', 'there are no printers of the kind lpd://'],
    ['tcp://host:9100?model=%E0%A4%A', 'models are: '],
  ])('refuses %s', (text, why) => {
    expect(read(text)).toContain(why);
  });
});

describe('the models of printers', () => {
  it('have names of their own', () => {
    const names = printerModels.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['columns', 40],
    ['confirms', 'perhaps'],
    ['cutter', 'yes'],
    ['name', undefined],
  ])('are refused when %s is %s', (field, value) => {
    const [model] = printerModels;
    if (model === undefined) throw new Error('there are no models');
    expect(() => checkedModel({ ...model, [field]: value })).toThrow(/model/);
  });
});
