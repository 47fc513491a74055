import { createHash } from 'node:crypto';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { whyNot, writeNewWhole } from '../base/foreign-folder.ts';
import type { Store } from '../database/store.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import type { User } from '../security/users.ts';
import { auditRefusal } from './audit-refusals.ts';

export type ExportedAudit = {
  readonly file: string;
  readonly entries: number;
  /** SHA-256 over all lines but the last: kept elsewhere it proves every byte of the file. */
  readonly digest: string;
};

const pageSize = 1000;
/** About ten million entries; a chain that is longer is exported by the year, which is not built. */
const bytesMax = 1024 * 1024 * 1024;

/** For an auditor: writes the whole chain into a file, with what is needed to check it without this program. That it was done is audited. */
export async function exportAudit(
  { store, clock, folder }: { store: Store; clock: Clock; folder: { readonly id: string } },
  { file, by }: { readonly file: string; readonly by: User },
): Promise<Result<ExportedAudit, 'audit-not-written' | 'audit-empty' | 'not-allowed'>> {
  if (by.role !== 'auditor') return refused(securityRefusal('not-allowed', { name: by.name }));
  const madeAt = shanghaiInstant(clock.now());
  const end = await store.read(({ audit }) => audit.end());
  if (end === null) return refused(auditRefusal('audit-empty'));
  const header = { format: 'settlement-audit 1', folder: folder.id, madeAt, key: end.key };
  const lines = [JSON.stringify(header)];
  let after = 0;
  while (after < end.sequence) {
    const from = after;
    const page = await store.read(({ audit }) => audit.list({ after: from, limit: pageSize }));
    // What is appended meanwhile is not in this file: it ends where the end was read.
    const own = page.filter(({ sequence }) => sequence <= end.sequence);
    lines.push(...own.map((entry) => JSON.stringify(entry)));
    const last = own.at(-1);
    if (last === undefined) break;
    after = last.sequence;
  }
  const body = Buffer.from(`${lines.join('\n')}\n`);
  if (body.length > bytesMax)
    return refused(auditRefusal('audit-not-written', { file, why: 'too-large' }));
  const digest = createHash('sha256').update(body).digest('hex');
  const { sequence, hash, seal, rows } = end;
  const sealed = { sequence, hash, seal, ...(rows === '' ? {} : { rows }) };
  const last = `${JSON.stringify({ end: { ...sealed, entries: lines.length - 1, digest } })}\n`;
  try {
    // An earlier export is evidence, and any other file is somebody's: the database, a key.
    await writeNewWhole(file, Buffer.concat([body, Buffer.from(last)]), {
      mode: 0o600,
      isNew: true,
    });
  } catch (problem) {
    return refused(auditRefusal('audit-not-written', { file, why: whyNot(problem) }));
  }
  await store.transact(({ audit }) =>
    audit.append({
      ...{ at: madeAt, who: by.userId, act: 'export-audit', about: 'audit' },
      detail: { entries: lines.length - 1, digest },
    }),
  );
  return accepted({ file, entries: lines.length - 1, digest });
}
