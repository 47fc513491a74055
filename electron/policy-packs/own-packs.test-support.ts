import { loadPacks, ownPacksFolder, type LoadedPack } from './load-packs.ts';

let reading: Promise<readonly LoadedPack[]> | null = null;

/** The packs the program comes with, read once per process: reading them all takes a second. */
export function ownPacksReadOnce(): Promise<readonly LoadedPack[]> {
  reading ??= readOwnPacks();
  return reading;
}

async function readOwnPacks(): Promise<readonly LoadedPack[]> {
  const { packs, problems } = await loadPacks({ folders: [ownPacksFolder()] });
  if (problems.length > 0) throw new Error(JSON.stringify(problems.slice(0, 3), null, 1));
  return packs;
}
