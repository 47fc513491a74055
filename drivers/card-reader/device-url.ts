import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { cardRefusal, type CardRefusal } from './card.ts';

export type ReaderUrl =
  | {
      readonly kind: 'serial';
      readonly url: string;
      /** `/dev/ttyUSB0` or `COM3`. */
      readonly path: string;
      readonly protocol: 'sam-v';
      readonly baudRate: number;
    }
  | { readonly kind: 'simulated'; readonly url: string; readonly name: string };

/** The rates a SAM-V module can be set to (GA/T 467); 115200 is how they leave the factory. */
const baudRates = [115200, 57600, 38400, 19200, 9600];

/**
 * Reads the address of a card reader (contract: Device URLs). Refused as `no-reader`, saying what is wrong
 * with it: the scheme, a missing path, a protocol this version does not speak, an impossible rate, an
 * option it does not know.
 */
export function parseDeviceUrl(text: string): Result<ReaderUrl, CardRefusal> {
  const url = URL.parse(text);
  if (url === null) return unusable(text, '不是设备地址', 'not a device address');
  if (url.protocol === 'sim:') return parseSimulated(text, url);
  if (url.protocol === 'serial:') return parseSerial(text, url);
  return unusable(
    text,
    `还不支持 ${url.protocol}// 这类读卡器`,
    `readers of the kind ${url.protocol}// are not supported yet`,
  );
}

function parseSimulated(text: string, url: URL): Result<ReaderUrl, CardRefusal> {
  const name = decodeText(url.hostname);
  if (name === null || name === '') return unusable(text, '缺少名称', 'its name is missing');
  return accepted({ kind: 'simulated', url: text, name });
}

function parseSerial(text: string, url: URL): Result<ReaderUrl, CardRefusal> {
  const path = decodeText(url.hostname + url.pathname);
  if (path === null || path === '' || path === '/') {
    return unusable(text, '缺少串口路径', 'the path of the port is missing');
  }
  for (const option of url.searchParams.keys()) {
    if (option !== 'protocol' && option !== 'baud') {
      return unusable(text, `没有 ${option} 这个选项`, `there is no option ${option}`);
    }
  }
  const protocol = url.searchParams.get('protocol');
  if (protocol !== 'sam-v') {
    return unusable(
      text,
      `协议应为 protocol=sam-v，不是“${protocol ?? ''}”`,
      `the protocol must be protocol=sam-v, not "${protocol ?? ''}"`,
    );
  }
  const baud = url.searchParams.get('baud') ?? '115200';
  const baudRate = baudRates.find((rate) => String(rate) === baud);
  if (baudRate === undefined) {
    const list = baudRates.join(' ');
    return unusable(text, `波特率只能是 ${list}`, `the rate must be one of ${list}`);
  }
  // Windows names ports COM3: `serial:///COM3` and `serial://COM3` mean the same.
  const port = /^\/?(com\d+)$/i.exec(path)?.[1]?.toUpperCase() ?? path;
  return accepted({ kind: 'serial', url: text, path: port, protocol, baudRate });
}

function unusable(text: string, zh: string, en: string): Result<never, CardRefusal> {
  return refused(
    cardRefusal('no-reader', {
      cause: {
        zh: `读卡器地址“${text}”不能用：${zh}。`,
        en: `The address "${text}" is unusable: ${en}.`,
      },
      remedy: {
        zh: '请信息科在设置中更正，例如 serial:///dev/ttyUSB0?protocol=sam-v&baud=115200。',
        en: 'The IT clerk corrects it in the settings, e.g. serial:///dev/ttyUSB0?protocol=sam-v&baud=115200.',
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
