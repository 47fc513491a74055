import { readFileSync } from 'node:fs';

/** What Electron looks for in its own binary; behind it stand a version, a length and one character per fuse. */
export const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** The fuses in the order of the wire, by electron-builder's names (Electron's docs, tutorial/fuses.md). */
export const fuseNames = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;

/** Reads the fuses back from a binary. Throws where it holds none, or more than one wire. */
export function readFuses(binary: string): Readonly<Record<string, boolean>> {
  const content = readFileSync(binary);
  const at = content.indexOf(fuseSentinel);
  if (at < 0) throw new Error(`${binary} has no fuses`);
  if (content.indexOf(fuseSentinel, at + 1) >= 0) throw new Error(`${binary} has two fuse wires`);
  const wire = at + fuseSentinel.length;
  const version = content.readUInt8(wire);
  if (version !== 1) throw new Error(`fuses of version ${String(version)}`);
  const length = content.readUInt8(wire + 1);
  const states = content.subarray(wire + 2, wire + 2 + length).toString('latin1');
  return Object.fromEntries(
    fuseNames.map((name, index) => {
      const state = states[index];
      if (state !== '0' && state !== '1') throw new Error(`the fuse ${name} is ${String(state)}`);
      return [name, state === '1'];
    }),
  );
}
