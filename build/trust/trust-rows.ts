import type { Attack, TrustPromise } from './promises.ts';

/** What came of one test. */
export type TestOutcome = {
  readonly file: string;
  /** With the names of what it stands in. */
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
};

export type TrustRows = {
  /** A line for each promise. */
  readonly lines: readonly string[];
  /** Promises that something broke, or that nothing tried although nothing is left for later. */
  readonly broken: readonly string[];
};

/** The rows of the matrix: how many attacks each promise stood, and what is built later. */
export function trustRows(
  promises: readonly TrustPromise[],
  outcomes: readonly TestOutcome[],
): TrustRows {
  const rows = promises.map(({ id, promise, attacks, later }) => {
    const met = attacks.map((attack) => outcomes.filter((outcome) => isOf(attack, outcome)));
    const tests = new Set(met.flat());
    const count = (state: TestOutcome['state']): number =>
      [...tests].filter((test) => test.state === state).length;
    const isBroken =
      count('failed') > 0 ||
      met.some((found) => found.length === 0) ||
      (attacks.length > 0 && count('passed') === 0);
    const words = [
      `${String(count('passed'))} passed`,
      ...(count('failed') > 0 ? [`${String(count('failed'))} FAILED`] : []),
      ...(count('skipped') > 0 ? [`${String(count('skipped'))} skipped`] : []),
      ...(met.some((found) => found.length === 0) ? ['an attack did NOT RUN'] : []),
    ];
    const said = attacks.length === 0 ? [] : words;
    const what = [...said, ...(later === undefined ? [] : [`later issue: ${later}`])];
    return { id, line: `${id.padEnd(4)} ${promise}: ${what.join(', ')}`, isBroken };
  });
  return {
    lines: rows.map(({ line }) => line),
    broken: rows.filter(({ isBroken }) => isBroken).map(({ id }) => id),
  };
}

function isOf({ file, words }: Attack, outcome: TestOutcome): boolean {
  return outcome.file === file && outcome.name.includes(words);
}
