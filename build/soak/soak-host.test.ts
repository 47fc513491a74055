import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { heapSlopeKb, soakHost, type SoakSample } from './soak-host.ts';

const isDeep = Number(process.env['TEST_DEPTH'] ?? '1') >= 10;
/** A working day at one settlement in 20 s in the deep run, five minutes of it in the usual one. */
const settlements = isDeep ? 1440 : 15;
const every20SecondsMs = 20_000;
const sampleEvery = settlements / 3;

const residentMbMax = 400;
/** SQLite begins its log anew at 4 MB; a reader at that moment lets it grow a little more. */
const walMbMax = 8;
/** What a settlement may leave in memory: the unrest of the measure, one or two MB, over their number. */
const leftKbMax = isDeep ? 2 : 250;
/** Files that happen to be open while one looks: a sheet that is written, a connection. */
const openedMeanwhileMax = 4;
/** Each settlement is two requests. */
const leakKb = isDeep ? 25 : 400;

describe('a desk that settles all day', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'soak-'));
  /** What is loaded with the first settlements is not what they leave behind: the first sample is after a third. */
  let first: SoakSample;
  let last: SoakSample;
  let leaking: SoakSample;
  let most: { readonly residentMb: number; readonly walMb: number };

  beforeAll(async () => {
    const samples = await soakHost({
      folder,
      settlements: settlements + sampleEvery,
      sampleEvery,
      leapMs: every20SecondsMs,
      leak: { afterSettled: settlements, bytesOfEachRequest: leakKb * 1024 },
      onSample: (sample) => {
        console.log(JSON.stringify(sample));
      },
    });
    const [one, two, three, four] = samples;
    if (one === undefined || two === undefined || three === undefined || four === undefined)
      throw new Error(`there are ${String(samples.length)} samples, not four`);
    [first, last, leaking] = [one, three, four];
    most = {
      residentMb: Math.max(one.residentMb, two.residentMb, three.residentMb),
      walMb: Math.max(one.walMb, two.walMb, three.walMb),
    };
  }, 3_600_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('stands below 400 MB', () => {
    expect(most.residentMb).toBeLessThanOrEqual(residentMbMax);
  });

  it('keeps nothing of a settlement in memory', () => {
    expect(heapSlopeKb(first, last)).toBeLessThanOrEqual(leftKbMax);
  });

  it('would be seen to keep more of every request', () => {
    expect(heapSlopeKb(last, leaking)).toBeGreaterThan(1.5 * leakKb);
  });

  it('has no more files open in the evening, and a log that is begun anew', () => {
    expect(last.handles).toBeLessThanOrEqual(first.handles + openedMeanwhileMax);
    expect(most.walMb).toBeLessThanOrEqual(walMbMax);
  });

  // Of some ten settlements it says more about the machine than about the desk.
  if (isDeep) {
    it('does no more work for a settlement in the evening', () => {
      expect(last.processorMs).toBeLessThanOrEqual(first.processorMs * 1.5);
    });
  }
});
