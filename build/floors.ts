/**
 * The floors of the house: a room stands above all that it imports. `floorsOf` says which rooms of a part stand on
 * which floor; `brokenFloors` finds every import that runs back up, and every two rooms of one folder, at any depth,
 * that need each other.
 */

/** One import between two of our own files, as paths from the root of the repository. */
export type Import = { readonly from: string; readonly to: string };

/** A part of the repository with its floors from the top down; a room is a file or a folder of the part. */
export type Part = {
  readonly floors: readonly (readonly string[])[];
  /** Where a room that no floor names stands: its place in `floors`. */
  readonly otherwise: number;
};

export const floorsOf: Readonly<Record<string, Part>> = {
  electron: {
    floors: [
      ['main.ts', 'preload.ts', 'host.ts', 'host', 'cli.ts', 'cli', 'payers-simulator'],
      ['app'],
      ['ipc'],
      // The services: every other folder. A new one needs no line here.
      [],
      ['database', 'security'],
      ['base'],
    ],
    otherwise: 3,
  },
  shared: {
    floors: [['pack-words'], ['pack-checks'], ['policy', 'contracts'], ['domain'], ['money']],
    otherwise: 0,
  },
  renderer: {
    floors: [['dev'], ['app'], ['pages'], ['components'], ['api', 'i18n', 'theme']],
    otherwise: 0,
  },
  drivers: { floors: [['card-reader', 'receipt-printer'], ['transport']], otherwise: 0 },
  build: { floors: [[], ['bootstrap']], otherwise: 0 },
};

/** What is wrong with an import, or with the rooms of a folder. */
export type BrokenFloor = {
  readonly rule: 'no import runs back up a floor' | 'no two rooms of a folder need each other';
  readonly from: string;
  readonly to: string;
};

/** Every import that runs back up, then every folder whose rooms go round in a circle, with an import of it. */
export function brokenFloors(imports: readonly Import[]): readonly BrokenFloor[] {
  return [...imports.filter(runsUp).map(upward), ...circlesIn(imports)];
}

function upward({ from, to }: Import): BrokenFloor {
  return { rule: 'no import runs back up a floor', from, to };
}

function runsUp({ from, to }: Import): boolean {
  const [part = '', room = ''] = from.split('/');
  const [otherPart, otherRoom = ''] = to.split('/');
  const known = floorsOf[part];
  if (known === undefined || otherPart !== part || room === otherRoom) return false;
  return floorIn(known, otherRoom) < floorIn(known, room);
}

function floorIn({ floors, otherwise }: Part, room: string): number {
  const named = floors.findIndex((rooms) => rooms.includes(room));
  return named === -1 ? otherwise : named;
}

/** The files and folders of one folder, each with the neighbours it imports and one import that makes it so. */
type Neighbours = Map<string, Map<string, Import>>;

function circlesIn(imports: readonly Import[]): BrokenFloor[] {
  const folders = new Map<string, Neighbours>();
  for (const each of imports) {
    const from = each.from.split('/');
    const to = each.to.split('/');
    const depth = from.findIndex((name, index) => name !== to[index]);
    const [room, neighbour] = [from[depth], to[depth]];
    if (depth < 1 || room === undefined || neighbour === undefined) continue;
    const rooms = valueIn(folders, from.slice(0, depth).join('/'), (): Neighbours => new Map());
    valueIn(rooms, room, () => new Map<string, Import>()).set(neighbour, each);
  }
  return [...folders.values()].flatMap(circleOf);
}

function circleOf(rooms: Neighbours): BrokenFloor[] {
  const tied = [...rooms.keys()].filter((room) => reachableFrom(rooms, room).has(room));
  return tied.flatMap((room) =>
    [...(rooms.get(room) ?? [])]
      .filter(([neighbour]) => tied.includes(neighbour))
      .filter(([neighbour]) => reachableFrom(rooms, neighbour).has(room))
      .map(
        ([, { from, to }]) =>
          ({ rule: 'no two rooms of a folder need each other', from, to }) as const,
      ),
  );
}

function reachableFrom(rooms: Neighbours, start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let room = open.pop(); room !== undefined; room = open.pop()) {
    for (const neighbour of rooms.get(room)?.keys() ?? []) {
      if (reached.has(neighbour)) continue;
      reached.add(neighbour);
      open.push(neighbour);
    }
  }
  return reached;
}

function valueIn<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
