/**
 * The known word that was most likely meant by one that is not known: a letter or two dropped, added, exchanged or
 * swapped with its neighbour, more in a long word; or the same word with other capitals, or with spaces or underscores for its
 * hyphens. Null where none is near, and where two are equally near.
 */
export function nearestWord(given: string, known: readonly string[]): string | null {
  const plain = (word: string): string => word.toLowerCase().replaceAll(/[\s_-]/g, '');
  const wanted = plain(given);
  if (wanted.length < 2) return null;
  const most = Math.max(1, Math.floor(wanted.length / 4));
  let best: { readonly word: string; readonly distance: number } | null = null;
  let isAlone = true;
  for (const word of new Set(known)) {
    // Each letter more takes one step: a word that is longer than that by itself need not be compared, however long it is.
    if (Math.abs(plain(word).length - wanted.length) > most) continue;
    const distance = distanceOf(wanted, plain(word));
    if (distance > most || (best !== null && distance > best.distance)) continue;
    isAlone = best?.distance !== distance;
    best = { word, distance };
  }
  return isAlone ? (best?.word ?? null) : null;
}

/** How many letters must be dropped, added, exchanged or swapped with their neighbour to get the other word. */
function distanceOf(one: string, other: string): number {
  const [from, to] = [Array.from(one), Array.from(other)];
  const rows = [to.map((_, at) => at).concat(to.length)];
  for (const [index, letter] of from.entries()) {
    const above = rows.at(-1) ?? [];
    const row = [index + 1];
    for (const [at, wanted] of to.entries()) {
      const swapped =
        letter === to[at - 1] && from[index - 1] === wanted
          ? (rows.at(-2)?.[at - 1] ?? Infinity) + 1
          : Infinity;
      row.push(
        Math.min(
          (above[at] ?? 0) + (letter === wanted ? 0 : 1),
          (above[at + 1] ?? 0) + 1,
          (row[at] ?? 0) + 1,
          swapped,
        ),
      );
    }
    rows.push(row);
  }
  return rows.at(-1)?.at(-1) ?? 0;
}
