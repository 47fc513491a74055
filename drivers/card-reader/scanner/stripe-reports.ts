import type { UnknownCode } from '../codes/classify-code.ts';
import type { Scan, ScanDecoder } from './scan.ts';
import { bitsOf, readTrackBits } from '../magnetic-stripe/track-bits.ts';
import { readTrack1, readTrack2 } from '../magnetic-stripe/track-text.ts';

/** HID Point of Sale Usage Tables, page of stripe readers, and the page of their own that many say instead. */
export const stripeUsagePages: readonly number[] = [0x8e, 0xff00];

/** What a reader puts into its report: text, or the bits of the tracks as they are on the card. */
export type TrackData = 'text' | 'bits';

/**
 * Stripe readers that decode send one report a swipe, and their layouts begin alike: the status of each of three
 * tracks (bit 0: there is data that could not be decoded), the length of each, and the kind of card. Then
 * follows either a field of fixed size per track (110 or 112 bytes), or the length of everything and all tracks
 * one behind the other in 500 bytes. A report that is numbered has its number in front.
 */
export class StripeReports implements ScanDecoder {
  readonly patienceMs = null;
  readonly #trackData: TrackData;

  constructor(trackData: TrackData) {
    this.#trackData = trackData;
  }

  push(report: Uint8Array, atMs: number): readonly Scan[] {
    const tracks = tracksIn(report);
    if (tracks === null) return [];
    return [{ startedAtMs: atMs, ...meaningOf(tracks, this.#trackData) }];
  }

  giveUp(): readonly Scan[] {
    return [];
  }

  reset(): void {
    // Every report is whole in itself.
  }
}

type Track = { readonly failed: boolean; readonly data: Uint8Array };
type Tracks = readonly [Track, Track, Track];

const headLength = 7;
const oneField = { length: 509, dataAt: 9 } as const;
/** Bytes of the field of one track; what stands behind the three fields is not used. */
const fieldSizes = [112, 110] as const;
const knownLengths: readonly number[] = [headLength + 3 * 110, oneField.length];

/** The tracks in a report, or null if it is none of a swipe. */
function tracksIn(report: Uint8Array): Tracks | null {
  // A number of 0 or 1 looks like a status: then the length of the report decides.
  const isOneLonger = knownLengths.includes(report.length - 1);
  for (const body of isOneLonger ? [report.subarray(1)] : [report, report.subarray(1)]) {
    if (body.length < headLength || !body.subarray(0, 3).every((status) => status <= 1)) continue;
    const tracks = body.length === oneField.length ? oneFieldOf(body) : fieldsOf(body);
    if (tracks !== null) return tracks;
  }
  return null;
}

function oneFieldOf(body: Uint8Array): Tracks | null {
  const [length1 = 0, length2 = 0, length3 = 0] = body.subarray(3, 6);
  const total = (body[7] ?? 0) | ((body[8] ?? 0) << 8);
  if (total < length1 + length2 + length3) return null;
  const { dataAt } = oneField;
  return [
    trackOf(body, 0, dataAt, length1),
    trackOf(body, 1, dataAt + length1, length2),
    trackOf(body, 2, dataAt + length1 + length2, length3),
  ];
}

function fieldsOf(body: Uint8Array): Tracks | null {
  const size = fieldSizes.find((bytes) => body.length >= headLength + 3 * bytes);
  if (size === undefined) return null;
  const lengths = body.subarray(3, 6);
  if (lengths.some((length) => length > size)) return null;
  const at = (track: 0 | 1 | 2): Track =>
    trackOf(body, track, headLength + track * size, lengths[track] ?? 0);
  return [at(0), at(1), at(2)];
}

function trackOf(body: Uint8Array, track: 0 | 1 | 2, from: number, length: number): Track {
  return { failed: body[track] === 1, data: body.subarray(from, from + length) };
}

type TextOrReason =
  | { readonly kind: 'text'; readonly text: string; readonly origin: 'stripe' }
  | { readonly kind: 'unusable'; readonly why: UnknownCode };

/**
 * The number on track 2, else the one on track 1. A track that could not be decoded does not matter if another
 * gives the number: hospital cards often carry one track only.
 */
function meaningOf(tracks: Tracks, trackData: TrackData): TextOrReason {
  const [first, second, third] = tracks;
  const texts = [textOf(second, 2, trackData), textOf(first, 1, trackData)];
  const text = texts.find((one) => one !== 'empty' && one !== 'damaged');
  if (text !== undefined) return { kind: 'text', text, origin: 'stripe' };
  const isDamaged = tracks.some((track) => track.failed) || texts.includes('damaged');
  if (isDamaged) return { kind: 'unusable', why: 'damaged-stripe' };
  // Track 3 is for banks; a card that has only that is none of ours.
  return { kind: 'unusable', why: third.data.length > 0 ? 'other' : 'blank-stripe' };
}

/** The text of a track that gives a number. */
function textOf(track: Track, number: 1 | 2, trackData: TrackData): string {
  if (track.failed || track.data.length === 0) return 'empty';
  let text: string;
  if (trackData === 'bits') {
    const reading = readTrackBits(bitsOf(track.data), number);
    if (reading.kind !== 'text') return reading.kind;
    ({ text } = reading);
  } else {
    text = String.fromCharCode(...track.data).trim();
    if (text === '') return 'empty';
  }
  const reading = number === 1 ? readTrack1(text) : readTrack2(text);
  return reading.kind === 'number' ? text : 'damaged';
}
