import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { cardRefusal, type CardRefusalCode } from './card.ts';

/** What speaks at the other end of a serial line. */
export const serialProtocols = ['sam-v', 'ccid', 'scanner'] as const;
export type SerialProtocol = (typeof serialProtocols)[number];

export const hidProtocols = ['pos-scanner', 'magnetic-stripe'] as const;
export type HidProtocol = (typeof hidProtocols)[number];

export type ReaderUrl =
  | {
      readonly kind: 'serial';
      readonly url: string;
      /** `/dev/ttyUSB0` or `COM3`. */
      readonly path: string;
      readonly protocol: SerialProtocol;
      readonly baudRate: number;
    }
  | {
      readonly kind: 'pcsc';
      readonly url: string;
      /** The name the operating system gives the reader; null: the first with a card. */
      readonly readerName: string | null;
    }
  | {
      readonly kind: 'hid';
      readonly url: string;
      readonly vendorId: number;
      readonly productId: number;
      readonly protocol: HidProtocol;
    }
  | { readonly kind: 'simulated'; readonly url: string; readonly name: string };

/** The rates a device can be set to; the first is how it leaves the factory. */
const baudRates: Readonly<Record<SerialProtocol, readonly number[]>> = {
  // GA/T 467.
  'sam-v': [115200, 57600, 38400, 19200, 9600],
  // GemPC Twin and its kin.
  ccid: [115200, 57600, 38400, 19200, 9600],
  scanner: [9600, 115200, 57600, 38400, 19200, 4800, 2400, 1200],
};

type Unusable = { readonly zh: string; readonly en: string };
type Parsed = ReaderUrl | Unusable;

/**
 * Reads the address of a card reader (contract: Device URLs). Refused as `no-reader`, saying what is wrong
 * with it: the scheme, a missing path or name, a protocol this version does not support, an impossible rate, an
 * option it does not know.
 */
export function parseDeviceUrl(text: string): Result<ReaderUrl, CardRefusalCode> {
  const parsed = parse(text);
  return 'kind' in parsed ? accepted(parsed) : unusable(text, parsed);
}

/** Several addresses in one setting, as a desk with several readers has them: with spaces or lines between. */
export function deviceUrlsIn(setting: string): readonly string[] {
  return setting.split(/\s+/u).filter((text) => text !== '');
}

function parse(text: string): Parsed {
  // Two hexadecimal numbers are no host and port, so this kind is read apart.
  const hid = /^hid:\/\/([^/?#]*)\/?(?:\?([^#]*))?$/i.exec(text);
  if (hid !== null) return parseHid(text, hid[1] ?? '', new URLSearchParams(hid[2] ?? ''));
  const url = URL.parse(text);
  if (url === null) return { zh: '不是设备地址', en: 'not a device address' };
  switch (url.protocol) {
    case 'sim:':
      return parseSimulated(text, url);
    case 'serial:':
      return parseSerial(text, url);
    case 'pcsc:':
      return parsePcsc(text, url);
    default:
      return {
        zh: `还不支持 ${url.protocol}// 这类读卡器`,
        en: `readers of the kind ${url.protocol}// are not supported yet`,
      };
  }
}

function parseSimulated(text: string, url: URL): Parsed {
  const name = decodeText(url.hostname);
  if (name === null || name === '') return { zh: '缺少名称', en: 'its name is missing' };
  return { kind: 'simulated', url: text, name };
}

function parsePcsc(text: string, url: URL): Parsed {
  const option = unknownOption(url.searchParams, []);
  if (option !== null) return option;
  const name = decodeText(url.hostname + url.pathname);
  if (name === null)
    return { zh: '读卡器名称写法不对', en: 'the name of the reader is unreadable' };
  return { kind: 'pcsc', url: text, readerName: name === '' || name === '/' ? null : name };
}

function parseHid(text: string, device: string, options: URLSearchParams): Parsed {
  const option = unknownOption(options, ['protocol']);
  if (option !== null) return option;
  const ids = /^([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(device);
  if (ids === null) {
    return {
      zh: '设备号应为两组四位十六进制数，例如 hid://0c2e:0b61',
      en: 'the device is two numbers of four hexadecimal digits, e.g. hid://0c2e:0b61',
    };
  }
  const wanted = options.get('protocol');
  const protocol = hidProtocols.find((each) => each === wanted);
  if (protocol === undefined) return wrongProtocol(hidProtocols, wanted);
  return {
    kind: 'hid',
    url: text,
    vendorId: Number.parseInt(ids[1] ?? '', 16),
    productId: Number.parseInt(ids[2] ?? '', 16),
    protocol,
  };
}

function parseSerial(text: string, url: URL): Parsed {
  const path = decodeText(url.hostname + url.pathname);
  if (path === null || path === '' || path === '/') {
    return { zh: '缺少串口路径', en: 'the path of the port is missing' };
  }
  const option = unknownOption(url.searchParams, ['protocol', 'baud']);
  if (option !== null) return option;
  const wanted = url.searchParams.get('protocol');
  const protocol = serialProtocols.find((each) => each === wanted);
  if (protocol === undefined) return wrongProtocol(serialProtocols, wanted);
  const rates = baudRates[protocol];
  const baud = url.searchParams.get('baud') ?? String(rates[0]);
  const baudRate = rates.find((rate) => String(rate) === baud);
  if (baudRate === undefined) {
    const list = rates.join(' ');
    return { zh: `波特率只能是 ${list}`, en: `the rate must be one of ${list}` };
  }
  // Windows names ports COM3: `serial:///COM3` and `serial://COM3` mean the same.
  const port = /^\/?(com\d+)$/i.exec(path)?.[1]?.toUpperCase() ?? path;
  return { kind: 'serial', url: text, path: port, protocol, baudRate };
}

function unknownOption(options: URLSearchParams, known: readonly string[]): Unusable | null {
  for (const option of options.keys()) {
    if (!known.includes(option)) {
      return { zh: `没有 ${option} 这个选项`, en: `there is no option ${option}` };
    }
  }
  return null;
}

function wrongProtocol(known: readonly string[], wanted: string | null): Unusable {
  const list = known.map((each) => `protocol=${each}`);
  return {
    zh: `协议应为 ${list.join(' 或 ')}，不是“${wanted ?? ''}”`,
    en: `the protocol must be ${list.join(' or ')}, not "${wanted ?? ''}"`,
  };
}

function unusable(text: string, { zh, en }: Unusable): Result<never, CardRefusalCode> {
  return refused(
    cardRefusal('no-reader', {
      cause: {
        zh: `读卡器地址“${text}”不能用：${zh}。`,
        en: `The address "${text}" is unusable: ${en}.`,
      },
      remedy: {
        zh: '请信息科在设置中更正，例如 serial:///dev/ttyUSB0?protocol=sam-v&baud=115200 或 pcsc://。',
        en: 'The IT clerk corrects it in the settings, e.g. serial:///dev/ttyUSB0?protocol=sam-v&baud=115200 or pcsc://.',
      },
      technical: `unusable device url: ${en}`,
    }),
  );
}

function decodeText(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
