import type { Frame } from '../../../shared/contracts/devices.ts';

/** Frames that came one after another, told once: a reader asks its plate the same question all day. */
export type FoldedFrames = {
  /** The newest first, as they came last. */
  readonly frames: readonly Frame[];
  /** How often the same came in a row. */
  readonly times: number;
  /** When that began. */
  readonly since: string;
};

/** A question, its answer, and both in two pieces. */
const longestRound = 4;

/** The newest first, with repetitions of up to four frames in a row folded. `frames`: the oldest first. */
export function foldFrames(frames: readonly Frame[]): readonly FoldedFrames[] {
  const newest = [...frames].reverse();
  const folded: FoldedFrames[] = [];
  for (let at = 0; at < newest.length;) {
    const { length, times } = roundAt(newest, at);
    const oldest = newest[at + length * times - 1];
    const round = newest.slice(at, at + length);
    const last = round.at(-1);
    if (oldest === undefined || last === undefined) throw new Error('a round without frames');
    folded.push({ frames: round, times, since: oldest.at });
    at += length * times;
  }
  return folded;
}

/** The round that covers most from here on; one frame where nothing repeats. */
function roundAt(frames: readonly Frame[], at: number): { length: number; times: number } {
  let best = { length: 1, times: 1 };
  for (let length = 1; length <= longestRound; length += 1) {
    const times = timesOf(frames, at, length);
    if (times > 1 && length * times > best.length * best.times) best = { length, times };
  }
  return best;
}

function timesOf(frames: readonly Frame[], at: number, length: number): number {
  let times = 1;
  while (isRepeated(frames, at, at + times * length, length)) times += 1;
  return times;
}

function isRepeated(frames: readonly Frame[], at: number, next: number, length: number): boolean {
  for (let index = 0; index < length; index += 1) {
    const [one, other] = [frames[at + index], frames[next + index]];
    if (one === undefined || other === undefined) return false;
    if (one.what !== other.what || one.bytes !== other.bytes || one.shown !== other.shown)
      return false;
  }
  return true;
}
