import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryLine } from '../../transport/memory-line.ts';
import { ReopeningTransport } from '../../transport/reopening-transport.ts';
import { cardRefusalCodes, type CardRead, type CardRefusal } from '../card.ts';
import { defaultCodeSettings, type CodeSettings } from '../codes/code-settings.ts';
import { StripeReports } from './stripe-reports.ts';
import { readTrackBits } from '../magnetic-stripe/track-bits.ts';
import { systemReaderClock } from '../port.ts';
import { scannerReports, stripeReport, track1Bits, track2Bits } from '../simulator/hid-devices.ts';
import { residentCard } from '../simulator/invented-cards.ts';
import { ListeningReader } from './listening-reader.ts';
import { remedyOfNoScan } from './no-scan.ts';
import { defaultPosReportSettings, PosReports } from './pos-reports.ts';
import type { Scan, ScanDecoder } from './scan.ts';
import {
  codeSuffixes,
  defaultSerialCodeSettings,
  SerialCodes,
  type CodeSuffix,
} from './serial-codes.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? 1);
const voucher = '4243669509084040896099330000';
const track2 = ';1234567890123456=25121010000012300?';

/** One to six bytes of a good message changed, cut short or followed by others. */
function spoilt(good: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const change = fc.record({ at: fc.nat(600), value: fc.nat(255) });
  return fc
    .tuple(good, fc.array(change, { maxLength: 6 }), fc.option(fc.nat(600), { freq: 4 }))
    .map(([bytes, changes, length]) => {
      const copy = Uint8Array.from(bytes);
      for (const { at, value } of changes) if (copy.length > 0) copy[at % copy.length] = value;
      return length === null ? copy : copy.subarray(0, length);
    });
}

const goodCode = fc.constantFrom(voucher, residentCard.idNumber, track2, '134612345678901234');
const suffixBytes = { any: '\r', cr: '\r', lf: '\n', crlf: '\r\n', none: '' } as const;
const serialPiece = (suffix: CodeSuffix) =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: spoilt(goodCode.map((code) => Buffer.from(code + suffixBytes[suffix]))),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }) },
  );
const scannerReport = fc.oneof(
  {
    weight: 3,
    arbitrary: spoilt(
      fc
        .tuple(goodCode, fc.constantFrom('tables', 'bare', 'bare-numbered' as const))
        .chain(([code, look]) => fc.constantFrom(...scannerReports(Buffer.from(code), look))),
    ),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }) },
);
const swipe = spoilt(
  fc
    .record({
      look: fc.constantFrom('fields-110', 'fields-112', 'one-field' as const),
      track1: fc.constantFrom('%B1234^A^2512101?', ''),
      track2: fc.constantFrom(track2, ';880012345?', ''),
    })
    .map(({ look, ...card }) => stripeReport(card, look)),
);

type Message = { readonly bytes: Uint8Array; readonly then: 'more' | 'silence' | 'unplug' };
const message = (bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Message> =>
  fc.record({ bytes, then: fc.constantFrom('more', 'more', 'silence', 'unplug' as const) });

function feed(decoder: ScanDecoder, messages: readonly Message[]): Scan[] {
  const scans: Scan[] = [];
  for (const { bytes, then } of messages) {
    scans.push(...decoder.push(bytes, 0));
    if (then === 'silence') scans.push(...decoder.giveUp());
    if (then === 'unplug') decoder.reset();
    if (then !== 'more') expect(decoder.patienceMs).toBeNull();
  }
  return scans;
}

const everyForm: CodeSettings = {
  tolerantEVoucher: true,
  preferential: [
    ...defaultCodeSettings.preferential,
    { form: 'uid', writtenAs: 'hex-8', byteOrder: 'as-on-card' },
    { form: 'id-number', prefix: 'YH' },
  ],
  stripeIsSocialSecurity: false,
  ownNumbers: defaultCodeSettings.ownNumbers,
};

/** A whole card or a refusal of the contract, and never a word of the code in a refusal. */
function expectWholeOrRefused(outcome: CardRead | CardRefusal): void {
  if ('readAt' in outcome) {
    expect(outcome.code).toMatch(/^[\x21-\x7e]{4,}$/);
    if (outcome.card === 'e-voucher') expect(outcome.code).toMatch(/^(opc\d{25}|\d{28})$/);
    if (outcome.card === 'resident-id') expect(outcome.idNumber).toMatch(/^\d{17}[\dX]$/);
    return;
  }
  expect(cardRefusalCodes).toContain(outcome.code);
  expect(JSON.stringify(outcome)).not.toMatch(/\d{4}/);
}

type Kind = {
  readonly kind: string;
  readonly newDecoder: () => ScanDecoder;
  readonly bytes: fc.Arbitrary<Uint8Array>;
  /** A fuzzer whose every message is refused at the door proves nothing about the rest. */
  readonly leastCards: number;
};

describe.each<Kind>([
  ...codeSuffixes.map((suffix) => ({
    kind: `bytes of a scanner on a serial line, suffix ${suffix}`,
    newDecoder: () => new SerialCodes({ ...defaultSerialCodeSettings, suffix }),
    bytes: serialPiece(suffix),
    // Without a suffix only a silence right after a whole code makes a card.
    leastCards: suffix === 'none' ? 2 : 20,
  })),
  {
    kind: 'reports of a HID scanner',
    newDecoder: () => new PosReports(defaultPosReportSettings),
    bytes: scannerReport,
    leastCards: 20,
  },
  {
    kind: 'reports of a stripe reader',
    newDecoder: () => new StripeReports('text'),
    bytes: swipe,
    leastCards: 20,
  },
  {
    kind: 'reports of a stripe reader that is thought to send bits',
    newDecoder: () => new StripeReports('bits'),
    bytes: swipe,
    leastCards: 0,
  },
])('$kind', ({ newDecoder, bytes, leastCards }) => {
  it(
    'never make the decoder throw, and give whole cards or refusals',
    { timeout: 300_000 * depth },
    async () => {
      const seen = { cards: 0, refusals: 0 };
      await fc.assert(
        fc.asyncProperty(fc.array(message(bytes), { maxLength: 8 }), async (messages) => {
          const scans = feed(newDecoder(), messages);
          for (const outcome of await outcomesOf(scans)) {
            expectWholeOrRefused(outcome);
            if ('readAt' in outcome) seen.cards += 1;
            else seen.refusals += 1;
          }
        }),
        { numRuns: 400 * depth },
      );
      expect(seen.cards).toBeGreaterThanOrEqual(leastCards * depth);
      expect(seen.refusals).toBeGreaterThan(20 * depth);
    },
  );
});

/** What a reader makes of scans, without a line. */
async function outcomesOf(scans: readonly Scan[]): Promise<(CardRead | CardRefusal)[]> {
  const line = memoryLine('fuzz', { receive: () => undefined });
  const reader = new ListeningReader({
    url: 'sim://fuzz',
    transport: new ReopeningTransport(line),
    lineKind: 'serial',
    clock: systemReaderClock,
    decoder: { push: () => scans, giveUp: () => [], reset: () => undefined, patienceMs: null },
    codes: everyForm,
    remedyOfNoCard: remedyOfNoScan,
    repeatWithinMs: 0,
  });
  const outcomes: (CardRead | CardRefusal)[] = [];
  reader.on((event) => {
    if (event.type === 'card') outcomes.push(event.card);
    if (event.type === 'refused') outcomes.push(event.refusal);
  });
  await reader.open();
  line.send(Uint8Array.of(1));
  await new Promise((resolve) => setImmediate(resolve));
  await reader.close();
  return outcomes;
}

describe('bits of a track', () => {
  it('give the text that was written or none', () => {
    const written = fc.constantFrom(
      { track: 2 as const, text: track2, bits: track2Bits(track2.slice(1, -1)) },
      { track: 1 as const, text: '%B1234^A^?', bits: track1Bits('B1234^A^') },
    );
    const seen = { text: 0, damaged: 0 };
    const zeros = fc.nat(40).map((count) => new Array<number>(count).fill(0));
    fc.assert(
      fc.property(written, zeros, zeros, fc.option(fc.nat(250)), (card, before, after, flip) => {
        const bits = [...before, ...card.bits, ...after];
        const place = flip === null ? null : flip % bits.length;
        const read = readTrackBits(
          place === null ? bits : bits.with(place, 1 - (bits[place] ?? 0)),
          card.track,
        );
        if (read.kind === 'text') expect(read.text).toBe(card.text);
        seen[read.kind === 'text' ? 'text' : 'damaged'] += 1;
      }),
      { numRuns: 2000 * depth },
    );
    expect(seen.text).toBeGreaterThan(200 * depth);
    expect(seen.damaged).toBeGreaterThan(200 * depth);
  });

  it('of any kind never throw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1), { maxLength: 700 }),
        fc.constantFrom(1, 2 as const),
        (bits, track) => {
          expect(['text', 'empty', 'damaged']).toContain(readTrackBits(bits, track).kind);
        },
      ),
      { numRuns: 2000 * depth },
    );
  });
});
