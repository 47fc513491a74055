import { z } from 'zod';
import { personCategories } from '../../domain/person.ts';
import { hospitalLevels } from '../../domain/visit.ts';
import { key, place } from './pack-words.ts';

const groupsOf = <Value extends z.ZodType>(value: Value) =>
  z.record(key, z.array(value).min(1)).optional();

/** Named groups of a pack: persons' categories, hospital levels, divisions. */
export const groups = z.strictObject({
  categories: groupsOf(z.enum(personCategories)),
  hospitalLevels: groupsOf(z.enum(hospitalLevels)),
  places: groupsOf(place),
});

/** In which lists of a pack a group's name may stand, by the name of the list. */
const listsWithGroups: Readonly<Record<string, keyof z.infer<typeof groups>>> = {
  hospitalLevels: 'hospitalLevels',
  hospitalPlaces: 'places',
  places: 'places',
};

/**
 * A pack in which every group's name has given way to what the group holds. A name that is no group stays, for the
 * reading of the pack to complain of.
 */
export function withoutGroupNames(data: unknown): unknown {
  if (!isRecord(data) || !isRecord(data['groups'])) return data;
  const stated = data['groups'];
  return Object.fromEntries(
    Object.entries(data).map(([part, value]) => [
      part,
      part === 'groups' ? value : expanded(stated, part, value),
    ]),
  );
}

function expanded(
  stated: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): unknown {
  if (Array.isArray(value)) {
    const kind = listsWithGroups[name];
    const held = kind === undefined ? undefined : stated[kind];
    const list: readonly unknown[] = value;
    if (kind !== undefined) return members(held, list);
    return list.map((each) => expanded(stated, '', each));
  }
  if (!isRecord(value)) return value;
  // A figure by hospital level has the levels as its keys, not as a list.
  return Object.fromEntries(
    Object.entries(value).map(([part, inner]) => {
      const isCategories = name === 'categories' && (part === 'any' || part === 'none');
      if (isCategories && Array.isArray(inner)) return [part, members(stated['categories'], inner)];
      return [part, expanded(stated, part, inner)];
    }),
  );
}

/** The list with each group in the place of its name; what stands twice then stands once. */
function members(held: unknown, list: readonly unknown[]): readonly unknown[] {
  if (!isRecord(held)) return list;
  const all = list.flatMap((each): readonly unknown[] => {
    const group = typeof each === 'string' && Object.hasOwn(held, each) ? held[each] : undefined;
    return Array.isArray(group) ? group : [each];
  });
  return [...new Set(all)];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Group names that nothing of a pack uses, each with its kind. */
export function unusedGroups(data: unknown): readonly (readonly [string, string])[] {
  if (!isRecord(data) || !isRecord(data['groups'])) return [];
  const rest = Object.fromEntries(Object.entries(data).filter(([part]) => part !== 'groups'));
  const words = new Set<string>();
  collect(rest, words);
  return Object.entries(data['groups']).flatMap(([kind, of]) =>
    Object.keys(isRecord(of) ? of : {}).flatMap((name) =>
      words.has(name) ? [] : [[kind, name] as const],
    ),
  );
}

function collect(value: unknown, words: Set<string>): void {
  if (typeof value === 'string') words.add(value);
  else if (Array.isArray(value)) for (const each of value) collect(each, words);
  else if (isRecord(value)) for (const each of Object.values(value)) collect(each, words);
}
