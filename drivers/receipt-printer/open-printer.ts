import { accepted, type Result } from '../../shared/domain/result.ts';
import { memoryLine } from '../transport/memory-line.ts';
import type { LineOpener } from '../transport/port.ts';
import { serialLine } from '../transport/serial-line.ts';
import { tcpLine } from '../transport/tcp-line.ts';
import { escposPrinter } from './escpos-printer.ts';
import { fileLine } from './file-line.ts';
import type { ReceiptPrinter } from './port.ts';
import type { PrinterTimings } from './printer-session.ts';
import { parsePrinterUrl, type PrinterUrl } from './printer-url.ts';
import { simulatedPrinter } from './simulator/simulated-printer.ts';

/**
 * The printer at an address: `tcp://HOST:9100?model=…`, `serial:///dev/…?model=…`, `file:///PATH?model=…`
 * or `sim://printer`. Touches no device yet. Refused as `printer-url`.
 */
export function openReceiptPrinter(
  address: string,
  timings: Partial<PrinterTimings> = {},
): Result<ReceiptPrinter, 'printer-url'> {
  const parsed = parsePrinterUrl(address);
  if (!parsed.ok) return parsed;
  const { url, model } = parsed.value;
  const line = lineOf(parsed.value);
  const answers = parsed.value.kind !== 'file';
  return accepted(escposPrinter({ url, line, model, answers, timings }));
}

function lineOf(url: PrinterUrl): LineOpener {
  switch (url.kind) {
    case 'tcp':
      return tcpLine({ host: url.host, port: url.port });
    case 'serial':
      return serialLine({ path: url.path, baudRate: url.baudRate });
    case 'file':
      return fileLine(url.path);
    case 'simulated':
      return simulatedLine(url.name);
  }
}

/** The simulated printer inside this process: it prints on paper nobody sees and always has some. */
function simulatedLine(name: string): LineOpener {
  const device = simulatedPrinter({
    answer: (bytes) => {
      line.send(bytes);
    },
  });
  const line = memoryLine(`sim://${name}`, {
    receive: (bytes) => {
      device.receive(bytes);
    },
  });
  return line;
}
