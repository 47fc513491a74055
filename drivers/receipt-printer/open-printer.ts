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
import { noFaults, simulatedPrinter } from './simulator/simulated-printer.ts';

/** The paper of the simulated printer, for the hand that changes it. */
export type SimulatedPaper = {
  state(): 'in' | 'low' | 'out';
  set(paper: 'in' | 'low' | 'out'): void;
};

export type OpenedPrinter = {
  readonly printer: ReceiptPrinter;
  /** Only of `sim://printer`. */
  readonly paper: SimulatedPaper | null;
};

/**
 * The printer at an address: `tcp://HOST:9100?model=…`, `serial:///dev/…?model=…`, `file:///PATH?model=…`
 * or `sim://printer`. Touches no device yet. Refused as `printer-url`.
 */
export function openReceiptPrinter(
  address: string,
  timings: Partial<PrinterTimings> = {},
): Result<ReceiptPrinter, 'printer-url'> {
  const opened = openPrinterWithPaper(address, timings);
  return opened.ok ? accepted(opened.value.printer) : opened;
}

/** The same, with the paper of a simulated one. */
export function openPrinterWithPaper(
  address: string,
  timings: Partial<PrinterTimings> = {},
): Result<OpenedPrinter, 'printer-url'> {
  const parsed = parsePrinterUrl(address);
  if (!parsed.ok) return parsed;
  const { url, model } = parsed.value;
  const { line, paper } = lineOf(parsed.value);
  const answers = parsed.value.kind !== 'file';
  return accepted({ printer: escposPrinter({ url, line, model, answers, timings }), paper });
}

type Line = { readonly line: LineOpener; readonly paper: SimulatedPaper | null };

function lineOf(url: PrinterUrl): Line {
  switch (url.kind) {
    case 'tcp':
      return { line: tcpLine({ host: url.host, port: url.port }), paper: null };
    case 'serial':
      return { line: serialLine({ path: url.path, baudRate: url.baudRate }), paper: null };
    case 'file':
      return { line: fileLine(url.path), paper: null };
    case 'simulated':
      return simulatedLine(url.name);
  }
}

/** The simulated printer inside this process: it prints on paper nobody sees and has some until it is taken away. */
function simulatedLine(name: string): Line {
  const faults = noFaults();
  const device = simulatedPrinter({
    faults,
    answer: (bytes) => {
      line.send(bytes);
    },
  });
  const line = memoryLine(`sim://${name}`, {
    receive: (bytes) => {
      device.receive(bytes);
    },
  });
  const paper: SimulatedPaper = {
    state: () => faults.paper,
    set: (state) => {
      faults.paper = state;
      device.look();
    },
  };
  return { line, paper };
}
