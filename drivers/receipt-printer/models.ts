import epsonTm80 from './models/epson-tm-80.json' with { type: 'json' };
import gbk80 from './models/gbk-80.json' with { type: 'json' };
import generic58 from './models/generic-58.json' with { type: 'json' };
import generic80 from './models/generic-80.json' with { type: 'json' };
import silent58 from './models/silent-58.json' with { type: 'json' };
import silent80 from './models/silent-80.json' with { type: 'json' };
import type { Words } from '../../shared/domain/result.ts';
import type { PrinterModel } from './port.ts';

/** Every model the program knows, by its name in `?model=…`. A new model is one more JSON file. */
export const printerModels: readonly PrinterModel[] = [
  generic80,
  generic58,
  gbk80,
  epsonTm80,
  silent80,
  silent58,
].map(checkedModel);

/** The model of a printer whose address names none. */
export const defaultPrinterModel = 'generic-80';

export function findPrinterModel(name: string): PrinterModel | null {
  return printerModels.find((model) => model.name === name) ?? null;
}

/** Reads a capability file; throws when it does not say what such a file must say. */
export function checkedModel(file: Readonly<Record<keyof PrinterModel, unknown>>): PrinterModel {
  const { name, cutter, fourByteCharacters } = file;
  const words = wordsOf(file.words);
  const paperWidthMm = oneOf([58, 80] as const, file.paperWidthMm);
  const columns = oneOf([32, 42, 48] as const, file.columns);
  const commands = oneOf(['epson', 'generic'] as const, file.commands);
  const confirms = oneOf(['process-id', 'status-after', 'none'] as const, file.confirms);
  if (
    typeof name !== 'string' ||
    words === null ||
    typeof cutter !== 'boolean' ||
    typeof fourByteCharacters !== 'boolean'
  ) {
    throw new Error(`a printer model lacks a field: ${JSON.stringify(file)}`);
  }
  return { name, words, paperWidthMm, columns, cutter, commands, fourByteCharacters, confirms };
}

function wordsOf(given: unknown): Words | null {
  if (typeof given !== 'object' || given === null || !('zh' in given && 'en' in given)) return null;
  const { zh, en } = given;
  return typeof zh === 'string' && typeof en === 'string' ? { zh, en } : null;
}

function oneOf<Value>(allowed: readonly Value[], given: unknown): Value {
  const value = allowed.find((candidate) => candidate === given);
  if (value === undefined) {
    throw new Error(`a printer model says ${String(given)}, not one of ${allowed.join(' ')}`);
  }
  return value;
}
