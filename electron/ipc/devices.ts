import type { Device, DeviceKind } from '../../shared/contracts/devices.ts';
import { testReadSeconds } from '../../shared/contracts/devices.ts';
import { accepted, refused } from '../../shared/domain/result.ts';
import { parseDeviceUrl, type ReaderUrl } from '../../drivers/card-reader/device-url.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { DeskReader } from '../card-reading/card-reading.ts';
import { technicalOf } from '../card-reading/technical-of.ts';
import { documentRefusal } from '../documents/document-refusals.ts';
import { printTestPage } from '../documents/print-test-page.ts';
import { printerDeviceState } from '../documents/printer-words.ts';
import type { PrinterService } from '../documents/printer-service.ts';
import { maskName } from '../security/mask.ts';
import { callRefusal } from './call-refusals.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';

/** The devices of this desk: how they are, and trying them. Nothing is kept, no patient opens. */
export function deviceCalls({
  services,
  cards,
  printer,
}: Pick<DeskParts, 'services' | 'cards' | 'printer'>) {
  return {
    'devices:list': ({ framesOf }) => {
      const readers = cards.readers();
      const none: Device = { ...nothingKnown, kind: 'reader', state: cards.deviceState() };
      return Promise.resolve(
        accepted({
          devices: [
            ...(readers.length === 0 ? [none] : readers.map(readerDevice)),
            printerDevice(printer),
          ],
          frames: [...(readers.find(({ url }) => url === framesOf)?.frames ?? [])],
        }),
      );
    },
    'devices:test-read': async ({ url }) => {
      const outcome = await cards.testRead(url, testReadSeconds);
      if (outcome === null) return refused(callRefusal('device-unknown'));
      if (outcome.kind === 'stopped') return accepted({ kind: 'stopped' });
      const { read } = outcome;
      if (!read.ok) return accepted({ kind: 'refused', refusal: { ...read.refusal, details: [] } });
      const { card, name, elapsedMs } = read.value;
      return accepted({
        kind: 'card',
        card,
        maskedName: name === undefined || name === '' ? null : maskName(name),
        elapsedMs: Math.round(elapsedMs),
      });
    },
    'devices:stop-test-read': ({ url }) => {
      cards.stopTestRead(url);
      return Promise.resolve(accepted({}));
    },
    'devices:print-test-page': async () => {
      if (printer === null) return refused(documentRefusal('no-printer'));
      return accepted(await printTestPage(printer, shanghaiInstant(services.clock.now())));
    },
  } satisfies Pick<
    CallHandlers,
    'devices:list' | 'devices:test-read' | 'devices:stop-test-read' | 'devices:print-test-page'
  >;
}

const nothingKnown = {
  url: null,
  simulated: false,
  model: null,
  lastRead: null,
  lastRefusal: null,
} as const;

function readerDevice({ url, state, lastRead, lastRefusal }: DeskReader): Device {
  const parsed = parseDeviceUrl(url);
  return {
    kind: parsed.ok ? kindOf(parsed.value) : 'reader',
    url,
    simulated: parsed.ok && parsed.value.kind === 'simulated',
    model: null,
    state,
    lastRead: lastRead === null ? null : { ...lastRead, elapsedMs: Math.round(lastRead.elapsedMs) },
    lastRefusal:
      lastRefusal === null
        ? null
        : {
            at: lastRefusal.at,
            refusal: { ...lastRefusal.refusal, details: [] },
            technical: technicalOf(lastRefusal.refusal),
          },
  };
}

/** What an address says of the device: `sam-v` is spoken by readers of resident ID cards alone, and so on. */
function kindOf(device: ReaderUrl): DeviceKind {
  switch (device.kind) {
    case 'simulated':
      return 'resident-id-reader';
    case 'pcsc':
      return 'social-security-reader';
    case 'hid':
      return device.protocol === 'magnetic-stripe' ? 'stripe-reader' : 'scanner';
    case 'serial':
      return serialKinds[device.protocol];
  }
}

const serialKinds = {
  'sam-v': 'resident-id-reader',
  ccid: 'social-security-reader',
  scanner: 'scanner',
} as const;

function printerDevice(printer: PrinterService | null): Device {
  if (printer === null) {
    return { ...nothingKnown, kind: 'printer', state: printerDeviceState(null, false) };
  }
  return {
    ...nothingKnown,
    kind: 'printer',
    url: printer.url,
    simulated: printer.url.startsWith('sim:'),
    model: printer.model.words,
    state: printer.deviceState(),
  };
}
