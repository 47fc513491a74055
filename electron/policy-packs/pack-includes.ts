import { dirname, join } from 'node:path';

/** What a pack and its neighbours share, as `<name>/<version>`: the text lies there as `shared.yaml`. */
const includeForm = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\/\d+\.\d+\.\d+$/;

/** The line of a pack's text that names what it shares with others. */
const includeLine = /^include:[ \t]*['"]?([^'"#\r\n]*?)['"]?[ \t]*(?:#.*)?$/m;

/** The file that a pack's text includes: beside the folders of the packs; null where it includes none. */
export function includedFile(packFile: string, text: string): string | null {
  const name = includeLine.exec(text)?.[1] ?? null;
  if (name === null || !includeForm.test(name)) return null;
  return join(dirname(dirname(dirname(packFile))), name, 'shared.yaml');
}

/** The parts of a pack that may be shared: lists, in which what is shared stands first, and named things. */
const listParts = ['sources', 'payers', 'modifiers', 'steps'] as const;
const namedParts = [
  'parameters',
  'diseaseLists',
  'procedureLists',
  'itemLists',
  'hospitalLists',
  'quotaLists',
] as const;

/** The data of a pack with what it includes, or what is wrong with the two together. */
export type Included =
  | {
      readonly ok: true;
      readonly data: Data;
      /** Where a path of the whole stands in the pack's own text; null: in what is included. */
      readonly ownPath: (path: readonly (string | number)[]) => readonly (string | number)[] | null;
    }
  | { readonly ok: false; readonly part: string; readonly twice: boolean };

type Data = Readonly<Record<string, unknown>>;

/**
 * Puts what is shared in front of a pack's own parts: the shared steps pay first. Nothing shared may be stated again:
 * two packs of one place that share a figure have the same one.
 */
export function withIncluded(own: Data, shared: Data): Included {
  const merged: Record<string, unknown> = Object.fromEntries(
    Object.entries(own).filter(([part]) => part !== 'include'),
  );
  const counts = new Map<string, number>();
  const keys = new Map<string, readonly string[]>();
  for (const [part, value] of Object.entries(shared)) {
    if (isOneOf(listParts, part) && Array.isArray(value)) {
      const list: readonly unknown[] = value;
      const rest: unknown = merged[part] ?? [];
      counts.set(part, list.length);
      merged[part] = Array.isArray(rest) ? [...list, ...(rest as readonly unknown[])] : rest;
      continue;
    }
    if (!isOneOf(namedParts, part) || !isRecord(value)) return { ok: false, part, twice: false };
    const rest: unknown = merged[part] ?? {};
    if (!isRecord(rest)) continue;
    const again = Object.keys(value).find((key) => Object.hasOwn(rest, key));
    if (again !== undefined) return { ok: false, part: `${part}.${again}`, twice: true };
    keys.set(part, Object.keys(value));
    merged[part] = { ...value, ...rest };
  }
  return {
    ok: true,
    data: merged,
    ownPath: ([part = '', at, ...below]) => {
      const count = counts.get(String(part)) ?? 0;
      if (at === undefined) return [part];
      if (typeof at === 'number' && count > 0)
        return at < count ? null : [part, at - count, ...below];
      if (keys.get(String(part))?.includes(String(at)) === true) return null;
      return [part, at, ...below];
    },
  };
}

function isOneOf(parts: readonly string[], part: string): boolean {
  return parts.includes(part);
}

function isRecord(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
