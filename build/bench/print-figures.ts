/** Times in milliseconds as a line says them: the middle one, the one that nineteen of twenty stay below, the worst. */
export function figures(times: readonly number[]): string {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms (${String(sorted.length)})`;
}

/** One line of a bench: what was measured, and its figure. */
export function print(what: string, figure: string): void {
  console.log(`${what.padEnd(44)} ${figure}`);
}
