import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * What Windows says of who may do what with a file. Names of groups are translated there, so nobody is known by a name: the
 * list is asked for as SDDL (Microsoft: Security Descriptor String Format), where everybody has an identifier.
 */
export type WindowsPrograms = {
  /** What `icacls PATH /save` writes: the name, and behind it the list of rights. */
  readonly savedRights: (path: string) => Promise<string>;
  /** What `whoami /user /fo csv /nh` says: the own name and identifier. */
  readonly ownIdentifier: () => Promise<string>;
};

/** Somebody who may read or change what is this user's alone, by identifier, and as people call the usual ones. */
export type MayToo = { readonly who: string; readonly may: 'read' | 'change' };

/** Who besides this user, the system and its administrators may do something with a path; null: the answer is not understood. */
export async function whoElseMay(
  path: string,
  programs: WindowsPrograms,
): Promise<readonly MayToo[] | null> {
  const own = ownIdentifierIn(await programs.ownIdentifier());
  return own === null ? null : othersIn(await programs.savedRights(path), own);
}

/** The identifier in the answer of `whoami`: `"desk-1\cashier","S-1-5-21-…-1001"`. */
export function ownIdentifierIn(said: string): string | null {
  return /"(S-1-[\d-]+)"\s*$/.exec(said.trim())?.[1] ?? null;
}

/** The system, its administrators, and whoever makes or owns a thing: this user, of what this user makes. */
const trusted: ReadonlySet<string> = new Set([
  ...['SY', 'BA', 'LA', 'CO', 'OW'],
  ...['S-1-5-18', 'S-1-5-32-544', 'S-1-3-0', 'S-1-3-4'],
]);

/** The usual ones as Windows itself calls them. */
const called: Readonly<Record<string, string>> = {
  WD: 'Everyone',
  'S-1-1-0': 'Everyone',
  BU: 'Users',
  'S-1-5-32-545': 'Users',
  AU: 'Authenticated Users',
  'S-1-5-11': 'Authenticated Users',
  IU: 'INTERACTIVE',
  NU: 'NETWORK',
  BG: 'Guests',
  AN: 'ANONYMOUS LOGON',
  DU: 'Domain Users',
  AC: 'ALL APPLICATION PACKAGES',
};

/** Rights in letters; of the rest Windows writes the bits themselves. */
const letters: Readonly<Record<string, number>> = {
  ...{ GA: 0x10000000, GR: 0x80000000, GW: 0x40000000, GX: 0x20000000 },
  ...{ FA: 0x1f01ff, FR: 0x120089, FW: 0x120116, FX: 0x1200a0 },
  ...{ SD: 0x10000, RC: 0x20000, WD: 0x40000, WO: 0x80000 },
  // Of a folder: list, look at attributes, delete what is in it, traverse, and so on, as older systems write them.
  ...{ CC: 0x1, DC: 0x2, LC: 0x4, SW: 0x8, RP: 0x10, WP: 0x20, DT: 0x40, LO: 0x80, CR: 0x100 },
};

/** Reading what is in it: the data of a file, the names in a folder; all, in general. */
const reads = 0x1 | 0x80000000 | 0x10000000;
/** Changing it or its rights: writing, adding, deleting, taking it over. */
const changes = 0x2 | 0x4 | 0x40 | 0x10000 | 0x40000 | 0x80000 | 0x40000000 | 0x10000000;

/** Who else is let at it by a list of rights; null where there is no list that is understood. */
export function othersIn(saved: string, own: string): readonly MayToo[] | null {
  if (/D:[A-Z]*NO_ACCESS_CONTROL/.test(saved)) return [{ who: 'Everyone', may: 'change' }];
  const list = /D:[A-Z]*((?:\([^()]*\))+)/.exec(saved)?.[1];
  if (list === undefined) return null;
  const found = new Map<string, MayToo>();
  for (const [, entry = ''] of list.matchAll(/\(([^()]*)\)/g)) {
    const [type, , rights = '', , , who = ''] = entry.split(';');
    // What is refused lets nobody in, and other kinds say nothing of who may.
    if (type !== 'A' || who === '' || who === own || trusted.has(who)) continue;
    const bits = bitsOf(rights);
    if (bits === null) return null;
    const name = called[who] ?? who;
    const isChange = (bits & changes) !== 0;
    if (!isChange && (bits & reads) === 0) continue;
    const before = found.get(name)?.may;
    found.set(name, { who: name, may: isChange || before === 'change' ? 'change' : 'read' });
  }
  return [...found.values()];
}

function bitsOf(rights: string): number | null {
  if (/^0x[0-9a-f]{1,8}$/i.test(rights)) return Number(rights);
  if (rights.length % 2 !== 0) return null;
  let bits = 0;
  for (let at = 0; at < rights.length; at += 2) {
    const right = letters[rights.slice(at, at + 2)];
    if (right === undefined) return null;
    bits |= right;
  }
  return bits;
}

const run = promisify(execFile);
/** A desk does not wait for a domain that does not answer. */
const answerWithinMs = 5000;

/** The system's own two programs, by their full names: what else bears them in some folder is not asked. */
export function systemPrograms(environment: NodeJS.ProcessEnv): WindowsPrograms {
  const inSystem = (name: string): string =>
    join(environment['SystemRoot'] ?? 'C:\\Windows', 'System32', name);
  const options = { timeout: answerWithinMs, windowsHide: true };
  return {
    savedRights: async (path) => {
      const file = join(tmpdir(), `settlement-rights-${randomUUID()}`);
      try {
        await run(inSystem('icacls.exe'), [path, '/save', file, '/q'], options);
        return await readFile(file, 'utf16le');
      } finally {
        await rm(file, { force: true });
      }
    },
    ownIdentifier: async () =>
      (await run(inSystem('whoami.exe'), ['/user', '/fo', 'csv', '/nh'], options)).stdout,
  };
}
