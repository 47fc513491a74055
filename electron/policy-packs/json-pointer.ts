import {
  declareProblems,
  type PackProblem,
  type ProblemCodeOf,
} from '../../shared/policy/pack/pack-problem.ts';

export type PointerSetting =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly problem: PackProblem<PointerCode> };

/**
 * Sets what a JSON Pointer names on a copy of some data; null takes it away. The field itself may be new,
 * what it stands in may not. `path` is where the pointer stands in the pack, for the problem.
 */
export function setAtPointer(
  data: unknown,
  pointer: string,
  value: unknown,
  path: PackProblem['path'],
): PointerSetting {
  const keys = pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return setAt(data, keys, 0, value, { pointer, path });
}

type Place = { readonly pointer: string; readonly path: PackProblem['path'] };

function setAt(
  data: unknown,
  keys: readonly string[],
  depth: number,
  value: unknown,
  place: Place,
): PointerSetting {
  const key = keys[depth] ?? '';
  const isLast = depth === keys.length - 1;
  if (Array.isArray(data)) {
    const index = /^(0|[1-9]\d{0,5})$/.test(key) ? Number(key) : -1;
    // The place after the last one may be filled, as in a list one more.
    if (
      index < 0 ||
      index > data.length ||
      (index === data.length && (!isLast || value === null))
    ) {
      return { ok: false, problem: withoutEntry(key, data.length, place) };
    }
    const copy: unknown[] = [...(data as readonly unknown[])];
    if (isLast && value === null) copy.splice(index, 1);
    else if (isLast) copy[index] = value;
    else {
      const inner = setAt(copy[index], keys, depth + 1, value, place);
      if (!inner.ok) return inner;
      copy[index] = inner.data;
    }
    return { ok: true, data: copy };
  }
  if (typeof data !== 'object' || data === null) {
    return { ok: false, problem: withoutParent(keys, depth, place) };
  }
  const fields = new Map<string, unknown>(Object.entries(data));
  if (isLast && value === null) {
    if (!fields.delete(key)) return { ok: false, problem: nothingToRemove(place) };
  } else if (isLast) fields.set(key, value);
  else {
    if (!fields.has(key)) return { ok: false, problem: withoutParent(keys, depth + 1, place) };
    const inner = setAt(fields.get(key), keys, depth + 1, value, place);
    if (!inner.ok) return inner;
    fields.set(key, inner.data);
  }
  return { ok: true, data: Object.fromEntries(fields) };
}

function withoutParent(keys: readonly string[], depth: number, { pointer, path }: Place) {
  const parent = `/${keys.slice(0, depth).join('/')}`;
  return pointerProblem(path, 'pointer-without-parent', { pointer, parent });
}

function withoutEntry(key: string, length: number, { pointer, path }: Place) {
  return pointerProblem(path, 'pointer-outside-list', { pointer, key, length: String(length) });
}

function nothingToRemove({ pointer, path }: Place) {
  return pointerProblem(path, 'pointer-removes-nothing', { pointer });
}

const pointerProblem = declareProblems({
  'pointer-without-parent': ({
    pointer,
    parent,
  }: {
    readonly pointer: string;
    readonly parent: string;
  }) => [
    `案例文件里没有 ${parent}，无法在其中设置 ${pointer}`,
    `the visit file has no ${parent}, so ${pointer} cannot be set in it`,
    '检查路径的拼写；整个上一级都没有时，把上一级连同内容一起写出来',
    'check the spelling of the path; where the parent is missing, set the parent with all it holds',
  ],
  'pointer-outside-list': ({
    pointer,
    key,
    length,
  }: {
    readonly pointer: string;
    readonly key: string;
    readonly length: string;
  }) => [
    `${pointer}：列表里没有第“${key}”项（共 ${length} 项，从 0 数起）`,
    `${pointer}: the list has no entry "${key}" (it has ${length}, counted from 0)`,
    '改正序号；要加一项，序号写成现有项数',
    'correct the number; to add an entry, use the number of those there are',
  ],
  'pointer-removes-nothing': ({ pointer }: { readonly pointer: string }) => [
    `案例文件里没有 ${pointer}，没有可删的内容`,
    `the visit file has no ${pointer}: there is nothing to take away`,
    '改正路径，或删去这一行',
    'correct the path, or remove this line',
  ],
});

/** Why a case cannot set a field. */
export type PointerCode = ProblemCodeOf<typeof pointerProblem>;
