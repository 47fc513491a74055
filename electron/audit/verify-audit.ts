// Checks a file that `audit --export` wrote. It shares no code with what writes the file, imports nothing but Node, and can
// be read and run alone, with the program beside it: node verify-audit-program.ts FILE [--digest HEX] [--key FILE]
import { createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';

/** What the check came to. `proven`: what the problems' absence means; see the README. */
export type AuditCheck = {
  readonly ok: boolean;
  readonly entries: number;
  readonly from: string | null;
  readonly until: string | null;
  readonly digest: string;
  /** Nothing but that the file agrees with itself; that it is as it was on the day of the digest; that the key made it. */
  readonly proven: readonly ('self-consistent' | 'as-published' | 'keyed-hashes')[];
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
};

type Entry = {
  sequence: number;
  at: string;
  who: string;
  act: string;
  about: string;
  detail_json: string;
  detail_version: number;
  previous_hash: string;
  hash: string;
  window_id: string | null;
  program: string | null;
};

/** The fields of an entry, as `Entry` has them: a line that says more would show what no hash was made of. */
const entryFields: ReadonlySet<string> = new Set<keyof Entry>([
  ...(['sequence', 'at', 'who', 'act', 'about', 'detail_json', 'detail_version'] as const),
  ...(['previous_hash', 'hash', 'window_id', 'program'] as const),
]);

const problemsMax = 100;

/** Checks the bytes of an export. `digest`: what was printed on the day; `folderKey`: 32 bytes, from the sealed envelope. */
export function verifyAudit(
  bytes: Uint8Array,
  {
    digest = null,
    folderKey = null,
  }: { digest?: string | null; folderKey?: Uint8Array | null } = {},
): AuditCheck {
  const problems: { line: number; problem: string }[] = [];
  const wrong = (line: number, problem: string): void => {
    if (problems.length < problemsMax) problems.push({ line, problem });
  };
  const text = Buffer.from(bytes).toString('utf8');
  const cut = text.lastIndexOf('\n', text.length - 2) + 1;
  const own = sha256(Buffer.from(bytes).subarray(0, Buffer.byteLength(text.slice(0, cut))));
  const lines = text.split('\n');
  if (lines.pop() !== '') wrong(lines.length + 1, 'the file does not end with a whole line');
  const header = object(lines[0]);
  const end = object(object(lines.at(-1))['end']);
  if (header['format'] !== 'settlement-audit 1') wrong(1, 'this is no export of an audit');
  const key = object(header['key']);
  const firstKeyed = Number(key['firstEntry'] ?? Infinity);
  const mac = macOf(key, folderKey);
  if (mac === 'wrong') wrong(1, 'the key does not open the key of this chain');
  // Who asks with the key wants to know what the key says: a file in which it binds nothing is no answer.
  if (mac === null && folderKey !== null)
    wrong(1, 'this chain has no key, so the key that was given proves nothing of it');
  let before = '0'.repeat(64);
  let count = 0;
  let from: string | null = null;
  let until: string | null = null;
  for (const [index, line] of lines.slice(1, -1).entries()) {
    const entry = object(line) as Partial<Entry>;
    const at = index + 2;
    count += 1;
    if (!isPlainEntry(line, entry))
      wrong(at, 'the line is not written as an entry is: it says more, or something twice');
    if (entry.sequence !== count) wrong(at, `entry ${String(count)} is not here`);
    if (entry.previous_hash !== before) wrong(at, 'it does not follow the entry before it');
    const said = saidBy(entry);
    if (count < firstKeyed) {
      if (entry.hash !== sha256(Buffer.from(said)))
        wrong(at, 'it is not what its hash was made of');
    } else if (typeof mac === 'function' && entry.hash !== mac(said)) {
      wrong(at, 'it is not what its keyed hash was made of');
    }
    before = String(entry.hash);
    from ??= entry.at ?? null;
    until = entry.at ?? until;
  }
  const last = lines.length;
  if (typeof mac === 'function' && count < firstKeyed)
    wrong(last, `it ends before entry ${String(firstKeyed)}, the first that the key binds`);
  if (end['sequence'] !== count || end['entries'] !== count)
    wrong(last, 'the end tells of another number of entries');
  if (end['hash'] !== before) wrong(last, 'the end is not that of the last entry');
  // What rows bear marks is sealed with the end; a chain from before they did has no such digest.
  const rows = typeof end['rows'] === 'string' ? ` ${end['rows']}` : '';
  if (
    typeof mac === 'function' &&
    count >= firstKeyed &&
    end['seal'] !== mac(`end ${String(count)} ${before}${rows}`)
  ) {
    wrong(last, 'the seal of the end is not right');
  }
  if (end['digest'] !== own) wrong(last, 'the digest in the file is not that of its lines');
  if (digest !== null && digest.toLowerCase() !== own)
    wrong(last, 'the file is not the one whose digest was given');
  const ok = problems.length === 0;
  const proven: AuditCheck['proven'][number][] = ok ? ['self-consistent'] : [];
  if (ok && digest !== null) proven.push('as-published');
  if (ok && typeof mac === 'function') proven.push('keyed-hashes');
  return { ok, entries: count, from, until, digest: own, proven, problems };
}

/** JSON takes a field twice and lets the last one count, so that a reader sees what was not checked. */
function isPlainEntry(line: string, entry: object): boolean {
  return (
    JSON.stringify(entry) === line && Object.keys(entry).every((field) => entryFields.has(field))
  );
}

/** What the hash of an entry is made of: a list in JSON, with the window and the version of its detail where it has them. */
function saidBy(entry: Partial<Entry>): string {
  const { previous_hash, sequence, at, who, act, about, detail_json } = entry;
  const list: unknown[] = [previous_hash, sequence, at, who, act, about, detail_json];
  const window = entry.window_id ?? null;
  const program = entry.program ?? null;
  if (window !== null || program !== null) list.push(window, program);
  if (entry.detail_version !== 0) list.push(entry.detail_version);
  return JSON.stringify(list);
}

/** The keyed hash, when the folder's key opens the chain's; null without a key. */
function macOf(
  { sealed, firstEntry }: Record<string, unknown>,
  folderKey: Uint8Array | null,
): ((text: string) => string) | 'wrong' | null {
  if (folderKey === null || typeof sealed !== 'string') return null;
  try {
    const closing = Buffer.from(hkdfSync('sha256', folderKey, '', 'settlement audit key 1', 32));
    const box = Buffer.from(sealed, 'base64url');
    const opener = createDecipheriv('aes-256-gcm', closing, box.subarray(0, 12), {
      authTagLength: 16,
    });
    opener.setAAD(Buffer.from(`settlement audit key from ${String(firstEntry)}`));
    opener.setAuthTag(box.subarray(12, 28));
    const key = Buffer.concat([opener.update(box.subarray(28)), opener.final()]);
    return (text) => createHmac('sha256', key).update(text).digest('hex');
  } catch {
    return 'wrong';
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function object(value: unknown): Record<string, unknown> {
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The key in a file: 64 hexadecimal digits or 32 bytes. */
export function keyInFile(content: Buffer): Buffer {
  const text = content.toString('latin1').trim();
  return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : content;
}
