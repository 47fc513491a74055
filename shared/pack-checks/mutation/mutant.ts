import type { Words } from '../../domain/result.ts';

export type Path = readonly (string | number)[];

/** A pack with one single thing changed. */
export type Mutant = {
  readonly path: Path;
  /** Empty where something was put in. */
  readonly before: string;
  /** Empty where something was taken out. */
  readonly after: string;
  /** Which case would notice it. */
  readonly missing: Words;
  /** The changed pack as plain data; it need no longer be a pack. */
  readonly data: unknown;
};

/** A copy of some data with another value at a path. */
export function withValue(data: unknown, path: Path, value: unknown): unknown {
  return withChange(data, path, () => value);
}

/** A copy without what is at a path; an entry of a list moves up what follows it. */
export function without(data: unknown, path: Path): unknown {
  const last = path.at(-1);
  return withChange(data, path.slice(0, -1), (parent) => {
    if (Array.isArray(parent)) {
      return (parent as readonly unknown[]).filter((_entry, index) => index !== last);
    }
    return Object.fromEntries(Object.entries(parent as object).filter(([key]) => key !== last));
  });
}

/** A copy of a list at a path with one entry more. */
export function withEntry(data: unknown, path: Path, entry: unknown): unknown {
  return withChange(data, path, (list) => [...(list as readonly unknown[]), entry]);
}

/** A copy in which two neighbours of a list have changed places. */
export function withSwap(data: unknown, path: Path, index: number): unknown {
  return withChange(data, path, (list) => {
    const copy = [...(list as readonly unknown[])];
    [copy[index], copy[index + 1]] = [copy[index + 1], copy[index]];
    return copy;
  });
}

function withChange(data: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(data);
  if (Array.isArray(data)) {
    const copy = [...(data as readonly unknown[])];
    copy[Number(key)] = withChange(copy[Number(key)], rest, change);
    return copy;
  }
  const fields = data as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: withChange(fields[key], rest, change) };
}
