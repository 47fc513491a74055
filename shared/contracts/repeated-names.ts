/** The places of names that stand before already. */
export function repeated(names: readonly string[]): ReadonlySet<number> {
  const seen = new Set<string>();
  const again = new Set<number>();
  names.forEach((name, index) => {
    if (seen.has(name)) again.add(index);
    seen.add(name);
  });
  return again;
}
