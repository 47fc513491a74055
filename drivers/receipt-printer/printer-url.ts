import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { defaultPrinterModel, findPrinterModel, printerModels } from './models.ts';
import type { PrinterModel } from './port.ts';
import { printerRefusal } from './printer-refusals.ts';

export type PrinterUrl = { readonly url: string; readonly model: PrinterModel } & (
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string; readonly baudRate: number }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'simulated'; readonly name: string }
);

/** The raw printing port every network printer listens on. */
const rawPrintingPort = 9100;
const baudRates = [9600, 19200, 38400, 57600, 115200];

/**
 * Reads the address of a printer (contract: Device URLs); a refusal says what is wrong with it.
 */
export function parsePrinterUrl(text: string): Result<PrinterUrl, 'printer-url'> {
  const url = URL.parse(text);
  if (url === null) return unusable(text, '不是设备地址', 'it is not a device address');
  const modelName = url.searchParams.get('model') ?? defaultPrinterModel;
  const model = findPrinterModel(modelName);
  if (model === null) {
    const names = printerModels.map(({ name }) => name).join(' ');
    return unusable(text, `没有型号“${modelName}”，可用：${names}`, `models are: ${names}`);
  }
  const allowed = url.protocol === 'serial:' ? ['model', 'baud'] : ['model'];
  for (const option of url.searchParams.keys()) {
    if (!allowed.includes(option)) {
      return unusable(text, `没有 ${option} 这个选项`, `there is no option ${option}`);
    }
  }
  if (url.protocol === 'tcp:') return parseTcp(text, url, model);
  if (url.protocol === 'serial:') return parseSerial(text, url, model);
  if (url.protocol === 'file:') return parseFile(text, url, model);
  if (url.protocol === 'sim:') return parseSimulated(text, url, model);
  return unusable(
    text,
    `不支持 ${url.protocol}// 这类打印机`,
    `there are no printers of the kind ${url.protocol}//`,
  );
}

function parseTcp(text: string, url: URL, model: PrinterModel): Result<PrinterUrl, 'printer-url'> {
  if (url.hostname === '') return unusable(text, '缺少打印机的地址', 'its host is missing');
  if (url.pathname !== '' && url.pathname !== '/') {
    return unusable(text, '主机和端口之后不能再有路径', 'nothing may follow host and port');
  }
  const port = url.port === '' ? rawPrintingPort : Number(url.port);
  if (port === 0) return unusable(text, '端口不能是 0', 'the port cannot be 0');
  // An IPv6 address stands in brackets in a URL and without them for the socket.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return accepted({ kind: 'tcp', url: text, model, host, port });
}

function parseSerial(
  text: string,
  url: URL,
  model: PrinterModel,
): Result<PrinterUrl, 'printer-url'> {
  const path = decode(url.hostname + url.pathname);
  if (path === null || path === '' || path === '/') {
    return unusable(text, '缺少串口路径', 'the path of the port is missing');
  }
  const baud = url.searchParams.get('baud') ?? '9600';
  const baudRate = baudRates.find((rate) => String(rate) === baud);
  if (baudRate === undefined) {
    const list = baudRates.join(' ');
    return unusable(text, `波特率只能是 ${list}`, `the rate must be one of ${list}`);
  }
  // Windows names ports COM3: `serial:///COM3` and `serial://COM3` mean the same.
  const port = /^\/?(com\d+)$/i.exec(path)?.[1]?.toUpperCase() ?? path;
  return accepted({ kind: 'serial', url: text, model, path: port, baudRate });
}

function parseFile(text: string, url: URL, model: PrinterModel): Result<PrinterUrl, 'printer-url'> {
  const path = decode(url.pathname);
  if (path === null || path === '' || path.endsWith('/')) {
    return unusable(text, '缺少文件路径', 'the path of the file is missing');
  }
  if (url.hostname !== '') {
    return unusable(text, '应写三条斜线 file:///路径', 'write three slashes: file:///PATH');
  }
  // `file:///C:/receipts.bin` means C:/receipts.bin on Windows.
  const local = /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
  return accepted({ kind: 'file', url: text, model, path: local });
}

function parseSimulated(
  text: string,
  url: URL,
  model: PrinterModel,
): Result<PrinterUrl, 'printer-url'> {
  const name = decode(url.hostname);
  if (name !== 'printer') {
    return unusable(text, '模拟打印机写作 sim://printer', 'the simulated printer is sim://printer');
  }
  return accepted({ kind: 'simulated', url: text, model, name });
}

function unusable(text: string, zh: string, en: string): Result<never, 'printer-url'> {
  return refused(printerRefusal('printer-url', { text, why: { zh, en } }));
}

function decode(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
