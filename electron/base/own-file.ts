import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Why a file that a setting names cannot be used. */
export type OwnFileProblem = 'missing' | 'not-a-file' | 'others';

const bytesMax = 256 * 1024;
const groupAndOthers = 0o077;

/** A file that a setting names; a secret is this user's alone. What is looked at is what was opened. */
export async function readOwnFile(
  file: string | null,
  { isSecret }: { readonly isSecret: boolean },
): Promise<
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: OwnFileProblem }
> {
  const known = constants as Partial<typeof constants>;
  const flags = constants.O_RDONLY | (known.O_NONBLOCK ?? 0) | (known.O_NOFOLLOW ?? 0);
  const handle = file === null ? null : await open(file, flags).catch(() => null);
  if (handle === null) return { ok: false, why: 'missing' };
  try {
    const facts = await handle.stat();
    if (!facts.isFile() || facts.size > bytesMax) return { ok: false, why: 'not-a-file' };
    const user = process.getuid?.();
    const isOthers =
      user !== undefined && (facts.uid !== user || (facts.mode & groupAndOthers) !== 0);
    if (isSecret && isOthers) return { ok: false, why: 'others' };
    return { ok: true, text: await handle.readFile('utf8') };
  } finally {
    await handle.close();
  }
}
